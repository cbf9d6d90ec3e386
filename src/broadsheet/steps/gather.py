"""Fetches the page of each waiting item, extracts its article, and settles what the page does not say."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from broadsheet.errors import BroadsheetError, GoneForGood, ItemError, TooCostly
from broadsheet.model.article import Article
from broadsheet.model.exchange import Purpose, Request, Response
from broadsheet.model.kept import Item
from broadsheet.model.source import Source, SourceKind
from broadsheet.stages.enrich.settle import article_from_entry
from broadsheet.stages.fetch import publisher_of
from broadsheet.stages.fetch.verdict import Delay, Drop, verdict_on
from broadsheet.steps.filing import file_article
from broadsheet.steps.image_sizes import with_sizes
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
        sources = {s.url: s for s in room.settings.sources}
        room.progress.begin("gather", room.store.items.ready(now))
        while waiting := room.store.items.waiting(now, ITEMS_AT_ONCE):
            others = room.store.items.listings(item.key for item in waiting)
            for gathered in with_sizes(room, _gathered(room, sources, waiting)):
                counts["pages fetched"] += gathered.fetched
                listed = (gathered.item.source_url, *others.get(gathered.item.key, ()))
                _keep(room, report, gathered, [sources[url] for url in listed if url in sources])
                room.progress.advance()
        summary = f"{counts['pages fetched']} pages fetched, {counts['articles']} articles, {counts['failed']} failed"
        room.progress.end(summary)


def _gathered(room: Newsroom, sources: dict[str, Source], items: Sequence[Item]) -> Iterator[Gathered]:
    """Many publishers are asked at once and each only a little, so that a slow one holds up nobody else's pages."""
    return room.lanes.map(partial(_gather_one, room, sources), items, lambda item: publisher_of(item.url))


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
    if source is not None and source.kind is SourceKind.FOLDER:
        with suppress(GoneForGood):  # the folder only names it; it is on the web
            return room.archive(source.url).get(Request(url, Purpose.PAGE))
    return room.pages.fetch(url)


def _keep(room: Newsroom, report: RunReport, gathered: Gathered, listed: Sequence[Source]) -> None:
    item, article = gathered.item, gathered.article
    counts = report.stages["gather"].counts
    if gathered.error is not None:
        report.fail("gather", item.url, gathered.error)
        article = _after_error(room, item, gathered.error)
        counts["pages stopped"] += isinstance(gathered.error, TooCostly)
        counts["articles from the feed alone"] += article is not None
    if article is not None:
        counts[file_article(room, item, article, listed)] += 1


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
