"""As much of the protocol-buffers wire format as an ONNX file needs: read and written by field number.

Source of the format: https://protobuf.dev/programming-guides/encoding/
"""

import struct
from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def read(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Each field's number and value, in order: a number for a varint, the bytes for all others.

    Raises ValueError where the message is cut short or of another format.
    """
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == VARINT:
            number, at = _varint(message, at)
            yield key >> 3, number
            continue
        if kind == BYTES:
            size, at = _varint(message, at)
        else:
            size = {FIXED64: 8, FIXED32: 4}.get(kind, len(message) + 1)
        if at + size > len(message):
            raise ValueError("a field is cut short")
        yield key >> 3, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise ValueError("a number is cut short")
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise ValueError("a number without end")


def number(field: int, value: int) -> bytes:
    """A whole number, not negative."""
    return _written(field << 3 | VARINT) + _written(value)


def block(field: int, value: bytes | str) -> bytes:
    """Text, bytes, or a message inside."""
    raw = value.encode() if isinstance(value, str) else value
    return _written(field << 3 | BYTES) + _written(len(raw)) + raw


def single(field: int, value: float) -> bytes:
    """A float of 32 bits."""
    return _written(field << 3 | FIXED32) + struct.pack("<f", value)


def _written(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
