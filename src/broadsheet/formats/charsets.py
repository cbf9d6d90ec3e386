"""From the bytes of an HTML page to its text, in the order of the Encoding Standard of the WHATWG.

A byte order mark wins over the Content-Type header, the header over the page's own `<meta charset>`, and that over a
guess. One thing differs from the standard: bytes that are valid UTF-8 beyond ASCII are read as UTF-8 whatever was
declared, because no other encoding produces them by accident.
"""

import codecs
import re
from contextlib import suppress

from charset_normalizer import from_bytes

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.I | re.A)
_META = re.compile(rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.I | re.A)
_PRESCAN = 4096  # the standard looks at 1,024 bytes; pages that put scripts first need more
_GUESS_FROM = 16384
_CANDIDATES = [
    "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp932",
    "gb18030", "big5hkscs", "euc_jp", "euc_kr", "koi8_r",
]  # fmt: skip

# Labels that the standard maps to something other than what Python's codec of that name reads.
_LABELS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "l1": "cp1252", "x-user-defined": "cp1252", "cp1252": "cp1252",
    "iso-8859-9": "cp1254", "latin5": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030",
    "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932",
    "sjis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949",
    "korean": "cp949", "big5": "big5hkscs", "x-x-big5": "big5hkscs", "iso-8859-8-i": "iso8859-8", "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8", "utf-16": "utf-16-le", "unicode": "utf-16-le",
}  # fmt: skip
_WIDE = {"utf-16-le", "utf-16-be"}
_NOT_TEXT = {"utf_7", "idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "mbcs", "oem"}


def decode_html(body: bytes, content_type: str = "") -> str:
    """The text of `body`; what can't be read becomes U+FFFD. `content_type` is the header as sent. Never raises."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    declared = _from_header(content_type)
    if declared in _WIDE:
        return body.decode(declared, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        declared = declared or _from_meta(body[:_PRESCAN])
        if declared == "utf-8" and _mostly_utf8(body, error):
            return body.decode("utf-8", "replace")
    return body.decode(_single_byte(declared) or guess_codec(body), "replace")


def html_as_utf8(body: bytes, content_type: str = "") -> bytes:
    """What `decode_html` reads, in UTF-8: nearly always `body` itself, which then is not copied."""
    if _from_header(content_type) not in _WIDE and not body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with suppress(UnicodeDecodeError):  # then it is not UTF-8 and has to be decoded
            body.decode("utf-8")
            return body.removeprefix(codecs.BOM_UTF8)
    return decode_html(body, content_type).encode("utf-8", "replace")


def guess_codec(body: bytes) -> str:
    """The Python codec that makes most sense of `body`, windows-1252 where nothing does (the Web's old default)."""
    first = next((m.start() for m in re.finditer(rb"[\x80-\xff]", body)), 0)
    best = from_bytes(body[first : first + _GUESS_FROM], steps=4, chunk_size=512, cp_isolation=_CANDIDATES).best()
    return best.encoding if best else "cp1252"


def _from_header(content_type: str) -> str | None:
    found = _HEADER.search(content_type)
    return _codec(found.group(1)) if found else None


def _from_meta(head: bytes) -> str | None:
    found = _META.search(head)
    codec = _codec(found.group(1).decode("ascii", "replace")) if found else None
    # A page whose meta could be read byte by byte is not UTF-16, whatever it says (as the standard has it).
    return "utf-8" if codec in _WIDE else codec


def _codec(label: str) -> str | None:
    """A label of the Encoding Standard as the name of a Python codec of text; None for one that is not known."""
    name = label.strip().lower()
    if name in _LABELS:
        return _LABELS[name]
    try:
        info = codecs.lookup(name)
        if info.name.replace("-", "_") in _NOT_TEXT or not isinstance(b"a".decode(name), str):
            return None
    except (LookupError, ValueError, TypeError):
        return None
    return info.name


def _single_byte(codec: str | None) -> str | None:
    """UTF-8 was declared but is not there: somebody forgot to change the declaration, so guess instead."""
    return None if codec == "utf-8" else codec


def _mostly_utf8(body: bytes, error: UnicodeDecodeError) -> bool:
    """Whether a few broken bytes in good UTF-8 are more likely than another encoding."""
    sample = body[max(0, error.start - _GUESS_FROM) : error.start + _GUESS_FROM]
    text = sample.decode("utf-8", "replace")
    good = sum(1 for c in re.findall(r"[^\x00-\x7f]", text) if c != "\ufffd")
    return good >= text.count("\ufffd")
