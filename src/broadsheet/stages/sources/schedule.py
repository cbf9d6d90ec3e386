"""When to ask a source again: pure functions from what is known of it to its next state.

What a source's own times say is worked out in `rhythm`; here stand what the source asked for (ttl, skipHours,
Cache-Control, Retry-After), what follows from failures, and when a move is believed.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from broadsheet.errors import GoneForGood, ItemError, Rejected, RetryLater
from broadsheet.model.exchange import Response
from broadsheet.model.feed import Entry, Feed
from broadsheet.model.instants import from_iso, iso
from broadsheet.model.source import Rhythm, SourceState
from broadsheet.stages.sources.rhythm import LONGEST, SHORTEST, wait_before_next

__all__ = ["LONGEST", "SHORTEST", "Poll", "after_failure", "after_success", "place_of"]

_FIRST_RETRY = 300
# Servers may ask for more patience than our own back-off has, but not for ever.
_LONGEST_RETRY_AFTER = 7 * 86_400
_HOUR, _DAY = 3_600, 86_400
_SPREAD = 0.05
_REMEMBERED = 60
_PUBLISHING_TAKES = _HOUR  # an entry may show up this much later than it says
_RETIRE_AFTER = timedelta(days=7)
_RETIRE_FAILURES = 4
_MOVED_AFTER = timedelta(days=3)
_MOVED_POLLS = 4
_GONE = re.compile(r"gone since (\S+): ")
_FOR_GOOD = re.compile(r"HTTP 410\b")
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)

Listed = tuple[int, datetime | None]
"""An entry as it is known again, and when it says that it was published."""


@dataclass(frozen=True, slots=True)
class Poll:
    """What a poll that went well told of the source.

    `listed` are the entries that it gave, in any order; `new_entries` counts those that are new where they can't be
    told apart (an archive). `ttl_minutes`, `skip_hours` and `skip_days` are the feed's word, `max_age_seconds` the
    server's, on how long nobody need ask. `moved_to` is where the source has moved for good.
    """

    new_entries: int = 0
    listed: tuple[Listed, ...] = ()
    ttl_minutes: int | None = None
    max_age_seconds: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    not_modified: bool = False

    @classmethod
    def of(cls, response: Response, entries: Sequence[Entry] = (), feed: Feed | None = None) -> "Poll":
        """What the answer's headers say, its entries, and the feed's own words on its rhythm."""
        max_age = _MAX_AGE.search(response.headers.get("cache-control", ""))
        return cls(
            listed=tuple((entry_key(entry), entry.published) for entry in entries),
            ttl_minutes=feed.ttl if feed else None,
            max_age_seconds=int(max_age[1]) if max_age else None,
            skip_hours=feed.skip_hours if feed else (),
            skip_days=feed.skip_days if feed else (),
            etag=response.headers.get("etag"),
            last_modified=response.headers.get("last-modified"),
            moved_to=response.moved_to,
            not_modified=response.not_modified,
        )


def entry_key(entry: Entry) -> int:
    """31 bits by which an entry is known again: of its address, else of its id, else of its title."""
    said = entry.url or entry.id or entry.title or ""
    return int.from_bytes(hashlib.blake2s(said.encode("utf-8", "replace"), digest_size=4).digest(), "big") >> 1


def place_of(state: SourceState) -> str:
    """Where to ask: the source's own address, or the one to which it moved, once that held for several polls on
    several days. A redirect that somebody set up by mistake, or a hotel's network, is gone by then."""
    if state.moved_to and state.moved_since and state.last_success and state.moved_polls >= _MOVED_POLLS:
        return state.moved_to if state.last_success - state.moved_since >= _MOVED_AFTER else state.source.url
    return state.source.url


def after_success(state: SourceState, now: datetime, poll: Poll) -> SourceState:
    """The state after a good answer, or after one that nothing has changed (which may leave out the validators)."""
    rhythm = _learned(state, now, poll)
    wait, interval = wait_before_next(rhythm.times, now.timestamp(), state.price)
    asked = max((rhythm.ttl_minutes or 0) * 60, poll.max_age_seconds or 0)
    due = now + _spread(state, now, max(wait, min(asked, LONGEST)))
    return replace(
        _moved(state, now, poll.moved_to),
        next_due=_not_skipped(due, rhythm),
        last_polled=now,
        last_success=now,
        etag=poll.etag or (state.etag if poll.not_modified else None),
        last_modified=poll.last_modified or (state.last_modified if poll.not_modified else None),
        interval_seconds=int(max(interval, min(asked, LONGEST))),
        rhythm=rhythm,
        failures=0,
        last_error=None,
        retired=False,
    )


def _learned(state: SourceState, now: datetime, poll: Poll) -> Rhythm:
    """The rhythm with what this poll listed for the first time."""
    if poll.not_modified:
        return state.rhythm
    newest = sorted(poll.listed, key=lambda e: e[1] or now, reverse=True)[:_REMEMBERED]
    times = sorted([*state.rhythm.times, *_appeared(state, now, newest)])[-_REMEMBERED:]
    keys = tuple(dict.fromkeys([key for key, _ in newest] + list(state.rhythm.keys)))[: 2 * _REMEMBERED]
    said = replace(state.rhythm, times=tuple(times), keys=keys)
    return replace(said, ttl_minutes=poll.ttl_minutes, skip_hours=poll.skip_hours, skip_days=poll.skip_days)


def _appeared(state: SourceState, now: datetime, newest: Sequence[Listed]) -> Iterator[int]:
    """When the entries that we did not know appeared: as they say, if that can be; else between the last poll and now.

    At the first poll everything is history, and only what the entries say is known. Later an entry that claims to be
    older than our last look, as those do that name only a day, was not there then: it came in between. One that is
    older than a day before that is an old one that came up again.
    """
    first, known = state.last_success is None, set(state.rhythm.keys)
    since = (state.last_success or now) - timedelta(seconds=_PUBLISHING_TAKES)
    between = int((since.timestamp() + _PUBLISHING_TAKES + now.timestamp()) / 2)
    for key, when in newest:
        if key in known:
            continue
        if when is not None and when <= now and (first or when >= since):
            yield int(when.timestamp())
        elif not first and (when is None or when > now or when >= since - timedelta(days=1)):
            yield between


def _moved(state: SourceState, now: datetime, moved_to: str | None) -> SourceState:
    """The state with what is known of a move; an address that is believed stays when it answers itself."""
    if moved_to is None and place_of(state) != state.source.url:
        return state
    if moved_to is None:
        return replace(state, moved_to=None, moved_since=None, moved_polls=0)
    if moved_to == state.moved_to:
        return replace(state, moved_since=state.moved_since or now, moved_polls=state.moved_polls + 1)
    return replace(state, moved_to=moved_to, moved_since=now, moved_polls=1)


def _not_skipped(due: datetime, rhythm: Rhythm) -> datetime:
    """The first moment from `due` on that is in no hour and no day that the feed wants to be left alone in."""
    for _ in range(24 * 7):
        at = due.astimezone(UTC)
        if at.hour not in rhythm.skip_hours and at.weekday() not in rhythm.skip_days:
            break
        due = at.replace(minute=at.minute % 10, second=0, microsecond=0) + timedelta(hours=1)
    return due


def after_failure(state: SourceState, now: datetime, error: ItemError) -> SourceState:
    """The state after a failure: asked again after five minutes, doubling up to a day, or when the server said.

    That never ends, except for a source that says itself that it is gone (410): it is asked daily, and retired when it
    has said so for a week at every poll. An address to which the source moved is given up if nothing is there.
    """
    failures = state.failures + 1
    if isinstance(error, GoneForGood | Rejected) and place_of(state) != state.source.url:
        state = replace(state, moved_to=None, moved_since=None, moved_polls=0)
    if isinstance(error, GoneForGood) and _FOR_GOOD.search(error.message):
        return _after_gone(state, now, error, failures)
    delay = min(_FIRST_RETRY * 2 ** min(failures - 1, 20), LONGEST)
    if isinstance(error, RetryLater) and error.after_seconds:
        delay = max(delay, int(min(error.after_seconds, _LONGEST_RETRY_AFTER)))
    return replace(
        state, next_due=now + _spread(state, now, delay), last_polled=now, failures=failures, last_error=error.message
    )


def _after_gone(state: SourceState, now: datetime, error: GoneForGood, failures: int) -> SourceState:
    """`last_error` remembers since when; another kind of failure in between begins the week anew."""
    before = _GONE.match(state.last_error or "")
    since = from_iso(before[1]) if before else now
    return replace(
        state,
        next_due=now + _spread(state, now, _DAY),
        last_polled=now,
        failures=failures,
        last_error=f"gone since {iso(since)}: {error.message}",
        retired=state.retired or (failures >= _RETIRE_FAILURES and now - since >= _RETIRE_AFTER),
    )


def _spread(state: SourceState, now: datetime, seconds: float) -> timedelta:
    """Up to a twentieth later, so that sources polled together part ways; the same for the same source and time."""
    digest = hashlib.sha256(f"{state.source.url} {now.isoformat()}".encode("utf-8", "replace")).digest()
    return timedelta(seconds=seconds * (1 + _SPREAD * int.from_bytes(digest[:4], "big") / 2**32))
