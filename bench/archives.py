"""Archives in: records per CPU second beside fastwarc alone, with memory; and pages on one process and on all.

    python -m bench archives

Prints JSON lines. Of the small records none is a page. `peakMB` is that of the process after the line's work: reading
ten times as many records must not raise it.
"""

import gzip
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

import bench
from broadsheet.adapters.engine.extraction import open_extraction
from broadsheet.errors import ItemError
from broadsheet.formats.warc import read_responses
from broadsheet.model.exchange import Response
from broadsheet.steps.newsroom import peak_memory_mb

SMALL, PAGES = 20_000, 300


def main() -> None:
    real = bench.SHARED / "data" / "pages" / "pages.warc.gz"
    with tempfile.TemporaryDirectory() as folder:
        for times in (1, 10):
            small = Path(folder) / f"{times}.warc.gz"
            _write_small(small, SMALL * times)
            _reading(f"{SMALL * times} small records", small, SMALL * times)
    _reading("real pages", real, sum(1 for _ in read_responses(real)))
    responses = list(islice(read_responses(real), PAGES))
    for processes in (1, len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1):
        _extracting(responses, processes)


def _write_small(path: Path, count: int) -> None:
    kinds = ("request", "metadata", "warcinfo", "resource")
    with path.open("wb") as file:
        for number in range(count):
            block = b"software: none\r\nnumber: %d\r\n" % number
            head = f"WARC/1.1\r\nWARC-Type: {kinds[number % 4]}\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
            head += f"WARC-Target-URI: https://example.com/{number}\r\nContent-Length: {len(block)}\r\n\r\n"
            file.write(gzip.compress(head.encode() + block + b"\r\n\r\n", 1))


def _reading(what: str, path: Path, records: int) -> None:
    for tool, read in (("fastwarc alone", partial(_fastwarc, path)), ("broadsheet", partial(read_responses, path))):
        seconds = min(_cpu(read) for _ in range(3))
        row = {"bench": "archives", "what": what, "tool": tool, "recordsPerSecond": round(records / seconds)}
        print(json.dumps({**row, "peakMB": round(peak_memory_mb())}), flush=True)


def _fastwarc(path: Path) -> Iterable[object]:
    with path.open("rb") as file:
        for record in ArchiveIterator(file, WarcRecordType.any_type, False):
            yield record.reader.read()


def _extracting(responses: list[Response], processes: int) -> None:
    with open_extraction(processes) as (extract, engine):
        list(engine.map(partial(_outcome, extract), responses[:20]))
        began = time.perf_counter()
        done = sum(engine.map(partial(_outcome, extract), responses))
        seconds = time.perf_counter() - began
    row = {"bench": "archives", "what": f"{done} pages read by {processes} processes", "pagesPerSecond": done / seconds}
    print(json.dumps({k: round(v, 1) if isinstance(v, float) else v for k, v in row.items()}), flush=True)


def _outcome(extract: Callable[[Response], object], response: Response) -> bool:
    try:
        extract(response)
    except ItemError:
        return False
    return True


def _cpu(read: Callable[[], Iterable[object]]) -> float:
    began = time.process_time()
    for _ in read():
        pass
    return time.process_time() - began
