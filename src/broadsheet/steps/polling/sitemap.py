"""Asking a sitemap, or an index of them."""

from collections.abc import Iterator
from datetime import datetime
from heapq import nlargest
from itertools import chain, islice

from broadsheet.errors import GoneForGood, Rejected, RetryLater
from broadsheet.model.exchange import Purpose, Request
from broadsheet.model.feed import Entry
from broadsheet.model.instants import iso
from broadsheet.model.source import SourceState
from broadsheet.stages.sources.schedule import after_success
from broadsheet.stages.sources.sitemaps import Sitemap, read_sitemap
from broadsheet.steps.newsroom import Newsroom
from broadsheet.steps.polling.outcome import ENTRIES_A_POLL, Outcome, outcome, poll_of, request_of

CHILD_SITEMAPS = 50
ADDRESSES_LOOKED_AT = 200_000  # of a sitemap and its children together


def ask_sitemap(room: Newsroom, state: SourceState, now: datetime) -> Outcome:
    """One poll of a sitemap and its children. Raises ItemError."""
    response = room.http.get(request_of(state, Purpose.SITEMAP))
    if response.not_modified:
        return Outcome(after_success(state, now, poll_of(response)))
    sitemap = read_sitemap(response.body, url=response.final_url)
    listed = islice(chain(sitemap.entries, _children(room, sitemap)), ADDRESSES_LOOKED_AT)
    entries = nlargest(ENTRIES_A_POLL, listed, key=lambda e: iso(e.published or e.updated) or "")
    return outcome(room, state, now, poll_of(response, entries), entries)


def _children(room: Newsroom, sitemap: Sitemap) -> Iterator[Entry]:
    """The entries of a sitemap index; a child that can't be had is left for the next poll."""
    for address in sitemap.children[:CHILD_SITEMAPS]:
        try:
            response = room.http.get(Request(address, Purpose.SITEMAP))
            yield from read_sitemap(response.body, url=response.final_url).entries
        except (GoneForGood, Rejected, RetryLater):
            continue
