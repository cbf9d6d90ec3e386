"""The newest stories, not yet in any segment: one file of documents that the browser looks through itself.

It is what a new story changes, and the only such file. Its head says where the segments end and how many stories there
are in all.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Sequence

from broadsheet.errors import Rejected
from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish.search.documents import encoded
from broadsheet.stages.publish.search.segments import Boundaries

RECENT = "search/recent.js"
_HEAD = re.compile(r'broadsheet\("recent",\{"ends":\[([0-9,]*)\],"stories":(\d+)\},\[')
_TAIL = "])"


def recent_file(lines: Sequence[str], boundaries: Boundaries, stories: int) -> OutputFile:
    """The file of these documents' lines, in order of number."""
    head = json.dumps({"ends": boundaries, "stories": stories}, separators=(",", ":"))
    return encoded(RECENT, f'broadsheet("recent",{head},[\n{"".join(lines)}{_TAIL}\n')


class Recent:
    """The file, to be changed. Raises Rejected where it is not one, or one of other boundaries."""

    def __init__(self, body: str, boundaries: Boundaries) -> None:
        self._boundaries = boundaries
        head, _, rest = body.partition("\n")
        found = _HEAD.fullmatch(head)
        if not found or not rest.endswith(_TAIL + "\n") or found[1] != ",".join(map(str, boundaries)):
            raise Rejected(f"{RECENT} is not what the last build wrote")
        self.lines = [line + "\n" for line in rest.split("\n")[:-2]]
        self.stories = int(found[2])

    def put(self, number: int, line: str | None) -> None:
        """Puts the line of this number in place of the one that is there; None takes it out."""
        at = bisect_left(self.lines, number, key=number_of)
        there = at < len(self.lines) and number_of(self.lines[at]) == number
        self.lines[at : at + there] = [] if line is None else [line]

    def file(self) -> OutputFile:
        """The file as it is now."""
        return recent_file(self.lines, self._boundaries, self.stories)


def number_of(line: str) -> int:
    """The number that a document's line begins with. Raises Rejected."""
    try:
        return int(line[1 : line.index(",")])
    except ValueError as error:
        raise Rejected(f"a file of the search holds {line!r:.60} where a story should be") from error
