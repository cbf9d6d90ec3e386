"""How long entries would have waited to be seen: the times that sources published, lived through again.

At each moment only what was listed until the poll before is known, as in life. The first poll of a source sees its
history: what it had published before the replay begins.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import log, sqrt

import numpy as np

from broadsheet.model.source import Source, SourceState
from broadsheet.stages.sources.rhythm import LEAST_PRICE, LONGEST, MOST_PRICE, PRICE, SHORTEST, wait_before_next
from broadsheet.stages.sources.schedule import Poll, after_success

DAYS = 7.0
"""The last days of each source that are lived through again."""
BUDGET = 11.0
"""Polls a source and day, on average, that all sources together may use."""
_HOUR, _DAY = 3_600.0, 86_400.0
_LISTED = 60
_BISECTIONS = 10
_CORRECTIONS = 5
_NEAR, _AIM = 0.98, 0.99  # of the budget
_TRIED = 400  # so many sources tell the price of all

Times = Sequence[float]
"""When a source's entries were published, ascending, in seconds since 1970."""
Rule = Callable[[str, Times, float, float], Iterator[float]]
"""From a source's name, all its times and the replay's beginning and end to the moments of its polls."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a rule achieved. `polls_a_day` are those of a source on a day that was lived through, on average; delays are
    of all entries, in minutes."""

    rule: str
    sources: int
    entries: int
    polls_a_day: float
    mean_minutes: float
    median_minutes: float
    p90_minutes: float

    def as_json(self) -> dict[str, object]:
        """One row, in the order in which it is shown; times in minutes."""
        return {
            "rule": self.rule,
            "sources": self.sources,
            "entries": self.entries,
            "pollsPerDay": round(self.polls_a_day, 1),
            "meanDelay": round(self.mean_minutes, 1),
            "medianDelay": round(self.median_minutes, 1),
            "p90Delay": round(self.p90_minutes, 1),
        }


def replays(histories: Sequence[Times], days: float = DAYS, budget: float = BUDGET) -> Iterator[Replayed]:
    """Our rule within the budget, beside hourly polling and the plain square-root rule.

    A source with fewer than two different times has no rhythm to learn, and is left out.
    """
    usable = [sorted(times) for times in histories if len(set(times)) > 1]
    yield _within_budget(usable, days, budget)
    rules = {"square root": _square_root, "hourly": _hourly}
    yield from (_replayed(name, rule, usable, days) for name, rule in rules.items())


def _within_budget(histories: Sequence[Times], days: float, budget: float) -> Replayed:
    """Our rule at the price at which it keeps to the budget; a run finds that price in some days (`next_price`)."""
    price = fair_price([_known(times, days) for times in histories], budget)
    found = _replayed("adaptive", _adaptive(price), histories, days)
    for _ in range(_CORRECTIONS):
        if _NEAR * budget <= found.polls_a_day <= budget:
            break
        price = min(max(price * (found.polls_a_day / (_AIM * budget)) ** 2, LEAST_PRICE), MOST_PRICE)
        found = _replayed("adaptive", _adaptive(price), histories, days)
    return found


def fair_price(known: Sequence[tuple[Times, float]], budget: float = BUDGET) -> float:
    """The price at which the plans of these sources have `budget` polls a day on average; each is given by its times
    and the moment at which they are all that is known. No source: the usual price."""
    some = known[:: max(1, len(known) // _TRIED)]
    if not some:
        return PRICE
    low, high = log(LEAST_PRICE), log(MOST_PRICE)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        planned = [_DAY / wait_before_next(times, now, float(np.exp(middle)))[1] for times, now in some]
        low, high = (middle, high) if sum(planned) / len(planned) > budget else (low, middle)
    return float(np.exp(high))


def _known(times: Times, days: float) -> tuple[Times, float]:
    now = _beginning(times, days)
    return times[: bisect_right(times, now)][-_LISTED:], now


def _beginning(times: Times, days: float) -> float:
    """The first poll, at no round distance from the last entry: many sources keep to the clock."""
    return max(times[0], times[-1] - days * _DAY) + _HOUR * (times[-1] * 0.618034 % 1)


def _replayed(name: str, rule: Rule, histories: Iterable[Times], days: float) -> Replayed:
    polled, lived, delays = 0, 0.0, list[float]()
    replayed = 0
    for number, times in enumerate(histories):
        start = _beginning(times, days)
        if start >= times[-1]:
            continue
        polls = list(rule(f"source {number}", times, start, times[-1]))
        polled, lived, replayed = polled + len(polls), lived + (polls[-1] - start) / _DAY, replayed + 1
        delays += [polls[bisect_left(polls, t)] - t for t in times if t > start]
    if not delays:
        return Replayed(name, replayed, 0, *[0.0] * 4)
    minutes = np.asarray(delays) / 60
    middle, tail = np.percentile(minutes, (50, 90))
    return Replayed(name, replayed, len(delays), polled / lived, float(minutes.mean()), float(middle), float(tail))


def _adaptive(price: float) -> Rule:
    def polls(name: str, times: Times, start: float, end: float) -> Iterator[float]:
        state = _asked(SourceState(Source(name), price=price), times, start)
        while True:
            assert state.next_due is not None  # noqa: S101 - set by every poll
            now = state.next_due.timestamp()
            yield now
            if now >= end:
                return
            state = _asked(state, times, now)

    return polls


def _asked(state: SourceState, times: Times, now: float) -> SourceState:
    """The state after a poll that lists what was published until then."""
    there = bisect_right(times, now)
    first = max(0, there - _LISTED)
    listed = tuple((first + i, datetime.fromtimestamp(at, UTC)) for i, at in enumerate(times[first:there]))
    return replace(after_success(state, datetime.fromtimestamp(now, UTC), Poll(listed=listed)), price=state.price)


def _hourly(name: str, times: Times, start: float, end: float) -> Iterator[float]:  # noqa: ARG001 - a Rule
    now = start
    while now < end:
        now += _HOUR
        yield now


def _square_root(name: str, times: Times, start: float, end: float) -> Iterator[float]:  # noqa: ARG001 - a Rule
    """An interval of an hour for a source with an entry a day, growing with the square root of the mean gap."""
    now = start
    while now < end:
        newest = times[: bisect_right(times, now)][-30:]
        gap = (now - newest[0]) / len(newest) if len(newest) > 1 else _DAY
        now += min(max(_HOUR * sqrt(gap / _DAY), SHORTEST), LONGEST)
        yield now
