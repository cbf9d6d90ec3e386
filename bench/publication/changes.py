"""What one new and one changed article cost in the running process, beside the size of the publication."""

import json
import shutil
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.publication.content import Told, newest_stories, write_told
from broadsheet.adapters.engine.local import InlineEngine
from broadsheet.app.publications import read_frame
from broadsheet.settings import read_settings
from broadsheet.steps.print_shop import PrintShop

ROUNDS = 40


def print_changes(folder: Path, records: int) -> None:
    """A line for new articles, one for changed ones, one for reports that join a story, one for nothing at all.

    `cpuMilliseconds` is what the process needs to print a change and to let readers see it; `lookMilliseconds` is what
    it needs once a round, however much changed, to find out which files of the content folder somebody touched.
    """
    content = folder / "content-of-changes"
    for before in (content, folder / "out-of-changes", folder / ".out-of-changes.twin"):
        shutil.rmtree(before, ignore_errors=True)
    shutil.copytree(folder / "content", content)
    shop = PrintShop(content, folder / "out-of-changes", InlineEngine())
    frame, _ = read_frame(read_settings(content))
    shop.print(frame)
    shop.regroup()
    shop.keep_ready()
    first, *told = newest_stories(ROUNDS + 1)
    write_told(content, first)  # the day has begun
    shop.print(frame)
    for what, change in (("new article", _as_it_is), ("changed article", _edited), ("nothing", None)):
        costs, files, looks = [], [], []
        for one in told:
            if change:
                write_told(content, change(one))
            cpu, written, look = _cost(shop, frame)
            costs.append(cpu)
            files.append(written)
            looks.append(look)
        row = {"bench": "publication", "records": records, "what": what}
        cpu = {"cpuMilliseconds": round(median(costs), 2), "cpuMillisecondsMost": round(max(costs), 2), "atMost": 10}
        count = {"files": median(files), "filesMost": max(files), "filesAtMost": 20 if change else 0}
        print(json.dumps({**row, **cpu, **count, "lookMilliseconds": round(median(looks), 2)}), flush=True)


def _cost(shop: PrintShop, frame: object) -> tuple[float, int, float]:
    """CPU in ms of printing, files written and removed, and CPU in ms of looking what changed."""
    begin = time.process_time()
    changes = shop.look()
    looked = time.process_time()
    report = shop.print_changes(frame, changes)
    done = time.process_time()
    return (done - looked) * 1e3, report.written + report.removed, (looked - begin) * 1e3


def _as_it_is(one: Told) -> Told:
    return one


def _edited(one: Told) -> Told:
    """The same with another summary."""
    said = "Nobody had said this before."
    members = tuple(replace(m, excerpt=said) for m in one.story.members)
    records = tuple(replace(r, record=replace(r.record, excerpt=said)) for r in one.records)
    return Told(replace(one.story, members=members), records)
