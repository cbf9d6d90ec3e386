"""Where the records of a WARC archive (ISO 28500) begin and end, also in archives that are damaged or that lie.

An archive is a row of frames: gzip members (RFC 1952), Zstandard frames (RFC 8878) or bare records, in any mixture. A
compressed frame holds one record, as the standard asks for, or many. What a record says of its length is believed only
if another record, a frame or the end follows there; else the next beginning of a record ends it. After damage the
reader goes on at the next frame that begins with a record. Memory is bounded by the longest record that is taken.
"""

import io
import re
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from fastwarc.stream_io import ZstdReader

from broadsheet.formats.warc_sources import BLOCK, STEP, Bare, Gzip, Raw, Source, Zstd

MAX_HEADER = 256 * 1024
MAX_RECORD = 66 * 1024 * 1024
MAX_DICTIONARY = 8 * 1024 * 1024
MAX_FALSE_STARTS = 100_000

GZIP, ZSTD, _WARC = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"WARC/"
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18", re.S)
_ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
_START = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]|\x28\xb5\x2f\xfd|WARC/[01]\.\d{1,2}\r?\n")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"\ncontent-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?\n", re.I)
_NEXT_RECORD = re.compile(rb"WARC/[01]\.\d{1,2}\r?\n(?=[\w-]{1,64}:)")
_BLANK = b"\r\n"

OnDamage = Callable[[str], None]


class Frame(NamedTuple):
    """One record's bytes, header and block; `offset` is that of its frame, `part` its number in it."""

    offset: int
    part: int
    data: bytes


def read_frames(stream: BinaryIO, on_damage: OnDamage, start: int = 0) -> Iterator[Frame]:
    """The records of an archive that can be sought in, from the frame at `start` on. `on_damage(reason)` hears of
    each stretch that can't be read; the records after it are read all the same."""
    raw = Raw(stream)
    at, dictionary = start, _dictionary(raw)
    while head := raw.peek(at, 5):
        if head[:1] in (b"\r", b"\n"):
            at += 1
        elif _SKIPPABLE.match(head):
            following = at + 8 + int.from_bytes(raw.peek(at + 4, 4), "little")
            at = following if following <= raw.size() else _next_start(raw, at + 4)
        else:
            at = yield from _read_at(raw, at, head, dictionary, on_damage)


def _dictionary(raw: Raw) -> bytes:
    """That of a .warc.zst whose records share one: in the first frame, which may be compressed itself."""
    if raw.peek(0, 4) != _ZSTD_DICTIONARY:
        return b""
    kept = raw.peek(8, min(int.from_bytes(raw.peek(4, 4), "little"), MAX_DICTIONARY))
    if not kept.startswith(ZSTD):
        return kept
    with suppress(OSError, EOFError, ValueError):  # without it the records are damaged, which will be told
        return bytes(ZstdReader(io.BytesIO(kept)).read(MAX_DICTIONARY))
    return b""


def _read_at(raw: Raw, at: int, head: bytes, dictionary: bytes, on_damage: OnDamage) -> Generator[Frame, None, int]:
    """The records of the frame or run of records at `at`; returns where to go on."""
    safe = at + 1
    try:
        source = _source(raw, at, head, dictionary)
        if source is None:
            on_damage(f"byte {at}: neither a record nor a compressed one begins here")
            return _next_start(raw, safe)
        yield from _records(source, at, on_damage)
    except (zlib.error, OSError, EOFError, ValueError) as error:
        on_damage(f"byte {at}: {error or 'damaged'}")
        return _next_start(raw, safe)
    return source.at


def _source(raw: Raw, at: int, head: bytes, dictionary: bytes) -> Source | None:
    if head.startswith(GZIP):
        return Gzip(raw, at)
    if head.startswith(ZSTD):
        return Zstd(raw, at, dictionary)
    return Bare(raw, at) if head == _WARC else None


def _next_start(raw: Raw, at: int) -> int:
    """Where the next record or compressed record begins; the end of the file if there is none."""
    tried = 0
    while (block := raw.peek(at, BLOCK)) and tried < MAX_FALSE_STARTS:
        is_last = len(block) < BLOCK
        for found in _START.finditer(block):
            place, tried = at + found.start(), tried + 1
            if (found.end() + 64 <= len(block) or is_last) and _begins_record(raw, place):
                return place
        at += len(block) if is_last else len(block) - 128
    return raw.size()


def _begins_record(raw: Raw, at: int) -> bool:
    """Whether what looks like a beginning is one: compressed data has such bytes by chance."""
    head = raw.peek(at, 4)
    try:
        if head.startswith(GZIP):
            return Gzip(raw, at).read(16).startswith(_WARC)
        if head == ZSTD:
            return Zstd(raw, at, b"").read(16).startswith(_WARC)
    except (zlib.error, OSError, EOFError, ValueError):
        return False
    return bool(_NEXT_RECORD.match(raw.peek(at, 128)))


# --- records in a row of bytes --------------------------------------------------------------------------------------


class _Window:
    """What of a source was read and not yet taken."""

    def __init__(self, source: Source) -> None:
        self.source, self.data, self.given, self.is_whole = source, b"", 0, False

    def fill(self, size: int) -> bool:
        """Whether `size` bytes are at hand; if not, these are the last."""
        pieces, have = [self.data], len(self.data)
        while have < size and not self.is_whole:
            piece = self.source.read(max(STEP, min(size - have, BLOCK)))
            self.is_whole = not piece
            pieces.append(piece)
            have += len(piece)
            self.given += len(piece)
        self.data = b"".join(pieces) if len(pieces) > 1 else self.data
        return have >= size

    def drop(self, size: int) -> None:
        """Takes bytes away; those not yet at hand are read and forgotten. Raises ValueError for a bomb."""
        while size > len(self.data):
            size -= len(self.data)
            self.data = self.source.read(BLOCK)
            self.given += len(self.data)
            if not self.data:
                self.is_whole = True
                return
            if self.source.is_bomb(self.given):
                raise ValueError("what is compressed here is too large to be honest")
        self.data = self.data[size:]


def _records(source: Source, offset: int, on_damage: OnDamage) -> Iterator[Frame]:
    """The records of one source; of bare ones, up to where something else begins."""
    window, part, is_bare = _Window(source), 0, isinstance(source, Bare)
    while window.fill(1):
        if window.data[:1] in (b"\r", b"\n"):
            window.data = window.data.lstrip(_BLANK)
            continue
        here = source.at - len(window.data) if is_bare else offset
        window.fill(5)
        if not window.data.startswith(_WARC):
            if is_bare:
                break
            on_damage(f"byte {here}: something stands between records")
            _resync(window, 0)
            continue
        data = _take(window, here, is_bare, on_damage)
        if data is not None:
            yield Frame(here, 0 if is_bare else part, data)
        part += 1
    if is_bare:
        source.at -= len(window.data)


def _take(window: _Window, here: int, is_bare: bool, on_damage: OnDamage) -> bytes | None:
    """The record at the beginning of the window, None where it has no honest length."""
    header, length = _shape(window)
    if header is None or length is None:
        on_damage(f"byte {here}: a record without a header that can be read")
        _resync(window, 5)
        return None
    size = header + length
    if size > MAX_RECORD:
        on_damage(f"byte {here}: a record of {length} bytes is too large")
        _skip(window, header, size)
        return None
    if window.fill(size + 4) or len(window.data) >= size:
        window.fill(size + 16)
        if _is_boundary(window.data[size : size + 16], is_bare):
            data, window.data = window.data[:size], window.data[size:]
            return data
    whole = len(window.data) >= size
    on_damage(f"byte {here}: the record's length is wrong" if whole else f"byte {here}: the record is cut off")
    _resync(window, header)
    return None


def _shape(window: _Window) -> tuple[int | None, int | None]:
    """The length of the header with its empty line, and what it says of the length of the block."""
    size = 2048
    while True:
        is_there = window.fill(size)
        if end := _HEADER_END.search(window.data, 0, MAX_HEADER):
            if not _NEXT_RECORD.match(window.data) or _START.search(window.data, 5, end.end()):
                return None, None  # it was cut off, and this is the header of another
            said = _LENGTH.search(window.data, 0, end.end())
            return end.end(), int(said[1]) if said else None
        if not is_there or size >= MAX_HEADER:
            return None, None
        size *= 4


def _is_boundary(following: bytes, is_bare: bool) -> bool:
    """Whether a record may end before these bytes; the two line breaks that end a record are enough."""
    rest = following.lstrip(_BLANK)
    if not rest or following.startswith(b"\r\n\r\n"):
        return True
    return rest.startswith(_WARC[: len(rest)]) or (is_bare and bool(_START.match(rest) or _SKIPPABLE.match(rest)))


def _skip(window: _Window, header: int, size: int) -> None:
    """Over a record that is too large, if another follows it; else to the next beginning."""
    source = window.source
    if isinstance(source, Bare):
        start = source.at - len(window.data)
        if not _is_boundary(source.raw.peek(start + size, 16), is_bare=True) or not source.raw.peek(start + size, 1):
            _resync(window, header)
            return
        window.data, source.at = b"", start + size
        return
    window.drop(size)


def _resync(window: _Window, after: int) -> None:
    """To the next beginning of a record that is at least `after` bytes away; else to the end."""
    while True:
        if found := _NEXT_RECORD.search(window.data, after):
            window.data = window.data[found.start() :]
            return
        if isinstance(window.source, Bare) and (other := _compressed_start(window, window.source, after)) is not None:
            window.data = window.data[other:]
            return
        if window.is_whole:
            window.data = b""
            return
        if window.source.is_bomb(window.given):
            raise ValueError("what is compressed here is too large to be honest")
        window.data, after = window.data[-64:], 0
        window.fill(BLOCK)


def _compressed_start(window: _Window, source: Bare, after: int) -> int | None:
    """Where in the window a compressed record begins."""
    base = source.at - len(window.data)
    for found in _START.finditer(window.data, after):
        if found.group()[:1] != b"W" and _begins_record(source.raw, base + found.start()):
            return found.start()
    return None
