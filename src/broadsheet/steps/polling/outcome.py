"""What one poll gave, and how the entries that it listed become items."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from broadsheet.formats.urls import clean_url, unwrap_amp, url_key
from broadsheet.model.exchange import Purpose, Request, Response
from broadsheet.model.feed import Entry, Feed
from broadsheet.model.instants import iso
from broadsheet.model.kept import Item
from broadsheet.model.source import SourceKind, SourceState
from broadsheet.stages.sources.feeds.links import absolute, web_address
from broadsheet.stages.sources.sameness import item_marks, trusted_marks
from broadsheet.stages.sources.schedule import Poll, after_success, place_of
from broadsheet.steps.newsroom import Newsroom

ENTRIES_A_POLL = 3_000
STAMPED_ALIKE = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """What a good answer looked like, for the source's health: the answer without its body, the entries and the name
    that it listed. Neither is given where nothing has changed."""

    response: Response
    entries: tuple[Entry, ...] = ()
    name: str = ""


def seen(response: Response, entries: Iterable[Entry] = (), name: str | None = None) -> Seen:
    """The answer without its body, and what it listed."""
    return Seen(replace(response, body=b""), tuple(entries), name or "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one poll gave: the source's new state, its items, and what went wrong, if anything.

    `notes` are what its reader wants to remember for the next poll, by name; None forgets. `hub` is the WebSub hub
    that the feed names, with the address by which the hub knows it. `seen` is what a good answer looked like.
    """

    state: SourceState
    items: tuple[Item, ...] = ()
    error: Exception | None = None
    unaddressed: int = 0
    notes: Mapping[str, str | None] = field(default_factory=dict)
    hub: tuple[str, str] | None = None
    seen: Seen | None = None


def request_of(state: SourceState, purpose: Purpose) -> Request:
    """The question to a source, conditional on what it answered last."""
    return Request(place_of(state), purpose, state.etag, state.last_modified)


def poll_of(response: Response, entries: Sequence[Entry] = (), feed: Feed | None = None) -> Poll:
    """What the answer, its entries and the feed itself tell of the source's rhythm."""
    return Poll.of(response, entries, feed)


def outcome(room: Newsroom, state: SourceState, now: datetime, poll: Poll, entries: Iterable[Entry]) -> Outcome:
    """The outcome of a poll that listed these entries; those that are too old are passed over."""
    listed = list(entries)[:ENTRIES_A_POLL]
    fresh = [e for e in listed if _is_fresh(e, state, room.settings.fetch.max_age_days, now)]
    items, unaddressed = items_of(fresh, state.source.url, now)
    return Outcome(after_success(state, now, poll), items, unaddressed=unaddressed)


def items_of(entries: Iterable[Entry], source_url: str, now: datetime) -> tuple[tuple[Item, ...], int]:
    """The items of these entries, each address once, and how many entries have no address."""
    listed = list(entries)
    stamp = _stamp(listed)
    made = [_item(entry, source_url, now, stamp) for entry in listed]
    items = {item.key: item for item in made if item is not None}
    return trusted_marks(items.values()), sum(item is None for item in made)


def _stamp(entries: Sequence[Entry]) -> datetime | None:
    """The change that a feed claims of all its entries at once: when it was built, which says nothing of them."""
    said = {entry.updated for entry in entries}
    return said.pop() if len(said) == 1 and len(entries) >= STAMPED_ALIKE else None


def with_language(feed: Feed) -> list[Entry]:
    """The entries, each with the feed's language where it says none itself."""
    return [replace(e, language=e.language or feed.language) for e in feed.entries]


def address_of(entry: Entry) -> str | None:
    """The entry's page; some feeds give it as the id only."""
    return next((found for said in (entry.url, entry.id) if (found := absolute(web_address(said)))), None)


def _is_fresh(entry: Entry, state: SourceState, max_age_days: int, now: datetime) -> bool:
    when = entry.updated or entry.published
    if when is None or not max_age_days or state.source.kind is SourceKind.WARC:
        return True
    return when >= now - timedelta(days=max_age_days)


def _item(entry: Entry, source_url: str, now: datetime, stamp: datetime | None) -> Item | None:
    address = address_of(entry)
    if address is None:
        return None
    changed = iso(entry.updated) if entry.updated != stamp else ""
    said = f"{entry.title or ''}\n{changed or ''}"
    fingerprint = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    own = clean_url(unwrap_amp(address))
    marks = item_marks(entry, own, source_url)
    return Item(url_key(own), own, source_url, entry, fingerprint, now, marks=marks)
