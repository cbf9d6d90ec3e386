"""Archives: written, read, indexed, damaged."""

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.errors import Rejected, StorageError
from broadsheet.formats.warc import WarcWriter, index_captures, read_capture, read_responses
from broadsheet.model.exchange import Response

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
