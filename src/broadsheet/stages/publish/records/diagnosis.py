"""The careful reader: what is wrong with a record, line by line, and what it means all the same.

It is slow beside the pattern of `reader`, and only sees what that refuses. It knows no YAML beyond the record's own
schema, so that no trick of YAML can reach it; time and memory are in proportion to the file, which has a largest size.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from broadsheet.errors import Rejected
from broadsheet.model.record import Record
from broadsheet.stages.publish.records.emitter import emit_record
from broadsheet.stages.publish.records.problems import Problem
from broadsheet.stages.publish.records.schema import MAX_BYTES, RECORD, Key, Shape, inconsistencies
from broadsheet.stages.publish.records.sources import read_value, trick_in

MAX_PROBLEMS = 50

_BOM = b"\xef\xbb\xbf"
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_KEY_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*):(?: (.*))?")
_HYPHEN = re.compile(r"-(?: (.*))?")

# Lines that are no `key: value`, by how they begin.
_ODD_LINES = (
    (re.compile("#"), "a comment; a record has none, and it would be lost"),
    (re.compile("<<"), "a merge key (<<) is not allowed"),
    (re.compile(r"\?(?:\s|$)"), "a complex key (?) is not allowed"),
    (re.compile(r"-(?:\s|$)"), "an item of a list where a key must stand"),
    (re.compile(r"%|\.\.\.$"), "a directive or document mark of YAML is not allowed"),
    (re.compile(r"[\"']"), "a key in quotes"),
    (re.compile(r"\t"), "a tab in the indent"),
    (re.compile(r"[A-Za-z_][A-Za-z0-9_]*:\S"), "a blank is missing behind the colon"),
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All problems in the order of their lines, and the record where none leaves its meaning in doubt."""

    record: Record | None
    problems: tuple[Problem, ...]


def diagnose(data: bytes, path: str) -> Diagnosis:
    """What is wrong with the bytes of a record; never raises."""
    notes = _Notes(path)
    record: Record | None = None
    text = _decoded(data, notes)
    if text is not None:
        try:
            record = _read(text, notes)
        except _TooMany:
            notes.problems.append(Problem(path, notes.problems[-1].line, None, "too much is wrong to go on from here"))
    if record is not None and not notes.hard:
        _compare(data, record, notes)
    problems = tuple(sorted(notes.problems, key=lambda problem: problem.line))
    return Diagnosis(None if notes.hard else record, problems)


class _TooMany(Exception):  # noqa: N818 - ends the walk, and is seen by nobody else
    pass


@dataclass(slots=True)
class _Notes:
    """Collects problems, and where each key was seen."""

    path: str
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def wrong(self, line: int, key: str | None, reason: str, *, of_form: bool = False) -> None:
        self.problems.append(Problem(self.path, line, key, reason, of_form))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _TooMany

    @property
    def hard(self) -> bool:
        """Whether something is wrong that is not merely one of form."""
        return any(not problem.of_form for problem in self.problems)


def _decoded(data: bytes, notes: _Notes) -> str | None:
    if len(data) > MAX_BYTES:
        notes.wrong(1, None, f"larger than {MAX_BYTES // 1024} KiB, the most that a record may have")
        return None
    if data.startswith(_BOM):
        notes.wrong(1, None, "begins with a byte order mark", of_form=True)
        data = data[len(_BOM) :]
    if b"\r\n" in data:
        notes.wrong(
            data.count(b"\n", 0, data.index(b"\r\n")) + 1, None, "lines end with CR LF; must be LF", of_form=True
        )
        data = data.replace(b"\r\n", b"\n")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        notes.wrong(data.count(b"\n", 0, error.start) + 1, None, f"byte 0x{data[error.start]:02x} is not UTF-8")
        return None


def _read(text: str, notes: _Notes) -> Record | None:
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        notes.wrong(1, None, "the first line must be ---")
        return None
    end = next((number for number, line in enumerate(lines) if number and line.rstrip() == "---"), None)
    if end is None:
        notes.wrong(len(lines), None, "the closing --- is missing")
    _check_characters(lines, notes)
    walk = _Walk(lines[:end], notes)
    record = walk.map(RECORD, 0)
    walk.rest()
    if end is not None:
        _check_rest(lines, end, notes)
    if not isinstance(record, Record):
        return None
    for lack in inconsistencies(record):
        if lack.missing not in notes.lines:
            notes.wrong(notes.lines.get(lack.beside, 1), lack.missing, lack.reason)
    return record


def _check_characters(lines: list[str], notes: _Notes) -> None:
    for number, line in enumerate(lines, 1):
        found = _FORBIDDEN.search(line)
        if found:
            name = "NUL" if found[0] == "\0" else f"the control character U+{ord(found[0]):04X}"
            notes.wrong(number, None, f"{name} is not allowed in a record")


def _check_rest(lines: list[str], end: int, notes: _Notes) -> None:
    """After the closing `---` comes one empty line, and then the end of the file."""
    for number in range(end + 1, len(lines)):
        if lines[number].strip():
            notes.wrong(number + 1, None, "text after the closing ---; a record has none")
            return
    if lines[end + 1 :] != ["", ""]:
        notes.wrong(
            end + 1, None, "after the closing --- must come one empty line and the end of the file", of_form=True
        )


class _Walk:
    """Goes through the lines of the front matter once, guided by the schema."""

    def __init__(self, lines: list[str], notes: _Notes) -> None:
        self.lines, self.notes = lines, notes
        self.at = 1

    def map(self, shape: Shape, indent: int, parent: str = "") -> Any:
        """The value of the map from here on, None where something that is required is missing or wrong."""
        first = self.at
        order = {key.name: number for number, key in enumerate(shape.keys)}
        values: dict[str, Any] = {}
        seen: list[str] = []
        for content in self._at_indent(indent):
            key_line = _KEY_LINE.fullmatch(content)
            if key_line is None:
                self._skip(indent, None, _oddity(content))
            elif key_line[1] not in order:
                self._skip(indent, parent + key_line[1], f"is no key of a record here{_trick_too(key_line[2])}")
            elif key_line[1] in seen:
                self._skip(indent, parent + key_line[1], "stands twice")
            else:
                key = shape.keys[order[key_line[1]]]
                self._check_order(key, seen, order, parent)
                seen.append(key.name)
                values[key.attribute] = self._value(key, key_line[2] or "", indent, parent)
        return self._made(shape, values, seen, parent, first)

    def rest(self) -> None:
        """Lines on which the map of the record ended too early: those that are out of every place."""
        while self.at < len(self.lines):
            if self.lines[self.at].strip():
                self._wrong(None, "is out of place")
            self.at += 1

    def _at_indent(self, indent: int) -> Iterator[str]:
        """The lines of this map; whoever takes one moves on behind it. Ends where the indent gets less."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            content = line.lstrip(" ")
            pad = len(line) - len(content)
            if not content:
                self.at += 1
            elif pad < indent:
                return
            elif pad > indent:
                reason = f"is indented by {pad} blanks, must be {indent}; a value stands on one line"
                self._skip(indent, None, reason)
            else:
                yield content

    def _value(self, key: Key, source: str, indent: int, parent: str) -> Any:
        """The value of the key on this line and those below it."""
        name = parent + key.name
        self.notes.lines[name] = self.at + 1
        if key.is_block:
            return self._block(key, source, indent, name)
        if not source.strip():
            self._skip(indent, name, "has no value on its line; a key without a value is left out")
            return None
        value = self._scalar(key, source, name)
        self.at += 1
        return value

    def _scalar(self, key: Key, source: str, name: str) -> Any:
        reading = read_value(key.form, source)
        if reading.remark:
            self._wrong(name, reading.remark, of_form=reading.value is not None)
        return reading.value

    def _block(self, key: Key, source: str, indent: int, name: str) -> Any:
        if source.strip():
            trick = trick_in(source.strip())
            told = f"{trick} is not allowed here; " if trick else ""
            self._skip(indent, name, f"{told}its values must stand on the lines below, indented by two")
            return None
        line, told_before = self.at, len(self.notes.problems)
        self.at += 1
        value = self._list(key, indent + 2, name) if key.is_list else self._map_of(key, indent + 2, name)
        if value == () and len(self.notes.problems) == told_before:
            self.notes.wrong(line + 1, name, "has no value; a key without a value is left out")
        return value

    def _map_of(self, key: Key, indent: int, name: str) -> Any:
        assert key.shape is not None  # noqa: S101 - a block is a map or a list
        return self.map(key.shape, indent, f"{name}.")

    def _list(self, key: Key, indent: int, name: str) -> tuple[Any, ...]:
        items: list[Any] = []
        for content in self._at_indent(indent):
            hyphen = _HYPHEN.fullmatch(content)
            where = f"{name}[{len(items)}]"
            if hyphen is None or not (hyphen[1] or "").strip():
                self._skip(indent, name, "an item must begin with a hyphen, a blank and a value")
            elif key.shape is None:
                items.append(self._scalar(key, hyphen[1], where))
                self.at += 1
            else:
                # The first key stands behind the hyphen: put blanks in its place, and it is a map as any other.
                self.lines[self.at] = " " * (indent + 2) + hyphen[1]
                items.append(self.map(key.shape, indent + 2, f"{where}."))
        # What can't be read is told by now, and makes no record; what else is wrong is still looked for.
        return tuple(item for item in items if item is not None)

    def _made(self, shape: Shape, values: dict[str, Any], seen: list[str], parent: str, first: int) -> Any:
        missing = [key for key in shape.keys if key.required and key.name not in seen]
        for key in missing:
            self.notes.wrong(self._place(shape, key, parent, first), parent + key.name, "is missing")
        there = {attribute: value for attribute, value in values.items() if value is not None}
        wrong = any(key.required and key.attribute not in there for key in shape.keys)
        return None if wrong else shape.holds(**there)

    def _place(self, shape: Shape, missing: Key, parent: str, first: int) -> int:
        """The line before which a missing key would stand: that of the next key that is there."""
        behind = shape.keys[shape.keys.index(missing) + 1 :]
        lines = (self.notes.lines.get(parent + key.name) for key in behind)
        return next((line for line in lines if line is not None), min(first + 1, len(self.lines)))

    def _check_order(self, key: Key, seen: list[str], order: dict[str, int], parent: str) -> None:
        later = next((name for name in seen if order[name] > order[key.name]), None)
        if later:
            self._wrong(parent + key.name, f"stands after {later}, must stand before it", of_form=True)

    def _skip(self, indent: int, key: str | None, reason: str) -> None:
        """Says what is wrong with this line, and leaves out all that is indented deeper below it."""
        self._wrong(key, reason)
        self.at += 1
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
                return
            self.at += 1

    def _wrong(self, key: str | None, reason: str, *, of_form: bool = False) -> None:
        self.notes.wrong(self.at + 1, key, reason, of_form=of_form)


def _oddity(content: str) -> str:
    trick = trick_in(content)
    if trick:
        return f"{trick} is not allowed"
    return next((told for pattern, told in _ODD_LINES if pattern.match(content)), "is no `key: value` line")


def _trick_too(source: str | None) -> str:
    trick = trick_in((source or "").strip(" "))
    return f"; and {trick} is not allowed" if trick else ""


def _compare(data: bytes, record: Record, notes: _Notes) -> None:
    """The last word: a record that would not come back byte for byte is reported, whatever the reason."""
    try:
        expected = emit_record(record)
    except Rejected as error:
        notes.wrong(1, None, error.message)
        return
    if notes.problems or expected.encode() == data:
        return
    lines, ours = data.decode().split("\n"), expected.split("\n")
    pairs = enumerate(zip(lines, ours, strict=False), 1)
    number, line, our = next(((n, a, b) for n, (a, b) in pairs if a != b), (len(lines), "", ""))
    notes.wrong(number, None, _difference(line, our), of_form=True)


def _difference(line: str, our: str) -> str:
    if not our:
        return "a blank line is missing above this line"
    if not line.strip():
        return "a blank line that does not belong here"
    if line.rstrip() == our:
        return "blanks at the end of the line"
    return "is not written as we write it; `broadsheet records fmt` puts it right"
