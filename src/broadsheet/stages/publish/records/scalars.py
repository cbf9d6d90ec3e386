"""Single values of a record: how each form is written, the one pattern of what we write, and how that is read back.

The patterns accept exactly what the writers produce. Anything else that can still be understood is the business of
`diagnosis`.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from broadsheet.errors import Rejected
from broadsheet.model.instants import iso
from broadsheet.model.record import Verbatim


class Form(Enum):
    """How a value stands in the file; the value says it to a person."""

    QUOTED = "text in double quotes"
    BARE = "text without quotes"
    INSTANT = "an instant, YYYY-MM-DDTHH:MM:SSZ"
    INTEGER = "a whole number"
    PIXELS = "a number of pixels"
    BOOLEAN = "true or false"
    KIND = "article or video"


# What may not stand raw between double quotes: what YAML forbids, and the three separators that its version 1.1 takes
# for ends of lines. Lone surrogates never reach a file, since it is UTF-8.
_SPECIAL = "\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff"
_TO_ESCAPE = re.compile(f'["\\\\{_SPECIAL}\ud800-\udfff]')
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONG_FORMS = {short: char for char, short in _SHORT_ESCAPES.items()}
_SHORT_ESCAPE = re.compile(r'\\["\\nrt]')

_QUOTED = rf'"[^"\\{_SPECIAL}]*+(?:\\["\\nrt][^"\\{_SPECIAL}]*+)*+"'

# Words, numbers and dates that YAML 1.1 or 1.2 would not take for text; a little more than those, to be safe.
_NOT_TEXT = (
    r"(?:(?i:y|yes|n|no|on|off|true|false|null)|(?i:[-+]?\.inf|\.nan)"
    r"|[-+]?(?:0[xob][0-9a-fA-F_]+|[0-9.][0-9_.,:+\-eETtZz ]*))(?![^\n])"
)
_FIRST = rf"[^\s\-?:,\[\]{{}}#&*!|>'\"%@`=~<\ufeff{_SPECIAL}]"
_REST = rf"[^\s:{{\ufeff{_SPECIAL}]*+"
_BARE = rf"(?!{_NOT_TEXT}){_FIRST}{_REST}(?:(?::(?=\S)| (?=[^\s#])){_REST})*+"
_BARE_TEXT = re.compile(_BARE)

MAX_NUMBER = 999_999_999

PATTERNS = {
    Form.QUOTED: _QUOTED,
    Form.BARE: f"{_BARE}|{_QUOTED}",
    Form.INSTANT: "[0-9]{4}-[01][0-9]-[0-3][0-9]T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z",
    Form.INTEGER: "0|-?[1-9][0-9]{0,8}",
    Form.PIXELS: "0|[1-9][0-9]{0,8}",
    Form.BOOLEAN: "true|false",
    Form.KIND: "article|video",
}


class Unusual(Exception):  # noqa: N818 - no error: the careful reader takes over
    """A value that is not written as we would write it."""


def quote(text: str) -> str:
    """`text` in double quotes. Raises Rejected for NUL and for half of a surrogate pair, which no record can hold."""
    if isinstance(text, Verbatim):
        return text.source
    if _TO_ESCAPE.search(text):
        text = _TO_ESCAPE.sub(_escape, text)
    return f'"{text}"'


def bare(text: str) -> str:
    """`text` as it is where YAML would read it as that, else quoted. Raises Rejected as `quote` does."""
    if isinstance(text, Verbatim):
        return text.source
    return text if _BARE_TEXT.fullmatch(text) else quote(text)


def can_be_bare(text: str) -> bool:
    """Whether YAML reads `text`, written without quotes, as just that text."""
    return _BARE_TEXT.fullmatch(text) is not None


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    if char == "\x00":
        raise Rejected("the text holds a NUL character")
    if "\ud800" <= char <= "\udfff":
        raise Rejected("the text holds half of a surrogate pair")
    return _SHORT_ESCAPES.get(char) or (f"\\x{ord(char):02x}" if char < "\x100" else f"\\u{ord(char):04x}")


def _write_instant(when: datetime) -> str:
    return str(iso(when))


def _write_number(number: int) -> str:
    if not -MAX_NUMBER <= number <= MAX_NUMBER:
        raise Rejected(f"{number} is out of bounds")
    return str(int(number))


def _write_pixels(number: int) -> str:
    if not 0 <= number <= MAX_NUMBER:
        raise Rejected(f"{number} is no number of pixels")
    return str(int(number))


def _write_boolean(value: bool) -> str:
    return "true" if value else "false"


def _write_kind(kind: str) -> str:
    if kind not in ("article", "video"):
        raise Rejected(f"{kind!r} is neither article nor video")
    return kind


WRITERS: dict[Form, Callable[[Any], str]] = {
    Form.QUOTED: quote,
    Form.BARE: bare,
    Form.INSTANT: _write_instant,
    Form.INTEGER: _write_number,
    Form.PIXELS: _write_pixels,
    Form.BOOLEAN: _write_boolean,
    Form.KIND: _write_kind,
}


def _read_quoted(source: str) -> str:
    return unescaped(source[1:-1])


def unescaped(text: str) -> str:
    """What stands between double quotes, as we escape it."""
    return _SHORT_ESCAPE.sub(_long_form, text) if "\\" in text else text


def _long_form(escape: re.Match[str]) -> str:
    return _LONG_FORMS[escape[0]]


def _read_bare(source: str) -> str:
    if source[0] != '"':
        return source
    text = _read_quoted(source)
    if can_be_bare(text):
        raise Unusual
    return text


def _read_instant(source: str) -> datetime:
    try:
        when = datetime.fromisoformat(source)
    except ValueError:
        raise Unusual from None
    return when if when.tzinfo is UTC else when.astimezone(UTC)


def _read_boolean(source: str) -> bool:
    return source == "true"


READERS: dict[Form, Callable[[str], Any]] = {
    Form.QUOTED: _read_quoted,
    Form.BARE: _read_bare,
    Form.INSTANT: _read_instant,
    Form.INTEGER: int,
    Form.PIXELS: int,
    Form.BOOLEAN: _read_boolean,
    Form.KIND: str,
}
