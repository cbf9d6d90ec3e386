"""Values read with care: whatever way of writing them can be understood, and a word on what is wrong with the way.

This is for the reader that finds out what is wrong; `scalars` has the one way in which we write.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from broadsheet.errors import Rejected
from broadsheet.model.record import Verbatim
from broadsheet.stages.publish.records.scalars import PATTERNS, READERS, Form, Unusual, can_be_bare, quote

_DOUBLE_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*+")(.*)')
_SINGLE_QUOTED = re.compile(r"'((?:[^']|'')*+)'")
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_SEPARATOR = re.compile("[\x85\u2028\u2029]")
_STRICT = {form: re.compile(f"(?:{pattern})") for form, pattern in PATTERNS.items()}

# YAML 1.2.2, 5.7: escaped characters.
_ESCAPED = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", " ": " ",
    '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029", "\t": "\t",
}  # fmt: skip

# What YAML can do in the place of a plain value, and what we call it.
_TRICKS = (
    (re.compile(r"&[^\s,\[\]{}]+(?:\s|$)"), "an anchor"),
    (re.compile(r"\*\S+$"), "an alias"),
    (re.compile(r"!\S*(?:\s|$)"), "a tag"),
    (re.compile(r"[|>][-+0-9]{0,2}(?:\s+#.*)?$"), "a block of lines"),
    (re.compile(r"\[|\{(?!\{)"), "a flow collection"),
    (re.compile(r"(?:null|Null|NULL|~)$"), "a null"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source means, and a remark on how it is written; with a remark and no value it can't be understood."""

    value: Any = None
    remark: str = ""


def read_value(form: Form, source: str) -> Reading:
    """The value of what stands behind `key: `, which is not blank."""
    trick = trick_in(source.strip(" "))
    if trick:
        return Reading(None, f"{trick} is not allowed here; must be {form.value}")
    return _CAREFUL.get(form, _read_strictly)(form, source)


def trick_in(source: str) -> str:
    """What YAML makes of `source` instead of a value, such as `an alias`; empty where it is a value."""
    return next((name for pattern, name in _TRICKS if pattern.match(source)), "")


def _read_strictly(form: Form, source: str) -> Reading:
    stripped = source.strip(" ")
    if _STRICT[form].fullmatch(stripped):
        try:
            return Reading(READERS[form](stripped), "" if stripped == source else "blanks around the value")
        except Unusual:
            return Reading(None, f"{_shown(source)} is no such day")
    return Reading(None, f"must be {form.value}, not {_shown(source)}")


def _read_quoted(form: Form, source: str) -> Reading:
    stripped = source.strip(" ")
    if stripped.startswith('"'):
        return _read_double_quoted(stripped, source)
    single = _SINGLE_QUOTED.fullmatch(stripped)
    if single:
        return Reading(single[1].replace("''", "'"), "stands in single quotes; must be double ones")
    return Reading(stripped if can_be_bare(stripped) else None, f"must be {form.value}")


def _read_bare(_form: Form, source: str) -> Reading:
    """A bare value that YAML might misread is kept as it stood; whoever wrote it meant the text."""
    stripped = source.strip(" ")
    if stripped.startswith('"'):
        reading = _read_double_quoted(stripped, source)
        if not reading.remark and can_be_bare(reading.value):
            return Reading(reading.value, "stands in quotes that it does not need")
        return reading
    single = _SINGLE_QUOTED.fullmatch(stripped)
    if single:
        return Reading(single[1].replace("''", "'"), "stands in single quotes; must be double ones or none")
    return Reading(source if can_be_bare(source) else Verbatim(stripped, source))


def _read_double_quoted(stripped: str, source: str) -> Reading:
    parts = _DOUBLE_QUOTED.fullmatch(stripped)
    if parts is None:
        return Reading(None, "the closing quote is missing on its line")
    if parts[2]:
        return Reading(None, f"text behind the closing quote: {_shown(parts[2].strip())}")
    try:
        text = _ESCAPE.sub(_unescape, parts[1][1:-1])
        canonical = quote(text)
    except Rejected as error:
        return Reading(None, error.message)
    if canonical == source:
        return Reading(text)
    if source == stripped and _SEPARATOR.search(source) and "\t" not in source:
        return Reading(Verbatim(text, source))
    return Reading(text, "is escaped otherwise than we write it" if source == stripped else "blanks around the value")


def _unescape(found: re.Match[str]) -> str:
    escape = found[1]
    if len(escape) == 1:
        if escape not in _ESCAPED:
            raise Rejected(f"\\{escape} is no escape that YAML knows")
        return _ESCAPED[escape]
    number = int(escape[1:], 16)
    if number > 0x10FFFF:
        raise Rejected(f"\\{escape} is no character")
    return chr(number)


def _shown(source: str) -> str:
    return repr(source if len(source) <= 40 else source[:40] + "…")


_CAREFUL: dict[Form, Callable[[Form, str], Reading]] = {Form.QUOTED: _read_quoted, Form.BARE: _read_bare}
