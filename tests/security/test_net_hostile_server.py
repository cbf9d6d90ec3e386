"""Every trick of the hostile server: each request ends in time, with an answer or an error of ours; no more."""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.errors import GoneForGood, ItemError, Rejected, RetryLater
from broadsheet.model.exchange import Purpose, Request

_SECONDS = 1.5


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class Hostile:
    port: int
    http: LiveHttp

    def ask(self, path: str) -> str:
        try:
            return str(self.http.get(Request(f"http://127.0.0.1:{self.port}{path}", Purpose.FEED)).status)
        except ItemError as error:
            return next(kind.__name__ for kind in (RetryLater, GoneForGood, Rejected) if isinstance(error, kind))


@pytest.fixture(scope="module")
def hostile(shared: Path) -> Iterator[Hostile]:
    script = shared / "tools" / "hostile_server.py"
    command = [sys.executable, str(script), "--port", "0", "--canary-port", "0", "--cap-s", "20"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            port = int(process.stdout.readline().split("127.0.0.1:")[1].split("/")[0])
            options = HttpOptions(allow=frozenset({f"127.0.0.1:{port}"}), timeout_seconds=_SECONDS)
            yield Hostile(port, LiveHttp(options, _Clock()))
        finally:
            process.kill()


def _control(hostile: Hostile, path: str) -> list[dict[str, str]]:
    answer = hostile.http.get(Request(f"http://127.0.0.1:{hostile.port}{path}"))
    return list(json.loads(answer.body))


def test_every_path_ends_in_time_within_bounds_and_inside_the_fence(hostile: Hostile) -> None:
    paths = [entry["path"] for entry in _control(hostile, "/__index.json") if not entry["path"].startswith("/__")]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with ThreadPoolExecutor(4) as threads:
        ends = dict(zip(paths, threads.map(hostile.ask, paths, timeout=120), strict=True))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory

    assert len(ends) > 150
    assert set(ends.values()) == {"200", "RetryLater", "GoneForGood", "Rejected"}
    assert [path for path, end in ends.items() if path.startswith("/redir/v") and end == "200"] == []
    assert _control(hostile, "/__canary") == []
    assert grown < 400 * 1024, "KiB; four bodies of the largest size at once, each in pieces and whole"
