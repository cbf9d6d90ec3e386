"""When to ask a source again: pure functions from what is known of it to its next state.

The interval follows the square-root rule (Cho and Garcia-Molina 2003, "Effective page refresh policies"; for a fixed
number of polls, freshness is best served by intervals that grow with the square root of the gap between changes): a
source with an entry a day is asked every hour, one with an entry a month every five and a half.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import sqrt

from broadsheet.errors import GoneForGood, ItemError, RetryLater
from broadsheet.model.exchange import Response
from broadsheet.model.instants import from_iso, iso
from broadsheet.model.source import SourceState

SHORTEST = 600
LONGEST = 86_400
_FIRST_RETRY = 300
# Servers may ask for more patience than our own back-off has, but not for ever.
_LONGEST_RETRY_AFTER = 7 * 86_400
_HOUR, _DAY = 3_600, 86_400
# Seconds of interval for the square root of a gap in seconds: an hour for a day.
_SCALE = _HOUR / sqrt(_DAY)
_SPREAD = 0.1
_MOST_INSTANTS = 30
_MEMORY = 10
_RETIRE_AFTER = timedelta(days=7)
_RETIRE_FAILURES = 4
_GONE = re.compile(r"gone since (\S+): ")
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Poll:
    """What a poll that went well told of the source.

    `published` are the instants of all entries that it listed, in any order; `new_entries` how many were new, which
    counts only where no entry has an instant. `ttl_minutes` is the feed's word, `max_age_seconds` the server's, on how
    long the answer holds. `moved_to` is where the source has moved for good; its address is its owner's to change.
    """

    new_entries: int = 0
    published: tuple[datetime, ...] = ()
    ttl_minutes: int | None = None
    max_age_seconds: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    not_modified: bool = False

    @classmethod
    def of(cls, response: Response, published: Sequence[datetime] = ()) -> "Poll":
        """What the answer's headers say, and the instants of its entries."""
        max_age = _MAX_AGE.search(response.headers.get("cache-control", ""))
        return cls(
            published=tuple(published),
            max_age_seconds=int(max_age[1]) if max_age else None,
            etag=response.headers.get("etag"),
            last_modified=response.headers.get("last-modified"),
            moved_to=response.moved_to,
            not_modified=response.not_modified,
        )


def after_success(state: SourceState, now: datetime, poll: Poll) -> SourceState:
    """The state after a good answer, or after one that nothing has changed (which may leave out the validators)."""
    interval = _clamped(_SCALE * sqrt(_gap(state, now, poll)))
    asked = max((poll.ttl_minutes or 0) * 60, poll.max_age_seconds or 0)
    return replace(
        state,
        next_due=now + _spread(state, now, max(interval, min(asked, LONGEST))),
        last_polled=now,
        last_success=now,
        etag=poll.etag or (state.etag if poll.not_modified else None),
        last_modified=poll.last_modified or (state.last_modified if poll.not_modified else None),
        interval_seconds=interval,
        failures=0,
        last_error=None,
        moved_to=poll.moved_to,
        retired=False,
    )


def after_failure(state: SourceState, now: datetime, error: ItemError) -> SourceState:
    """The state after a failure: asked again after five minutes, doubling up to a day, or when the server said.

    A source that is gone (404, 410) is asked daily, and retired when it has been gone for a week at every poll.
    """
    failures = state.failures + 1
    if isinstance(error, GoneForGood):
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


def _gap(state: SourceState, now: datetime, poll: Poll) -> float:
    """The mean seconds between entries: of the newest ones up to now, so that silence counts too; where no instants
    are known, the gap that the present interval stands for, moved by a tenth towards what was seen."""
    instants = sorted((when for when in poll.published if when <= now), reverse=True)[:_MOST_INSTANTS]
    if len(instants) > 1:
        return (now - instants[-1]).total_seconds() / len(instants)
    gap = (state.interval_seconds / _SCALE) ** 2
    if state.last_success is None:
        return gap
    elapsed = max((now - state.last_success).total_seconds(), 0)
    if not poll.new_entries:
        return gap + elapsed / _MEMORY
    return gap + (elapsed / poll.new_entries - gap) / _MEMORY


def _clamped(seconds: float) -> int:
    return int(min(max(seconds, SHORTEST), LONGEST))


def _spread(state: SourceState, now: datetime, seconds: float) -> timedelta:
    """Up to a tenth later, so that sources polled together part ways; the same for the same source and time."""
    digest = hashlib.sha256(f"{state.source.url} {now.isoformat()}".encode("utf-8", "replace")).digest()
    return timedelta(seconds=seconds * (1 + _SPREAD * int.from_bytes(digest[:4], "big") / 2**32))
