"""What is fetched is kept, and a publication can be built again from it."""

import gzip
import random
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.adapters.clocks import FixedClock
from broadsheet.adapters.http.answers import Answer
from broadsheet.adapters.http.recording import Keeping, WarcRecorder, ends_whole, kept_archives
from broadsheet.adapters.http.replay import ReplayHttp
from broadsheet.errors import GoneForGood, Rejected, RetryLater, StorageError
from broadsheet.formats.warc import read_responses
from broadsheet.model.exchange import Purpose, Request
from worlds import MORNING, make_publication, run_at

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
PAGE = "https://paper.example/a"
BODY = b"<p>" + b"The weir is open again. " * 30


def keep(folder: Path, ask: Callable[[str], Answer], at: datetime = AT, **request: object) -> None:
    """One request through a recorder of its own, as by a process of its own."""
    recorder = WarcRecorder(Keeping(folder), FixedClock(at), "Broadsheet/1")
    recorder.watch(Request(PAGE, **request), ask)(PAGE)  # type: ignore[arg-type]


def answer(body: bytes = BODY, status: int = 200, at: datetime = AT, **headers: str) -> Callable[[str], Answer]:
    return lambda _url: Answer(status, {"content-type": "text/html", **headers}, body, at)


def replay(folder: Path, at: datetime = AT, **request: object) -> bytes:
    http = ReplayHttp(kept_archives(folder), FixedClock(at))
    return http.get(Request(PAGE, **request)).body  # type: ignore[arg-type]


def types(path: Path) -> list[str]:
    with path.open("rb") as stream:
        return [str(r.record_type).rsplit(".", 1)[-1] for r in ArchiveIterator(stream, WarcRecordType.any_type, False)]


def test_an_answer_is_kept_with_its_request_as_other_tools_read_it(tmp_path: Path) -> None:
    keep(tmp_path, answer(etag='"1"'), etag='"0"')
    (path,) = kept_archives(tmp_path)
    assert path.name == "2026-11-20-0001.warc.gz"
    assert types(path) == ["warcinfo", "response", "request"]
    with path.open("rb") as stream:
        records = list(ArchiveIterator(stream, WarcRecordType.any_type, False, verify_digests=True))
    assert len(records) == 3
    (response,) = read_responses(path)
    assert (response.url, response.body, response.headers["etag"]) == (PAGE, BODY, '"1"')
    assert b'if-none-match: "0"' in gzip.decompress(path.read_bytes())


def test_an_unchanged_body_is_not_kept_twice(tmp_path: Path) -> None:
    recorder = WarcRecorder(Keeping(tmp_path), FixedClock(AT), "Broadsheet/1")
    later = AT + timedelta(hours=1)
    for ask in (answer(etag='"1"'), answer(at=later, etag='"2"'), answer(b"", 304, later + timedelta(hours=1))):
        recorder.watch(Request(PAGE), ask)(PAGE)
    (path,) = kept_archives(tmp_path)
    assert types(path) == ["warcinfo", "response", "request", "revisit", "request", "revisit", "request"]
    again = ReplayHttp([path], FixedClock(later)).get(Request(PAGE))
    assert (again.body, again.headers["etag"]) == (BODY, '"2"')
    assert ReplayHttp([path], FixedClock(later + timedelta(hours=2))).get(Request(PAGE, etag='"2"')).not_modified


@pytest.mark.parametrize(
    "error",
    [
        RetryLater("no answer in time", after_seconds=7.5),
        RetryLater("broken"),
        Rejected("too large"),
        GoneForGood("no"),
    ],
)
def test_what_got_no_answer_gets_none_again(tmp_path: Path, error: Exception) -> None:
    def fail(_url: str) -> Answer:
        raise error

    with pytest.raises(type(error)):
        keep(tmp_path, fail)
    keep(tmp_path, answer(at=AT + timedelta(hours=1)), AT + timedelta(hours=1))
    with pytest.raises(type(error)) as caught:
        replay(tmp_path)
    assert str(caught.value) == str(error)
    assert getattr(caught.value, "after_seconds", None) == getattr(error, "after_seconds", None)
    assert replay(tmp_path, AT + timedelta(hours=1)) == BODY


def test_first_bytes_never_stand_for_the_whole(tmp_path: Path) -> None:
    keep(tmp_path, answer(BODY))
    keep(tmp_path, answer(BODY[:10], 206, AT + timedelta(1)), AT + timedelta(1), first_bytes=10, purpose=Purpose.IMAGE)
    assert replay(tmp_path, AT + timedelta(2)) == BODY
    assert replay(tmp_path, AT + timedelta(2), first_bytes=10, purpose=Purpose.IMAGE) == BODY[:10]


def test_files_go_by_day_and_size_and_are_forgotten(tmp_path: Path) -> None:
    (tmp_path / "mine.warc.gz").write_bytes(b"")
    clock = [AT]

    class Moving:
        def now(self) -> datetime:
            return clock[0]

    recorder = WarcRecorder(Keeping(tmp_path, days=2, file_bytes=3000), Moving(), "Broadsheet/1")
    for day in range(3):
        for number in range(3):
            clock[0] = AT + timedelta(days=day, minutes=number)
            body = random.Random(number).randbytes(2500)
            recorder.watch(Request(PAGE), answer(body, at=clock[0]))(PAGE)
    names = [path.name for path in kept_archives(tmp_path)]
    assert {name[:10] for name in names} == {"2026-11-21", "2026-11-22"}
    assert len(names) > 2
    assert (tmp_path / "mine.warc.gz").exists()
    assert all(ends_whole(path) for path in kept_archives(tmp_path))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lost=st.integers(1, 600))
def test_after_a_kill_nothing_is_added_to_half_a_record(tmp_path_factory: pytest.TempPathFactory, lost: int) -> None:
    folder = tmp_path_factory.mktemp("kept")
    for hour in range(2):
        keep(folder, answer(BODY + bytes([hour]), at=AT + timedelta(hours=hour)), AT + timedelta(hours=hour))
    (path,) = kept_archives(folder)
    whole = path.read_bytes()
    path.write_bytes(whole[:-lost])
    keep(folder, answer(BODY + b"3", at=AT + timedelta(hours=3)), AT + timedelta(hours=3))
    assert replay(folder, AT + timedelta(hours=3)) == BODY + b"3"
    assert replay(folder) == BODY + b"\0"
    if not ends_whole(path):
        assert len(kept_archives(folder)) == 2


def test_a_file_that_is_whole_is_gone_on_with(tmp_path: Path) -> None:
    for hour in range(3):
        keep(tmp_path, answer(at=AT + timedelta(hours=hour)), AT + timedelta(hours=hour))
    assert len(kept_archives(tmp_path)) == 1


def test_what_cannot_be_kept_is_not_taken_for_kept(tmp_path: Path) -> None:
    (tmp_path / "warc").write_text("a file where a folder should be")
    with pytest.raises(StorageError):
        keep(tmp_path / "warc", answer())


def test_several_threads_keep_whole_records(tmp_path: Path) -> None:
    recorder = WarcRecorder(Keeping(tmp_path), FixedClock(AT), "Broadsheet/1")

    def work(name: int) -> None:
        for number in range(25):
            url = f"https://paper.example/{name}/{number}"
            recorder.watch(Request(url), answer(BODY + url.encode()))(url)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bad: list[str] = []
    (path,) = kept_archives(tmp_path)
    assert len({r.body for r in read_responses(path, lambda *why: bad.append(str(why)))}) == 100
    assert bad == []


# --- a publication from what was seen -------------------------------------------------------------------------------


class Paper:
    """A news site in which something happens every round."""

    def __init__(self) -> None:
        self.round = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = outer.answer(self.path, self.headers.get("If-None-Match"))
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def answer(self, path: str, condition: str | None) -> tuple[int, dict[str, str], bytes]:
        html = {"Content-Type": "text/html; charset=utf-8"}
        tag = f'"{min(self.round, 2)}"'
        if path == "/feed":
            if condition == tag:
                return 304, {"ETag": tag}, b""
            names = ["open", "old", "gone", "slow"][: 2 + self.round]
            items = "".join(
                f"<item><title>The weir is {n}</title><link>http://{self.address}/{n}</link></item>" for n in names
            )
            return (
                200,
                {"Content-Type": "application/rss+xml", "ETag": tag},
                f"<rss version='2.0'><channel>{items}</channel></rss>".encode(),
            )
        if path in ("/open", "/moved") or (path == "/slow" and self.round >= 3):
            words = f"<p>Since round {self.round // 2} the water at {path} runs over the crest of the weir again.</p>"
            page = (
                f"<html lang=en><title>The weir {path}</title><article><h1>The weir {path}</h1>{words}</article></html>"
            )
            return 200, html, page.encode()
        others = {"/old": (301, {"Location": "/moved"}), "/gone": (410, html), "/slow": (503, {"Retry-After": "60"})}
        return (*others.get(path, (404, html)), b"sorry")


@pytest.fixture
def paper() -> Iterator[Paper]:
    running = Paper()
    yield running
    running.server.shutdown()
    running.server.server_close()


def written(folder: Path) -> dict[str, bytes]:
    roots = (folder / "_news", folder / "_stories")
    return {str(p.relative_to(folder)): p.read_bytes() for r in roots for p in sorted(r.rglob("*")) if p.is_file()}


def test_a_publication_is_built_again_from_what_was_seen(paper: Paper, tmp_path: Path) -> None:
    source = f'\n[[sources]]\nurl = "http://{paper.address}/feed"\n'
    live, again = make_publication(tmp_path / "live", source), make_publication(tmp_path / "again", source)
    toml = (live / "broadsheet.toml").read_text("utf-8")
    network = f'allow = ["{paper.address}"]\nkeep = true'
    (live / "broadsheet.toml").write_text(toml.replace('replay = ["world.warc.gz"]', network), "utf-8")
    hours = [MORNING + timedelta(hours=12 * n) for n in range(5)]
    reports = []
    for number, hour in enumerate(hours):
        paper.round = number
        reports.append(run_at(live, hour))
    paper.server.shutdown()

    kept = live / ".broadsheet" / "warc"
    assert len(kept_archives(kept)) >= 3
    (again / "broadsheet.toml").write_text(toml.replace("world.warc.gz", str(kept)), "utf-8")
    repeated = [run_at(again, hour) for hour in hours]
    assert len([name for name in written(live) if name.startswith("_news")]) >= 3
    assert written(again) == written(live)
    assert [[(f.stage, f.item, f.reason) for f in r.failures] for r in repeated] == [
        [(f.stage, f.item, f.reason) for f in r.failures] for r in reports
    ]
    assert any(r.failures for r in reports)
