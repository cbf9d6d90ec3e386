"""Asks every source that is due what it has, and keeps its items and the time of its next poll."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from heapq import nlargest
from itertools import chain, islice

from broadsheet.errors import BroadsheetError, GoneForGood, ItemError, Rejected, RetryLater
from broadsheet.formats.urls import clean_url, url_key
from broadsheet.model.exchange import Purpose, Request, Response
from broadsheet.model.feed import Entry, Feed
from broadsheet.model.instants import iso
from broadsheet.model.kept import Item
from broadsheet.model.source import SourceKind, SourceState
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.feeds.links import absolute, web_address
from broadsheet.stages.sources.schedule import Poll, after_failure, after_success
from broadsheet.stages.sources.sitemaps import Sitemap, read_sitemap
from broadsheet.steps.newsroom import Newsroom, RunReport

CHILD_SITEMAPS = 50
ENTRIES_A_POLL = 10_000
ADDRESSES_LOOKED_AT = 200_000  # of a sitemap and its children together


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one poll gave: the source's new state, its items, and what went wrong, if anything."""

    state: SourceState
    items: tuple[Item, ...] = ()
    error: Exception | None = None
    unaddressed: int = 0


def poll(room: Newsroom, report: RunReport) -> None:
    """The first stage: sources to items."""
    with report.stage("poll") as counts:
        room.store.sources.keep(room.settings.sources, room.clock.now())
        due = room.store.sources.due(room.clock.now())
        room.progress.begin("poll", len(due))
        for outcome in room.engine.map(partial(_ask, room), due):
            counts["polled"] += 1
            counts["entries"] += len(outcome.items)
            counts["entries without address"] += outcome.unaddressed
            counts["new entries"] += room.store.sources.keep_poll(outcome.state, outcome.items)
            if outcome.error is not None:
                report.fail("poll", outcome.state.source.url, outcome.error)
            room.progress.advance()
        room.progress.end(
            f"{counts['polled']} sources asked, {counts['failed']} failed, {counts['new entries']} new entries"
        )


def _ask(room: Newsroom, state: SourceState) -> Outcome:
    """One poll; whatever goes wrong becomes the source's state and a line in the report."""
    now = room.clock.now()
    try:
        return _READERS[state.source.kind](room, state, now)
    except ItemError as error:
        return Outcome(after_failure(state, now, error), error=error)
    except BroadsheetError:
        raise
    except Exception as error:  # noqa: BLE001 - one source that trips a fault of ours must not stop the others
        return Outcome(after_failure(state, now, RetryLater(str(error))), error=error)


def _ask_feed(room: Newsroom, state: SourceState, now: datetime) -> Outcome:
    response = room.http.get(_request(state, Purpose.FEED))
    if response.not_modified:
        return Outcome(after_success(state, now, _poll_of(response, ())))
    feed = read_feed(response.body, url=response.final_url, content_type=response.content_type)
    return _outcome(room, state, now, replace(_poll_of(response, feed.entries), ttl_minutes=feed.ttl), _languages(feed))


def _ask_sitemap(room: Newsroom, state: SourceState, now: datetime) -> Outcome:
    response = room.http.get(_request(state, Purpose.SITEMAP))
    if response.not_modified:
        return Outcome(after_success(state, now, _poll_of(response, ())))
    sitemap = read_sitemap(response.body, url=response.final_url)
    listed = islice(chain(sitemap.entries, _children(room, sitemap)), ADDRESSES_LOOKED_AT)
    entries = nlargest(ENTRIES_A_POLL, listed, key=lambda e: iso(e.published or e.updated) or "")
    return _outcome(room, state, now, _poll_of(response, entries), entries)


def _children(room: Newsroom, sitemap: Sitemap) -> Iterator[Entry]:
    """The entries of a sitemap index; a child that can't be had is left for the next poll."""
    for address in sitemap.children[:CHILD_SITEMAPS]:
        try:
            response = room.http.get(Request(address, Purpose.SITEMAP))
            yield from read_sitemap(response.body, url=response.final_url).entries
        except (GoneForGood, Rejected, RetryLater):
            continue


def _ask_archive(room: Newsroom, state: SourceState, now: datetime) -> Outcome:
    """An archive's pages are its items; `etag` keeps its fingerprint once all of it was read."""
    archive = room.archive(state.source.url)
    fingerprint = archive.fingerprint()
    if fingerprint == state.etag:
        return Outcome(after_success(state, now, Poll(etag=fingerprint)))
    entries = [Entry(url=address) for address in archive.addresses()]
    read = fingerprint if archive.is_complete() else None
    return _outcome(room, state, now, Poll(etag=read, new_entries=len(entries)), entries)


_READERS = {SourceKind.FEED: _ask_feed, SourceKind.SITEMAP: _ask_sitemap, SourceKind.WARC: _ask_archive}


def _request(state: SourceState, purpose: Purpose) -> Request:
    return Request(state.source.url, purpose, state.etag, state.last_modified)


def _poll_of(response: Response, entries: Iterable[Entry]) -> Poll:
    instants = tuple(e.published for e in entries if e.published is not None)
    return Poll.of(response, instants)


def _languages(feed: Feed) -> list[Entry]:
    """The entries, each with the feed's language where it says none itself."""
    return [replace(e, language=e.language or feed.language) for e in feed.entries]


def _outcome(room: Newsroom, state: SourceState, now: datetime, poll_: Poll, entries: Iterable[Entry]) -> Outcome:
    listed = list(entries)[:ENTRIES_A_POLL]
    fresh = [e for e in listed if _is_fresh(e, state, room.settings.fetch.max_age_days, now)]
    items = {item.key: item for e in fresh if (item := _item(e, state, now)) is not None}
    unaddressed = sum(_address(e) is None for e in fresh)
    return Outcome(after_success(state, now, poll_), tuple(items.values()), unaddressed=unaddressed)


def _is_fresh(entry: Entry, state: SourceState, max_age_days: int, now: datetime) -> bool:
    when = entry.updated or entry.published
    if when is None or not max_age_days or state.source.kind is SourceKind.WARC:
        return True
    return when >= now - timedelta(days=max_age_days)


def _address(entry: Entry) -> str | None:
    """The entry's page; some feeds give it as the id only."""
    return next((found for said in (entry.url, entry.id) if (found := absolute(web_address(said)))), None)


def _item(entry: Entry, state: SourceState, now: datetime) -> Item | None:
    address = _address(entry)
    if address is None:
        return None
    said = "\n".join([entry.title or "", iso(entry.updated) or ""])
    fingerprint = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Item(url_key(address), clean_url(address), state.source.url, entry, fingerprint, now)
