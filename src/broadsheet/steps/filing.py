"""Keeps what came of an item: a new article, a newer version of one, a duplicate, or none for a reason."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from broadsheet.model.article import Article
from broadsheet.model.kept import Change, Item, KeptArticle
from broadsheet.model.source import Source
from broadsheet.stages.enrich.revisions import changes_between
from broadsheet.stages.enrich.rules import Fate
from broadsheet.stages.enrich.settle import is_on_subject, settle
from broadsheet.stages.sources.sameness import page_mark
from broadsheet.steps.newsroom import Newsroom
from broadsheet.steps.ruling import reason_of

_KINDEST = (Fate.TAKEN, Fate.OPEN, Fate.MUTED, Fate.DROPPED)


def file_article(room: Newsroom, item: Item, article: Article, listed: Sequence[Source]) -> str:
    """Keeps the article, unless there is a reason not to; the word under which it is counted. `listed` are the watched
    sources that list the item, its own first."""
    kept = _ruled(room, settle(item, article, room.organizations, _speaking(listed)), item, listed)
    if isinstance(kept, str):
        room.store.items.drop(item, kept)
        return "ruled out"
    reason = _reason_against(room, kept)
    if reason is not None:
        room.store.items.drop(item, reason)
        return reason
    known = room.store.articles.by_id([kept.id]).get(kept.id)
    if known is None:
        return _file_new(room, item, kept)
    if known.article.url != kept.article.url and _is_from_page(known):
        return _join(room, item, known, kept)
    return _revise(room, item, known, kept)


def _speaking(listed: Sequence[Source]) -> Source | None:
    """The item's own source, official if any source that lists it is; None if none is watched any more."""
    return replace(listed[0], official=any(s.official for s in listed)) if listed else None


def _ruled(room: Newsroom, kept: KeptArticle, item: Item, listed: Sequence[Source]) -> KeptArticle | str:
    """With its tags, and muted if a rule says so; or why a rule drops it. What is said of one source does not hold for
    another: each that lists it is judged for itself, and the kindest verdict counts."""
    each = [[source] for source in listed] or [[]]
    verdicts = [room.rules.judge(room.rules.of_article(kept, item.entry, sources)) for sources in each]
    verdict = min(verdicts, key=lambda v: _KINDEST.index(v.fate))
    if verdict.fate is Fate.DROPPED:
        return reason_of(verdict)
    tags = tuple(dict.fromkeys(tag for v in verdicts for tag in v.tags))
    return replace(kept, tags=tags, muted=reason_of(verdict) if verdict.fate is Fate.MUTED else None)


def _file_new(room: Newsroom, item: Item, kept: KeptArticle) -> str:
    mark = _mark(kept)
    twin = room.store.articles.marked(mark) if mark is not None else None
    if twin is not None and (known := room.store.articles.by_id([twin]).get(twin)):
        return _join(room, item, known, kept)
    room.store.articles.keep(item, kept, [], mark)
    return "muted articles" if kept.muted else "articles"


def _join(room: Newsroom, item: Item, known: KeptArticle, kept: KeptArticle) -> str:
    """The same article at another address: what its sources add holds for the one that we have."""
    joined = replace(
        known, official=known.official or kept.official, tags=tuple(dict.fromkeys([*known.tags, *kept.tags]))
    )
    if joined != known:
        room.store.articles.keep(item, joined, [])
    room.store.items.drop(item, f"the same article as {known.article.url}")
    return "duplicates"


def _mark(kept: KeptArticle) -> int | None:
    """What its text shares with the same text elsewhere at its publisher; a feed's own words are too few."""
    article = kept.article
    return page_mark(article.title, article.text, article.url) if _is_from_page(kept) else None


def _reason_against(room: Newsroom, kept: KeptArticle) -> str | None:
    limit = room.settings.fetch.max_age_days
    if not kept.article.title:
        return "without a title"
    if limit and kept.published_at < kept.first_seen - timedelta(days=limit):
        return "too old"
    if not is_on_subject(kept.article, room.topics, room.settings.subject.match):
        return "off the subject"
    return None


def _revise(room: Newsroom, item: Item, known: KeptArticle, kept: KeptArticle) -> str:
    """A newer version of an article that we have; its instant and its place stay as they were."""
    if _is_from_page(known) and not _is_from_page(kept):
        room.store.items.drop(item, "the page can't be had any more; the article stays as it was")
        return "unchanged"
    newer = replace(kept, published_at=known.published_at, first_seen=known.first_seen)
    changes: list[Change] = []
    if _is_from_page(known):
        changes = changes_between(known.id, known.article, kept.article, room.clock.now())
    room.store.articles.keep(item, newer, changes, _mark(newer))
    return "corrections" if changes else "updates"


def _is_from_page(kept: KeptArticle) -> bool:
    return kept.article.evidence.get("text") != "feed entry"
