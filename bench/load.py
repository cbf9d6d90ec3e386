"""Thousands of sources in one round: all cold, then all unchanged; with --feeds 500,5000.

The feeds are served by another process on loopback, four of five from a host (and registrable domain) of their own,
the others five to a host: pacing, robots and names are as they are outside, only the resolver is ours. Store, guard,
reading and scheduling are those of a run. Fails beyond the bounds.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench._feeds_server import NEWEST, entries_of
from broadsheet.adapters.clocks import FixedClock
from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.app.newsroom import open_newsroom
from broadsheet.cli._progress import QuietProgress
from broadsheet.settings import read_settings
from broadsheet.steps.newsroom import RunReport, peak_memory_mb
from broadsheet.steps.poll import poll

COLD_SECONDS, UNCHANGED_SECONDS, PEAK_MB = 900.0, 60.0, 600.0
"""What 5,000 feeds may cost on two cores, in proportion for other numbers."""
FLAT = 1.5
"""So many times the cost per source at the smallest size may it be at the largest."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--feeds", default="500,5000", help="the sizes, each measured in a process of its own")
    parser.add_argument("--one", type=int, help="measure this size here")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(_measure(options.one)), flush=True)
        return
    rows = [_in_its_own_process(int(size)) for size in options.feeds.split(",")]
    for row in rows:
        print(json.dumps(row), flush=True)
    sys.exit("; ".join(_beyond(rows)) or 0)


def _in_its_own_process(feeds: int) -> dict[str, float]:
    call = [sys.executable, "-c", "from bench.load import main; main()", "--one", str(feeds)]
    row: dict[str, float] = json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return row


def _beyond(rows: list[dict[str, float]]) -> list[str]:
    found = []
    for row in rows:
        share = max(row["feeds"] / 5000, 0.1)
        found += [f"{row['feeds']} feeds: {row['missing']} entries are missing"] if row["missing"] else []
        found += [f"{row['feeds']} feeds cold in {row['cold']} s"] if row["cold"] > COLD_SECONDS * share else []
        late = row["unchanged"] > UNCHANGED_SECONDS * share
        found += [f"{row['feeds']} feeds unchanged in {row['unchanged']} s"] if late else []
        found += [f"{row['feeds']} feeds in {row['peakMB']} MB"] if row["peakMB"] > PEAK_MB else []
    small, large = rows[0], rows[-1]
    for what in ("coldCpuMsEach", "unchangedCpuMsEach"):
        if large[what] > FLAT * small[what]:
            found.append(f"{what} grows from {small[what]} to {large[what]}")
    return found


def _measure(feeds: int) -> dict[str, float]:
    names = [_host(number) + f"/{number}.xml" for number in range(feeds)]
    wanted = sum(entries_of(name) for name in names)
    with TemporaryDirectory() as folder, server() as port:
        asked = [name.replace("/", f":{port}/", 1) for name in names]
        watched = publication(Path(folder), asked, frozenset({f"127.0.0.1:{port}"}), {})
        cold = _round(watched, port, 0)
        unchanged = _round(watched, port, 25)
        size = sum(file.stat().st_size for file in (Path(folder) / ".broadsheet").iterdir())
    return {
        "feeds": feeds,
        "entries": wanted,
        "missing": wanted - int(cold["new"]),
        "again": int(unchanged["new"]),
        "failed": int(cold["failed"] + unchanged["failed"]),
        "cold": round(cold["seconds"], 1),
        "coldCpuMsEach": round(1000 * cold["cpu"] / feeds, 2),
        "unchanged": round(unchanged["seconds"], 1),
        "unchangedCpuMsEach": round(1000 * unchanged["cpu"] / feeds, 2),
        "peakMB": round(peak_memory_mb(), 1),
        "storeMB": round(size / 1e6, 1),
    }


def _host(number: int) -> str:
    return f"site{number}.example" if number % 5 else f"shared{number // 25}.example"


def publication(folder: Path, names: list[str], allow: frozenset[str], kinds: Mapping[str, str]) -> Path:
    """A publication that watches these (host, port and path); `kinds` of those that are no feeds."""
    blocks = [f'[[sources]]\nurl = "http://{name}"\nkind = "{kinds.get(name, "feed")}"\n' for name in names]
    head = f'title = "Load"\n[fetch]\ncontact = "bench@paper.example"\nallow = {json.dumps(sorted(allow))}\n'
    (folder / "broadsheet.toml").write_text(head + "".join(blocks), "utf-8")
    for name in ("topics", "organizations"):
        (folder / "_data" / name).mkdir(parents=True)
    (folder / "_data" / "topics" / "00-load.yaml").write_text("taxonomy: topic\n_id: load\nname: Load\n", "utf-8")
    return folder


def _round(folder: Path, port: int, hours: int) -> dict[str, float]:
    clock = FixedClock(NEWEST + timedelta(hours=2 + hours))
    report, options = RunReport(), HttpOptions(contact="bench@paper.example", allow=frozenset({f"127.0.0.1:{port}"}))
    with open_newsroom(read_settings(folder), clock, QuietProgress()) as room:
        http = LiveHttp(options, clock, resolve=lambda _host, _port: ["127.0.0.1"])
        wall, cpu = time.monotonic(), time.process_time()
        poll(replace(room, http=http), report)
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    counts = report.stages["poll"].counts
    return {"seconds": wall, "cpu": cpu, "new": counts["new entries"], "failed": counts["failed"]}


@contextmanager
def server() -> Iterator[int]:
    """Serves feeds on loopback; its port."""
    command = [sys.executable, "-m", "bench._feeds_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield int(process.stdout.readline())
        finally:
            process.kill()
