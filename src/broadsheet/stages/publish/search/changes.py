"""What changed stories make of the files that are there: only those that hold what changed are read and written."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from broadsheet.errors import Rejected
from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish.search.days import NO_STORY, changed_days
from broadsheet.stages.publish.search.documents import (
    PER_FILE,
    SearchDoc,
    doc_of,
    encoded,
    line_of,
    stories_file,
    stories_path,
)
from broadsheet.stages.publish.search.full import segment_files, story_files
from broadsheet.stages.publish.search.postings import terms_of, with_code, words_wrapped
from broadsheet.stages.publish.search.recent import RECENT, Recent, number_of, recent_file
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

Read = Callable[[str], bytes | None]
Change = tuple[SearchDoc | None, SearchDoc | None]
Move = tuple[str, str, bool]


def changed_files(read: Read, changes: Iterable[Change], boundaries: Boundaries) -> Iterator[OutputFile]:
    """The files that differ after the changes (before, after), just as `full_files` would make them.

    Raises Rejected where a file that is needed is missing or was not written by an earlier build.
    """
    known = segments(boundaries)
    by_segment: defaultdict[Segment | None, list[Change]] = defaultdict(list)
    gained = 0
    for change in changes:
        before, after = change
        if before != after:
            by_segment[segment_of(_number(change), known)].append(change)
            gained += (after is not None) - (before is not None)
    newest = by_segment.pop(None, [])
    if newest or gained:
        yield _recent(read, newest, boundaries, gained)
    for segment, theirs in by_segment.items():
        if segment:
            yield from _in_segment(read, segment, theirs)


def _number(change: Change) -> int:
    before, after = change
    numbers = {doc.number for doc in (before, after) if doc}
    if len(numbers) != 1:
        raise Rejected(f"a change of the search is of one story, not of {len(numbers)}")
    return numbers.pop()


def _recent(read: Read, changes: list[Change], boundaries: Boundaries, gained: int) -> OutputFile:
    recent = Recent(_text(read, RECENT), boundaries)
    recent.stories += gained
    for change in changes:
        after = change[1]
        recent.put(_number(change), line_of(after) if after else None)
    return recent.file()


def _in_segment(read: Read, segment: Segment, changes: list[Change]) -> Iterator[OutputFile]:
    blocks: defaultdict[int, dict[int, str | None]] = defaultdict(dict)
    words: defaultdict[str, list[Move]] = defaultdict(list)
    days: list[tuple[int, int]] = []
    for change in changes:
        before, after = change
        number = _number(change)
        blocks[number // PER_FILE][number] = line_of(after) if after else None
        for term, code, here in _moved_terms(change, segment[0]):
            words[file_of(term, segment)].append((term, code, here))
        if (before and before.day) != (after and after.day):
            days.append((number, after.day if after else NO_STORY))
    for block, lines in blocks.items():
        yield _changed_block(read, block, lines)
    for name, moves in words.items():
        yield _changed_words(read, segment, name, moves)
    if days:
        yield changed_days(_text(read, segment_path(segment, "days")), days, segment)


def _moved_terms(change: Change, start: int) -> Iterator[Move]:
    """The terms that the change takes away or brings, with their codes: (term, code, whether it is there now)."""
    before, after = (terms_of(doc, start) if doc else {} for doc in change)
    yield from ((term, code, False) for term, code in before.items() if after.get(term) != code)
    yield from ((term, code, True) for term, code in after.items() if before.get(term) != code)


def _changed_block(read: Read, block: int, changed: dict[int, str | None]) -> OutputFile:
    lines = {number_of(line): line for line in _story_lines(read, block)}
    for number, line in changed.items():
        if line is None:
            lines.pop(number, None)
        else:
            lines[number] = line
    return stories_file(block, (lines[number] for number in sorted(lines)))


def _story_lines(read: Read, block: int) -> list[str]:
    path = stories_path(block)
    return [line + "\n" for line in _rows(read, path, f'broadsheet("stories/{block}",[', "])")]


def _changed_words(read: Read, segment: Segment, name: str, moves: list[Move]) -> OutputFile:
    path, key = segment_path(segment, name), f"{segment_name(segment)}/{name}"
    text = _text(read, path)
    head, tail = words_wrapped(key, "\n").split("\n\n")
    if not (text.startswith(head + "\n") and text.endswith("\n" + tail)):
        raise Rejected(f"{path} is not what the last build wrote")
    for move in moves:
        changed = _moved(text, move)
        if changed is None:
            raise Rejected(f"{path} does not hold what the last build knew of {move[0]!r:.40}")
        text = changed
    return encoded(path, text)


def _moved(text: str, move: Move) -> str | None:
    """The text of a file of words with one code put in or taken out, None where it was so before."""
    term, code, here = move
    line = text.find(f"\n{term} ")
    if line < 0:
        return _with_line(text, term, code) if here else None
    start = line + len(term) + 2
    end = text.index("\n", start)
    codes = with_code(text[start:end], code, here=here)
    if codes is None:
        return None
    return text[:start] + codes + text[end:] if codes else text[:line] + text[end:]


def _with_line(text: str, term: str, code: str) -> str:
    rows = text.split("\n")
    rows.insert(bisect_left(rows, term, 1, len(rows) - 2, key=_term_of), f"{term} {code}")
    return "\n".join(rows)


def _term_of(row: str) -> str:
    return row[: row.find(" ")]


def _rows(read: Read, path: str, head: str, tail: str) -> list[str]:
    """The lines of a file between its first and its last."""
    rows = _text(read, path).split("\n")
    if len(rows) < 3 or rows[0] != head or rows[-2:] != [tail, ""]:
        raise Rejected(f"{path} is not what the last build wrote")
    return rows[1:-2]


def _text(read: Read, path: str) -> str:
    body = read(path)
    if body is None:
        raise Rejected(f"{path} is missing, which the last build wrote")
    return body.decode("utf-8", "replace")


def regrouped_files(read: Read, old: Boundaries, new: Boundaries) -> Iterator[OutputFile | str]:
    """The files of the new boundaries that the old ones did not have, and the paths of those that go.

    `read` gives the files as all changes before have left them. Raises Rejected as `changed_files` does.
    """
    before, after = segments(old), segments(new)
    recent = Recent(_text(read, RECENT), old)
    closed = old[-1] if old else 0
    end = new[-1] if new else 0
    if end < closed:
        raise Rejected("a closed segment of the search can't be opened again")
    for segment in after:
        if segment not in before:
            yield from segment_files(list(_docs(read, recent, segment, closed)), segment)
    yield from story_files(_docs(read, recent, (closed, end), closed), (closed, end))
    yield _without(recent, end, new)
    for segment in before:
        if segment not in after:
            yield from (segment_path(segment, name) for name in file_names(segment))


def _without(recent: Recent, end: int, boundaries: Boundaries) -> OutputFile:
    """The recent file without what is now in segments."""
    lines = [line for line in recent.lines if number_of(line) >= end]
    return recent_file(lines, boundaries, recent.stories)


def _docs(read: Read, recent: Recent, numbers: Segment, closed: int) -> Iterator[SearchDoc]:
    """The documents with these numbers: those below `closed` from their files, the others from the recent one."""
    start, end = numbers
    for block in range(start // PER_FILE, min(end, closed) // PER_FILE):
        yield from (doc_of(line) for line in _story_lines(read, block))
    yield from (doc_of(line) for line in recent.lines if max(start, closed) <= number_of(line) < end)
