"""Keeps the files of the search: a story's number is its place in the list of all stories, which never changes."""

from collections.abc import Callable, Iterator, Sequence

from broadsheet.errors import Rejected
from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish.ledger import SEARCH, STORIES
from broadsheet.stages.publish.printing.catalogue import Catalogue
from broadsheet.stages.publish.printing.printed import Gone, Printed
from broadsheet.stages.publish.printing.touching import Relisted
from broadsheet.stages.publish.search.changes import changed_files, regrouped_files
from broadsheet.stages.publish.search.documents import SearchDoc, search_doc
from broadsheet.stages.publish.search.full import full_files
from broadsheet.stages.publish.search.segments import next_boundaries
from broadsheet.stages.publish.site.cards import Card


class SearchPrinter:
    """Prints the files of the search. `read` gives a file as it was printed."""

    def __init__(self, catalogue: Catalogue, read: Callable[[str], bytes | None]) -> None:
        self._catalogue, self._ledger, self._read = catalogue, catalogue.ledger, read

    def whole(self) -> Iterator[OutputFile]:
        """All files. Where nothing was ever regrouped, that is done now."""
        if not self._ledger.count(SEARCH):
            self._note()
        yield from full_files(self._all(), self._boundaries())

    def change(self, relisted: Sequence[Relisted]) -> Iterator[Printed]:
        """The files that change with the stories that came, changed or went."""
        changes = [(self._doc(s, before), self._doc(s, now)) for s, before, now in relisted]
        changes = [(before, now) for before, now in changes if before != now]
        if not changes:
            return
        try:
            yield from list(changed_files(self._read, changes, self._boundaries()))
        except Rejected:  # somebody has removed or damaged a file
            yield from full_files(self._all(), self._boundaries())

    def regroup(self) -> Iterator[Printed]:
        """The files in larger groups, where there are enough stories for that."""
        old = self._boundaries()
        if next_boundaries(old, self._ledger.count(STORIES)) == old:
            return
        self._note()
        new = self._boundaries()
        try:
            files = list(regrouped_files(self._read, old, new))
        except Rejected:  # as above
            files = list(full_files(self._all(), new))
        yield from (Gone(file) if isinstance(file, str) else file for file in files)

    @property
    def ungrouped(self) -> int:
        """How many stories came since the files were regrouped: every query fetches the file that has these."""
        return self._ledger.count(STORIES) - max(self._boundaries(), default=0)

    def _note(self) -> None:
        self._ledger.join(str(self._ledger.count(STORIES)), (SEARCH,))

    def _boundaries(self) -> tuple[int, ...]:
        boundaries: tuple[int, ...] = ()
        for count in self._ledger.all(SEARCH):
            boundaries = next_boundaries(boundaries, int(count))
        return boundaries

    def _all(self) -> Iterator[SearchDoc]:
        for number, story in enumerate(self._ledger.all(STORIES)):
            card = self._catalogue.card(story)
            if card:
                yield search_doc(number, card)

    def _doc(self, story: str, card: Card | None) -> SearchDoc | None:
        number = self._ledger.place(STORIES, story)
        return search_doc(number, card) if card and number is not None else None
