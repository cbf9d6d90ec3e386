"""Content codings undone, and bombs that go off outside."""

import gzip
import zlib
from contextlib import suppress
from functools import partial

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import Rejected
from broadsheet.formats.codings import CutOff, decode, decode_body, decoders

_gzip = partial(gzip.compress, mtime=0)  # a time in it would be part of the tests' names
_TEXT = b"A page of news, " * 5000
_LIMIT = 1_000_000


def _raw_deflate(data: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(data) + machine.flush()


_CODED = {
    "gzip": _gzip(_TEXT),
    "x-gzip": _gzip(_TEXT),
    "GZIP": _gzip(_TEXT),
    "deflate": zlib.compress(_TEXT),
    "deflate ": _raw_deflate(_TEXT),
    "br": brotli.compress(_TEXT),
    "identity": _TEXT,
    "": _TEXT,
    "deflate, gzip": _gzip(zlib.compress(_TEXT)),
    "gzip, br": brotli.compress(_gzip(_TEXT)),
}


def _pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize("coding", _CODED)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_each_coding_in_pieces_of_any_size(coding: str, size: int) -> None:
    assert decode(_pieces(_CODED[coding], size), decoders(coding), _LIMIT) == _TEXT


def test_several_gzip_members_are_one_body() -> None:
    assert decode([_gzip(b"one "), _gzip(b"two")], decoders("gzip"), 100) == b"one two"
    assert decode([_gzip(b"one") + b"\0" * 50], decoders("gzip"), 100) == b"one"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_body_cut_off_is_not_half_a_body(coding: str) -> None:
    with pytest.raises(CutOff):
        decode([_CODED[coding][:-9]], decoders(coding), _LIMIT)


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
def test_a_bomb_stops_at_the_limit(coding: str) -> None:
    zeros = bytes(30_000_000)
    bomb = {"gzip": _gzip, "br": brotli.compress, "deflate": zlib.compress}[coding](zeros)
    with pytest.raises(Rejected, match="larger than"):
        decode([bomb], decoders(coding), _LIMIT)


def test_a_bomb_in_a_bomb_stops_at_the_inner_one() -> None:
    bomb = _gzip(_gzip(bytes(30_000_000)))
    with pytest.raises(Rejected, match="larger than"):
        decode([bomb], decoders("gzip, gzip"), 20_000)


def test_padding_after_the_end_is_counted_too() -> None:
    with pytest.raises(Rejected, match="larger than"):
        decode([_gzip(b"small")] + [bytes(100_000)] * 100, decoders("gzip"), _LIMIT)


def test_cut_takes_the_beginning_only() -> None:
    assert decode([b"a" * 100], [], 10, cut=True) == b"a" * 10
    assert decode([_gzip(bytes(5_000_000))], decoders("gzip"), 1000, cut=True) == bytes(1000)


@pytest.mark.parametrize("coding", ["rot13", ", ".join(["gzip"] * 3), "gzip, rot13"])
def test_codings_that_are_not_undone(coding: str) -> None:
    with pytest.raises(Rejected):
        decoders(coding)


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "gzip, br", "deflate, deflate"]))
def test_any_bytes_are_decoded_or_rejected(data: bytes, coding: str) -> None:
    with suppress(Rejected):
        assert len(decode(_pieces(data, 11), decoders(coding), 10_000)) <= 10_000


def test_a_recorded_body_that_was_decoded_before_is_taken_as_it_is() -> None:
    assert decode_body(b"<html>", "", "gzip", 100) == b"<html>"
    assert decode_body(b"<html>", "", "br", 100) == b"<html>"
    assert decode_body(b"<html>", "chunked", "", 100) == b"<html>"


def test_recorded_chunks_are_put_together() -> None:
    body = _gzip(b"whole")
    chunked = b"%x;ext=1\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (10, body[:10], len(body) - 10, body[10:])
    assert decode_body(chunked, "chunked", "gzip", 100) == b"whole"


@pytest.mark.parametrize("chunked", [b"5\r\nabc", b"5\r\nabcde", b"5\r\nabcde\r\nzz\r\n", b"ffffffff\r\nabc"])
def test_broken_chunks_are_rejected(chunked: bytes) -> None:
    with pytest.raises(Rejected):
        decode_body(chunked, "chunked", "", 100)
