"""Keeps the built publication what the folder says: whole the first time, then what changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from broadsheet.errors import BroadsheetError, StorageError
from broadsheet.formats.output_tree import OutputTree, TreeReport
from broadsheet.model.collector import nothing_collected, set_aside, take_back
from broadsheet.model.failure import Failure
from broadsheet.model.pictures import mark_of
from broadsheet.model.publication import OutputFile, Publication, PublishedImage
from broadsheet.stages.publish.build import copies_of
from broadsheet.stages.publish.ledger import Ledger
from broadsheet.stages.publish.printing import Entry, Gone, Printed, Printer, Sheet, StoryPrinter
from broadsheet.steps.contents import Changes, Contents, Reading
from broadsheet.steps.open_publication import ASSETS

if TYPE_CHECKING:  # the ports name the types of all stages, which printing does not need
    from broadsheet.ports import Engine

Value = TypeVar("Value")
MARK = mark_of("")
A_SHARE = 32
"""Stories that a process reads and prints before it hands them over."""


@dataclass(frozen=True, slots=True)
class PrintReport:
    """What became of the built folder, how many records there are, and the files that could not be read."""

    tree: TreeReport
    records: int
    failures: list[Failure]


class PrintShop:
    """The publication of one folder in memory, and the folder that it is built into."""

    def __init__(self, folder: Path, out: Path, engine: "Engine") -> None:
        """`engine` shares the work of printing all among processes, or does it here."""
        self._folder, self._engine = folder, engine
        self._tree = OutputTree(out)
        self._contents = Contents(folder)
        self._printer: Printer | None = None
        self._frame: Publication | None = None
        self._illustrated: dict[str, str] = {}
        self._pictures: dict[str, PublishedImage] = {}
        self._files: dict[str, Path] = {}

    @property
    def ledger(self) -> Ledger | None:
        """The ledger of pages, once something was printed."""
        return self._printer.catalogue.ledger if self._printer else None

    def print(self, frame: Publication) -> PrintReport:
        """Brings the built folder up to date. `frame` is the publication without records and stories. Raises Rejected
        for what can't be an address, UsageError and StorageError as the folder does."""
        try:
            if self._printer is None or self._frame is None or _basis(frame) != _basis(self._frame):
                report = self._whole(frame)
            else:
                report = self.print_changes(frame, self.look())
        except BroadsheetError:
            self._printer = None  # it may hold what readers don't see: the next time all is printed
            raise
        self._frame = frame
        return PrintReport(report, self._contents.records, self._contents.failures)

    def look(self) -> Changes:
        """What somebody changed in the content folder since it was looked at last: the one thing whose cost grows with
        the number of files, and that is done once a round."""
        return self._contents.changed()

    def keep_ready(self) -> None:
        """Does now what would make the first change after a whole build dearer than the others."""
        self._tree.prepare()
        set_aside()

    @property
    def ungrouped(self) -> int:
        """How many stories the search has not put in order yet; the fewer, the less a query fetches."""
        return self._printer.ungrouped if self._printer else 0

    def regroup(self) -> TreeReport:
        """Regroups the files of the search; once a day is enough where few stories came."""
        return self._tree.change(_bodies(self._printer.housekeep())) if self._printer else TreeReport(0, 0, 0)

    def _whole(self, frame: Publication) -> TreeReport:
        take_back()
        ledger = self.ledger or self._contents.ledger()
        self._contents, self._illustrated = Contents(self._folder), {}
        self._pictures, self._files = dict(frame.pictures), dict(frame.files)
        live = replace(frame, pictures=self._pictures, files=self._files)
        printer = Printer(live, ledger, self._contents.any_sheet, self._tree.read)
        printer.stories.pages.theme.prepare()  # once here, and not in every process that takes a share
        with nothing_collected():
            report = self._tree.replace(_bodies(self._all(printer, frame)))
        self._printer = printer
        return report

    def _all(self, printer: Printer, frame: Publication) -> Iterator[Printed]:
        for paths in (self._contents.story_files, self._contents.lone_records):
            yield from self._stories(printer, paths())
        for files in self._engine.map(printer.share, printer.shares(self._contents.moved)):
            yield from files
        yield from printer.rest()
        yield from printer.around(frame)
        yield from copies_of(frame.files)

    def _stories(self, printer: Printer, paths: Sequence[str]) -> Iterator[Printed]:
        """The files of these stories, which several processes may share; their entries go to the printer."""
        shares = [paths[at : at + A_SHARE] for at in range(0, len(paths), A_SHARE)]
        for share in self._engine.map(partial(_share, self._contents, printer.stories), shares):
            for one in share:
                self._contents.take(one.reading, one.entry.id if one.entry else None)
                if one.entry:
                    self._illustrated |= dict.fromkeys(one.pictures, one.entry.id)
                    printer.enter(one.entry)
                yield from one.files

    def _noted(self, sheet: Sheet) -> Sheet:
        """Remembers which pictures a story could show, so that one that comes later is shown."""
        self._illustrated |= dict.fromkeys(_pictures(sheet), sheet.story.id)
        return sheet

    def print_changes(self, frame: Publication, changes: Changes) -> TreeReport:
        """Prints these changes of a publication that was printed whole before. Raises as `print` does."""
        if self._printer is None or self._frame is None:
            raise StorageError("nothing was printed yet that could change", hint="Print all of it first")
        before = self._frame
        self._add_illustrated(changes, _differing(before.pictures, frame.pictures))
        files = _differing(before.files, frame.files)
        _become(self._pictures, frame.pictures)
        _become(self._files, frame.files)
        return self._tree.change(_bodies(self._changed(self._printer, changes, before, frame, files)))

    def _add_illustrated(self, changes: Changes, pictures: set[str]) -> None:
        """Stories whose pictures came or went are printed anew too."""
        there = {sheet.story.id for sheet in changes.sheets} | set(changes.gone)
        stories = {self._illustrated[url] for url in pictures if url in self._illustrated} - there
        changes.sheets += [sheet for s in sorted(stories) if (sheet := self._contents.any_sheet(s))]

    def _changed(
        self, printer: Printer, changes: Changes, before: Publication, frame: Publication, files: set[str]
    ) -> Iterator[Printed]:
        yield from printer.change(map(self._noted, changes.sheets), changes.gone, self._contents.moved)
        if _around(before) != _around(frame):
            yield from printer.around(frame)
        yield from copies_of({path: frame.files[path] for path in files if path in frame.files})
        yield from (Gone(path) for path in sorted(files) if path not in frame.files)


class _Shared(NamedTuple):
    """What became of a file that was read: the reading without its sheet, the story's entry, its files, the pictures
    that it could show."""

    reading: Reading
    entry: Entry | None
    files: Sequence[OutputFile]
    pictures: tuple[str, ...]


def _share(contents: Contents, stories: StoryPrinter, paths: Sequence[str]) -> list[_Shared]:
    """Reads and prints some stories, in whatever process this is."""
    return [_shared(contents.read(path), stories) for path in paths]


def _shared(reading: Reading, stories: StoryPrinter) -> _Shared:
    if reading.sheet is None:
        return _Shared(reading, None, (), ())
    entry, files = stories.printed(reading.sheet)
    return _Shared(reading._replace(sheet=None), entry, files, tuple(_pictures(reading.sheet)))


def _pictures(sheet: Sheet) -> Iterator[str]:
    return (image.url for record in sheet.records.values() for image in record.images)


def _basis(frame: Publication) -> object:
    """What every page depends on: where it changes, all are printed anew."""
    marks = {url: picture for url, picture in frame.pictures.items() if url.startswith(MARK)}
    assets = {path for path in frame.files if path.startswith(f"{ASSETS}/")}
    day = frame.today if frame.sponsors else None
    registry = (frame.site, frame.topics, frame.organizations, frame.official, frame.numbered_from_newest)
    return (
        registry,
        frame.hubs,
        frame.sponsors,
        day,
        bool(frame.health),
        bool(frame.letters),
        frame.subscribe,
        marks,
        assets,
    )


def _around(frame: Publication) -> Publication:
    """What the pages that no story changes depend on."""
    return replace(frame, pictures={}, files={}, records=(), stories=(), moved={})


def _differing(before: Mapping[str, Value], now: Mapping[str, Value]) -> set[str]:
    return {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}


def _become(live: dict[str, Value], now: Mapping[str, Value]) -> None:
    live.clear()
    live.update(now)


def _bodies(printed: Iterable[Printed]) -> Iterator[tuple[str, bytes | None]]:
    for one in printed:
        yield one.path, (None if isinstance(one, Gone) else one.body)
