"""The small server: right types, strict headers, nothing outside of its folder."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.errors import UsageError
from broadsheet.web.static import CONTENT_POLICY, file_at, open_server, serve


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "stories" / "a").mkdir(parents=True)
    (site / "empty").mkdir()
    (site / "index.html").write_text("<h1>front</h1>")
    (site / "404.html").write_text("<h1>none</h1>")
    (site / "stories" / "a" / "index.html").write_text("<h1>story</h1>")
    (site / "feed.xml").write_text("<rss/>")
    (site / ".secret").write_text("no")
    (tmp_path / "outside.txt").write_text("no")
    (site / "way-out").symlink_to(tmp_path / "outside.txt")
    return site


@pytest.fixture
def address(folder: Path) -> Iterator[tuple[str, int]]:
    server = open_server(folder, port=0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield "127.0.0.1", server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def ask(address: tuple[str, int], path: str, method: str = "GET") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(*address, timeout=5)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", "localhost")
    connection.putheader("Connection", "close")
    connection.endheaders()
    return connection.getresponse()


def test_pages_have_their_type_and_the_strict_policy(address: tuple[str, int]) -> None:
    answer = ask(address, "/")
    assert (answer.status, answer.read()) == (200, b"<h1>front</h1>")
    assert answer.getheader("Content-Type") == "text/html; charset=utf-8"
    assert answer.getheader("Content-Security-Policy") == CONTENT_POLICY
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert ask(address, "/feed.xml?x=1").getheader("Content-Type") == "application/xml; charset=utf-8"


def test_a_folder_is_its_index_with_a_slash(address: tuple[str, int]) -> None:
    assert ask(address, "/stories/a/").read() == b"<h1>story</h1>"
    moved = ask(address, "/stories/a")
    assert (moved.status, moved.getheader("Location")) == (301, "/stories/a/")
    away = ask(address, "//stories/a")
    assert away.getheader("Location") in (None, "/stories/a/", "/a/")


def test_head_has_no_body(address: tuple[str, int]) -> None:
    answer = ask(address, "/", "HEAD")
    assert (answer.status, answer.getheader("Content-Length"), answer.read()) == (200, "14", b"")


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/empty/", "/stories/", "/.secret", "/../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt",
     "/stories/..%5c..%5coutside.txt", "/way-out", "/%00", "/%ff", "/stories/a/%2e%2e/%2e%2e/%2e%2e/outside.txt"],
)  # fmt: skip
def test_nothing_else_is_shown(address: tuple[str, int], path: str) -> None:
    answer = ask(address, path)
    assert (answer.status, answer.read()) == (404, b"<h1>none</h1>")


def test_the_address_is_only_a_name_in_the_folder(folder: Path) -> None:
    assert file_at(folder, "/") == folder / "index.html"
    assert file_at(folder, "/a/../") == folder / "index.html"
    assert file_at(folder, "/" + "x" * 5000) is None


def test_posting_is_not_understood(address: tuple[str, int]) -> None:
    assert ask(address, "/", "POST").status == 501


def test_a_missing_folder_and_a_taken_port_are_told(folder: Path, address: tuple[str, int]) -> None:
    with pytest.raises(UsageError, match="no folder"):
        serve(folder / "nowhere", port=0, ready=print)
    with pytest.raises(UsageError, match="can't listen"):
        serve(folder, port=address[1], ready=print)
