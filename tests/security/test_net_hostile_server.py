"""Every trick of the hostile server: each request ends in time, with an answer or an error of ours; no more."""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.security.names import LyingNames

from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.adapters.memory import give_memory_back
from broadsheet.errors import GoneForGood, ItemError, Rejected, RetryLater
from broadsheet.model.exchange import Purpose, Request
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.sitemaps import read_sitemap

_SECONDS = 4.0
_LATER, _GONE, _NO, _READ = "RetryLater", "GoneForGood", "Rejected", "200"

# What each class of tricks may end in, and the paths that have an end of their own.
_ENDS = {
    "slow": {_LATER},
    "size": {_NO},
    "bomb": {_NO},
    "encoding": {_NO, _LATER},
    "ssrf": {_NO, _LATER},
    "redirect": {_NO},
    "framing": {_NO, _LATER},
    "rate": {_NO, _LATER, _GONE},
    "xml": {_READ, _NO},
    "charset": {_READ, _NO},
    "json": {_READ, _NO},
    "sitemap": {_READ, _NO},
    "feed": {_READ, _NO},
    "inject": {_READ, _NO},
    "page": {_READ, _NO},
    "image": {_READ, _NO},
    "prompt": {_READ, _NO},
    "conditional": {_READ, _NO},
    "robots": {_NO},
}
_OF_THEIR_OWN = {
    "/redirect-bomb": {_READ},
    "/gzip-undeclared": {_READ},
    "/redir/ok": {_READ},
    "/redir/crlf": {_GONE, _NO},
    "/redir/tab": {_GONE, _NO},
    **{key: {_READ, _NO} for key in ("/feed/hub-canary", "/page/icon-canary", "/page/og-canary")},
    **{key: {_READ, _NO} for key in ("/page/refresh-canary", "/page/base-canary", "/img/external.svg")},
    "/cl-long": {_READ, _NO, _LATER},
    "/cl-and-te": {_READ, _NO},
    "/header-bytes": {_READ, _LATER},
    "/chunk-ext": {_READ, _LATER},
    "/cookie-bomb": {_READ, _NO, _LATER},
    "/204-body": {_LATER},
    "/cond/304-unasked": {_LATER},
    "/soft-404": {_NO},
    "/challenge": {_NO},
    "/status/404": {_GONE},
    "/status/410": {_GONE},
    "/feed/zero-bytes": {_NO},
    "/xml/laughs": {_NO, _READ},
}


@dataclass
class Hostile:
    """The server, and a client for which every path has a host of its own, so that one's manners touch no other."""

    port: int
    http: LiveHttp
    errors: dict[str, ItemError] = field(default_factory=dict)

    def ask(self, path: str) -> str:
        host = f"p{abs(hash(path))}.example"
        purpose = Purpose.SITEMAP if path.startswith("/sitemap/") else Purpose.FEED
        try:
            response = self.http.get(Request(f"http://{host}:{self.port}{path}", purpose))
            read = read_sitemap if purpose is Purpose.SITEMAP else read_feed
            read(response.body, url=response.final_url)
            return str(response.status)
        except ItemError as error:
            self.errors[path] = error
            return next(kind.__name__ for kind in (RetryLater, GoneForGood, Rejected) if isinstance(error, kind))

    def control(self, path: str) -> list[dict[str, str]]:
        answer = self.http.get(Request(f"http://127.0.0.1:{self.port}{path}"))
        return list(json.loads(answer.body))


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture(scope="module")
def hostile(shared: Path) -> Iterator[Hostile]:
    script = shared / "tools" / "hostile_server.py"
    command = [sys.executable, str(script), "--port", "0", "--canary-port", "0", "--cap-s", "20"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            port = int(process.stdout.readline().split("127.0.0.1:")[1].split("/")[0])
            options = HttpOptions(
                allow=frozenset({f"127.0.0.1:{port}"}), timeout_seconds=_SECONDS, per_host_delay_seconds=0
            )
            yield Hostile(port, LiveHttp(options, _Clock(), LyingNames()))
        finally:
            process.kill()


@pytest.fixture(scope="module")
def ends(hostile: Hostile) -> dict[str, str]:
    """What each path ended in, after all were asked, several at a time."""
    paths = [entry["path"] for entry in hostile.control("/__index.json") if not entry["path"].startswith("/__")]
    with ThreadPoolExecutor(8) as threads:
        return dict(zip(paths, threads.map(hostile.ask, paths, timeout=120), strict=True))


def test_every_path_ends_as_its_class_must(hostile: Hostile, ends: dict[str, str]) -> None:
    classes = {entry["path"]: entry["class"] for entry in hostile.control("/__index.json")}
    assert len(ends) > 150
    allowed = {path: _OF_THEIR_OWN.get(path) or _ENDS[classes[path]] for path in ends}
    # A busy machine may be too slow for any of them; that is no answer, so that it's always right.
    assert {path: end for path, end in ends.items() if end not in allowed[path] | {_LATER}} == {}
    assert sum(end == _LATER for end in ends.values()) < len(ends) / 2


def test_nobody_reached_what_is_inside(hostile: Hostile, ends: dict[str, str]) -> None:
    assert len(ends) > 150
    assert hostile.control("/__canary") == []
    assert [str(error) for error in hostile.errors.values() if "root:" in str(error) or "CANARY" in str(error)] == []


def test_who_keeps_us_out_is_named(hostile: Hostile, ends: dict[str, str]) -> None:
    named = {path for path, error in hostile.errors.items() if error.blocked}
    assert len(ends) > 150
    assert named >= {"/status/401", "/status/403", "/status/451", "/challenge", "/429/seconds", "/429/huge"}
    waits = [error.after_seconds for error in hostile.errors.values() if isinstance(error, RetryLater)]
    assert all(wait is None or 0 <= wait <= 86_400 for wait in waits)


def test_memory_stays_within_bounds(hostile: Hostile, ends: dict[str, str]) -> None:
    """Once more, now that everything is imported: eight at a time, of which each may be tens of megabytes."""
    give_memory_back()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    large = [path for path in ends if path.startswith(("/endless", "/gzip", "/big", "/sitemap/", "/redirect-bomb"))]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(hostile.ask, large * 2, timeout=120))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 * 1024, "KiB"


def test_every_case_of_the_list_is_among_the_paths(shared: Path, ends: dict[str, str]) -> None:
    lines = (shared / "data/security/net.jsonl").read_text("utf-8").splitlines()
    asked = [recipe["fetch"] for line in lines if "fetch" in (recipe := json.loads(line)["recipe"])]
    paths = {url.split("{port}", 1)[1].partition("?")[0] for url in asked if "127.0.0.1:{port}" in url}
    assert len(paths) > 100
    assert paths - set(ends) == set()
