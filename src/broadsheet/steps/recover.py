"""A store that begins anew, as in a fresh clone, learns what is filed: so that paths, ids and addresses stay."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from broadsheet.errors import ItemError, StorageError
from broadsheet.model.kept import KeptArticle, WrittenFile
from broadsheet.model.record import FOLDER as RECORDS
from broadsheet.model.story import Assignment, Story
from broadsheet.stages.publish.records.reader import read_record
from broadsheet.stages.publish.records.schema import MAX_BYTES
from broadsheet.stages.publish.story_files import FOLDER as STORIES
from broadsheet.stages.publish.story_reading import LARGEST, read_story
from broadsheet.steps.editorial import id_of_record
from broadsheet.steps.filed_pictures import want_filed
from broadsheet.steps.newsroom import Newsroom, RunReport

DONE = "what is filed is known"


def recover(room: Newsroom, report: RunReport) -> None:
    """Once in the life of a store: which record is which article's, and which files are as our last commit left them;
    and which pictures records promise. A file that a person changed since, or committed, stays that person's."""
    if room.store.journal.fact(DONE) is not None:
        return
    with report.stage("recover") as counts:
        paths = _unknown_records(room)
        files = _our_files(room)
        room.store.files.intend(files, paths)
        counts["records"] += len(paths)
        counts["files"] += len(files)
        counts["pictures"] += want_filed(room)
    room.store.journal.keep_fact(DONE, "yes")


def held_from_files(room: Newsroom, articles: Iterable[KeptArticle]) -> dict[str, Assignment]:
    """The filed stories of those of these articles, which no engine has seen, that had one before the store began
    anew. Reads no file where none of them has a record, as in every ordinary run."""
    known = room.store.files.paths()
    wanted = {known[a.id]: a.id for a in articles if a.id in known}
    if not wanted:
        return {}
    found: dict[str, Assignment] = {}
    for file in sorted((room.settings.folder / STORIES).glob("*/*.json")):
        story = _story(file, f"{STORIES}/{file.parent.name}/{file.name}")
        if story is not None:
            for member in story.members:
                if (article := wanted.get(member.record)) is not None:
                    found[article] = Assignment(article, story.id, member.receipt)
    return found


def _unknown_records(room: Newsroom) -> dict[str, str]:
    known = room.store.files.paths()
    taken = set(known.values())
    found: dict[str, str] = {}
    for file in sorted((room.settings.folder / RECORDS).glob("*.md")):
        path = f"{RECORDS}/{file.name}"
        if path not in taken and (article := _article(file, path)) is not None and article not in known:
            found.setdefault(article, path)
    return found


def _article(file: Path, path: str) -> str | None:
    """The id of a record's article, None for what is no record; the build reports that."""
    try:
        return id_of_record(read_record(_bytes(file, MAX_BYTES), path=path))
    except ItemError:
        return None


def _story(file: Path, path: str) -> Story | None:
    try:
        filed = read_story(_bytes(file, LARGEST), path=path)
    except ItemError:
        return None
    return filed if isinstance(filed, Story) else None


def _our_files(room: Newsroom) -> list[WrittenFile]:
    if room.repository is None:
        return []
    paths = sorted(room.repository.ours([RECORDS, STORIES]))
    known: Mapping[str, WrittenFile] = room.store.files.known(paths)
    new = [(path, room.settings.folder / path) for path in paths if path not in known]
    return [
        WrittenFile(path, hashlib.sha256(_bytes(file, LARGEST)).hexdigest(), dirty=False)
        for path, file in new
        if file.is_file() and not file.is_symlink()
    ]


def _bytes(file: Path, most: int) -> bytes:
    try:
        if file.is_symlink():
            return b""
        with file.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise StorageError(f"{file}: {error.strerror}") from error
