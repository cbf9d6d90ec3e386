"""What a publication holds at the moment, kept in memory, found by the lists that it is in.

A story enters as an `Entry`. All that is kept here follows from the entries and the ledger, whatever the order in which
they came: that is why a publication that grew by thousands of changes is, byte for byte, the one that is printed from
nothing.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from operator import attrgetter

from broadsheet.stages.publish.ledger import STORIES, Ledger
from broadsheet.stages.publish.printing.entries import Entry, Facts, Item
from broadsheet.stages.publish.printing.in_order import InOrder
from broadsheet.stages.publish.printing.shelves import Holders, Shelf
from broadsheet.stages.publish.printing.texts import Texts
from broadsheet.stages.publish.site.cards import Card
from broadsheet.stages.publish.site.providers import Provider, Told
from broadsheet.stages.publish.site.views import CorrectionView


class Catalogue:
    """The stories, and what lists need to find them by. `texts` has what the API says of them."""

    def __init__(self, ledger: Ledger, texts: Texts) -> None:
        self.ledger, self.texts = ledger, texts
        self.stories: dict[str, Facts] = {}
        self.shelves: dict[str, Shelf] = {}
        """The providers with reports in shown stories, by the names of their lists."""
        self.days: dict[date, set[str]] = {}
        self._items = Holders()
        self._in_order: InOrder[date] = InOrder()
        self._tops: dict[date, Card] = {}
        self._by_latest: InOrder[tuple[datetime, str]] = InOrder()
        self._corrected: InOrder[tuple[datetime, str, int]] = InOrder()
        self._joining: list[tuple[datetime, str, tuple[str, ...]]] = []

    # Stories come and go.

    def put(self, entry: Entry) -> None:
        """The story is as this entry says now."""
        facts = entry.facts
        self.drop(facts.id)
        self.stories[facts.id] = facts
        self.texts.put(facts.id, entry.texts)
        story, joining = facts.id, self._joining
        for item in facts.items:
            self._items.put(item.path, story)
            joining.append((item.at, item.path, item.lists))
        for one in facts.told:
            shelf = self.shelves.get(one.shelf)
            if shelf is None:
                shelf = self.shelves[one.shelf] = Shelf(one.shelf)
            shelf.put(one, story)
            joining.append((one.at, one.key, shelf.lists))
        for name, at in facts.copied:
            self.shelves[name].copied(at)
        if facts.card:
            self._list(facts.card, facts.lists)
        for corrected in _corrected(facts):
            self._corrected.add(corrected)

    def _list(self, card: Card, lists: tuple[str, ...]) -> None:
        self._by_latest.add((card.latest, card.id))
        self._joining.append((card.began, card.id, lists))
        day = card.began.date()
        stories = self.days.get(day)
        if stories is None:
            stories = self.days[day] = set()
            self._in_order.add(day)
        stories.add(card.id)
        self._tops.pop(day, None)

    def drop(self, story: str) -> None:
        """The story is no more."""
        old = self.stories.pop(story, None)
        if old is None:
            return
        self.texts.drop(story)
        for item in old.items:
            self._items.drop(item.path, story)
        for one in old.told:
            self.shelves[one.shelf].drop(one, story)
        for name, at in old.copied:
            self.shelves[name].not_copied(at)
        for name in {one.shelf for one in old.told}:
            if not self.shelves[name]:
                del self.shelves[name]
        if old.card:
            self._unlist(old.card)
        for corrected in _corrected(old):
            self._corrected.remove(corrected)

    def _unlist(self, card: Card) -> None:
        self._by_latest.remove((card.latest, card.id))
        day = card.began.date()
        self.days[day].discard(card.id)
        if not self.days[day]:
            del self.days[day]
            self._in_order.remove(day)
        self._tops.pop(day, None)

    def join(self) -> dict[str, int]:
        """What came joins its lists, by time. Gives the first page that each of them opened, where one did."""
        ledger, opened = self.ledger, dict[str, int]()
        self._joining.sort()
        for _, key, lists in self._joining:
            for name in ledger.join(key, lists):
                opened.setdefault(name, ledger.last(name))
        self._joining.clear()
        return opened

    # What is there.

    def card(self, story: str) -> Card | None:
        """The card of a story that lists show."""
        facts = self.stories.get(story)
        return facts.card if facts else None

    @property
    def newest(self) -> datetime | None:
        """The instant of the newest report that readers see, None where there is none."""
        by_latest = self._by_latest.values()
        return by_latest[-1][0] if by_latest else None

    @property
    def today(self) -> date | None:
        """The day (UTC) of the newest report: the one that is not over yet."""
        newest = self.newest
        return newest.astimezone(UTC).date() if newest else None

    def since(self, instant: datetime) -> Iterator[Card]:
        """The cards of the stories that got a report at this instant or later."""
        by_latest = self._by_latest.values()
        return self._those(by_latest[bisect_left(by_latest, (instant, "")) :])

    def last(self, count: int) -> Iterator[Card]:
        """The cards of those stories that got a report last."""
        return self._those(self._by_latest.values()[-count:])

    def _those(self, stories: Iterable[tuple[datetime, str]]) -> Iterator[Card]:
        return (card for _, story in stories if (card := self.card(story)))

    def corrections(self, most: int) -> list[tuple[Facts, CorrectionView]]:
        """The newest corrections of all stories, with the stories."""
        newest = self._corrected.values()[: -most - 1 : -1]
        return [(self.stories[story], self.stories[story].corrections[-number]) for _, story, number in newest]

    # Days.

    @property
    def all_days(self) -> Sequence[date]:
        """The days on which stories began, the first one first."""
        return self._in_order.values()

    def beside(self, day: date) -> tuple[date | None, date | None]:
        """The last day with stories before this one, and the first after it."""
        days = self.all_days
        at = bisect_left(days, day)
        after = at + 1 if at < len(days) and days[at] == day else at
        return days[at - 1] if at else None, days[after] if after < len(days) else None

    def cards_of(self, day: date) -> list[Card]:
        """The stories that began on a day, the hottest first."""
        cards = [card for story in self.days.get(day, ()) if (card := self.card(story))]
        cards.sort(key=attrgetter("by_heat"))
        if cards:
            self._tops[day] = cards[0]
        return cards

    def top(self, day: date) -> Card:
        """The hottest story of a day that has any."""
        return self._tops.get(day) or self.cards_of(day)[0]

    # Lists.

    def cards(self, name: str, page: int) -> list[Card]:
        """The cards of the stories that are in a list (`stories`, `stories/<topic>`) and have this page in it."""
        found = map(self.stories.get, self.ledger.keys(name, page))
        return [facts.card for facts in found if facts and facts.card and (name == STORIES or name in facts.lists)]

    def items_of(self, name: str, page: int) -> list[tuple[Item, str]]:
        """The items of a page of `news` or `news/<topic>`, newest first, each with its text."""
        found = []
        for path in self.ledger.keys(name, page):
            story = self._items.get(path)
            if story is not None:
                facts = self.stories[story]
                number, item = next((n, i) for n, i in enumerate(facts.items) if i.path == path)
                if name in item.lists:
                    found.append((item, self.texts.item(facts, number)))
        return newest_items_first(found)

    def told(self, name: str, page: int) -> list[tuple[Told, str]]:
        """The reports of a page of `providers/<step>`, each with its text."""
        found, shelf = [], self.shelves[name]
        for key in self.ledger.keys(name, page):
            story = shelf.told.get(key)
            if story is not None:
                facts = self.stories[story]
                number, told = next((n, t) for n, t in enumerate(facts.told) if t.key == key and t.shelf == name)
                found.append((told, self.texts.told(facts, number)))
        return found

    def provider(self, name: str, official: frozenset[str], trusted: frozenset[str]) -> Provider:
        """What is known of the provider of a shelf."""
        shelf = self.shelves[name]
        key, story = shelf.first
        chip = next(t.chip for t in self.stories[story].told if t.key == key and t.shelf == name)
        return shelf.facts(chip, official, trusted)


def _corrected(story: Facts) -> Iterator[tuple[datetime, str, int]]:
    """A story's corrections, so that the newest is the last; of one instant they stay as they are in the story."""
    return ((one.at, story.id, -number) for number, one in enumerate(story.corrections))


def newest_items_first(items: Iterable[tuple[Item, str]]) -> list[tuple[Item, str]]:
    """The items in order, those of one instant in the order of the paths."""
    by_path = sorted(items, key=lambda item: item[0].path)
    return sorted(by_path, key=lambda item: item[0].at, reverse=True)
