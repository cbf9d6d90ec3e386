"""Every path of the hostile server polled in one run with healthy feeds among them, against its bounds.

Each path is a source with a host of its own, as strangers are; names lead to loopback by a resolver of ours, which also
plays the tricks of the DNS. The healthy feeds alone, all together, and alone again, each in a fresh store. Fails where
a job takes longer than 30 seconds, memory grows by more than 150 MB, the canary was reached, a healthy entry is
missing, or the healthy feeds were 1.5 times slower than alone (until the last of them was done).
"""

import argparse
import json
import resource
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TypeVar

from bench import SHARED
from bench._feeds_server import NEWEST, entries_of
from bench.load import publication, server
from broadsheet.adapters.clocks import FixedClock
from broadsheet.adapters.http.connection import system_addresses
from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.app.newsroom import open_newsroom
from broadsheet.cli._progress import QuietProgress
from broadsheet.model.source import SourceState
from broadsheet.ports import Lanes
from broadsheet.settings import read_settings
from broadsheet.steps.newsroom import RunReport
from broadsheet.steps.poll import poll

JOB_SECONDS, GROWTH_MB, SLOWER = 30.0, 150.0, 1.5
Given = TypeVar("Given")
Result = TypeVar("Result")


@dataclass
class _TimedLanes:
    """The lanes of a run, with the seconds that each source took, and when the last healthy one was done."""

    lanes: Lanes
    healthy: str
    seconds: dict[str, float] = field(default_factory=dict)
    last_healthy: float = 0.0

    def map(
        self, work: Callable[[Given], Result], items: Iterable[Given], lane: Callable[[Given], str]
    ) -> Iterator[Result]:
        begun = time.monotonic()

        def timed(item: Given) -> Result:
            start = time.monotonic()
            try:
                return work(item)
            finally:
                assert isinstance(item, SourceState)
                end = time.monotonic()
                self.seconds[item.source.url] = end - start
                if self.healthy in item.source.url:
                    self.last_healthy = max(self.last_healthy, end - begun)

        return self.lanes.map(timed, items, lane)


class _Memory:
    """The most memory of this process since it was asked the last time, in MB."""

    def __init__(self) -> None:
        self._most, self._over = 0.0, Event()
        self._watch = Thread(target=self._look, daemon=True)
        self.before = _resident_mb()
        self._watch.start()

    def _look(self) -> None:
        while not self._over.wait(0.02):
            self._most = max(self._most, _resident_mb())

    def growth(self) -> float:
        """The growth since the beginning; ends the watch."""
        self._over.set()
        self._watch.join()
        return self._most - self.before


def _resident_mb() -> float:
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text("ascii").split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--healthy", type=int, default=3000, help="so many feeds that do nothing wrong")
    _report(*_measure(parser.parse_args().healthy))


def _measure(count: int) -> tuple[float, "_Round", dict[str, int], list[str]]:
    """The seconds of the healthy alone (before and after, since others use the machine too), the round of all together,
    what was counted beside, and the hits of the canary."""
    with server() as healthy_port, _hostile() as hostile_port:
        index = json.loads(_control(hostile_port, "/__index.json"))
        paths = [entry["path"] for entry in index if not entry["path"].startswith("/__")]
        hosts = [f"site{n}.example" for n in range(count + len(paths))]
        Random(0).shuffle(hosts)  # sources are asked in the order of their addresses
        healthy = [f"{host}:{healthy_port}/feed.xml" for host in hosts[:count]]
        hostile = [f"{host}:{hostile_port}{path}" for host, path in zip(hosts[count:], paths, strict=True)]
        ports = healthy_port, hostile_port
        before = _round(healthy, ports)
        together = _round([*healthy, *hostile], ports)
        after = _round(healthy, ports)
        canary = json.loads(_control(hostile_port, "/__canary"))
        asked = len(set(paths) & set(json.loads(_control(hostile_port, "/__log"))["hits"]))
    wanted = sum(entries_of(name.replace(f":{healthy_port}", "")) for name in healthy)
    counted = {"paths": len(paths), "asked": asked, "missing": wanted - together.healthy_entries}
    return (before.last_healthy + after.last_healthy) / 2, together, {"healthy": count, **counted}, canary


def _report(alone: float, together: "_Round", counted: dict[str, int], canary: list[str]) -> None:
    slower = together.last_healthy / alone
    row = counted | {
        "canary": len(canary),
        "slowestJobSeconds": round(together.slowest, 1),
        "growthMB": round(together.growth_mb, 1),
        "aloneSeconds": round(alone, 2),
        "togetherSeconds": round(together.last_healthy, 2),
        "slower": round(slower, 2),
        "wholeRoundSeconds": round(together.whole, 1),
    }
    print(json.dumps(row), flush=True)
    beyond = {
        f"a job took {row['slowestJobSeconds']} s": together.slowest > JOB_SECONDS,
        f"memory grew by {row['growthMB']} MB": together.growth_mb > GROWTH_MB,
        f"the canary was reached: {canary[:3]}": bool(canary),
        f"{counted['missing']} healthy entries are missing": bool(counted["missing"]),
        f"healthy feeds were {row['slower']} times slower": slower > SLOWER,
        f"only {counted['asked']} paths were asked": counted["asked"] < 0.9 * counted["paths"],
    }
    sys.exit("; ".join(said for said, so in beyond.items() if so) or 0)


@dataclass(frozen=True)
class _Round:
    seconds: dict[str, float]
    last_healthy: float
    whole: float
    healthy_entries: int
    growth_mb: float

    @property
    def slowest(self) -> float:
        return max(self.seconds.values())


def _round(names: list[str], ports: tuple[int, int]) -> _Round:
    clock, report = FixedClock(NEWEST + timedelta(hours=2)), RunReport()
    allow = frozenset(f"127.0.0.1:{port}" for port in ports)
    with TemporaryDirectory() as folder:
        kinds = {name: "sitemap" for name in names if "/sitemap/" in name}
        settings = read_settings(publication(Path(folder), names, allow, kinds))
        with open_newsroom(settings, clock, QuietProgress()) as room:
            http = LiveHttp(HttpOptions(contact="bench@paper.example", allow=allow), clock, _Names())
            lanes = _TimedLanes(room.lanes, f":{ports[0]}/")
            memory, begun = _Memory(), time.monotonic()
            poll(replace(room, http=http, lanes=lanes), report)
            whole, growth = time.monotonic() - begun, memory.growth()
            kept = room.store.items.waiting(clock.now(), 10**6)
            count = sum(f":{ports[0]}/" in item.source_url for item in kept)
    return _Round(lanes.seconds, lanes.last_healthy, whole, count, growth)


class _Names:
    """A resolver: our sources are on loopback, and the names of which the server makes use answer as it says."""

    def __init__(self) -> None:
        self._asked = 0

    def __call__(self, host: str, port: int) -> list[str]:
        if host == "rebind.test":
            self._asked += 1
            return ["1.1.1.1"] if self._asked % 2 else ["127.0.0.1"]
        if host == "mixed.test":
            return ["1.1.1.1", "127.0.0.1"]
        if host.endswith((".nip.io", "localtest.me", ".example")):
            return ["127.0.0.1"]
        return system_addresses(host, port)


@contextmanager
def _hostile() -> Iterator[int]:
    script = SHARED / "tools" / "hostile_server.py"
    command = [sys.executable, str(script), "--port", "0", "--canary-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            yield int(process.stdout.readline().split("127.0.0.1:")[1].split("/")[0])
        finally:
            process.kill()


def _control(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        body: bytes = answer.read()
        return body
