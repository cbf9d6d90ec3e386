"""The way through over real HTTP: a local server that is allowed by its exact address."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from broadsheet.cli import broadsheet
from worlds import MORNING, make_publication, run_at

FEED = (
    "<rss version='2.0'><channel><title>Local</title>"
    "<item><title>The weir is open</title><link>{base}/open</link><description>It is.</description></item>"
    "<item><title>The weir is private</title><link>{base}/private/plan</link><description>Not for robots.</description></item>"
    "<item><title>The weir has moved</title><link>{base}/old</link></item>"
    "<item><title>A weir inside</title><link>http://127.0.0.1:9/inside</link></item>"
    "</channel></rss>"
)
PAGE = (
    "<html lang=en><title>The weir is open</title><article><h1>The weir is open</h1><p>Since this morning the water runs "
    "over the crest of the weir again, for the first time since the summer.</p></article></html>"
)


class Server:
    """A small news site that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                condition = self.headers.get("If-None-Match")
                outer.asked.append((self.path, condition, self.headers.get("User-Agent", "")))
                status, headers, body = outer.answer(self.path, condition)
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
        if path == "/feed" and condition == '"v1"':
            return 304, {"ETag": '"v1"'}, b""
        if path == "/feed":
            body = FEED.format(base=f"http://{self.address}").encode()
            return 200, {"Content-Type": "application/rss+xml", "ETag": '"v1"'}, body
        if path == "/robots.txt":
            return 200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /private/\n"
        if path in ("/old", "/feed-old"):
            return 301, {"Location": "/open" if path == "/old" else "/feed"}, b""
        return (200, html, PAGE.encode()) if path == "/open" else (404, html, b"")


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.server.shutdown()
    running.server.server_close()


def publication(folder: Path, server: Server, feed: str = "feed") -> Path:
    made = make_publication(folder, f'\n[[sources]]\nurl = "http://{server.address}/{feed}"\n')
    toml = made / "broadsheet.toml"
    text = toml.read_text("utf-8").replace('replay = ["world.warc.gz"]', f'allow = ["{server.address}"]')
    toml.write_text(text, "utf-8")
    return made


def test_over_http(server: Server, tmp_path: Path) -> None:
    folder = publication(tmp_path / "paper", server)
    report = run_at(folder)
    failed = {f.item: f.reason for f in report.failures}
    assert f"http://{server.address}/private/plan" in failed
    assert "robots.txt" in failed[f"http://{server.address}/private/plan"]
    assert "http://127.0.0.1:9/inside" in failed
    assert not [path for path, _, _ in server.asked if path.startswith("/private")]
    titles = {p.name for p in (folder / "_news").glob("*.md")}
    assert "2026-11-20-the-weir-is-open.md" in titles
    assert report.stages["gather"].counts["duplicates"] + report.stages["gather"].counts["articles"] >= 3
    assert {agent.split("/")[0] for _, _, agent in server.asked} == {"Broadsheet"}
    assert all("desk@weir.example" in agent for _, _, agent in server.asked)


def test_what_has_not_changed_is_not_sent_again(server: Server, tmp_path: Path) -> None:
    folder = publication(tmp_path / "paper", server)
    run_at(folder)
    server.asked.clear()
    later = run_at(folder, MORNING + timedelta(days=1))
    assert [(path, condition) for path, condition, _ in server.asked if path == "/feed"] == [("/feed", '"v1"')]
    assert later.stages["poll"].counts["new entries"] == 0
    assert not later.stages["gather"].counts["pages fetched"]


def test_a_feed_that_has_moved_for_good_is_followed_and_told(server: Server, tmp_path: Path) -> None:
    folder = publication(tmp_path / "paper", server, "feed-old")
    assert run_at(folder).stages["poll"].counts["new entries"] == 4
    said = CliRunner().invoke(broadsheet, ["doctor", "-C", str(folder)]).stdout
    assert f"has moved for good to http://{server.address}/feed" in said
