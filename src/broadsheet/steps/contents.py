"""The content repository as sheets: read whole once, then what somebody changed, whoever it was."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from broadsheet.errors import ItemError, StorageError
from broadsheet.model.kept import Failure
from broadsheet.model.record import FiledRecord, Record
from broadsheet.model.story import Moved, Story
from broadsheet.stages.publish.ledger import FOLDER as PAGES
from broadsheet.stages.publish.ledger import Ledger, read_ledger
from broadsheet.stages.publish.printing import Sheet, lone_sheet
from broadsheet.stages.publish.records import read_record
from broadsheet.stages.publish.stories import story_id
from broadsheet.stages.publish.story_files import FOLDER as STORIES
from broadsheet.stages.publish.story_files import story_path
from broadsheet.stages.publish.story_reading import read_story
from broadsheet.steps.as_recorded import as_recorded
from broadsheet.steps.content import RECORDS
from broadsheet.steps.plain_files import plain_bytes

Stamp = tuple[int, int, int]


@dataclass(slots=True)
class Changes:
    """What changed in the folder: stories that came or changed, the ids of those that went."""

    sheets: list[Sheet] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


class Reading(NamedTuple):
    """What a file turned out to be: a story and its sheet, with the records that it names (None where it is a record
    that makes a story by itself); or where an address leads; and the files that can't be read."""

    path: str
    sheet: Sheet | None = None
    named: tuple[str, ...] | None = None
    moved: Moved | None = None
    failures: tuple[Failure, ...] = ()


class Contents:
    """The records and story files of one folder, and what is wrong with those that can't be read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamps: dict[str, Stamp] = {}
        self._naming: dict[str, set[str]] = {}
        self._members: dict[str, tuple[str, ...]] = {}
        self._there: set[str] = set()
        self._alone: dict[str, str] = {}
        self._failures: dict[str, Failure] = {}
        self.moved: dict[str, str] = {}
        """Where the addresses of stories without reports lead."""

    @property
    def failures(self) -> list[Failure]:
        """The files that can't be read, and are left out."""
        return [self._failures[path] for path in sorted(self._failures)]

    @property
    def records(self) -> int:
        """How many files of records there are."""
        return sum(path.startswith(f"{RECORDS}/") for path in self._stamps)

    def ledger(self) -> Ledger:
        """The ledger as it is filed."""
        files = sorted((self._folder / PAGES).glob("*.jsonl"))
        return read_ledger({f"{PAGES}/{file.name}": plain_bytes(file) for file in files})

    def whole(self) -> Iterator[Sheet]:
        """All stories, read one after the other; then `moved` is whole too."""
        for paths in (self.story_files, self.lone_records):
            for path in paths():
                reading = self.read(path)
                self.take(reading, reading.sheet.story.id if reading.sheet else None)
                if reading.sheet:
                    yield reading.sheet

    def story_files(self) -> list[str]:
        """The paths of the files of stories, as they are now; what was read before is forgotten."""
        self._stamps = self._scan()
        return [path for path in self._stamps if path.startswith(f"{STORIES}/")]

    def lone_records(self) -> list[str]:
        """The paths of the records that no story names, once all files of stories were taken."""
        return [path for path in self._stamps if path.startswith(f"{RECORDS}/") and path not in self._naming]

    def read(self, path: str) -> Reading:
        """What a file says. Nothing is remembered of it: it may be read in another process, and taken in this one."""
        kept, self._failures = self._failures, {}
        try:
            if path.startswith(f"{RECORDS}/"):
                return Reading(path, self._lone(path), failures=tuple(self._failures.values()))
            filed = self._story_in(path)
            if not isinstance(filed, Story):
                return Reading(path, moved=filed, failures=tuple(self._failures.values()))
            named = tuple(m.record for m in filed.members)
            return Reading(path, self._sheet(filed), named, failures=tuple(self._failures.values()))
        finally:
            self._failures = kept

    def take(self, reading: Reading, story: str | None) -> None:
        """Remembers what was read, and the id of the story that it was."""
        self._failures |= {failure.item: failure for failure in reading.failures}
        if reading.moved:
            self.moved[reading.moved.id] = reading.moved.into
        elif story is not None:
            self._there.add(story)
            if reading.named is None:
                self._alone[story] = reading.path
            else:
                self._name(story, reading.named)

    def changed(self) -> Changes:
        """What differs from when this was asked last."""
        stamps, before = self._scan(), self._stamps
        self._stamps = stamps
        differing = {p for p in stamps.keys() | before.keys() if stamps.get(p) != before.get(p)}
        if not differing:
            return Changes()
        stories, records = set[str](), {p for p in differing if p.startswith(f"{RECORDS}/")}
        for path in sorted(differing - records):
            stories |= self._reread(path, records)
        stories |= {story for path in records for story in self._naming.get(path, ())}
        return self._collect(stories, records)

    def _reread(self, path: str, records: set[str]) -> set[str]:
        """Reads a story file again; adds to `records` those that it names or named. Gives the ids that it concerns."""
        story = path.rpartition("/")[2].removesuffix(".json")
        records |= set(self._members.get(story, ()))
        self._forget(story)
        if path in self._stamps:
            self._read_story(path)
        else:
            self._failures.pop(path, None)
        records |= set(self._members.get(story, ()))
        return {story}

    def _collect(self, stories: Iterable[str], records: Iterable[str]) -> Changes:
        changes = Changes()
        found = [(story, self.sheet(story)) for story in sorted(stories)]
        found += [(story_id(path), self._lone(path)) for path in sorted(records)]
        for story, sheet in found:
            if sheet:
                changes.sheets.append(sheet)
                self._there.add(story)
            elif story in self._there:
                self._there.discard(story)
                changes.gone.append(story)
        return changes

    def sheet(self, story: str) -> Sheet | None:
        """A story as it lies in the folder now, None where there is none."""
        filed = self._story_in(story_path(story)) if story in self._members else None
        return self._sheet(filed) if isinstance(filed, Story) else None

    def _sheet(self, filed: Story) -> Sheet:
        records = {m.record: r for m in filed.members if (r := self._record(m.record))}
        return Sheet(as_recorded(filed, records), records)

    def any_sheet(self, story: str) -> Sheet | None:
        """The same, also of a record that is a story by itself."""
        sheet = self.sheet(story)
        return self._lone(self._alone[story]) if sheet is None and story in self._alone else sheet

    def _lone(self, path: str) -> Sheet | None:
        """The story that a record makes by itself, where no story file names it."""
        record = self._record(path) if path in self._stamps and path not in self._naming else None
        sheet = lone_sheet(FiledRecord(path, record)) if record else None
        if sheet:
            self._alone[sheet.story.id] = path
        return sheet

    def _read_story(self, path: str) -> None:
        filed = self._story_in(path)
        if isinstance(filed, Moved):
            self.moved[filed.id] = filed.into
        elif filed:
            self._name(filed.id, tuple(m.record for m in filed.members))

    def _name(self, story: str, records: tuple[str, ...]) -> None:
        self._members[story] = records
        for record in records:
            self._naming.setdefault(record, set()).add(story)

    def _forget(self, story: str) -> None:
        self.moved.pop(story, None)
        for path in self._members.pop(story, ()):
            self._naming[path].discard(story)
            if not self._naming[path]:
                del self._naming[path]

    def _story_in(self, path: str) -> Story | Moved | None:
        try:
            filed = read_story(plain_bytes(self._folder / path), path=path)
        except ItemError as error:
            self._failures[path] = Failure("build", path, str(error))
            return None
        self._failures.pop(path, None)
        return filed

    def _record(self, path: str) -> Record | None:
        if path not in self._stamps:
            self._failures.pop(path, None)
            return None
        try:
            record = read_record(plain_bytes(self._folder / path), path=path)
        except ItemError as error:
            self._failures[path] = Failure("build", path, str(error))
            return None
        self._failures.pop(path, None)
        return record

    def _scan(self) -> dict[str, Stamp]:
        """When each file was changed last, its size and its place on the disk."""
        found = _stamps(self._folder, RECORDS, ".md")
        for part in _folders(self._folder / STORIES):
            found |= _stamps(self._folder, f"{STORIES}/{part}", ".json")
        return found


def _stamps(top: Path, folder: str, suffix: str) -> dict[str, Stamp]:
    found: dict[str, Stamp] = {}
    for entry in _entries(top / folder):
        if entry.name.endswith(suffix):
            status = entry.stat(follow_symlinks=False)
            found[f"{folder}/{entry.name}"] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found


def _folders(folder: Path) -> list[str]:
    return sorted(entry.name for entry in _entries(folder) if entry.is_dir(follow_symlinks=False))


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    """What lies in a folder; nothing where there is none."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise StorageError(f"{folder}: can't be read ({error.strerror})") from error
