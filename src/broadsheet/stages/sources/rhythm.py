"""When a source will have something new, and when it is worth asking: pure functions of the times that it published.

What is expected is a rate (how much) shaped by the hours of the day and the days of the week (when), both drawn towards
"always alike" as long as little is known (a Gamma prior for the rate, a uniform one for the shape), and lifted for a
while after each entry, since entries come in bursts (Hawkes 1971). The next poll is the first of the cheapest plan for
the coming day and a half, found by dynamic programming: each poll costs a price, the same for every source; each entry
that waits costs its waiting, and more than in proportion, so that long waits are the first to be shortened. One price
for all is how a budget of polls is shared best (a Lagrange multiplier). For a source that publishes evenly it gives
intervals that grow like a root of the gap between entries, as the square-root rule of Cho and Garcia-Molina (2003) has
it.
"""

from collections.abc import Sequence
from math import exp, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

SHORTEST = 600
LONGEST = 86_400
PRICE = 350.0
"""Seconds of waiting that a poll must save to be worth it, where no budget has said otherwise."""
LEAST_PRICE, MOST_PRICE = 1.0, 1e8

_HOUR, _DAY = 3_600.0, 86_400.0
_RATE_OF = (10, 30)  # the newest entries that tell the rate
_SHAPE_OF = 60  # those that tell the hours
_PRIOR_ENTRIES, _PRIOR_SECONDS = 0.5, _DAY
_ALIKE_HOURS, _ALIKE_DAYS = 4.0, 10.0  # entries' worth of belief that all hours, all days are alike
_WIDE, _NARROW = 1.5 * _HOUR, 600.0  # widths of what an entry says of the same hour on other days
_BURST, _BURST_SECONDS = 0.3, 2 * _HOUR
_LONG_WAIT = 1_200.0  # from here on, waiting costs more for its length than for itself

Vector = NDArray[np.float64]


def _edges() -> Vector:
    """Moments at which a poll may be planned, in seconds from now: every ten minutes at first, then farther apart."""
    parts = (np.arange(10, 60, 10), np.arange(60, 240, 15), np.arange(240, 720, 30), np.arange(720, 2161, 60))
    return np.concatenate([[0.0], *parts]) * 60.0


_AT = _edges()
_MIDDLE = (_AT[1:] + _AT[:-1]) / 2
_WIDTH = np.diff(_AT)
_A_DAY_ON = int(np.searchsorted(_AT, _DAY))


def wait_before_next(times: Sequence[float], now: float, price: float) -> tuple[float, float]:
    """Seconds until the next poll, and the mean seconds between the polls that are planned; both within the limits.

    `times` are when the source's entries appeared, ascending, none after `now`, in seconds since 1970.
    """
    expected = _expected(np.asarray(times, dtype=np.float64), now)
    first, polls, end = _cheapest(_costs(expected) + price, price * float(expected.sum()) / _AT[-1])
    return _within_limits(first), _within_limits(end / polls)


def _within_limits(seconds: float) -> float:
    return min(max(seconds, SHORTEST), LONGEST)


def _expected(times: Vector, now: float) -> Vector:
    """How many entries each of the coming stretches will bring."""
    at = now + _MIDDLE
    if not len(times):
        return _WIDTH * (_PRIOR_ENTRIES / _PRIOR_SECONDS)
    shaped = _rate(times, now) * _shape(times[-_SHAPE_OF:], at)
    burst = np.exp(-(at - times[-1]) / _BURST_SECONDS) / _BURST_SECONDS
    return np.asarray(((1 - _BURST) * shaped + _BURST * burst) * _WIDTH)


def _rate(times: Vector, now: float) -> float:
    """Entries a second: the mean of what the newest few say and what more of them say."""
    newest = [times[-number:] for number in _RATE_OF]
    rates = [(len(some) + _PRIOR_ENTRIES) / (now - some[0] + _PRIOR_SECONDS) for some in newest]
    return float(sum(rates)) / len(rates)


def _shape(times: Vector, at: Vector) -> Vector:
    """How much more than on average is to be expected at these moments, by the hour and by the day."""
    apart = np.abs((at[:, None] - times[None, :] % _DAY) % _DAY)
    apart = np.minimum(apart, _DAY - apart)
    wide = _bell(apart, np.full(len(at), _WIDE))
    near = _bell(apart, np.maximum(_WIDTH / 2, _NARROW))
    hours = (_ALIKE_HOURS + (wide + near).sum(axis=1) * _DAY / 2) / (_ALIKE_HOURS + len(times))
    counts = np.bincount((times // _DAY).astype(np.int64) % 7, minlength=7)
    days = 7 * (counts + _ALIKE_DAYS / 7) / (len(times) + _ALIKE_DAYS)
    return np.asarray(hours * days[(at // _DAY).astype(np.int64) % 7])


def _bell(apart: Vector, width: Vector) -> Vector:
    spread = width[:, None]
    return np.asarray(np.exp(-0.5 * (apart / spread) ** 2) / (spread * sqrt(2 * pi)))


def _costs(expected: Vector) -> Vector:
    """What the waiting costs that begins after poll i and ends with poll j: `[i, j]`, from running sums of moments."""
    count, first, second = (_running(expected * _MIDDLE**power) for power in (0, 1, 2))
    waits = count * _AT - first
    squares = count * _AT**2 - 2 * _AT * first + second
    return np.asarray(waits + squares / _LONG_WAIT)


def _running(values: Vector) -> Vector:
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(sums[None, :] - sums[:, None])


def _cheapest(costs: Vector, evenly: float) -> tuple[float, int, float]:
    """The first poll of the cheapest plan, how many polls it has and when its last one is.

    A plan ends anywhere after a day; one that ends later is credited what the time costs that it covers more: the cost
    of a second where entries come evenly, the root of twice price and rate (`evenly` is their product).
    """
    best, before = np.zeros(len(_AT)), np.zeros(len(_AT), dtype=np.int64)
    for poll in range(1, len(_AT)):
        totals = best[:poll] + costs[:poll, poll]
        before[poll] = totals.argmin()
        best[poll] = totals[before[poll]]
    last = _A_DAY_ON + int((best[_A_DAY_ON:] - sqrt(2 * evenly) * _AT[_A_DAY_ON:]).argmin())
    first, polls = last, 1
    while before[first]:
        first, polls = int(before[first]), polls + 1
    return float(_AT[first]), polls, float(_AT[last])


def next_price(price: float, intervals: Sequence[float], budget: float, hours: float) -> float:
    """The price that brings the mean of planned polls a source and day towards `budget`; it moves at most by half, or
    to the double, in six hours. `intervals` are the sources' mean seconds between polls, `hours` the time since the
    price was last set. Polls fall with the price, more slowly than in proportion, so that this settles.
    """
    if not intervals:
        return price
    planned = sum(_DAY / max(seconds, 1.0) for seconds in intervals) / len(intervals)
    step = exp(min(max(log(planned / budget), -log(2)), log(2)) * min(max(hours, 0.0) / 6, 1.0))
    return min(max(price * step, LEAST_PRICE), MOST_PRICE)
