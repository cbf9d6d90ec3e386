"""All files of the search, made from all documents."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish.search.days import days_file, runs_of
from broadsheet.stages.publish.search.documents import PER_FILE, SearchDoc, encoded, line_of, stories_file
from broadsheet.stages.publish.search.postings import codes_of, filters_of, words_wrapped
from broadsheet.stages.publish.search.recent import recent_file
from broadsheet.stages.publish.search.segments import (
    Boundaries,
    Segment,
    file_names,
    file_of,
    segment_name,
    segment_of,
    segment_path,
    segments,
)

Postings = dict[str, list[str]]


def full_files(docs: Iterable[SearchDoc], boundaries: Boundaries) -> Iterator[OutputFile]:
    """Every data file of the search, from the documents in order of number; one segment is in memory at a time.

    Raises Rejected where the boundaries are none.
    """
    known = segments(boundaries)
    parts = groupby(docs, key=lambda doc: segment_of(doc.number, known))
    segment, part = next(parts, (None, iter(())))
    stories = 0
    for wanted in known:
        mine: list[SearchDoc] = []
        if segment == wanted:
            mine = list(part)
            segment, part = next(parts, (None, iter(())))
        stories += len(mine)
        yield from segment_files(mine, wanted)
        yield from story_files(mine, wanted)
    newest = list(part)
    yield recent_file([line_of(doc) for doc in newest], boundaries, stories + len(newest))


def story_files(docs: Iterable[SearchDoc], numbers: Segment) -> Iterator[OutputFile]:
    """The documents with these numbers, sixteen to a file; also the files that have none."""
    blocks: dict[int, list[str]] = {at: [] for at in range(numbers[0] // PER_FILE, numbers[1] // PER_FILE)}
    for doc in docs:
        blocks[doc.number // PER_FILE].append(line_of(doc))
    for block, lines in blocks.items():
        yield stories_file(block, lines)


def segment_files(docs: Sequence[SearchDoc], segment: Segment) -> Iterator[OutputFile]:
    """The words, topics, publishers and days of one segment."""
    postings: Postings = defaultdict(list)
    for doc in docs:
        for terms in (codes_of(doc, segment[0]), filters_of(doc, segment[0])):
            for term, code in terms.items():
                postings[term].append(code)
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for term in sorted(postings):
        codes = postings.pop(term)
        codes.sort()
        lines[file_of(term, segment)] += (term, " ", "".join(codes), "\n")
    for name in file_names(segment):
        if name != "days":
            text = words_wrapped(f"{segment_name(segment)}/{name}", "".join(lines.pop(name, ())))
            yield encoded(segment_path(segment, name), text)
    yield days_file(segment, runs_of(((doc.number, doc.day) for doc in docs), segment))
