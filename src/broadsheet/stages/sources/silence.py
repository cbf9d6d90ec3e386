"""How long a source may be silent by its own rhythm: pure functions of the days on which it published.

For each day the longest gap that ended on it is kept: over some weeks these are what the source's nights, weekends and
pauses are like, whether it publishes by the minute or by the month. Time in which it seldom publishes counts less: the
days of the week on which little came, those that were never seen, and the days around the turn of the year.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from math import log
from statistics import pstdev

from broadsheet.model.vitals import Day

REMEMBERED = 60
_DAY = 86_400
_LEAST_KNOWN = 4  # days with entries
_WEEKS_FOR_DAYS = 3  # until then a day of the week counts in full once something came on it
_SELDOM, _HOLIDAY = 0.1, 0.25
_CHANCE_A_DAY, _CHANCE_A_GAP, _LEAST_MARGIN = 3e-4, 0.02, 0.35
_WELL_KNOWN, _MOST_MARGIN = 15, 0.65  # so that silence is heard of before another such gap has passed
_SHORTEST_SILENCE = 3 * 3_600.0
_LEAST_WEEKEND_KNOWN = 10  # days that the known days span, before a weekend can have been seen


def days_with(days: Sequence[Day], last: int, times: Iterable[int]) -> tuple[tuple[Day, ...], int]:
    """The days with these further entries, ascending by time, and when the newest appeared; `last` is when the newest
    before them did, 0 where there was none. Times in seconds since 1970."""
    found = {day.day: day for day in days}
    for at in times:
        before = found.get(at // _DAY)
        gap = (last, at) if last else (at, at)
        if before is None:
            found[at // _DAY] = Day(at // _DAY, 1, *gap)
        else:
            longer = max((before.gap_from, before.gap_to), gap, key=lambda g: g[1] - g[0])
            found[at // _DAY] = Day(before.day, before.entries + 1, *longer)
        last = at
    return tuple(sorted(found.values(), key=lambda d: d.day))[-REMEMBERED:], last


def longest_usual_gap(days: Sequence[Day]) -> int | None:
    """The longest gap in seconds that the source had on the days that are known; None where too little is known."""
    return max(day.gap_to - day.gap_from for day in days) if _gaps(days) else None


def silent_after(days: Sequence[Day]) -> float | None:
    """The seconds of its weight after which a source counts as silent; None where too little is known.

    Of n gaps alike, the next one is longer than all of them with a chance of 1 in n + 1; from there on the chance
    falls by e for each standard deviation more, as the tails of waiting times do, until it is small enough for a day.
    """
    gaps = _gaps(days)
    if not gaps:
        return None
    spans = days[-1].day - days[0].day
    chance = min(_CHANCE_A_DAY * max(spans / len(gaps), 1.0), _CHANCE_A_GAP)
    beyond = max(log(1 / ((len(gaps) + 1) * chance)), 0.0) * pstdev(gaps)
    if len(gaps) >= _WELL_KNOWN:
        beyond = min(beyond, _MOST_MARGIN * max(gaps))
    longest = max(gaps) + max(beyond, _LEAST_MARGIN * max(gaps))
    return max(longest, _SHORTEST_SILENCE, 0 if spans >= _LEAST_WEEKEND_KNOWN else 0.5 * _DAY)


def weight_of(days: Sequence[Day], start: int, end: int) -> float:
    """The seconds between two times, each counted for what the source may be expected to publish in it."""
    weekdays = _weekdays(days)
    total, at = 0.0, start
    for _ in range(4_000):
        if at >= end:
            break
        until = min(end, (at // _DAY + 1) * _DAY)
        total += (until - at) * weekdays[(at // _DAY + 3) % 7] * _holiday(at)
        at = until
    return total + max(end - at, 0)


def _gaps(days: Sequence[Day]) -> list[float]:
    """The known gaps by their weight; the first day has none before it."""
    known = [day for day in days if day.gap_to > day.gap_from]
    return [weight_of(days, d.gap_from, d.gap_to) for d in known] if len(known) >= _LEAST_KNOWN else []


def _weekdays(days: Sequence[Day]) -> list[float]:
    """What an hour of each day of the week counts, Monday first: 1, or less where little comes on that day."""
    if not days:
        return [1.0] * 7
    counts = [0.0] * 7
    for day in days:
        counts[(day.day + 3) % 7] += 1
    spans = days[-1].day - days[0].day
    if spans < 7 * _WEEKS_FOR_DAYS:
        return [1.0 if count else _SELDOM for count in counts]
    usual = sorted(counts)[-3]
    return [min(1.0, max(_SELDOM, count / max(usual, 1.0))) for count in counts]


def _holiday(at: int) -> float:
    """The days around Christmas and the new year, on which much of the world is quiet."""
    day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=at // _DAY)
    return _HOLIDAY if (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 2) else 1.0
