"""Records from text: one compiled pattern for the way we write them, the careful reader for all else.

The pattern accepts nothing that the emitter would not write again byte for byte.
"""

import re
from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import lru_cache
from operator import itemgetter
from typing import Any

from broadsheet.model.making import maker
from broadsheet.model.record import Record
from broadsheet.stages.publish.records.problems import RecordProblems
from broadsheet.stages.publish.records.scalars import PATTERNS, READERS, Form, Unusual, unescaped
from broadsheet.stages.publish.records.schema import MAX_BYTES, RECORD, Key, Shape, is_consistent

Match = re.Match[str]
Read = Callable[[str], Any]
Build = Callable[[Match], Any]


def read_record(data: bytes, *, path: str) -> Record:
    """The record in a file's bytes; `emit_record` gives back exactly these bytes. `path` is for the messages.

    Raises RecordProblems (a Rejected) naming line, key and reason of everything wrong.
    """
    record = _read_quickly(data)
    if record is not None:
        return record
    # The careful reader has many expressions to compile, and most publications hold no record that needs it.
    from broadsheet.stages.publish.records.diagnosis import diagnose

    diagnosis = diagnose(data, path)
    if diagnosis.record is None or diagnosis.problems:
        raise RecordProblems(diagnosis.problems)
    return diagnosis.record


def _read_quickly(data: bytes) -> Record | None:
    """The record if it is written as we write it; None leaves it to the careful reader."""
    if len(data) > MAX_BYTES:
        return None
    try:
        record: Record = _READ_RECORD(data.decode())
    except (Unusual, UnicodeDecodeError):
        return None
    return record if is_consistent(record) else None


def _map_reader(shape: Shape, indent: int, *, before: str = "", after: str = "") -> Read:
    """Reads a text that is one map and nothing else. Raises Unusual."""
    pattern = re.compile(before + _map_pattern(shape, indent) + after)
    build = _builder(shape, indent)

    def read(text: str) -> Any:
        found = pattern.fullmatch(text)
        if found is None:
            raise Unusual
        return build(found)

    return read


def _list_reader(key: Key, indent: int) -> Read:
    """Reads items one after the other, each from where the last one ended, to the end of the block."""
    pattern = _item_pattern(key, indent)
    build = _only_value(key) if key.shape is None else _builder(key.shape, indent + 2)

    def read(text: str) -> tuple[Any, ...]:
        items, position = [], 0
        while position < len(text):
            found = pattern.match(text, position)
            if found is None:
                raise Unusual
            items.append(build(found))
            position = found.end()
        return tuple(items)

    return read


def _builder(shape: Shape, indent: int) -> Build:
    """Makes the value of a map from the groups of its pattern; what isn't there keeps its default.

    The arguments go in the order of the class's own fields, since by name they would take twice as long. Most are texts
    and are their groups, unless something in them is escaped.
    """
    make: Callable[..., Any] = maker(shape.holds)
    groups = {key.attribute: (number, key) for number, key in enumerate(shape.keys)}
    written = [field for field in fields(shape.holds) if field.name in groups]
    assert written == list(fields(shape.holds))[: len(written)]  # noqa: S101 - those without a key come last
    in_order = itemgetter(*[groups[field.name][0] for field in written])
    keys = [(at, groups[field.name][1], field.default) for at, field in enumerate(written)]
    plan = [
        (at, _value_reader(key, indent), None if default is MISSING else default)
        for at, key, default in keys
        if not _is_text(key)
    ]
    texts = [at for at, key, _ in keys if _is_text(key)]

    def build(found: Match) -> Any:
        values = list(in_order(found.groups()))
        for at, read, default in plan:
            source = values[at]
            values[at] = default if source is None else read(source)
        if "\\" in found.string:
            for at in texts:
                values[at] = values[at] and unescaped(values[at])
        return make(*values)

    return build


def _is_text(key: Key) -> bool:
    return not key.is_block and key.form is Form.QUOTED


def _only_value(key: Key) -> Build:
    read: Read = READERS[key.form]
    return lambda found: read(found[1])


def _value_reader(key: Key, indent: int) -> Read:
    if key.is_list:
        read = _list_reader(key, indent + 2)
        return read if key.shape else _remembering(read)
    return _remembering(_map_reader(key.shape, indent + 2)) if key.shape else READERS[key.form]


def _remembering(read: Read) -> Read:
    """Publishers and topics repeat from record to record, and their values are frozen: one can serve all. Long ones are
    left out, so that nobody fills the memory."""
    remembered = lru_cache(maxsize=2_000)(read)
    return lambda text: remembered(text) if len(text) <= 400 else read(text)


def _map_pattern(shape: Shape, indent: int) -> str:
    """One group a key: the source of its value, or the lines of its block."""
    return "".join(_key_pattern(key, indent) for key in shape.keys)


def _item_pattern(key: Key, indent: int) -> re.Pattern[str]:
    """An item is a map whose first key stands behind the hyphen, or one value."""
    hyphen = " " * indent + "- "
    if key.shape is None:
        return re.compile(f"{hyphen}({PATTERNS[key.form]})\n")
    return re.compile(hyphen + _map_pattern(key.shape, indent + 2)[indent + 2 :])


def _key_pattern(key: Key, indent: int) -> str:
    start = ("\n" if key.gap else "") + " " * indent + key.name + ":"
    value = rf"\n((?: {{{indent + 2}}}.*+\n)++)" if key.is_block else f" {_value_pattern(key.form)}\n"
    return start + value if key.required else f"(?:{start}{value})?"


def _value_pattern(form: Form) -> str:
    """The quotes of a text are not in its group."""
    pattern = PATTERNS[form]
    return f"{pattern[0]}({pattern[1:-1]}){pattern[-1]}" if form is Form.QUOTED else f"({pattern})"


_READ_RECORD = _map_reader(RECORD, 0, before="---\n", after="---\n\n")
