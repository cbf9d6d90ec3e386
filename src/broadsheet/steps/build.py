"""Builds the site from the content repository."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from broadsheet.model.publication import PublishedImage
from broadsheet.stages.publish.build import build
from broadsheet.steps.newsroom import Newsroom, RunReport
from broadsheet.steps.open_publication import open_publication
from broadsheet.steps.source_health import source_health, told_to_readers


def build_site(room: Newsroom, report: RunReport) -> None:
    """The last step: records to API, site, feeds and sitemaps; only files that differ are written."""
    with report.stage("build") as counts:
        room.progress.begin("build", 1)
        pictures = {url: p for url, p in room.store.pictures.known().items() if p is not None}
        files = picture_files(pictures, room.settings.state_folder / "blobs")
        pictures = whole(pictures, files)
        publication, failures = open_publication(room.settings, room.topics, room.organizations, pictures, files)
        if room.settings.health.page:
            health = told_to_readers(room.settings, source_health(room.settings, room.store))
            publication = replace(publication, health=health)
        publication = replace(publication, today=room.clock.now().date())
        report.failures += failures
        counts["failed"] += len(failures)
        built = build(publication, room.settings.out_folder)
        counts["written"] += built.written
        counts["unchanged"] += built.unchanged
        counts["removed"] += built.removed
        counts["records"] += len(publication.records)
        room.progress.advance()
        room.progress.end(f"{built.written} files written, {built.unchanged} as before, {built.removed} removed")


def picture_files(pictures: Mapping[str, PublishedImage], blobs: Path) -> dict[str, Path]:
    """The files of these pictures by their path on the site, as far as they are there."""
    names = [path for picture in pictures.values() for path in picture.paths]
    return {name: blobs / name for name in names if (blobs / name).is_file()}


def whole(pictures: Mapping[str, PublishedImage], files: Mapping[str, Path]) -> dict[str, PublishedImage]:
    """Those of these pictures of which every file is there: no page shows what it can't load."""
    return {url: picture for url, picture in pictures.items() if files.keys() >= set(picture.paths)}
