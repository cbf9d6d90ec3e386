"""On which day each story of a segment began: needed only where a reader asks for a span of time.

A list `[place, day, place, day, ...]`: from this place in the segment on, all are of this day, until the next place.
Day 0 stands for a number without a story. Numbers come in order of arrival, so a day is one run as a rule.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable
from operator import itemgetter

from broadsheet.errors import Rejected
from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish.search.documents import encoded
from broadsheet.stages.publish.search.segments import Segment, segment_name, segment_path

NO_STORY = 0


def runs_of(days: Iterable[tuple[int, int]], segment: Segment) -> list[int]:
    """The runs of a segment, from (number, day)."""
    start, end = segment
    table = [NO_STORY] * (end - start)
    for number, day in days:
        table[number - start] = day
    return _joined(enumerate(table))


def _joined(pieces: Iterable[tuple[int, int]]) -> list[int]:
    """Runs from (place, day) in order of place, neighbours of one day as one."""
    runs: list[int] = []
    last: int | None = None
    for place, day in pieces:
        if day != last:
            runs += (place, day)
            last = day
    return runs


def days_file(segment: Segment, runs: list[int]) -> OutputFile:
    """The file of the runs."""
    name = f"{segment_name(segment)}/days"
    return encoded(segment_path(segment, "days"), f'broadsheet("{name}",{json.dumps(runs, separators=(",", ":"))})\n')


def changed_days(body: str, changes: Iterable[tuple[int, int]], segment: Segment) -> OutputFile:
    """The file with other days for some numbers, 0 for one that has no story any more. Raises Rejected."""
    head, tail = f'broadsheet("{segment_name(segment)}/days",', ")\n"
    if not (body.startswith(head) and body.endswith(tail)):
        raise Rejected(f"{segment_path(segment, 'days')} is not what the last build wrote")
    try:
        runs = json.loads(body[len(head) : -len(tail)])
        pieces = list(zip(runs[::2], runs[1::2], strict=True))
        if pieces[0][0] != 0 or any(type(value) is not int for value in runs):
            raise ValueError(runs[:2])
    except (ValueError, TypeError, IndexError) as error:
        raise Rejected(f"{segment_path(segment, 'days')} is not what the last build wrote") from error
    for number, day in changes:
        _put(pieces, number - segment[0], day, segment[1] - segment[0])
    return days_file(segment, _joined(pieces))


def _put(pieces: list[tuple[int, int]], place: int, day: int, size: int) -> None:
    """Gives one place another day: its run falls into what is before it, itself, and what is after it."""
    at = bisect_right(pieces, place, key=itemgetter(0)) - 1
    start, other = pieces[at]
    end = pieces[at + 1][0] if at + 1 < len(pieces) else size
    parts = [(start, other), (place, day), (place + 1, other)]
    pieces[at : at + 1] = parts[start == place : 3 - (place + 1 == end)]
