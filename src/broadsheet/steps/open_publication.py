"""Reads a publication from its folder: what `build` needs, and what `explain` and `doctor` look at."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from broadsheet.errors import ItemError, Rejected
from broadsheet.model.kept import Failure
from broadsheet.model.publication import Publication, PublishedImage
from broadsheet.model.record import FiledRecord
from broadsheet.model.story import Moved, Story
from broadsheet.model.taxonomy import Organization, Topic
from broadsheet.settings import Settings
from broadsheet.stages.enrich.notices import read_sponsors
from broadsheet.stages.publish.records import read_record
from broadsheet.stages.publish.story_files import FOLDER as STORIES
from broadsheet.stages.publish.story_reading import read_story
from broadsheet.steps.as_recorded import as_recorded
from broadsheet.steps.content import RECORDS
from broadsheet.steps.letters import read_letters, subscribe_address

ASSETS = "assets"
SPONSORS = "_data/sponsors"
LARGEST = 16 * 1024 * 1024


def open_publication(
    settings: Settings,
    topics: tuple[Topic, ...],
    organizations: Mapping[str, Organization],
    pictures: Mapping[str, PublishedImage],
    blob_files: Mapping[str, Path],
) -> tuple[Publication, list[Failure]]:
    """The publication, and the files that could not be read and are left out. `blob_files` maps the paths that
    `pictures` name to files on disk."""
    failures: list[Failure] = []
    folder = settings.folder
    records = tuple(_records(folder, failures))
    filed = tuple(_stories(folder, failures))
    by_path = {r.path: r.record for r in records}
    stories = tuple(as_recorded(s, by_path) for s in filed if isinstance(s, Story))
    moved = {s.id: s.into for s in filed if isinstance(s, Moved)}
    files = {**blob_files, **{p.relative_to(folder).as_posix(): p for p in _assets(folder)}}
    official = frozenset(settings.publish.official)
    publication = Publication(
        settings.site,
        topics,
        organizations,
        records,
        stories,
        pictures,
        files,
        moved,
        official=official,
        sources=tuple(source for source in settings.sources if not source.private),
        sponsors=read_sponsors(folder / SPONSORS),
        ai_crawlers=settings.publish.ai_crawlers,
        letters=read_letters(folder, failures),
        subscribe=subscribe_address(settings),
    )
    return publication, failures


def _records(folder: Path, failures: list[Failure]) -> Iterator[FiledRecord]:
    for path in sorted((folder / RECORDS).glob("*.md")):
        name = f"{RECORDS}/{path.name}"
        try:
            yield FiledRecord(name, read_record(_bytes(path), path=name))
        except ItemError as error:
            failures.append(Failure("build", name, str(error)))


def _stories(folder: Path, failures: list[Failure]) -> Iterator[Story | Moved]:
    for path in sorted((folder / STORIES).glob("*/*.json")):
        name = path.relative_to(folder).as_posix()
        try:
            yield read_story(_bytes(path), path=name)
        except ItemError as error:
            failures.append(Failure("build", name, str(error)))


def _assets(folder: Path) -> list[Path]:
    """A link could lead out of the publication, to what nobody meant to publish."""
    top = folder / ASSETS
    return [] if top.is_symlink() else sorted(p for p in top.rglob("*") if p.is_file() and not p.is_symlink())


def _bytes(path: Path) -> bytes:
    """The bytes of a plain file, as far as one of ours can be long. Raises Rejected."""
    if path.is_symlink() or not path.is_file():
        raise Rejected(f"{path}: is no plain file and not read", hint="A link could lead out of the publication")
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise Rejected(f"{path}: can't be read ({error.strerror})") from error
