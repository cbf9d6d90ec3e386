"""Transfer and content codings of HTTP undone (RFC 9110, 8.4; RFC 9112, 7), never past a stated size.

Used by the live client as the bytes come in, and by the archive reader on whole bodies.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Protocol

import brotli  # type: ignore[import-untyped]

from broadsheet.errors import Rejected

MAX_CODINGS = 2
_STEP = 64 * 1024


class CutOff(Rejected):
    """The coded body ends before its end; the same answer may come whole another time."""


class Decoder(Protocol):
    """Undoes one coding piece by piece. Raises Rejected on damage."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The decoded pieces, each of bounded size, that `data` adds."""
        ...

    def finish(self) -> None:
        """Called after the last piece. Raises CutOff where the coded body ends before its end."""
        ...


class _Zlib:
    """gzip and deflate. Servers send raw deflate under the name of the zlib format, so both are understood."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._machine = zlib.decompressobj(wbits=31)
        self._head = b""
        self._seen = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not self._seen:
            data = self._head = self._head + data
            if len(data) < 2:
                return
            self._seen = True
            if self._coding == "deflate":
                self._machine = zlib.decompressobj(wbits=15 if _is_zlib(data) else -15)
        if self._machine.eof:
            data = self._next_member(data)
        piece = b""
        while data or len(piece) == _STEP:
            piece = self._step(data)
            if piece:
                yield piece
            data = self._machine.unconsumed_tail
            if self._machine.eof:
                data = self._next_member(self._machine.unused_data)

    def _next_member(self, rest: bytes) -> bytes:
        """What follows the end: another gzip member (RFC 1952, 2.2), or padding that means nothing."""
        if self._coding != "gzip" or not rest.startswith(b"\x1f"):
            return b""
        self._machine = zlib.decompressobj(wbits=31)
        return rest

    def _step(self, data: bytes) -> bytes:
        try:
            return self._machine.decompress(data, _STEP)
        except zlib.error as error:
            raise Rejected(f"the {self._coding} body is damaged") from error

    def finish(self) -> None:
        if (self._seen or self._head) and not self._machine.eof:
            raise CutOff(f"the {self._coding} body is cut off")


class _Brotli:
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        self._machine = brotli.Decompressor()
        self._seen = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            while data or not self._machine.can_accept_more_data():
                self._seen = True
                piece = self._machine.process(data, output_buffer_limit=_STEP)
                data = b""
                if not piece and self._machine.can_accept_more_data():
                    return
                yield piece
        except brotli.error as error:
            raise Rejected("the br body is damaged") from error

    def finish(self) -> None:
        if self._seen and not self._machine.is_finished():
            raise CutOff("the br body is cut off")


def _is_zlib(data: bytes) -> bool:
    """Whether the two bytes of a zlib header (RFC 1950, 2.2) are there."""
    return data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0


def decoders(content_encoding: str) -> list[Decoder]:
    """What undoes a Content-Encoding, in the order in which to apply it. Raises Rejected for unknown or too many."""
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name for name in names if name not in {"", "identity"}]
    if len(names) > MAX_CODINGS:
        raise Rejected(f"{len(names)} content codings on top of each other; at most {MAX_CODINGS} are undone")
    return [_decoder(name) for name in reversed(names)]


def _decoder(name: str) -> Decoder:
    if name in {"gzip", "x-gzip"}:
        return _Zlib("gzip")
    if name == "deflate":
        return _Zlib("deflate")
    if name == "br":
        return _Brotli()
    raise Rejected(f"unknown content coding {name[:20]!r}")


def decode(
    pieces: Iterable[bytes],
    chain: list[Decoder],
    limit: int,
    *,
    cut: bool = False,
    on_growth: Callable[[int], None] | None = None,
) -> bytes:
    """The pieces through all decoders. Raises Rejected on damage and past `limit` bytes, at every level.

    With `cut` the first `limit` bytes are the result, and no more is read. `on_growth` hears before each piece how long
    the result will be with it.
    """
    size = 0
    # The buffer is closed whatever happens: an error that somebody keeps would keep it, with all that was read so far.
    with BytesIO() as out:
        for piece in _through(_counted(pieces, limit + _STEP), chain, limit + _STEP):
            size += len(piece)
            if size > limit and not cut:
                raise Rejected(f"larger than {limit} bytes")
            if on_growth is not None:
                on_growth(size)
            out.write(piece)
            if cut and size >= limit:
                break
        out.truncate(limit)
        return out.getvalue()  # shares its memory with the buffer: a long body is never there twice


def _counted(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The pieces as long as they are no more than `limit` bytes together."""
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > limit:
            raise Rejected(f"larger than {limit} bytes")
        yield piece


def _through(pieces: Iterable[bytes], chain: list[Decoder], limit: int) -> Iterable[bytes]:
    for decoder in chain:
        pieces = _counted(_one_level(pieces, decoder), limit)
    return pieces


def _one_level(pieces: Iterable[bytes], decoder: Decoder) -> Iterator[bytes]:
    for data in pieces:
        yield from decoder.feed(data)
    decoder.finish()


def header_text(value: bytes) -> str:
    """A header's value: UTF-8 where it is that, as in many a Location, else Latin-1 (RFC 9110, 5.5); one line."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return "".join(char if char.isprintable() else " " for char in text).strip()


def decode_body(body: bytes, transfer_encoding: str, content_encoding: str, limit: int) -> bytes:
    """A whole recorded body decoded.

    Many archives hold bodies that were decoded before they were stored under headers that still name the coding; so
    a body without the marks of its coding is taken as it is. Raises Rejected.
    """
    if "chunked" in transfer_encoding.lower() and _looks_chunked(body):
        body = b"".join(_chunks(body))
    if not content_encoding or not _looks_coded(body, content_encoding):
        return body
    return decode([body], decoders(content_encoding), limit)


def _looks_coded(body: bytes, content_encoding: str) -> bool:
    outer = content_encoding.rpartition(",")[2].strip().lower()
    if outer in {"gzip", "x-gzip"}:
        return body.startswith(b"\x1f\x8b")
    return body.lstrip()[:1] != b"<"


def _looks_chunked(body: bytes) -> bool:
    size = body[:20].partition(b"\r\n")[0].partition(b";")[0].strip()
    return 0 < len(size) <= 8 and all(char in b"0123456789abcdefABCDEF" for char in size)


def _chunks(body: bytes) -> Iterator[bytes]:
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 4096)
        text = body[at:end].partition(b";")[0].strip() if end >= 0 else b""
        if not text or len(text) > 8 or not all(char in b"0123456789abcdefABCDEF" for char in text):
            raise Rejected("the chunked body is damaged")
        size, at = int(text, 16), end + 2
        if size == 0:
            return
        if at + size > len(body):
            raise CutOff("the chunked body is cut off")
        yield body[at : at + size]
        at += size + 2
