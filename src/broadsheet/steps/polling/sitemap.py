"""Asking a sitemap, or an index of them."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from heapq import nlargest
from itertools import chain, islice

from broadsheet.errors import GoneForGood, Rejected, RetryLater
from broadsheet.model.exchange import Purpose, Request, Response
from broadsheet.model.feed import Entry
from broadsheet.model.instants import iso
from broadsheet.model.source import SourceState
from broadsheet.stages.sources.schedule import after_success
from broadsheet.stages.sources.sitemaps import Sitemap, read_sitemap
from broadsheet.steps.newsroom import Newsroom
from broadsheet.steps.polling.large import in_turn
from broadsheet.steps.polling.outcome import ENTRIES_A_POLL, Outcome, outcome, poll_of, request_of

CHILD_SITEMAPS = 50
SECONDS_FOR_CHILDREN = 60.0  # for which they may keep us waiting, together
ADDRESSES_LOOKED_AT = 200_000  # of a sitemap and its children together


def ask_sitemap(room: Newsroom, state: SourceState, now: datetime) -> Outcome:
    """One poll of a sitemap and its children. Raises ItemError."""
    response = room.http.get(request_of(state, Purpose.SITEMAP))
    if response.not_modified:
        return Outcome(after_success(state, now, poll_of(response)))
    with in_turn(response.body):
        sitemap = read_sitemap(response.body, url=response.final_url)
    listed = islice(chain(sitemap.entries, _children(room, sitemap)), ADDRESSES_LOOKED_AT)
    entries = nlargest(ENTRIES_A_POLL, listed, key=lambda e: iso(e.published or e.updated) or "")
    with in_turn(response.body):
        return outcome(room, state, now, poll_of(response, entries), entries)


def _children(room: Newsroom, sitemap: Sitemap) -> Iterator[Entry]:
    """The entries of a sitemap index; a child that can't be had, or not in time, is left for the next poll."""
    asking = 0.0
    for address in sitemap.children[:CHILD_SITEMAPS]:
        if asking > SECONDS_FOR_CHILDREN:
            return
        begun = time.monotonic()
        try:
            response = room.http.get(Request(address, Purpose.SITEMAP))
        except (GoneForGood, Rejected, RetryLater):
            continue
        finally:
            asking += time.monotonic() - begun
        yield from _entries(response)


def _entries(response: Response) -> Sequence[Entry]:
    with in_turn(response.body), suppress(Rejected):
        return read_sitemap(response.body, url=response.final_url).entries
    return ()
