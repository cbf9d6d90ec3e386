"""The bytes of an archive frame by frame: gzip members (RFC 1952), Zstandard frames (RFC 8878), bare bytes."""

import io
import zlib
from abc import ABC, abstractmethod
from typing import BinaryIO

from fastwarc.stream_io import ZstdReader

STEP, BLOCK = 1 << 16, 1 << 20
"""Bytes that are read at once: of a frame, and of the file."""

_FAIR_RATIO, _FAIR_BYTES = 200, 256 * 1024 * 1024


class Raw:
    """The bytes of the file by position, a block of them at hand."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._base, self._block = stream, 0, b""

    def size(self) -> int:
        """How long the file is."""
        return self._stream.seek(0, io.SEEK_END)

    def peek(self, at: int, size: int) -> bytes:
        """Up to `size` bytes from `at`; fewer only at the end of the file."""
        first = at - self._base
        if first < 0 or first + size > len(self._block):
            self._stream.seek(at)
            self._base, first, self._block = at, 0, self._stream.read(max(size, BLOCK))
        return self._block[first : first + size]


class Source(ABC):
    """Bytes one after the other. `at` is where in the file the next ones come from, after the last one the end."""

    at: int

    @abstractmethod
    def read(self, size: int) -> bytes:
        """Some bytes, at most `size`; none at the end. Raises zlib.error, OSError, EOFError for damage."""

    def is_bomb(self, _given: int) -> bool:
        """Whether so many bytes are more than can honestly come out of what was read."""
        return False


class Bare(Source):
    """Records that are not compressed: the file itself."""

    def __init__(self, raw: Raw, at: int) -> None:
        self.raw, self.at = raw, at

    def read(self, size: int) -> bytes:
        """Some of the unpacked bytes."""
        data = self.raw.peek(self.at, size)
        self.at += len(data)
        return data


class Compressed(Source):
    """A frame that begins at `start`."""

    start: int

    def is_bomb(self, given: int) -> bool:
        """More than 200 times as long as what is packed, and more than 256 MB."""
        return given > _FAIR_BYTES + _FAIR_RATIO * (self.at - self.start)


class Gzip(Compressed):
    """One gzip member."""

    def __init__(self, raw: Raw, at: int) -> None:
        self.raw, self.at, self.start = raw, at, at
        self._decoder = zlib.decompressobj(wbits=31)
        self._left = b""

    def read(self, size: int) -> bytes:
        """Some of the unpacked bytes."""
        given = b""
        while not (given or self._has_ended()):
            data = self._left or self._more()
            given = self._decoder.decompress(data, size)
            self._left = self._decoder.unconsumed_tail
            if self._has_ended():
                self.at -= len(self._decoder.unused_data)
            elif not (data or given):
                raise EOFError("the compressed record is cut off")
        return given

    def _has_ended(self) -> bool:
        return self._decoder.eof

    def _more(self) -> bytes:
        data = self.raw.peek(self.at, STEP)
        self.at += len(data)
        return data


class Zstd(Compressed):
    """One Zstandard frame; its end is known before it is unpacked."""

    def __init__(self, raw: Raw, at: int, dictionary: bytes) -> None:
        self.start, self.at = at, _zstd_end(raw, at)
        self._reader = ZstdReader(_Part(raw, at, self.at), dictionary=dictionary or None)

    def read(self, size: int) -> bytes:
        """Some of the unpacked bytes."""
        return bytes(self._reader.read(size))


class _Part(io.RawIOBase):
    """A stretch of the file as a file of its own."""

    def __init__(self, raw: Raw, start: int, end: int) -> None:
        self._raw, self._start, self._at, self._end = raw, start, start, end

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As of files; positions count from the beginning of the stretch."""
        base = (self._start, self._at, self._end)[whence]
        self._at = max(self._start, min(base + offset, self._end))
        return self._at - self._start

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, or all."""
        left = self._end - self._at
        data = self._raw.peek(self._at, left if size < 0 else min(size, left))
        self._at += len(data)
        return data


def _zstd_end(raw: Raw, at: int) -> int:
    """Where the frame at `at` ends (RFC 8878, 3.1.1). Raises EOFError where the file ends before."""
    flags = raw.peek(at + 4, 1)
    if not flags:
        raise EOFError("the compressed record is cut off")
    single, size = flags[0] >> 5 & 1, (0, 2, 4, 8)[flags[0] >> 6]
    at += 5 + (1 - single) + (0, 1, 2, 4)[flags[0] & 3] + (size or single)
    is_last = False
    while not is_last:
        block = raw.peek(at, 3)
        if len(block) < 3:
            raise EOFError("the compressed record is cut off")
        value = int.from_bytes(block, "little")
        is_last, kind, length = bool(value & 1), value >> 1 & 3, value >> 3
        at += 3 + (1 if kind == 1 else length)
    end = at + 4 * (flags[0] >> 2 & 1)
    if len(raw.peek(end - 1, 1)) < 1:
        raise EOFError("the compressed record is cut off")
    return end
