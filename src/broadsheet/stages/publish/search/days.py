"""On which day each story of a segment began: needed only where a reader asks for a span of time.

A list `[place, day, place, day, ...]`: from this place in the segment on, all are of this day, until the next place.
Day 0 stands for a number without a story. Numbers come in order of arrival, so a day is one run as a rule.
"""

import json
from collections.abc import Iterable, Iterator

from broadsheet.errors import Rejected
from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish.search.documents import encoded
from broadsheet.stages.publish.search.segments import Segment, segment_name, segment_path

NO_STORY = 0


def runs_of(days: Iterable[tuple[int, int]], segment: Segment) -> list[int]:
    """The runs of a segment, from (number, day) in order of number."""
    start, end = segment
    runs: list[int] = []
    last: int | None = None
    expected = start
    for number, day in _with_end(days, end):
        if number > expected and last != NO_STORY:
            runs += (expected - start, NO_STORY)
            last = NO_STORY
        if number < end and day != last:
            runs += (number - start, day)
            last = day
        expected = number + 1
    return runs


def _with_end(days: Iterable[tuple[int, int]], end: int) -> Iterator[tuple[int, int]]:
    yield from days
    yield end, NO_STORY


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
        days = _spread(runs, segment[1] - segment[0])
    except (ValueError, TypeError, IndexError) as error:
        raise Rejected(f"{segment_path(segment, 'days')} is not what the last build wrote") from error
    for number, day in changes:
        days[number - segment[0]] = day
    told = ((segment[0] + at, day) for at, day in enumerate(days) if day != NO_STORY)
    return days_file(segment, runs_of(told, segment))


def _spread(runs: list[int], size: int) -> list[int]:
    days: list[int] = []
    for at in range(0, len(runs), 2):
        until = runs[at + 2] if at + 2 < len(runs) else size
        days += [runs[at + 1]] * (until - runs[at])
    if len(days) != size:
        raise IndexError(len(days))
    return days
