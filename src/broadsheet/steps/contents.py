"""The content repository as sheets: read whole once, then what somebody changed, whoever it was."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

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
        self._stamps = self._scan()
        for path in [p for p in self._stamps if p.startswith(f"{STORIES}/")]:
            filed = self._read_story(path)
            if isinstance(filed, Story):
                yield self._sheet(filed)
        for path in [p for p in self._stamps if p.startswith(f"{RECORDS}/") and p not in self._naming]:
            if sheet := self._lone(path):
                yield sheet

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
        self._there.add(filed.id)
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
            self._there.add(sheet.story.id)
            self._alone[sheet.story.id] = path
        return sheet

    def _read_story(self, path: str) -> Story | Moved | None:
        filed = self._story_in(path)
        if isinstance(filed, Moved):
            self.moved[filed.id] = filed.into
        elif filed:
            self._members[filed.id] = tuple(m.record for m in filed.members)
            for member in filed.members:
                self._naming.setdefault(member.record, set()).add(filed.id)
        return filed

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
