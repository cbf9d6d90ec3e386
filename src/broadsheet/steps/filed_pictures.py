"""Pictures that filed records promise, in a store that began anew: fetched again, or no longer promised."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from broadsheet.errors import ItemError
from broadsheet.model.pictures import KeptPicture
from broadsheet.model.record import FOLDER as RECORDS
from broadsheet.model.record import Record
from broadsheet.stages.publish.records.emitter import emit_record
from broadsheet.stages.publish.records.filing import read_file
from broadsheet.stages.publish.records.reader import read_record
from broadsheet.steps.content import ContentFolder
from broadsheet.steps.newsroom import Newsroom


def want_filed(room: Newsroom) -> int:
    """Notes down the pictures that published records say are cached, those of the newest first; the record itself is
    who names them, since its story is not known here. Returns how many."""
    wanted: dict[str, set[str]] = {}
    for path in sorted((room.settings.folder / RECORDS).glob("*.md")):
        record = _record(path)
        if record is not None and record.published and record.images and record.images[0].is_cached:
            wanted[f"{RECORDS}/{path.name}"] = {record.images[0].url}
    now = room.clock.now()
    urls = dict.fromkeys(url for named in wanted.values() for url in named)
    room.store.pictures.want([KeptPicture(u, not_before=now - timedelta(seconds=n)) for n, u in enumerate(urls)])
    room.store.pictures.use(wanted)
    return len(urls)


def is_record(name: str) -> bool:
    """Whether who names a picture is a record itself, and no story."""
    return name.startswith(f"{RECORDS}/")


def correct_filed(room: Newsroom, urls: Iterable[str]) -> None:
    """Records that name one of these pictures themselves say whether it is cached now. What waits for its first turn
    is not judged yet; a record that a person wrote or changed stays as it is."""
    known = {url: kept for url, kept in room.store.pictures.of(urls).items() if kept.picture or kept.attempts}
    named = filter(is_record, room.store.pictures.stories_with(known))
    files: dict[str, bytes | None] = {}
    for path in sorted(named):
        record = _record(room.settings.folder / path)
        if record is not None:
            cached = {url: kept.picture is not None for url, kept in known.items()}
            images = tuple(replace(i, is_cached=cached.get(i.url, i.is_cached)) for i in record.images)
            if images != record.images:
                files[path] = emit_record(replace(record, images=images)).encode()
    if files:
        ContentFolder(room.settings.folder, room.store.files).write(files, {})


def _record(path: Path) -> Record | None:
    """None for what is no record; the build reports that."""
    try:
        return None if path.is_symlink() or not path.is_file() else read_record(read_file(path), path=path.name)
    except ItemError:
        return None
