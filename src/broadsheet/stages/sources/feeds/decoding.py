"""From the bytes of a feed to something that a parser of XML or JSON can take."""

import codecs
import re
import zlib

from broadsheet.errors import Rejected
from broadsheet.formats.charsets import decode_html

LARGEST = 32 * 1024 * 1024

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What the first `<?` or `<r` or `{"` looks like without a byte order mark (XML 1.0, appendix F).
_WIDE = (
    (re.compile(rb"[<{\s]\0\0\0", re.DOTALL), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{\s]", re.DOTALL), "utf-32-be"),
    (re.compile(rb"[<{\s]\0[^\0]\0", re.DOTALL), "utf-16-le"),
    (re.compile(rb"\0[<{\s]\0[^\0]", re.DOTALL), "utf-16-be"),
)
_EBCDIC = b"\x4c\x6f\xa7\x94"
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:+-]{1,40})""", re.ASCII)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.IGNORECASE | re.ASCII)
_RUN = re.compile(rb"[\x80-\xff]+")
_UTF8 = {"utf-8", "utf8", "us-ascii", "ascii"}


def unpacked(body: bytes) -> bytes:
    """The body without gzip, at most `LARGEST` bytes of it. Raises Rejected if it is larger or packed twice."""
    if body[:2] == b"\x1f\x8b":
        unpacker = zlib.decompressobj(wbits=31)
        try:
            body = unpacker.decompress(body, LARGEST + 1)
        except zlib.error as error:
            raise Rejected(f"looks like gzip, but can't be unpacked: {error}") from error
        if body[:2] == b"\x1f\x8b":
            raise Rejected("packed with gzip more than once")
    if len(body) > LARGEST:
        raise Rejected(f"larger than {LARGEST // 2**20} MiB")
    return body


def is_plain_utf8(body: bytes, content_type: str) -> bool:
    """Whether everything says UTF-8, or nothing says anything, so that a parser can take the bytes as they are."""
    if b"\0" in body[:4] or body[:2] in {b"\xff\xfe", b"\xfe\xff"} or body.startswith(_EBCDIC):
        return False
    header = _HEADER.search(content_type)
    declared = _DECLARED.match(body[:400].removeprefix(codecs.BOM_UTF8))
    labels = [found for found in (header and header[1], declared and declared[1].decode("ascii")) if found]
    return all(label.lower() in _UTF8 for label in labels)


def text_of_feed(body: bytes, content_type: str = "") -> str:
    """The text, in the order of XML 1.0 and RFC 7303: byte order mark, the look of the first characters, HTTP header,
    XML declaration, guess. What is valid UTF-8 beyond ASCII is taken for UTF-8 whatever was declared."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace").lstrip("\ufeff")
    for pattern, codec in _WIDE:
        if pattern.match(body):
            return body.decode(codec, "replace")
    if body.startswith(_EBCDIC):
        return body.decode("cp037", "replace")
    return decode_html(body, f"charset={_label(body, content_type)}").lstrip("\ufeff")


def _label(body: bytes, content_type: str) -> str:
    """The encoding that header or declaration name; UTF-16 and UTF-32 are not believed, since the look of the bytes
    would have shown them."""
    header = _HEADER.search(content_type)
    declared = _DECLARED.match(body[:400])
    for label in (header and header[1], declared and declared[1].decode("ascii")):
        if label and not label.lower().startswith(("utf-16", "utf-32", "utf16", "utf32", "ucs", "iso-10646")):
            if label.lower() not in _UTF8:
                return label
            break
    return "windows-1252" if _is_western(body) else "utf-8"


def _is_western(body: bytes) -> bool:
    """Whether most bytes beyond ASCII stand alone, as accents do; in other scripts and in UTF-8 they come in runs."""
    runs = _RUN.findall(body[:200_000])
    return 2 * sum(len(run) == 1 for run in runs) > len(runs)
