"""Archives: written, read, indexed, damaged."""

import gzip
import io
import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.stream_io import ZstdWriter
from fastwarc.warc import ArchiveIterator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.errors import Rejected, StorageError
from broadsheet.formats.warc import WarcWriter, index_captures, read_capture, read_responses
from broadsheet.model.exchange import Response

Code = Callable[[bytes], bytes]

_AT = datetime(2026, 11, 1, 10, 30, tzinfo=UTC)
_PAGE = Response("https://paper.example/a?b=ü", "https://paper.example/a?b=ü", 200, b"<p>News", _AT, {"etag": '"1"'})


def _record(block: bytes, *, url: str = "http://a.example/", date: str = "2026-11-01T10:30:00Z") -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: {date}\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def _read(data: bytes) -> tuple[list[Response], list[str]]:
    reasons: list[str] = []
    return list(read_responses(io.BytesIO(data), lambda url, reason: reasons.append(f"{url} {reason}"))), reasons


def _archive(path: Path, *responses: Response) -> Path:
    with WarcWriter(path) as writer:
        for response in responses:
            writer.write(response)
    return path


_HEADERS = st.dictionaries(
    st.sampled_from(["etag", "link", "x-a"]), st.text('ab "é:\u4e2d', min_size=1).map(str.strip), max_size=3
)
_INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    body=st.binary(max_size=300),
    status=st.sampled_from([200, 301, 304, 404, 503]),
    headers=_HEADERS,
    at=_INSTANTS.map(lambda at: at.replace(microsecond=0)),
)
def test_what_is_written_is_read(
    tmp_path: Path, body: bytes, status: int, headers: dict[str, str], at: datetime
) -> None:
    kept = {name: value for name, value in headers.items() if value}
    response = Response("https://paper.example/x", "https://paper.example/x", status, body, at, kept)
    path = _archive(tmp_path / "a.warc.gz", response, _PAGE)
    assert list(read_responses(path)) == [response, _PAGE]


def test_the_same_answers_give_the_same_file(tmp_path: Path) -> None:
    first = _archive(tmp_path / "1.warc.gz", _PAGE, _PAGE).read_bytes()
    assert first == _archive(tmp_path / "2.warc.gz", _PAGE, _PAGE).read_bytes()


def test_other_tools_read_what_we_write(tmp_path: Path) -> None:
    path = _archive(tmp_path / "a.warc.gz", _PAGE)
    with path.open("rb") as stream:
        record = next(iter(ArchiveIterator(stream)))
        assert record.headers["WARC-Target-URI"] == _PAGE.url
        assert record.http_headers.status_code == 200
        assert record.reader.read() == _PAGE.body


def test_a_header_with_a_line_break_stays_one_header(tmp_path: Path) -> None:
    trick = Response("http://a.example/", "http://a.example/", 200, b"x", _AT, {"x-a": "1\r\nx-evil: 2"})
    (read,) = read_responses(_archive(tmp_path / "a.warc.gz", trick))
    assert read.headers["x-a"] == "1  x-evil: 2"
    assert "x-evil" not in read.headers


def test_captures_are_found_again_by_their_offset(tmp_path: Path) -> None:
    second = Response("http://b.example/", "http://b.example/", 404, b"gone", _AT)
    path = _archive(tmp_path / "a.warc.gz", _PAGE, second)
    captures = list(index_captures(path))
    assert [(c.url, c.fetched_at) for c in captures] == [(_PAGE.url, _AT), ("http://b.example/", _AT)]
    assert [read_capture(path, c.offset) for c in captures] == [_PAGE, second]
    with pytest.raises(Rejected):
        read_capture(path, path.stat().st_size)


def test_plain_archives_and_coded_bodies() -> None:
    coded = gzip.compress(b"<p>Text")
    block = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\nX-A: 1\r\n\r\n" % len(coded) + coded
    (response,), reasons = _read(_record(block) + _record(b"", url=""))
    assert response.body == b"<p>Text"
    assert response.headers == {"x-a": "1"}
    assert response.fetched_at == _AT
    assert len(reasons) == 1


def test_repeated_headers_are_joined_and_cookies_left_out() -> None:
    (response,), _ = _read(_record(b"HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: caf\xc3\xa9\r\nSet-Cookie: id=1\r\n\r\nx"))
    assert response.headers == {"x-a": "1, café"}


def test_any_status_may_have_been_recorded() -> None:
    (response,), _ = _read(_record(b"HTTP/1.1 503 Busy\r\nRetry-After: 120\r\n\r\n"))
    assert (response.status, response.headers) == (503, {"retry-after": "120"})


@pytest.mark.parametrize(
    "bad",
    [
        _record(b"no http at all"),
        _record(b"HTTP/1.1 999999 OK\r\n\r\nx"),
        _record(b"HTTP/1.1 200 OK\r\n\r\nx", date="yesterday"),
        _record(b"HTTP/1.1 200 OK\r\n\r\nx", url=""),
        _record(b"HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\n\r\nx"),
        _record(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"text")[:-5]),
    ],
)
def test_a_bad_record_is_reported_and_the_next_one_read(bad: bytes) -> None:
    responses, reasons = _read(bad + _record(b"HTTP/1.1 200 OK\r\n\r\ngood"))
    assert [r.body for r in responses] == [b"good"]
    assert len(reasons) == 1


def test_a_cut_archive_gives_what_is_whole() -> None:
    data = _record(b"HTTP/1.1 200 OK\r\n\r\ngood") + _record(b"HTTP/1.1 200 OK\r\n\r\nlost in the middle")[:-10]
    responses, reasons = _read(data)
    assert [r.body for r in responses] == [b"good"]
    assert len(reasons) == 1


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_reported(data: bytes) -> None:
    for prefix in (b"", b"WARC/1.0\r\n", gzip.compress(_record(b"HTTP/1.1 200 OK\r\n\r\nx"))):
        responses, _ = _read(prefix + data)
        assert len(responses) <= 1


def test_an_archive_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        list(read_responses(tmp_path / "nowhere.warc"))
    with pytest.raises(StorageError):
        WarcWriter(tmp_path / "nowhere" / "a.warc.gz")


def test_the_archive_of_real_pages(shared: Path) -> None:
    bad: list[str] = []
    path = shared / "data" / "pages" / "pages.warc.gz"
    assert sum(1 for r in read_responses(path, lambda *why: bad.append(str(why))) if r.body) == 950
    assert bad == []


# --- damaged, mixed, lying ------------------------------------------------------------------------------------------


def _zstd(data: bytes) -> bytes:
    packed = io.BytesIO()
    with ZstdWriter(packed) as writer:
        writer.write(data)
    return packed.getvalue()


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _bare(data: bytes) -> bytes:
    return data


def _named(name: str, *, kind: str = "response", length: int | None = None, body: bytes = b"") -> bytes:
    block = b"HTTP/1.1 200 OK\r\n\r\n<p>" + name.encode() * 20 + body
    return (
        _record(block, url=f"http://{name}.example/")
        .replace(b"Content-Length: %d" % len(block), b"Content-Length: %d" % (len(block) if length is None else length))
        .replace(b"WARC-Type: response", f"WARC-Type: {kind}".encode())
    )


def _names(data: bytes) -> tuple[list[str], int]:
    responses, reasons = _read(data)
    return [r.url[7:-9] for r in responses], len(reasons)


_CODINGS = pytest.mark.parametrize("code", [_bare, _gzip, _zstd])
_BAD = {
    "a length beyond the end": _named("x", length=10**6),
    "a length beyond all reason": _named("x", length=10**15),
    "a length into the next record": _named("x", length=150),
    "a length that ends too early": _named("x", length=30),
    "no length": _named("x").replace(b"Content-Length", b"Content-Width"),
    "a length below zero": _named("x", length=-5),
    "a header without an end": b"WARC/1.0\r\nWARC-Type: response\r\n" + b"a: b\r\n" * 50_000,
}


@_CODINGS
@pytest.mark.parametrize("bad", _BAD.values(), ids=_BAD)
def test_a_record_that_lies_costs_only_itself(code: Code, bad: bytes) -> None:
    names, reasons = _names(code(_named("a")) + code(bad) + code(_named("b")) + code(_named("c")))
    assert names in (["a", "b", "c"], ["a", "x", "b", "c"])
    assert reasons or "x" in names


@_CODINGS
def test_records_share_a_frame_and_one_of_them_lies(code: Code) -> None:
    inside = code(_named("a") + _named("x", length=9999) + _named("b"))
    assert _names(inside + code(_named("c"))) == (["a", "b", "c"], 1)


@pytest.mark.parametrize("codes", list(itertools.permutations([_bare, _gzip, _zstd])))
def test_an_archive_of_many_codings(codes: tuple[Code, ...], tmp_path: Path) -> None:
    data = b"".join(code(_named(name)) for code, name in zip(codes, "abc", strict=True))
    assert _names(data + codes[0](_named("d"))) == (["a", "b", "c", "d"], 0)
    path = tmp_path / "mixed.warc"
    path.write_bytes(data)
    assert [read_capture(path, c.offset, c.part).url for c in index_captures(path)] == [
        f"http://{name}.example/" for name in "abc"
    ]


@_CODINGS
def test_records_of_one_frame_are_found_again(code: Code, tmp_path: Path) -> None:
    path = tmp_path / "one.warc"
    path.write_bytes(code(_named("a") + _named("b") + _named("c")))
    found = [read_capture(path, c.offset, c.part).url for c in index_captures(path)]
    assert found == ["http://a.example/", "http://b.example/", "http://c.example/"]


@_CODINGS
def test_other_records_are_passed_over(code: Code) -> None:
    kinds = ("warcinfo", "request", "metadata", "revisit", "resource", "conversion", "nonsense")
    data = b"".join(code(_named("x", kind=kind)) for kind in kinds)
    assert _names(code(_named("a")) + data + code(_named("b"))) == (["a", "b"], 0)


@_CODINGS
@pytest.mark.parametrize(
    "noise",
    [b"\x00\xff" * 40, b"\r\n\r\n<html>lost and found</html>", b"\x1f\x8b\x08\x00 no gzip", b"\x28\xb5\x2f\xfd"],
)
def test_noise_between_records(code: Code, noise: bytes) -> None:
    assert _names(code(_named("a")) + noise + code(_named("b"))) == (["a", "b"], 1)


@pytest.mark.parametrize("code", [_gzip, _zstd])
def test_a_bomb_costs_only_itself(code: Code) -> None:
    bomb = code(_named("x", body=bytes(270 * 1024 * 1024)))
    assert len(bomb) < 2_000_000
    names, reasons = _names(code(_named("a")) + bomb + code(_named("b")))
    assert (names, reasons > 0) == (["a", "b"], True)


def test_a_body_that_is_a_bomb() -> None:
    coded = gzip.compress(bytes(100 * 1024 * 1024))
    block = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + coded
    assert _names(_record(block) + _named("b")) == (["b"], 1)


def test_a_zstandard_archive_with_a_dictionary() -> None:
    frame = b"\x5d\x2a\x4d\x18" + len(b"dictionary").to_bytes(4, "little") + b"dictionary"
    assert _names(frame + _zstd(_named("a")) + _zstd(_named("b"))) == (["a", "b"], 0)


def test_chunked_answers() -> None:
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>Te\r\n2\r\nxt\r\n0\r\n\r\n"
    (response,), reasons = _read(_gzip(_record(block)))
    assert (response.body, reasons) == (b"<p>Text", [])


@given(st.data())
def test_whatever_is_done_to_one_record_the_others_are_read(data: st.DataObject) -> None:
    codes = [data.draw(st.sampled_from([_bare, _gzip, _zstd])) for _ in range(4)]
    parts = [code(_named(name)) for code, name in zip(codes, "abcd", strict=True)]
    hurt = bytearray(parts[1])
    for _ in range(data.draw(st.integers(1, 3))):
        hurt[data.draw(st.integers(0, len(hurt) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(hurt)))
    names, _ = _names(parts[0] + bytes(hurt[:cut]) + parts[2] + parts[3])
    assert names[0] == "a"
    assert "d" in names
    assert "c" in names or codes[1] is _bare  # a bare record has no end of its own


@given(st.binary(max_size=300), st.sampled_from([_bare, _gzip, _zstd]))
def test_noise_before_a_record(noise: bytes, code: Code) -> None:
    names, _ = _names(noise + b"\n" + code(_named("a")))
    assert names == ["a"] or noise[:3] == b"\x1f\x8b\x08" or b"WARC/" in noise
