"""Carries out the publication's rules: at the door, and again on what earlier rules kept out when the rules change."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from broadsheet.model.feed import Entry
from broadsheet.model.kept import Item, KeptArticle
from broadsheet.model.rules import RULED
from broadsheet.model.source import Source
from broadsheet.ports import Store
from broadsheet.stages.enrich.rules import Fate, RuleBook, Verdict
from broadsheet.steps.newsroom import Newsroom

REMEMBERED = timedelta(days=31)
_FACT = "rules at the door"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules would make of something that the store has, and what is true of it now: `published`, `waiting`,
    `muted` or `dropped`."""

    url: str
    title: str
    before: str
    verdict: Verdict

    @property
    def after(self) -> str:
        """What would be true of it; what was kept out would be `let in`, to be read and judged by its page."""
        fates = {Fate.DROPPED: "dropped", Fate.MUTED: "muted"}
        taken = {"dropped": "let in", "muted": "published"}
        return fates.get(self.verdict.fate, taken.get(self.before, self.before))


def reason_of(verdict: Verdict) -> str:
    """Why something is dropped or muted, as it is kept."""
    return RULED + verdict.rule


def at_the_door(book: RuleBook, items: Sequence[Item], source: Source) -> tuple[Item, ...]:
    """The items, those refused that a rule drops for what their source says of them."""
    if not book:
        return tuple(items)
    return tuple(_at_the_door(book, item, [source]) for item in items)


def reconsider(room: Newsroom) -> None:
    """When the rules have changed, what they kept out in the last month is judged by the new ones: items that are no
    longer dropped are on their way again, and articles that are no longer muted join their stories."""
    said = json.dumps([asdict(rule) | {"line": 0} for rule in room.rules.rules], sort_keys=True)
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    before = room.store.journal.fact(_FACT)
    if before == digest or (before is None and not room.rules):
        return
    since = room.clock.now() - REMEMBERED
    sources = {s.url: s for s in room.settings.sources}
    dropped = [item for item in room.store.items.dropped(since) if (item.refused or "").startswith(RULED)]
    room.store.items.revive(i.key for i in dropped if _refusal(room.rules, i, _known(sources, [i.source_url])) is None)
    muted = room.store.articles.muted()
    room.store.articles.unmute(a.id for a in muted if _verdict(room.rules, a, sources).fate is not Fate.MUTED)
    room.store.journal.keep_fact(_FACT, digest)


def rehearse(
    book: RuleBook, store: Store, sources: Sequence[Source], span: tuple[datetime, datetime]
) -> Iterator[Ruled]:
    """What these rules would have made of the articles published and of the items seen in that span, by time."""
    known = {s.url: s for s in sources}
    start, end = span
    while start < end:
        for kept in store.articles.between(start, min(start + _DAY, end) - timedelta(microseconds=1)):
            before = "muted" if kept.muted else "published"
            yield Ruled(kept.article.url, kept.article.title, before, _verdict(book, kept, known))
        start += _DAY
    for item in [*store.items.dropped(span[0]), *store.items.waiting(end, 100_000)]:
        ruled = (item.refused or "").startswith(RULED)
        if ruled or item.refused is None:
            verdict = book.judge(book.of_entry(item.entry, item.url, _known(known, [item.source_url])))
            yield Ruled(item.url, item.entry.title or "", "dropped" if ruled else "waiting", verdict)


def _at_the_door(book: RuleBook, item: Item, sources: Sequence[Source]) -> Item:
    refused = _refusal(book, item, sources)
    return replace(item, refused=refused) if refused else item


def _refusal(book: RuleBook, item: Item, sources: Sequence[Source]) -> str | None:
    verdict = book.judge(book.of_entry(item.entry, item.url, sources))
    return reason_of(verdict) if verdict.fate is Fate.DROPPED else None


def _verdict(book: RuleBook, kept: KeptArticle, sources: Mapping[str, Source]) -> Verdict:
    return book.judge(book.of_article(kept, Entry(), _known(sources, [kept.source_url])))


def _known(sources: Mapping[str, Source], urls: Iterable[str]) -> list[Source]:
    """Those that are watched; one that is not any more still has its address."""
    return [sources.get(url, Source(url)) for url in urls]
