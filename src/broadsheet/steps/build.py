"""Builds the site from the content repository."""

from collections import Counter
from dataclasses import replace

from broadsheet.formats.output_tree import TreeReport
from broadsheet.model.publication import Publication
from broadsheet.steps.content import ContentFolder
from broadsheet.steps.newsroom import Newsroom, RunReport
from broadsheet.steps.open_publication import open_frame
from broadsheet.steps.picture_files import known_pictures, picture_files, whole
from broadsheet.steps.source_health import source_health, told_to_readers

REGROUPED = "search regrouped on"
MOST_UNGROUPED = 200


def build_site(room: Newsroom, report: RunReport) -> None:
    """Records to API, site, feeds, sitemaps and search; only files that differ are written, and readers see all of them
    at once. Which page of a list holds what is written down in the content repository."""
    with report.stage("build") as counts:
        room.progress.begin("build", 1)
        printed = room.shop.print(_frame(room, report, counts))
        report.failures += printed.failures
        counts["failed"] += len(printed.failures)
        counts["records"] += printed.records
        for tree in (printed.tree, _regroup(room)):
            counts["written"] += tree.written
            counts["unchanged"] += tree.unchanged
            counts["removed"] += tree.removed
        _file_ledger(room)
        room.shop.keep_ready()
        room.progress.advance()
        told = f"{counts['written']} files written, {counts['unchanged']} as before, {counts['removed']} removed"
        room.progress.end(told)


def _frame(room: Newsroom, report: RunReport, counts: Counter[str]) -> Publication:
    pictures = known_pictures(room.store)
    files = picture_files(pictures, room.settings.state_folder / "blobs")
    frame, failures = open_frame(room.settings, room.topics, room.organizations, whole(pictures, files), files)
    report.failures += failures
    counts["failed"] += len(failures)
    if room.settings.health.page:
        frame = replace(frame, health=told_to_readers(room.settings, source_health(room.settings, room.store)))
    return replace(frame, today=room.clock.now().date())


def _regroup(room: Newsroom) -> TreeReport:
    """Once a day the files of the search are put in order, and when many stories have come."""
    today = room.clock.now().date().isoformat()
    if room.store.journal.fact(REGROUPED) == today and room.shop.ungrouped <= MOST_UNGROUPED:
        return TreeReport(0, 0, 0)
    regrouped = room.shop.regroup()
    room.store.journal.keep_fact(REGROUPED, today)
    return regrouped


def _file_ledger(room: Newsroom) -> None:
    ledger = room.shop.ledger
    if ledger and (files := ledger.unfiled()):
        ContentFolder(room.settings.folder, room.store.files).write(files, {})
        ledger.filed()
