"""How much processor time a record costs to read and to write, on the origin's data.

    python -m bench records

A JSON line a measurement: microseconds of processor time a record, the best of nine rounds, reading the file included.
The peer reads the same files with PyYAML's safe loader in the same run.
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from bench import SHARED
from broadsheet.stages.publish.records.emitter import emit_record
from broadsheet.stages.publish.records.filing import read_file, record_files
from broadsheet.stages.publish.records.reader import read_record

ROUNDS = 9
PEER_RECORDS = 60


def main() -> None:
    files = list(record_files(SHARED / "data" / "origin"))
    records = [_read(file) for file in files]
    _print("read and parse", len(files), _microseconds(_read, files), at_most=60)
    _print("emit", len(files), _microseconds(emit_record, records), at_most=80)
    few = files[:: max(1, len(files) // PEER_RECORDS)]
    _print("read and parse, PyYAML safe_load", len(few), _microseconds(_safe_load, few, rounds=1))


def _read(file: Path) -> Any:
    return read_record(read_file(file), path=str(file))


def _safe_load(file: Path) -> object:
    return yaml.safe_load(file.read_bytes().split(b"---\n")[1])


def _microseconds(work: Callable[[Any], object], items: Sequence[Any], rounds: int = ROUNDS) -> float:
    return min(_round(work, items) for _ in range(rounds)) / len(items) * 1e6


def _round(work: Callable[[Any], object], items: Iterable[Any]) -> float:
    start = time.process_time()
    for item in items:
        work(item)
    return time.process_time() - start


def _print(what: str, records: int, microseconds: float, at_most: int | None = None) -> None:
    row = {"bench": "records", "what": what, "records": records, "cpuMicrosecondsEach": round(microseconds, 1)}
    print(json.dumps(row | ({"atMost": at_most} if at_most else {})))


if __name__ == "__main__":
    main()
