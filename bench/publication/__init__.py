"""How much a full build costs, at several sizes, beside Hugo on the same stories; and how much one article does.

    python -m bench publication                                    1,000, 10,000 and 100,000 records, without Hugo
    python -m bench publication --records 10000 --hugo             one size, both in turn
    python -m bench publication --records 10000 --single 1 --hugo  each record a story of its own

A JSON line a measurement. `cpuMillisecondsEach` is the user and system time of the whole command and of the processes
that it starts, start-up included, by record; the peak is that of the largest process. Both use as many processors as
`--workers` says.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.publication.changes import print_changes
from bench.publication.content import stories, write_content
from bench.publication.hugo_site import write_hugo_site
from bench.publication.ours import build_cost
from bench.publication.peer import hugo_cost

SIZES = (1_000, 10_000, 100_000)
ROOM = 8 * 1024**3


def main() -> None:
    """Measures what the options ask for."""
    options = _options()
    with _scratch(options.keep) as scratch:
        for records in options.records:
            folder = scratch / f"{records}-{options.single}"
            if not (folder / "content").is_dir():
                write_content(folder / "content", stories(records, options.single))
            _measure(options, folder, records)
            if options.changes:
                print_changes(folder, records)


def _measure(options: argparse.Namespace, folder: Path, records: int) -> None:
    """Ours and Hugo's in turn, so that both see the machine in the same mood; the least of the rounds is told."""
    if options.hugo and not (folder / "hugo").is_dir():
        write_hugo_site(folder / "hugo", stories(records, options.single))
    for workers in options.workers:
        ours, theirs = [], []
        for _ in range(options.rounds):
            ours.append(build_cost(folder / "content", folder / "out", workers))
            if options.hugo:
                theirs.append(hugo_cost(folder / "hugo", folder / "hugo-out", workers))
        best = min(ours, key=lambda cost: cost.cpu)
        row = {"bench": "publication", "records": records, "single": options.single, "workers": workers}
        print(json.dumps({**row, "what": "full build", **best.each(records), "atMost": 0.40}), flush=True)
        if theirs:
            peer = min(theirs, key=lambda cost: cost.cpu)
            ratios = {"cpuOfHugo": round(best.cpu / peer.cpu, 3), "wallOfHugo": round(best.wall / peer.wall, 3)}
            print(json.dumps({**row, "what": "hugo", **peer.each(records), **ratios, "atMost": 0.5}), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench publication")
    parser.add_argument("--records", type=int, nargs="+", default=SIZES)
    parser.add_argument("--single", type=float, default=0.8, help="share of stories with one report")
    parser.add_argument("--hugo", action="store_true", help="build the same with Hugo, in turn")
    parser.add_argument("--workers", type=int, nargs="+", default=[1], help="processors that both may use")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--changes", action="store_true", help="also what one new and one changed article cost")
    parser.add_argument("--keep", type=Path, help="a folder to keep the generated content in, for another run")
    return parser.parse_args()


@contextmanager
def _scratch(kept: Path | None) -> Iterator[Path]:
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    folder = Path(tempfile.mkdtemp(prefix="bench-publication-", dir=_memory()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> str | None:
    """A folder in memory where there is room: what a disk makes of many small files differs from minute to minute."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None
