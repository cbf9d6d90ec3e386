"""Reads a publication from its folder: what `build` needs, and what `explain` and `doctor` look at."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from broadsheet.errors import ItemError
from broadsheet.model.failure import Failure
from broadsheet.model.outgoing import PushKind
from broadsheet.model.publication import Publication, PublishedImage
from broadsheet.model.record import FOLDER as RECORDS
from broadsheet.model.record import FiledRecord
from broadsheet.model.story import Moved, Story
from broadsheet.model.taxonomy import Organization, Topic
from broadsheet.settings import Settings
from broadsheet.stages.enrich.notices import read_sponsors
from broadsheet.stages.publish.push.indexnow import indexnow_key, key_path
from broadsheet.stages.publish.records.reader import read_record
from broadsheet.stages.publish.story_files import FOLDER as STORIES
from broadsheet.stages.publish.story_reading import read_story
from broadsheet.steps.as_recorded import as_recorded
from broadsheet.steps.letters import read_letters, subscribe_address
from broadsheet.steps.plain_files import plain_bytes

ASSETS = "assets"
SPONSORS = "_data/sponsors"


def open_publication(
    settings: Settings,
    topics: tuple[Topic, ...],
    organizations: Mapping[str, Organization],
    pictures: Mapping[str, PublishedImage],
    blob_files: Mapping[str, Path],
) -> tuple[Publication, list[Failure]]:
    """The publication, and the files that could not be read and are left out. `blob_files` maps the paths that
    `pictures` name to files on disk."""
    frame, failures = open_frame(settings, topics, organizations, pictures, blob_files)
    records = tuple(_records(settings.folder, failures))
    filed = tuple(_stories(settings.folder, failures))
    by_path = {r.path: r.record for r in records}
    stories = tuple(as_recorded(s, by_path) for s in filed if isinstance(s, Story))
    moved = {s.id: s.into for s in filed if isinstance(s, Moved)}
    return replace(frame, records=records, stories=stories, moved=moved), failures


def open_frame(
    settings: Settings,
    topics: tuple[Topic, ...],
    organizations: Mapping[str, Organization],
    pictures: Mapping[str, PublishedImage],
    blob_files: Mapping[str, Path],
) -> tuple[Publication, list[Failure]]:
    """The publication without its records and stories."""
    failures: list[Failure] = []
    folder = settings.folder
    frame = Publication(
        settings.site,
        topics,
        organizations,
        records=(),
        pictures=pictures,
        files={**blob_files, **{p.relative_to(folder).as_posix(): p for p in _assets(folder)}},
        official=frozenset(settings.publish.official),
        sources=tuple(source for source in settings.sources if not source.private),
        sponsors=read_sponsors(folder / SPONSORS),
        ai_crawlers=settings.publish.ai_crawlers,
        hubs=tuple(block.url for block in settings.push if block.kind == PushKind.WEBSUB),
        keys=_keys(settings),
        letters=read_letters(folder, failures),
        subscribe=subscribe_address(settings),
        numbered_from_newest=settings.publish.pages == "newest",
    )
    return frame, failures


def _keys(settings: Settings) -> dict[str, str]:
    """What a channel of IndexNow wants to find at the site's root."""
    site = f"{settings.site.url}{settings.site.base_path}"
    asked = any(block.kind == PushKind.INDEXNOW for block in settings.push)
    return {key_path(site): indexnow_key(site)} if asked else {}


def _records(folder: Path, failures: list[Failure]) -> Iterator[FiledRecord]:
    for path in sorted((folder / RECORDS).glob("*.md")):
        name = f"{RECORDS}/{path.name}"
        try:
            yield FiledRecord(name, read_record(plain_bytes(path), path=name))
        except ItemError as error:
            failures.append(Failure("build", name, str(error)))


def _stories(folder: Path, failures: list[Failure]) -> Iterator[Story | Moved]:
    for path in sorted((folder / STORIES).glob("*/*.json")):
        name = path.relative_to(folder).as_posix()
        try:
            yield read_story(plain_bytes(path), path=name)
        except ItemError as error:
            failures.append(Failure("build", name, str(error)))


def _assets(folder: Path) -> list[Path]:
    """A link could lead out of the publication, to what nobody meant to publish."""
    top = folder / ASSETS
    return [] if top.is_symlink() else sorted(p for p in top.rglob("*") if p.is_file() and not p.is_symlink())
