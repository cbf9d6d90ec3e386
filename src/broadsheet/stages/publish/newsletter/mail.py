"""A letter as mail: made once, and for each reader only the headers and links that are that reader's own.

RFC 5322 (messages), 2045 to 2047 (MIME), 2369 and 8058 (lists, leaving by one click), 3834 (automatic answers).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from broadsheet.errors import Rejected

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_PLAIN = re.compile(r"[A-Za-z0-9 !#$%&'*+,./:;?@^_`{|}~()\[\]-]*")
_PHRASE = re.compile(r"[A-Za-z0-9 !#$%&'*+/^_`{|}~-]*")
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_WORD = 45  # bytes that one encoded word holds: 60 letters in base64, within its 75
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`Name <address>`; the name may be empty."""

    address: str
    name: str = ""

    def header(self) -> str:
        """As it stands in a header: ASCII, on one line or folded."""
        name = _one_line(self.name)
        if not name:
            return self.address
        shown = name if _PHRASE.fullmatch(name) and len(name) < 60 else encoded(name, always=True)
        return f"{shown} <{self.address}>"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a copy goes to, and the two addresses that are theirs: `leave` a page, `one_click` for mail programs.

    `mark` tells the copy from all others in its Message-ID; only we can make it.
    """

    mailbox: Mailbox
    mark: str
    leave: str
    one_click: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A message that needs only its reader: `head` are the headers that all copies share, `pieces` the body, cut where
    the address to leave belongs."""

    domain: str
    head: bytes
    pieces: tuple[bytes, ...]

    def to(self, reader: Reader) -> bytes:
        """The message for one reader, lines ending in CRLF."""
        own = (
            f"To: {reader.mailbox.header()}\r\n"
            f"Message-ID: <{reader.mark}@{self.domain}>\r\n"
            f"List-Unsubscribe: <{reader.one_click}>\r\n"
        )
        link = b"=\r\n" + _link(reader.leave) + b"=\r\n"
        return own.encode("ascii") + self.head + link.join(self.pieces)


@dataclass(frozen=True, slots=True)
class Outside:
    """What stands on the letter: from whom, since when, and where the list lives."""

    sender: Mailbox
    subject: str
    at: datetime
    list_name: str
    reply_to: Mailbox | None = None
    archive: str = ""


def compose(outside: Outside, html: str, text: str, leave: str) -> Composed:
    """The message in all but its reader. `leave` is the general address to leave by, as it stands in `html` as a link
    and in `text` on a line of its own; each copy gets its reader's there instead."""
    boundary = hashlib.sha256(f"{outside.subject}\n{html}".encode("utf-8", "replace")).hexdigest()[:24]
    head = "".join(f"{name}: {value}\r\n" for name, value in _headers(outside, boundary))
    plain = _cut(text, re.compile(rf"^{re.escape(leave)}$", re.MULTILINE), "", "")
    rich = _cut(html, re.compile(rf'href="{re.escape(escape(leave))}"'), 'href="', '"')
    parts = (("text/plain", plain), ("text/html", rich))
    body = _multipart(boundary, [(kind, [_quoted(piece) for piece in pieces]) for kind, pieces in parts])
    domain = outside.sender.address.rpartition("@")[2]
    return Composed(domain, head.encode("ascii") + b"\r\n", tuple(body))


def _headers(outside: Outside, boundary: str) -> Sequence[tuple[str, str]]:
    domain = outside.sender.address.rpartition("@")[2]
    optional = [("Reply-To", outside.reply_to.header())] if outside.reply_to else []
    optional += [("List-Archive", f"<{outside.archive}>")] if outside.archive.isascii() and outside.archive else []
    return [
        ("From", outside.sender.header()),
        *optional,
        ("Subject", encoded(outside.subject)),
        ("Date", format_datetime(outside.at)),
        ("List-ID", f"<{outside.list_name}.{domain}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Auto-Submitted", "auto-generated"),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
    ]


def single(to: Mailbox, outside: Outside, text: str, mark: str) -> bytes:
    """A message of text alone to one reader: the question whether they asked for the letter."""
    domain = outside.sender.address.rpartition("@")[2]
    reply = f"Reply-To: {outside.reply_to.header()}\r\n" if outside.reply_to else ""
    head = (
        f"To: {to.header()}\r\nMessage-ID: <{mark}@{domain}>\r\nFrom: {outside.sender.header()}\r\n{reply}"
        f"Subject: {encoded(outside.subject)}\r\nDate: {format_datetime(outside.at)}\r\n"
        "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode("ascii") + _quoted(text)


def _link(address: str) -> bytes:
    """An address of ours in quoted-printable, on as many lines as it needs."""
    lines = (address[start : start + 60] for start in range(0, len(address), 60))
    return "=\r\n".join(line.replace("=", "=3D") for line in lines).encode("ascii")


def _cut(text: str, at: "re.Pattern[str]", before: str, after: str) -> list[str]:
    """The text in pieces, cut where the pattern stands; what surrounds the address there stays."""
    pieces = at.split(text)
    last = len(pieces) - 1
    return [(after if n else "") + piece + (before if n < last else "") for n, piece in enumerate(pieces)]


def _multipart(boundary: str, parts: Sequence[tuple[str, Sequence[bytes]]]) -> list[bytes]:
    found = [b""]
    for kind, pieces in parts:
        found[-1] += (
            f"--{boundary}\r\nContent-Type: {kind}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        ).encode("ascii")
        found[-1] += pieces[0]
        found += pieces[1:]
        found[-1] += b"\r\n"
    found[-1] += f"--{boundary}--\r\n".encode("ascii")
    return found


def _quoted(text: str) -> bytes:
    """Quoted-printable, lines ending in CRLF, none longer than 76."""
    data = text.replace("\r\n", "\n").encode("utf-8", "replace")
    return binascii.b2a_qp(data, istext=True).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def encoded(text: str, *, always: bool = False) -> str:
    """A header's text by RFC 2047, folded; as it is where it is plain and could not be taken for an encoded word."""
    line = _one_line(text)
    if not always and _PLAIN.fullmatch(line) and "=?" not in line and len(line) < 900:
        return line
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in _words(line))


def _words(line: str) -> list[bytes]:
    """Pieces of whole letters, each short enough for one encoded word."""
    words = [b""]
    for letter in line:
        data = letter.encode("utf-8", "replace")
        if len(words[-1]) + len(data) > _WORD:
            words.append(b"")
        words[-1] += data
    return words


def _one_line(text: str) -> str:
    """Nothing that ends a header, or that a program would obey."""
    return " ".join(_UNSHOWN.sub(" ", text).split())


def canonical_address(said: str) -> str:
    """The address in the one form that we keep: without blanks around it, small letters, its host as DNS has it.

    Letters of the part before the @ could differ by case; no provider of today does that. Raises Rejected for what
    mail can't be sent to.
    """
    local, at, host = said.strip().rpartition("@")
    try:
        host = host.rstrip(".").encode("idna").decode("ascii") if not host.isascii() else host.rstrip(".")
    except UnicodeError:
        host = ""
    address = f"{local}{at}{host}".lower()
    if len(address) > LONGEST_ADDRESS or len(local) > 64 or not _ADDRESS.fullmatch(address):
        raise Rejected(f"{said!r:.80} is no address that mail can be sent to")
    return address


def read_mailbox(said: str) -> Mailbox:
    """`Name <address>`, or an address alone. Raises Rejected."""
    found = re.fullmatch(r'\s*"?([^"<>]*?)"?\s*<([^<>]+)>\s*', said)
    return Mailbox(canonical_address(found[2]), found[1].strip()) if found else Mailbox(canonical_address(said))
