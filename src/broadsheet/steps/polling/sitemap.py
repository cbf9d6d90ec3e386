"""Asking a sitemap, or an index of them: of the children those that changed, the newest first."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
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
DEEPEST = 2  # an index within an index: the protocol has none, publishers do
SECONDS_FOR_CHILDREN = 60.0  # for which they may keep us waiting, together
ADDRESSES_LOOKED_AT = 200_000  # of a sitemap and its children together
_CHILD, _MORE = "child ", "more children"


def ask_sitemap(room: Newsroom, state: SourceState, now: datetime) -> Outcome:
    """One poll of a sitemap and its children. Raises ItemError.

    An index without the dates of its children is always asked anew: it does not change when they do. So is one of
    which children were left.
    """
    notes = room.store.notes.of(state.source.url)
    known = {name.removeprefix(_CHILD): note for name, note in notes.items() if name.startswith(_CHILD)}
    anew = _MORE in notes or any("changed" not in json.loads(note) for note in known.values())
    asked = request_of(state, Purpose.SITEMAP)
    response = room.http.get(replace(asked, etag=None, last_modified=None) if anew else asked)
    if response.not_modified:
        return Outcome(after_success(state, now, poll_of(response)))
    with in_turn(response.body):
        sitemap = read_sitemap(response.body, url=response.final_url)
    children = _Children(room, known, _oldest(room, now))
    listed = islice(chain(sitemap.entries, children.entries(sitemap)), ADDRESSES_LOOKED_AT)
    entries = nlargest(ENTRIES_A_POLL, listed, key=lambda e: iso(e.published or e.updated) or "")
    with in_turn(response.body):
        found = outcome(room, state, now, poll_of(response, entries), entries)
    more = {_MORE: "yes" if children.left else None}
    return replace(found, notes=more | {_CHILD + address: note for address, note in children.notes.items()})


def _oldest(room: Newsroom, now: datetime) -> datetime | None:
    days = room.settings.fetch.max_age_days
    return now - timedelta(days=days + 1) if days else None


@dataclass(slots=True)
class _Children:
    """The children of an index, and theirs. `known` is what was noted of each when it was read last: its `changed` of
    then and its validators."""

    room: Newsroom
    known: Mapping[str, str]
    oldest: datetime | None
    notes: dict[str, str] = field(default_factory=dict)
    asking: float = 0.0
    asked: int = 0
    left: bool = False

    def entries(self, index: Sitemap, depth: int = 1) -> Iterator[Entry]:
        """The entries of the children that changed; one that can't be had in time is left for the next poll."""
        for address in self._worth_asking(index):
            if self.asking > SECONDS_FOR_CHILDREN or self.asked >= CHILD_SITEMAPS:
                self.left = True
                return
            response = self._ask(address)
            if response is None or response.not_modified:
                continue
            with in_turn(response.body), suppress(Rejected):
                child = read_sitemap(response.body, url=response.final_url)
                self._note(address, response, index.changed.get(address))
                yield from child.entries
                if depth < DEEPEST:
                    yield from self.entries(child, depth + 1)

    def _worth_asking(self, index: Sitemap) -> list[str]:
        """Those that the index does not call unchanged or too old: news first, then by date, then from the end of the
        file, where the newest mostly are."""
        chosen = [a for a in index.children if self._has_changed(a, index.changed.get(a))]
        places = {address: place for place, address in enumerate(index.children)}
        return sorted(
            chosen, key=lambda a: ("news" in a.lower(), iso(index.changed.get(a)) or "", places[a]), reverse=True
        )

    def _has_changed(self, address: str, changed: datetime | None) -> bool:
        if changed is None:
            return True
        before = self._before(address).get("changed")
        return before != iso(changed) and (self.oldest is None or changed >= self.oldest)

    def _before(self, address: str) -> dict[str, str]:
        return dict(json.loads(self.known.get(address, "{}")))

    def _ask(self, address: str) -> Response | None:
        begun, before = time.monotonic(), self._before(address)
        self.asked += 1
        try:
            return self.room.http.get(Request(address, Purpose.SITEMAP, before.get("etag"), before.get("modified")))
        except (GoneForGood, Rejected, RetryLater):
            return None
        finally:
            self.asking += time.monotonic() - begun

    def _note(self, address: str, response: Response, changed: datetime | None) -> None:
        headers = response.headers
        said = {"changed": iso(changed), "etag": headers.get("etag"), "modified": headers.get("last-modified")}
        self.notes[address] = json.dumps({k: v for k, v in said.items() if v})
