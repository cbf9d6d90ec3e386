"""Prints what is at a story's address: the story, what leads to another one, or nothing."""

from collections.abc import Callable, Iterator, Mapping

from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish.printing.catalogue import Catalogue
from broadsheet.stages.publish.printing.days import titled
from broadsheet.stages.publish.printing.printed import Gone, Printed
from broadsheet.stages.publish.printing.sheets import Sheet
from broadsheet.stages.publish.printing.stories import StoryPrinter
from broadsheet.stages.publish.printing.touching import Touched
from broadsheet.stages.publish.site.links import story_path
from broadsheet.stages.publish.stories import end_of
from broadsheet.stages.publish.story_files import emit_moved


class Addresses:
    """The addresses of stories, and where those of stories without reports lead. `sheet` gives a story again."""

    def __init__(
        self,
        catalogue: Catalogue,
        stories: StoryPrinter,
        sheet: Callable[[str], Sheet],
        moved: Mapping[str, str],
    ) -> None:
        self._catalogue, self._stories, self._sheet = catalogue, stories, sheet
        self._moved: Mapping[str, str] = {}
        self._leading: dict[str, set[str]] = {}
        self.lead(moved)

    def lead(self, moved: Mapping[str, str] | None) -> set[Touched]:
        """What it touches that addresses lead where this says now; None says nothing new."""
        if moved is None or moved == self._moved:
            return set()
        before = {s: end_of(s, self._moved) for s in self._moved}
        after = {s: end_of(s, moved) for s in moved}
        self._moved, self._leading = dict(moved), {}
        for story, end in after.items():
            self._leading.setdefault(end, set()).add(story)
        return {Touched("address", s) for s in before.keys() | after.keys() if before.get(s) != after.get(s)}

    def leading_on(self) -> Iterator[Printed]:
        """What is at the addresses that lead to another story."""
        for story in sorted(self._moved):
            if not self._has_page(story):
                yield from self._at(story)

    def at(self, story: str, *, printed: bool) -> Iterator[Printed]:
        """The page and the document of a story's address, but where they were `printed`, and of those leading there."""
        yield from () if printed and self._has_page(story) else self._at(story)
        for other in sorted(self._leading.get(story, ())):
            if other != story:
                yield from self._at(other)

    def _has_page(self, story: str) -> bool:
        facts = self._catalogue.stories.get(story)
        return facts is not None and facts.has_page

    def _at(self, story: str) -> Iterator[Printed]:
        page, document = f"{story_path(story)}index.html", f"api/{story_path(story)}index.json"
        to = self._catalogue.stories.get(end_of(story, self._moved)) if story in self._moved else None
        if self._has_page(story):
            yield from self._anew(story)
        elif to and to.has_page:
            yield self._stories.pages.moved(story_path(story), titled(to))
            yield OutputFile(document, emit_moved(story, to.id))
        else:
            yield Gone(page)
            yield Gone(document)

    def _anew(self, story: str) -> Iterator[Printed]:
        _, files = self._stories.printed(self._sheet(story))
        yield from files
