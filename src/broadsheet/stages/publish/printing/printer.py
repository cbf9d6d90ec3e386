"""Prints a publication: all of it, or what a change touches. Both give the same files."""

import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date

from broadsheet.errors import StorageError
from broadsheet.model.publication import OutputFile, Publication
from broadsheet.stages.publish.ads import ad_files
from broadsheet.stages.publish.api_entry import entry_files
from broadsheet.stages.publish.directions import direction_files
from broadsheet.stages.publish.ledger import NEWS, STORIES, Ledger
from broadsheet.stages.publish.printing.addresses import Addresses
from broadsheet.stages.publish.printing.catalogue import Catalogue
from broadsheet.stages.publish.printing.crawlers import SitemapPages
from broadsheet.stages.publish.printing.days import DayPages
from broadsheet.stages.publish.printing.entries import Entry
from broadsheet.stages.publish.printing.lists import ListPages
from broadsheet.stages.publish.printing.printed import Printed
from broadsheet.stages.publish.printing.searching import SearchPrinter
from broadsheet.stages.publish.printing.sheets import Sheet
from broadsheet.stages.publish.printing.stories import StoryPrinter
from broadsheet.stages.publish.printing.texts import Texts
from broadsheet.stages.publish.printing.touching import Change, Touched
from broadsheet.stages.publish.source_files import source_files

KEPT = 8_000
A_SHARE = 64
"""Pages of lists that a process prints before it hands them over."""


class Printer:
    """Holds the publication in memory and prints it.

    `publication` gives everything but records and stories; these come as sheets, of which `sheet` gives one again by
    its story's id, None where there is none any more. What joins a list is written into the `ledger`, which the caller
    files. `read` gives the bytes of a file that was printed before.

    A whole print is `enter` for every story, then `lists`; who prints the stories, and in which order, is all the same.
    Of `keep` stories the texts of the API are kept, those of others are made anew when a page needs them again.
    """

    def __init__(
        self,
        publication: Publication,
        ledger: Ledger,
        sheet: Callable[[str], Sheet | None],
        read: Callable[[str], bytes | None],
        keep: int = KEPT,
    ) -> None:
        self.stories = StoryPrinter(publication)
        self._any_sheet = sheet
        texts = Texts(self._texts, sys.maxsize if publication.numbered_from_newest else keep)
        self.catalogue = Catalogue(ledger, texts)
        self._from_newest = publication.numbered_from_newest
        pages = self.stories.pages
        self._theme = pages.theme
        self._plain = pages.plain
        self._addresses = Addresses(self.catalogue, self.stories, self._sheet, publication.moved)
        self._lists = ListPages(publication, self.catalogue, pages.theme)
        self._days = DayPages(self.catalogue, pages)
        self._sitemaps = SitemapPages(publication, self.catalogue, pages.viewer.links, self._lists)
        self._search = SearchPrinter(self.catalogue, read)

    def around(self, publication: Publication) -> Iterator[OutputFile]:
        """What no story changes, as this publication says it: its plain pages, letters, sources, sponsors."""
        yield from self._plain(publication)
        if publication.letters or publication.subscribe:
            # What reads the HTML of letters is loaded only where there are some.
            from broadsheet.stages.publish.newsletter.pages import letter_files

            yield from letter_files(self._theme, publication)
        for files in (source_files, entry_files, direction_files, ad_files):
            yield from files(publication)
        yield from (OutputFile(path, key.encode()) for path, key in sorted(publication.keys.items()))

    def whole(self, sheets: Iterable[Sheet], moved: Mapping[str, str] | None = None) -> Iterator[OutputFile]:
        """Every file that these stories make; `moved`, where given, may fill while they are read. Raises Rejected where
        an id can't be an address."""
        for sheet in sheets:
            entry, files = self.stories.printed(sheet)
            self.enter(entry)
            yield from files
        yield from self.lists(moved)

    def enter(self, entry: Entry) -> None:
        """Takes a story that `StoryPrinter.printed` has printed, here or in another process."""
        self.catalogue.put(entry)

    def lists(self, moved: Mapping[str, str] | None = None) -> Iterator[OutputFile]:
        """Every file but the stories' own, once all stories have entered. `moved`, where given, is the whole of where
        the addresses of stories without reports lead."""
        for share in self.shares(moved):
            yield from self.share(share)
        yield from self.rest()

    def shares(self, moved: Mapping[str, str] | None = None) -> Iterator[Sequence[Touched]]:
        """The pages of lists and days, in shares that may each be printed by another process, with what this one knows
        when all stories have entered; in the order of time, so that what pages share is made once. `moved` as in
        `lists`."""
        self.catalogue.join()
        self._addresses.lead(moved)
        ledger = self.catalogue.ledger
        pages = [Touched("list", name, n) for name in self._lists.names() for n in range(1, ledger.last(name) + 1)]
        dated = [(ledger.since(one.name, one.page + 1), one) for one in pages]
        for day, stories in self.catalogue.days.items():
            last = max(ledger.page(STORIES, story) or 0 for story in stories)
            dated.append((ledger.since(STORIES, last + 1), Touched("day", day.isoformat())))
        shown = list(dict.fromkeys(self._as_shown(one) for _, one in sorted(dated)))
        yield from (shown[at : at + A_SHARE] for at in range(0, len(shown), A_SHARE))

    def share(self, pages: Sequence[Touched]) -> list[OutputFile]:
        """The files of one of the shares. Changes nothing that other shares or the rest depend on."""
        return [file for page in pages for file in self._one(page, ()) if isinstance(file, OutputFile)]

    def rest(self) -> Iterator[OutputFile]:
        """What is printed after the shares."""
        singles = {Touched(kind) for kind in ("front", "days", "providers", "corrections", "pages", "news sitemap")}
        for printed in (*self._print(singles | self._sitemaps.all(), ()), *self._addresses.leading_on()):
            if isinstance(printed, OutputFile):
                yield printed
        if self._from_newest:
            yield from (printed for printed in self._lists.origin() if isinstance(printed, OutputFile))
        self.catalogue.texts.trim(self.catalogue.ledger.all(STORIES))
        yield from self._search.whole()

    def change(
        self, sheets: Iterable[Sheet], gone: Iterable[str] = (), moved: Mapping[str, str] | None = None
    ) -> Iterator[Printed]:
        """The files that change where these stories came or changed and those of `gone` went. `moved` as in `lists`."""
        change, fresh = Change(self.catalogue), set[str]()
        for story in gone:
            change.drop(story)
        for sheet in sheets:
            entry, files = self.stories.printed(sheet)
            change.put(entry)
            fresh.add(entry.facts.id)
            yield from files
        relisted = change.relisted()
        touched = change.touched() | self._addresses.lead(moved) | self._sitemaps.touched(relisted)
        yield from self._print(touched, fresh)
        self.catalogue.texts.trim()
        yield from self._search.change(relisted)

    @property
    def ungrouped(self) -> int:
        """How many stories the search has not put in order yet."""
        return self._search.ungrouped

    def housekeep(self) -> Iterator[Printed]:
        """Regroups the files of the search, which change grain by grain in between: once a day is enough."""
        yield from self._search.regroup()

    def _print(self, touched: set[Touched], fresh: Container[str]) -> Iterator[Printed]:
        """What was touched; the stories of `fresh` are printed already."""
        for one in sorted({self._as_shown(t) for t in self._implied(touched)}):
            yield from self._one(one, fresh)
        if self._from_newest and any(t.name.startswith(NEWS) for t in touched):
            yield from self._lists.origin()
        if any(t.kind in ("list", "sitemap", "front") for t in touched):
            yield self._sitemaps.index()

    def _one(self, one: Touched, fresh: Container[str]) -> Iterator[Printed]:
        match one.kind:
            case "list":
                yield from self._lists.page(one.name, one.page)
            case "day":
                yield from self._days.day(date.fromisoformat(one.name))
            case "address":
                yield from self._addresses.at(one.name, printed=one.name in fresh)
            case "sitemap":
                yield from self._sitemaps.sitemap(one.page)
            case kind:
                yield from self._single(kind)

    def _as_shown(self, one: Touched) -> Touched:
        return one._replace(page=self._lists.shown_with(one.name, one.page)) if one.kind == "list" else one

    def _sheet(self, story: str) -> Sheet:
        """The story once more. Raises StorageError where it is gone meanwhile."""
        sheet = self._any_sheet(story)
        if sheet is None:
            raise StorageError(f"the story {story} can't be read again", hint="Run again: what changed is read anew")
        return sheet

    def _texts(self, story: str) -> bytes:
        """The texts of a story, made once more. Raises StorageError where it is another one meanwhile."""
        entry = self.stories.entry(self._sheet(story))
        if entry.facts != self.catalogue.stories[story]:
            raise StorageError(f"the story {story} has changed meanwhile", hint="Run again: what changed is read anew")
        return entry.texts

    def _implied(self, touched: set[Touched]) -> set[Touched]:
        """With what they touch in turn: the front shows corrections, days and what is newest; sitemaps have stories."""
        more = {Touched("front"), Touched("news sitemap")} if any(t.kind != "address" for t in touched) else set()
        today = self.catalogue.today.isoformat() if self.catalogue.today else ""
        if any(t.kind == "counted" and t.name != today for t in touched):
            more.add(Touched("days"))
        if any(t.kind in ("days", "providers") for t in touched):
            more.add(Touched("pages"))
        return touched | more

    def _single(self, kind: str) -> Iterator[Printed]:
        match kind:
            case "front":
                yield self._days.front()
            case "days":
                yield from self._days.days()
            case "providers":
                yield from self._lists.providers()
            case "corrections":
                yield self._days.corrections()
            case "pages":
                yield self._sitemaps.pages()
            case "news sitemap":
                yield self._sitemaps.news()
