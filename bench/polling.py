"""The polling replay: how long entries wait under our schedule, beside hourly polling and the square-root rule."""

import argparse
import gzip
import json
from pathlib import Path

import bench
from broadsheet.errors import ItemError
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.replay import BUDGET, replays


def real_histories(shared: Path) -> list[list[float]]:
    """The publication times of each of the real feeds that tells at least two."""
    found = []
    for path in sorted((shared / "data" / "feeds" / "real").glob("*.gz")):
        try:
            feed = read_feed(gzip.decompress(path.read_bytes()), url="https://feed.example/")
        except ItemError:
            continue
        instants = [e.published or e.updated for e in feed.entries]
        times = sorted(when.timestamp() for when in instants if when is not None)
        if len(set(times)) > 1:
            found.append(times)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=float, nargs="*", default=[7.0, 30.0])
    parser.add_argument("--budget", type=float, default=BUDGET)
    given = parser.parse_args()
    histories = real_histories(bench.SHARED)
    for days in given.days:
        for replayed in replays(histories, days, given.budget):
            print(json.dumps({"days": days, **replayed.as_json()}), flush=True)
