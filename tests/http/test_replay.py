"""The recorded world, lived through again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.adapters.http.replay import ReplayHttp
from broadsheet.errors import GoneForGood, Rejected, RetryLater, StorageError
from broadsheet.formats.warc import WarcWriter
from broadsheet.model.exchange import Purpose, Request, Response

_MONDAY = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def _on(day: int, hour: int = 6) -> datetime:
    return _MONDAY.replace(day=day, hour=hour)


def _captured(url: str, body: str, at: datetime, status: int = 200, **headers: str) -> Response:
    return Response(url, url, status, body.encode(), at, headers)


def _archive(path: Path, *captures: Response) -> Path:
    with WarcWriter(path) as writer:
        for capture in captures:
            writer.write(capture)
    return path


@pytest.fixture
def week(tmp_path: Path) -> list[Path]:
    """One feed on three days, over two archives, out of order, and a page of the second day."""
    feed = "https://paper.example/feed"
    return [
        _archive(tmp_path / "1.warc.gz", _captured(feed, "wednesday", _on(4)), _captured(feed, "monday", _on(2))),
        _archive(
            tmp_path / "2.warc.gz",
            _captured(feed, "", _on(3), 503, **{"retry-after": "60"}),
            _captured("https://www.paper.example/story?utm_source=feed", "<p>story", _on(3)),
        ),
    ]


def _body(http: ReplayHttp, url: str) -> bytes:
    return http.get(Request(url)).body


def test_the_latest_capture_that_the_clock_has_reached(week: list[Path], clock) -> None:
    http = ReplayHttp(week, clock)
    feed = "https://paper.example/feed"
    clock.at = _on(1)
    with pytest.raises(Rejected, match="not in the archive"):
        _body(http, feed)
    clock.at = _on(2)
    assert _body(http, feed) == b"monday"
    clock.at = _on(3, 12)
    with pytest.raises(RetryLater) as busy:
        _body(http, feed)
    assert busy.value.after_seconds == 60
    clock.at = _on(7)
    assert _body(http, feed) == b"wednesday"
    assert http.get(Request(feed)).fetched_at == _on(7)


def test_the_same_page_under_another_address(week: list[Path], clock) -> None:
    http = ReplayHttp(week, clock)
    clock.at = _on(7)
    response = http.get(Request("http://paper.example/story/"))
    assert response.body == b"<p>story"
    assert response.final_url == "http://paper.example/story/"


def test_what_was_not_recorded(week: list[Path], clock) -> None:
    http = ReplayHttp(week, clock)
    with pytest.raises(Rejected, match="not in the archive"):
        http.get(Request("https://paper.example/other"))
    with pytest.raises(GoneForGood):
        http.get(Request("https://paper.example/robots.txt", Purpose.ROBOTS))
    assert set(http.urls()) == {"https://paper.example/feed", "https://www.paper.example/story?utm_source=feed"}


def test_validators_are_compared(tmp_path: Path, clock) -> None:
    url, dated = "https://paper.example/feed", "Sun, 01 Nov 2026 10:00:00 GMT"
    path = _archive(tmp_path / "a.warc.gz", _captured(url, "x", _MONDAY, ETag='W/"1"', **{"Last-Modified": dated}))
    http = ReplayHttp([path], clock)
    assert http.get(Request(url, etag='"1"')).not_modified
    assert http.get(Request(url, last_modified=dated)).not_modified
    assert http.get(Request(url, etag='"2"', last_modified=dated)).status == 200


def test_what_is_too_large_is_rejected_here_too(tmp_path: Path, clock) -> None:
    url = "https://paper.example/robots.txt"
    path = _archive(tmp_path / "a.warc.gz", _captured(url, "#" * 17_000_000, _MONDAY))
    http = ReplayHttp([path], clock)
    with pytest.raises(Rejected, match="larger"):
        http.get(Request(url, Purpose.PAGE))
    assert len(http.get(Request(url, Purpose.ROBOTS)).body) == 512 * 1024


def test_some_hosts_are_asked_live(week: list[Path], server, live, clock) -> None:
    server.answers["/feed"] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlive"
    clock.at = _on(7)
    http = ReplayHttp(week, clock, live, frozenset({f"127.0.0.1:{server.port}"}))
    assert _body(http, server.origin + "/feed") == b"live"
    assert _body(http, "https://paper.example/feed") == b"wednesday"
    http.close()


def test_bad_records_are_told_and_skipped(week: list[Path], clock) -> None:
    week[0].write_bytes(week[0].read_bytes() + b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n\r\n\r\n")
    told: list[str] = []
    http = ReplayHttp(week, clock, on_bad=lambda url, reason: told.append(reason))
    clock.at = _on(7)
    assert _body(http, "https://paper.example/feed") == b"wednesday"
    assert len(told) == 1


def test_an_archive_that_is_not_there(tmp_path: Path, clock) -> None:
    with pytest.raises(StorageError):
        ReplayHttp([tmp_path / "nowhere.warc.gz"], clock)


def test_the_archive_of_real_pages(shared: Path, clock) -> None:
    http = ReplayHttp([shared / "data" / "pages" / "pages.warc.gz"], clock)
    urls = http.urls()
    assert len(urls) == 950
    assert all(http.get(Request(url)).body for url in urls[::50])


def test_the_first_bytes_of_what_was_recorded(week: list[Path], clock) -> None:
    clock.at = _on(7)
    request = Request("https://paper.example/feed", Purpose.IMAGE, first_bytes=3)
    assert ReplayHttp(week, clock).get(request).body == b"wed"
