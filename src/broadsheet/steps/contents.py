"""The content repository as sheets: read whole once, then what somebody changed, whoever it was."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from broadsheet.errors import ItemError, StorageError
from broadsheet.formats.files import stamp_of
from broadsheet.model.failure import Failure
from broadsheet.model.record import FOLDER as RECORDS
from broadsheet.model.record import FiledRecord, Record
from broadsheet.model.story import Moved, Story
from broadsheet.stages.publish.ledger import FOLDER as PAGES
from broadsheet.stages.publish.ledger import Ledger, read_ledger
from broadsheet.stages.publish.printing import Sheet, lone_sheet
from broadsheet.stages.publish.records.reader import read_record
from broadsheet.stages.publish.stories import story_id
from broadsheet.stages.publish.story_files import FOLDER as STORIES
from broadsheet.stages.publish.story_files import story_path
from broadsheet.stages.publish.story_reading import read_filed
from broadsheet.steps.as_recorded import as_recorded
from broadsheet.steps.plain_files import plain_bytes, stamped_bytes

_UNREAD = 0
"""The stamp of a file that was found, and not read yet."""


@dataclass(slots=True)
class Changes:
    """What changed in the folder: stories that came or changed, the ids of those that went."""

    sheets: list[Sheet] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


class Reading(NamedTuple):
    """What a file turned out to be: a story and its sheet, with the records that it names (None where it is a record
    that makes a story by itself); or where an address leads; the files that can't be read, and the stamps of all that
    were read, by their paths."""

    path: str
    sheet: Sheet | None
    named: tuple[str, ...] | None
    moved: Moved | None
    failures: tuple[Failure, ...]
    stamps: tuple[tuple[str, int], ...]


class Contents:
    """The records and story files of one folder, and what is wrong with those that can't be read.

    It keeps a stamp of each file, and which records a story names; what they say is read again when it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._top = folder, f"{folder}/"
        self._stamps: dict[str, int] = {}
        self._members: dict[str, tuple[str, ...]] = {}
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
        return sum([path.startswith(f"{RECORDS}/") for path in self._stamps])

    def ledger(self) -> Ledger:
        """The ledger as it is filed."""
        files = sorted((self._folder / PAGES).glob("*.jsonl"))
        return read_ledger({f"{PAGES}/{file.name}": plain_bytes(file) for file in files})

    # All of it.

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
        stories = self._listed(STORIES)
        self._stamps = dict.fromkeys((*self._listed(RECORDS), *stories), _UNREAD)
        return stories

    def lone_records(self) -> list[str]:
        """The paths of the records that no story names, once all files of stories were taken."""
        named = {path for paths in self._members.values() for path in paths}
        return [path for path in self._stamps if path.startswith(f"{RECORDS}/") and path not in named]

    def read(self, path: str) -> Reading:
        """What a file says. Nothing is remembered of it: it may be read in another process, and taken in this one."""
        reader = _Reader(self._top, self._stamps)
        sheet: Sheet | None = None
        named: tuple[str, ...] | None = None
        moved: Moved | None = None
        if path.startswith(f"{RECORDS}/"):
            sheet = reader.lone_sheet(path)
        else:
            filed, document = reader.story(path)
            if isinstance(filed, Story):
                named = tuple([member.record for member in filed.members])
                sheet = reader.sheet(filed, document)
            else:
                moved = filed
        return Reading(path, sheet, named, moved, tuple(reader.failures), tuple(reader.stamps))

    def take(self, reading: Reading, story: str | None) -> None:
        """Remembers what was read, and the id of the story that it was."""
        for path, stamp in reading.stamps:
            if self._stamps.get(path) == _UNREAD:
                del self._stamps[path]  # so that the path is kept once, as the story has it
                self._stamps[path] = stamp
            if self._failures:
                self._failures.pop(path, None)
        for failure in reading.failures:
            self._failures[failure.item] = failure
        if reading.moved:
            self.moved[reading.moved.id] = reading.moved.into
        elif story is not None and reading.named is None:
            self._alone[story] = reading.path
        elif story is not None and reading.named is not None:
            self._members[story] = reading.named

    # What changed.

    def changed(self) -> Changes:
        """What differs from when this was asked last."""
        differing = self._differing()
        if not differing:
            return Changes()
        records = {path for path in differing if path.startswith(f"{RECORDS}/")}
        there, sheets = self._stories_again(sorted(differing - records), records)
        naming = {story: paths for story, paths in self._members.items() if not records.isdisjoint(paths)}
        sheets |= {story: found for story in naming.keys() - sheets.keys() if (found := self._again(story_path(story)))}
        was_alone = {story for path in records if (story := story_id(path)) in self._alone}
        for story in was_alone:
            del self._alone[story]
        unnamed = {p for p in records.difference(*naming.values()) if p.startswith(f"{RECORDS}/")}
        alone = [sheet for path in sorted(unnamed) if (sheet := self._again(path))]
        changed = [*(sheets[story] for story in sorted(sheets)), *alone]
        gone = (there | was_alone | naming.keys()).difference(sheet.story.id for sheet in changed)
        return Changes(changed, sorted(gone))

    def _stories_again(self, files: Iterable[str], records: set[str]) -> tuple[set[str], dict[str, Sheet]]:
        """Reads story files again, and adds to `records` those that they name or named. Gives the stories that were
        there, and the sheets of those that are."""
        there, sheets = set[str](), dict[str, Sheet]()
        for path in files:
            story = path.rpartition("/")[2].removesuffix(".json")
            self.moved.pop(story, None)
            if story in self._members:
                there.add(story)
                records.update(self._members.pop(story))
            if sheet := self._again(path):
                sheets[story] = sheet
                records.update(self._members[story])
        return there, sheets

    def _again(self, path: str) -> Sheet | None:
        reading = self.read(path)
        self.take(reading, reading.sheet.story.id if reading.sheet else None)
        return reading.sheet

    def any_sheet(self, story: str) -> Sheet | None:
        """A story as it lies in the folder now, None where there is none; also of a record that is one by itself."""
        sheet = self.read(story_path(story)).sheet if story in self._members else None
        return self.read(self._alone[story]).sheet if sheet is None and story in self._alone else sheet

    # The files.

    def _listed(self, kind: str) -> list[str]:
        """The paths of all records or story files."""
        return [
            f"{folder}/{entry.name}"
            for folder, suffix in self._folders(kind)
            for entry in _entries(self._folder / folder)
            if entry.name.endswith(suffix)
        ]

    def _folders(self, kind: str) -> list[tuple[str, str]]:
        """The folders that have records or story files, and how the names of those end."""
        if kind == RECORDS:
            return [(RECORDS, ".md")]
        parts = [entry.name for entry in _entries(self._folder / STORIES) if entry.is_dir(follow_symlinks=False)]
        return [(f"{STORIES}/{part}", ".json") for part in sorted(parts)]

    def _differing(self) -> set[str]:
        """The files that came, changed or went since this was asked last."""
        known, found, still = self._stamps, dict[str, int](), 0
        for path, stamp in self._stamped():
            before = known.get(path)
            if before is not None:
                still += 1
            if before != stamp:
                found[path] = stamp
        gone = known.keys() - {*self._listed(RECORDS), *self._listed(STORIES)} if still < len(known) else set[str]()
        for path in gone:
            del known[path]
            self._failures.pop(path, None)
        known.update(found)
        return gone | found.keys()

    def _stamped(self) -> Iterator[tuple[str, int]]:
        """The files with their stamps, which is all that is looked at every time."""
        for folder, suffix in (*self._folders(RECORDS), *self._folders(STORIES)):
            for entry in _entries(self._folder / folder):
                if entry.name.endswith(suffix):
                    try:
                        status = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:
                        continue  # it went this very moment
                    yield f"{folder}/{entry.name}", stamp_of(status)


class _Reader:
    """Reads files, of those that were found, and notes their stamps and what is wrong with them."""

    def __init__(self, top: str, found: Mapping[str, int]) -> None:
        self._top, self._found = top, found
        self.stamps: list[tuple[str, int]] = []
        self.failures: list[Failure] = []

    def story(self, path: str) -> tuple[Story | Moved | None, bytes | None]:
        """What a story file says, and its bytes where they are just what we would write."""
        try:
            body = self._bytes(path)
            if body is None:
                return None, None
            filed, as_written = read_filed(body, path=path)
        except ItemError as error:
            self.failures.append(Failure("build", path, str(error)))
            return None, None
        return filed, body if as_written else None

    def sheet(self, filed: Story, document: bytes | None) -> Sheet:
        """The sheet of a story that was read."""
        records = {m.record: record for m in filed.members if (record := self.record(m.record))}
        story = as_recorded(filed, records)
        return Sheet(story, records, document if story is filed else None)

    def lone_sheet(self, path: str) -> Sheet | None:
        """The story that a record makes by itself; only for those that no story file names."""
        record = self.record(path)
        return lone_sheet(FiledRecord(path, record)) if record else None

    def record(self, path: str) -> Record | None:
        """A record, None where it is not there or can't be read."""
        try:
            body = self._bytes(path)
            return None if body is None else read_record(body, path=path)
        except ItemError as error:
            self.failures.append(Failure("build", path, str(error)))
            return None

    def _bytes(self, path: str) -> bytes | None:
        """The file, None where there was none when the folder was looked at last. Raises Rejected."""
        if path not in self._found:
            return None
        at = self._top + path
        try:
            stamp, body = stamped_bytes(at)
        except ItemError:
            with suppress(OSError):  # it is not there any more, which the next look will find
                self.stamps.append((path, stamp_of(os.lstat(at))))
            raise
        self.stamps.append((path, stamp))
        return body


def _entries(folder: Path) -> Iterator["os.DirEntry[str]"]:
    """What lies in a folder, nothing where there is none; each is to be asked before the next one is taken.

    The folder is held open, so that the system need not go all the way to it for each file. Raises StorageError.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            with os.scandir(handle) as entries:
                yield from entries
        finally:
            os.close(handle)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise StorageError(f"{folder}: can't be read ({error.strerror})") from error
