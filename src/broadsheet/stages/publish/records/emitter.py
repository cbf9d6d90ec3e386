"""Records as text, written straight from the schema."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from broadsheet.errors import Rejected
from broadsheet.model.record import Record
from broadsheet.stages.publish.records.scalars import WRITERS
from broadsheet.stages.publish.records.schema import MAX_BYTES, RECORD, Key, Shape, inconsistencies

Write = Callable[[Any, list[str]], None]


def emit_record(record: Record) -> str:
    """The whole file, its closing empty line included; UTF-8 when it is encoded.

    Raises Rejected, the message naming the key, for what no record can hold: NUL, a required value that is None or an
    empty list, one of a pair without the other, a logo on the provider of a related item. Raises ValueError for an
    instant without a zone.
    """
    for lack in inconsistencies(record):
        raise Rejected(f"{lack.missing}: {lack.reason}")
    parts = ["---\n"]
    _WRITE_RECORD(record, parts)
    parts.append("---\n\n")
    text = "".join(parts)
    # No character has more than four bytes, so that most records need not be encoded to be measured.
    if len(text) * 4 > MAX_BYTES and len(text.encode()) > MAX_BYTES:
        raise Rejected(f"the record has more than {MAX_BYTES // 1024} KiB")
    return text


def _map_writer(shape: Shape, indent: int, *, is_item: bool = False) -> Write:
    """Writes one map. The first line of a list's item has its hyphen in the place of two blanks of the indent."""
    indents = [" " * indent] * len(shape.keys)
    if is_item:
        indents[0] = " " * (indent - 2) + "- "
    writers = [(attrgetter(key.attribute), _key_writer(key, pad)) for key, pad in zip(shape.keys, indents, strict=True)]
    unwritten = [(attrgetter(name), name, value) for name, value in shape.unwritten()]

    def write(value: Any, parts: list[str]) -> None:
        for get, name, expected in unwritten:
            if get(value) != expected:
                raise Rejected(f"{name}: has no place in a record here")
        for get, write_key in writers:
            write_key(get(value), parts)

    return write


def _key_writer(key: Key, pad: str) -> Write:
    start = ("\n" if key.gap else "") + f"{pad}{key.name}:"
    if key.is_block:
        return _block_writer(key, start + "\n", len(pad))
    return _scalar_writer(key, start + " ")


def _scalar_writer(key: Key, start: str) -> Write:
    convert: Callable[[Any], str] = WRITERS[key.form]

    def write(value: Any, parts: list[str]) -> None:
        if value is None:
            _refuse_missing(key)
            return
        try:
            parts.append(f"{start}{convert(value)}\n")
        except Rejected as error:
            raise Rejected(f"{key.name}: {error.message}") from error

    return write


def _block_writer(key: Key, start: str, indent: int) -> Write:
    if not key.is_list:
        assert key.shape is not None  # noqa: S101 - a block is a map or a list
        write_items = _map_writer(key.shape, indent + 2)
    elif key.shape is None:
        write_items = _each(_scalar_writer(Key(key.name, "", key.form), " " * (indent + 2) + "- "))
    else:
        write_items = _each(_map_writer(key.shape, indent + 4, is_item=True))

    def write(value: Any, parts: list[str]) -> None:
        if not value:
            _refuse_missing(key)
            return
        parts.append(start)
        try:
            write_items(value, parts)
        except Rejected as error:
            raise Rejected(f"{key.name}.{error.message}") from error

    return write


def _each(write_item: Write) -> Write:
    def write(values: Iterable[Any], parts: list[str]) -> None:
        for value in values:
            write_item(value, parts)

    return write


def _refuse_missing(key: Key) -> None:
    if key.required:
        raise Rejected(f"{key.name}: is missing")


_WRITE_RECORD = _map_writer(RECORD, 0)
