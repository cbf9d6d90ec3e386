"""Fetches the page of each waiting item, extracts its article, and settles what the page does not say."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from broadsheet.errors import BroadsheetError, ItemError, TooCostly
from broadsheet.model.article import Article
from broadsheet.model.exchange import Purpose, Request, Response
from broadsheet.model.kept import Change, Item, KeptArticle
from broadsheet.model.source import Source, SourceKind
from broadsheet.stages.enrich.revisions import changes_between
from broadsheet.stages.enrich.settle import article_from_entry, is_on_subject, settle
from broadsheet.stages.fetch.verdict import Delay, Drop, verdict_on
from broadsheet.steps.newsroom import Newsroom, RunReport, fault_of_ours

ITEMS_AT_ONCE = 500
"""So many are held in memory; each leaves the list of those that are ready, whatever comes of it."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came of one item: its article, or what went wrong; `fetched` if a page was got at all."""

    item: Item
    article: Article | None = None
    error: ItemError | None = None
    fetched: bool = False


def gather(room: Newsroom, report: RunReport) -> None:
    """The second to fourth stages: items to articles."""
    with report.stage("gather") as counts:
        now = room.clock.now()
        sources = {s.source.url: s.source for s in room.store.sources.all()}
        room.progress.begin("gather", room.store.items.ready(now))
        while waiting := room.store.items.waiting(now, ITEMS_AT_ONCE):
            for gathered in room.engine.map(partial(_gather_one, room, sources), waiting):
                counts["pages fetched"] += gathered.fetched
                _keep(room, report, gathered, sources.get(gathered.item.source_url))
                room.progress.advance()
        summary = f"{counts['pages fetched']} pages fetched, {counts['articles']} articles, {counts['failed']} failed"
        room.progress.end(summary)


def _gather_one(room: Newsroom, sources: dict[str, Source], item: Item) -> Gathered:
    """Runs in a worker: nothing here touches the store."""
    fetched = False
    try:
        response = _page(room, sources.get(item.source_url), item.url)
        fetched = True
        return Gathered(item, room.extract(response), fetched=True)
    except ItemError as error:
        return Gathered(item, error=error, fetched=fetched)
    except BroadsheetError:
        raise
    except Exception as error:  # noqa: BLE001 - one page that trips a fault of ours must not stop the others
        return Gathered(item, error=fault_of_ours(error), fetched=fetched)


def _page(room: Newsroom, source: Source | None, url: str) -> Response:
    if source is not None and source.kind is SourceKind.WARC:
        return room.archive(source.url).get(Request(url, Purpose.PAGE))
    return room.pages.fetch(url)


def _keep(room: Newsroom, report: RunReport, gathered: Gathered, source: Source | None) -> None:
    item, article = gathered.item, gathered.article
    counts = report.stages["gather"].counts
    if gathered.error is not None:
        report.fail("gather", item.url, gathered.error)
        article = _after_error(room, item, gathered.error)
        counts["pages stopped"] += isinstance(gathered.error, TooCostly)
        counts["articles from the feed alone"] += article is not None
    if article is not None:
        outcome = _file(room, settle(item, article, room.organizations, source), item)
        counts[outcome] += 1


def _after_error(room: Newsroom, item: Item, error: ItemError) -> Article | None:
    """Carries the verdict out; an article if the feed's own words must do."""
    verdict = verdict_on(item, error, room.settings.fetch.max_attempts)
    if isinstance(verdict, Drop):
        room.store.items.drop(item, str(error))
        return None
    if isinstance(verdict, Delay):
        room.store.items.delay(item, str(error), room.clock.now() + timedelta(seconds=verdict.seconds))
        return None
    return article_from_entry(item)


def _file(room: Newsroom, kept: KeptArticle, item: Item) -> str:
    """Keeps the article, unless there is a reason not to; the word under which it is counted."""
    reason = _reason_against(room, kept)
    if reason is not None:
        room.store.items.drop(item, reason)
        return reason
    known = room.store.articles.by_id([kept.id]).get(kept.id)
    if known is None:
        room.store.articles.keep(item, kept, [])
        return "articles"
    if known.article.url != kept.article.url and _is_from_page(known):
        room.store.items.drop(item, f"the same article as {known.article.url}")
        return "duplicates"
    return _revise(room, item, known, kept)


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
    room.store.articles.keep(item, newer, changes)
    return "corrections" if changes else "updates"


def _is_from_page(kept: KeptArticle) -> bool:
    return kept.article.evidence.get("text") != "feed entry"
