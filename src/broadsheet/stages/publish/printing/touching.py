"""What a change touches. Each thing that must be printed anew has a name, a `Touched`."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from broadsheet.stages.publish.ledger import PROVIDERS
from broadsheet.stages.publish.printing.catalogue import Catalogue
from broadsheet.stages.publish.printing.entries import Entry, Facts
from broadsheet.stages.publish.site.cards import Card

Relisted = tuple[str, Card | None, Card | None]
"""A story's id, its card before a change, and its card after it; None where lists did or do not show it."""


class Touched(NamedTuple):
    """What must be printed anew: a page of a list (`list`, its name, the page's number), a day, or another thing."""

    kind: str
    name: str = ""
    page: int = 0


class Change:
    """A change of the catalogue, from its first story to `touched`, which ends it. Stories as they were and as they
    are touch the same kinds of things; days and shelves that come or go touch more."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._touched: set[Touched] = set()
        self._facts: list[Facts] = []
        self._before: dict[str, Card | None] = {}
        self._counts: dict[date, int] = {}
        self._shelves: dict[str, bool] = {}

    def put(self, entry: Entry) -> None:
        """The story is as this entry says now."""
        old = self._catalogue.stories.get(entry.facts.id)
        self._note(entry.facts.id, old, entry.facts)
        self._catalogue.put(entry)

    def drop(self, story: str) -> None:
        """The story is no more."""
        self._note(story, self._catalogue.stories.get(story), None)
        self._catalogue.drop(story)

    def _note(self, story: str, old: Facts | None, new: Facts | None) -> None:
        """Remembers what is to be compared, before anything changes."""
        self._before.setdefault(story, old.card if old else None)
        if old is None or new is None or _at_its_address(old) != _at_its_address(new):
            self._touched.add(Touched("address", story))
        for facts in filter(None, (old, new)):
            self._facts.append(facts)
            if facts.card:
                day = facts.card.day
                self._counts.setdefault(day, len(self._catalogue.days.get(day, ())))
            for told in facts.told:
                self._shelves.setdefault(told.shelf, told.shelf in self._catalogue.shelves)

    def touched(self) -> set[Touched]:
        """What the change touched. What joins a list joins it now."""
        touched, last = self._touched, self._catalogue.ledger.last
        for name, opened in self._catalogue.join().items():  # it moves the head of its list, and closes the page before
            touched |= {Touched("list", name, page) for page in range(max(1, opened - 3), last(name) + 1)}
        for facts in self._facts:
            touched.update(self._by(facts))
        for day, before in self._counts.items():
            touched.update(self._by_count(day, before, len(self._catalogue.days.get(day, ()))))
        for name, there in self._shelves.items():
            if there != (name in self._catalogue.shelves):
                touched |= {Touched("providers"), *(Touched("list", name, n) for n in range(1, last(name) + 1))}
        return touched

    def _by(self, facts: Facts) -> Iterator[Touched]:
        """What a story touches that came or went."""
        ledger = self._catalogue.ledger
        keys = [(name, item.path) for item in facts.items for name in item.lists]
        keys += [(told.shelf, told.key) for told in facts.told]
        keys += [(name, facts.id) for name in facts.lists]
        for name, key in keys:
            if page := ledger.page(name, key):
                yield Touched("list", name, page)
            if name.startswith(PROVIDERS):  # the figures are on its open page
                yield Touched("list", name, ledger.last(name))
        if facts.card:
            yield Touched("front")
            yield Touched("day", facts.card.day.isoformat())
        if facts.corrections:
            yield Touched("corrections")

    def _by_count(self, day: date, before: int, now: int) -> Iterator[Touched]:
        """A day that comes or goes changes the way from the days beside it."""
        if before != now:
            yield Touched("counted", day.isoformat())
        if not before or not now:
            yield Touched("days")
            yield from (Touched("day", d.isoformat()) for d in self._catalogue.beside(day) if d)

    def relisted(self) -> list[Relisted]:
        """The stories whose cards differ, with the card before and the card now."""
        card = self._catalogue.card
        return [(s, old, now) for s, old in sorted(self._before.items()) if (now := card(s)) != old]


def _at_its_address(story: Facts) -> object:
    return story.has_page, story.title, story.lang
