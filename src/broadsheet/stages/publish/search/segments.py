"""Where the segments end, and which file of a segment holds a word."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from broadsheet.errors import Rejected
from broadsheet.stages.publish.search.documents import PER_FILE

LARGEST = 16_384
"""Stories in a segment at most: it is never written again as a whole, and a code of three letters reaches all."""
OPEN = 64
"""So many stories may stay in the open segment at housekeeping."""
_RATIO = 4
_PER_FILE, _PER_FILE_OF_SMALL, _PER_FILTER_FILE = 32, 64, 512
_SMALL = 1024

Boundaries = tuple[int, ...]
Segment = tuple[int, int]


def next_boundaries(boundaries: Boundaries, count: int) -> Boundaries:
    """The boundaries after housekeeping, where the numbers 0..`count`-1 are given.

    The open segment is closed where it has 64 stories or more. A segment joins the one before it unless that is four
    times its size or both together would be too large: so sizes fall by four, a query opens few segments, and a story
    is written anew few times.
    """
    ends = list(boundaries)
    start, closed = (ends[-1] if ends else 0), count - count % PER_FILE
    if closed - start < OPEN:
        return boundaries
    ends.extend(range(start + LARGEST, closed, LARGEST))
    ends.append(closed)
    while len(ends) > 1 and _joins(ends[-3] if len(ends) > 2 else 0, ends[-2], ends[-1]):
        del ends[-2]
    return tuple(ends)


def _joins(start: int, middle: int, end: int) -> bool:
    return end - start <= LARGEST and (end - middle) * _RATIO > middle - start


def segments(boundaries: Boundaries) -> list[Segment]:
    """The closed segments, as (first number, number after the last). Raises Rejected for what can't be boundaries."""
    found = list(pairwise((0, *boundaries)))
    if any(not start < end <= start + LARGEST or end % PER_FILE for start, end in found):
        raise Rejected(f"{boundaries!r:.80} are no boundaries of the search")
    return found


def word_files(segment: Segment) -> int:
    """How many files hold the words of a segment: 16 at most in those of the last days, whose stories still change."""
    size = segment[1] - segment[0]
    return max(1, size // (_PER_FILE_OF_SMALL if size <= _SMALL else _PER_FILE))


def filter_files(segment: Segment) -> int:
    """How many files hold the topics and publishers of a segment."""
    return max(1, (segment[1] - segment[0]) // _PER_FILTER_FILE)


def file_of(term: str, segment: Segment) -> str:
    """The name of the file that holds a term.

    Words that begin alike lie in one file, so that what a word begins with can be found: four letters, or one letter
    of a script without spaces. Filters begin with `#` or `@`.
    """
    if term[0] in "#@":
        return f"f{_hash(term) % filter_files(segment)}"
    return str(_hash(term[:1] if term[0] >= "\u3400" else term[:4]) % word_files(segment))


@lru_cache(maxsize=65_536)
def _hash(key: str) -> int:
    """FNV-1a over code points, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/)."""
    value = 0x811C9DC5
    for letter in key:
        value = (value ^ ord(letter)) * 0x01000193 & 0xFFFFFFFF
    return value


def file_names(segment: Segment) -> Iterator[str]:
    """The names of all files of a segment."""
    yield from (str(at) for at in range(word_files(segment)))
    yield from (f"f{at}" for at in range(filter_files(segment)))
    yield "days"


def segment_name(segment: Segment) -> str:
    """The folder of a segment."""
    return f"{segment[0]}-{segment[1]}"


def segment_path(segment: Segment, name: str) -> str:
    """Where a file of a segment is."""
    return f"search/words/{segment_name(segment)}/{name}.js"


def segment_of(number: int, known: Sequence[Segment]) -> Segment | None:
    """The closed segment that a number is in, None where it is in the open one."""
    low, high = 0, len(known)
    while low < high:
        middle = (low + high) // 2
        if known[middle][1] <= number:
            low = middle + 1
        else:
            high = middle
    return known[low] if low < len(known) else None
