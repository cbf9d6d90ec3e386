"""What one new and one changed article cost in the running process, beside the size of the publication."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.publication.content import stories
from broadsheet.app import read_publication
from broadsheet.formats.output_tree import TreeReport
from broadsheet.model.publication import Publication
from broadsheet.settings import read_settings
from broadsheet.stages.publish.build import build

Apply = Callable[[Publication], TreeReport]


def print_changes(folder: Path, records: int) -> None:
    """A line for a new article, one for a changed one, one for nothing at all, each after a full build."""
    publication, _ = read_publication(read_settings(folder / "content"))
    apply = _running(publication, folder / "out-of-changes")
    newer = _with_new(publication)
    for what, after in (("new article", newer), ("changed article", _with_changed(newer)), ("nothing", None)):
        start = time.process_time()
        report = apply(after or _with_changed(newer))
        milliseconds = round((time.process_time() - start) * 1e3, 2)
        row = {"bench": "publication", "records": records, "what": what, "cpuMilliseconds": milliseconds}
        print(json.dumps({**row, "written": report.written, "removed": report.removed}), flush=True)


def _running(publication: Publication, out: Path) -> Apply:
    """The one place that knows how a running process takes a change: built once, then given each new state."""
    build(publication, out)
    return lambda after: build(after, out)


def _with_new(publication: Publication) -> Publication:
    """The publication with one more story of one report, the newest of all."""
    told = next(stories(1, single=1, seed=11))
    records, added = (*publication.records, *told.records), (*publication.stories, told.story)
    return replace(publication, records=records, stories=added)


def _with_changed(publication: Publication) -> Publication:
    """The publication with another summary in the story that came last."""
    story, filed = publication.stories[-1], publication.records[-1]
    member = replace(story.head, excerpt="Nobody had said this before.")
    changed = replace(story, members=tuple(member if m.is_head else m for m in story.members))
    record = replace(filed.record, excerpt=member.excerpt)
    records = (*publication.records[:-1], replace(filed, record=record))
    return replace(publication, records=records, stories=(*publication.stories[:-1], changed))
