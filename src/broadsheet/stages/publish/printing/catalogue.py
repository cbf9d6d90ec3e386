"""What a publication holds at the moment, kept in memory, and what a change of it touches.

A story enters as an `Entry`. Each thing that a change touches has a name, a `Touched`; the printer prints those anew.
All that is kept here follows from the entries and the ledger, whatever the order in which they came: that is why a
publication that grew by thousands of changes is, byte for byte, the one that is printed from nothing.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from broadsheet.stages.publish.ledger import NEWS, PROVIDERS, STORIES, Ledger
from broadsheet.stages.publish.printing.entries import Entry, Item, Supplied
from broadsheet.stages.publish.printing.shelves import Holders, Shelf
from broadsheet.stages.publish.site.cards import Card

Relisted = tuple[str, Card | None, Card | None]
"""A story's id, its card before a change, and its card after it; None where lists did or do not show it."""


class Touched(NamedTuple):
    """What must be printed anew: a page of a list (`list`, its name, the page's number), a day, or another thing."""

    kind: str
    name: str = ""
    page: int = 0


class Catalogue:
    """The entries, and what lists need to find them by."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.entries: dict[str, Entry] = {}
        self.items: Holders[Item] = Holders()
        self.shelves: dict[str, Shelf] = {}
        """The providers with reports in shown stories, by the step of their paths."""
        self.days: dict[date, set[str]] = {}
        self._tops: dict[date, Card] = {}
        self.corrected: set[str] = set()
        self._by_latest: list[tuple[datetime, str]] = []
        self._touched: set[Touched] = set()
        self._joining: list[tuple[datetime, str, tuple[str, ...]]] = []
        self._before: dict[str, Card | None] = {}
        self._counts: dict[date, int] = {}
        """How many stories the days had that have been touched."""

    def card(self, story: str) -> Card | None:
        """The card of a story that lists show."""
        entry = self.entries.get(story)
        return entry.card if entry else None

    @property
    def newest(self) -> datetime | None:
        """The instant of the newest report that readers see, None where there is none."""
        return self._by_latest[-1][0] if self._by_latest else None

    @property
    def today(self) -> date | None:
        """The day (UTC) of the newest report: the one that is not over yet."""
        return self.newest.astimezone(UTC).date() if self.newest else None

    def since(self, instant: datetime) -> Iterator[Card]:
        """The cards of the stories that got a report at this instant or later."""
        return self._those(self._by_latest[bisect_left(self._by_latest, (instant, "")) :])

    def last(self, count: int) -> Iterator[Card]:
        """The cards of those stories that got a report last."""
        return self._those(self._by_latest[-count:])

    def _those(self, stories: Iterable[tuple[datetime, str]]) -> Iterator[Card]:
        return (card for _, story in stories if (card := self.card(story)))

    def top(self, day: date) -> Card:
        """The hottest story of a day that has any."""
        found = self._tops.get(day)
        if found is None:
            found = self._tops[day] = min(self.cards_of(day), key=lambda card: card.by_heat)
        return found

    def cards_of(self, day: date) -> Iterator[Card]:
        """The stories that began on a day, in no order."""
        return (card for story in self.days.get(day, ()) if (card := self.card(story)))

    def cards(self, name: str, page: int) -> list[Card]:
        """The cards of the stories that are in a list (`stories`, `stories/<topic>`) and have this page in it."""
        topic = name.partition("/")[2]
        found = (self.card(story) for story in self.ledger.keys(name, page))
        return [c for c in found if c and (not topic or any(t.id == topic for t in c.topics))]

    def items_of(self, name: str, page: int) -> list[Item]:
        """The items of a page of `news` or `news/<topic>`, newest first."""
        topic = name.partition("/")[2]
        found = (self.items.get(path) for path in self.ledger.keys(name, page))
        items = [i for i in found if i and (not topic or topic in i.topics)]
        return sorted(items, key=newest_item_first)

    def supplied(self, name: str, page: int) -> list[Supplied]:
        """The reports of a page of `providers/<step>`, newest first."""
        shelf = self.shelves.get(name.partition("/")[2])
        found = (shelf.supplied.get(key) for key in self.ledger.keys(name, page)) if shelf else ()
        return sorted((s for s in found if s), key=lambda s: (s.told.at, s.key), reverse=True)

    def put(self, entry: Entry) -> None:
        """The story is as this entry says now."""
        self._before.setdefault(entry.id, self.card(entry.id))
        self._leave(self.entries.get(entry.id), entry)
        self.entries[entry.id] = entry
        self._enter(entry)

    def drop(self, story: str) -> None:
        """The story is no more."""
        self._before.setdefault(story, self.card(story))
        self._leave(self.entries.pop(story, None), None)

    def touched(self) -> set[Touched]:
        """What has been touched since this was asked last. What joins a list joins it now, by time."""
        for _, key, lists in sorted(self._joining):
            before = {name: self.ledger.last(name) for name in lists}
            self.ledger.join(key, lists)
            for name in lists:
                self._touch_page(name, key)
                self._turn(name, before[name])
        self._joining.clear()
        self._touched |= {Touched("counted", d.isoformat()) for d, n in self._counts.items() if n != self._count(d)}
        self._counts.clear()
        touched, self._touched = self._touched, set()
        return touched

    def relisted(self) -> list[Relisted]:
        """The stories whose cards differ since this was asked last, with the card before and the card now."""
        before, self._before = self._before, {}
        return [(s, old, now) for s, old in sorted(before.items()) if (now := self.card(s)) != old]

    def _count(self, day: date) -> int:
        return len(self.days.get(day, ()))

    def _turn(self, name: str, before: int) -> None:
        """A page that was opened moves the head of its list, and closes the page before."""
        last = self.ledger.last(name)
        if last > before:
            self._touched |= {Touched("list", name, page) for page in range(max(1, last - 3), last + 1)}

    def _leave(self, old: Entry | None, new: Entry | None) -> None:
        if old is None:
            return
        for item in old.items:
            self.items.drop(item.path, old.id)
            self._touch_item(item)
        for one in old.supplied:
            self.shelves[one.step].drop(one, old.id)
            self._touch_supplied(one)
        for step, at in old.copied:
            self.shelves[step].not_copied(at)
        for step in {one.step for one in old.supplied}:
            self._clear(step)
        if old.card:
            self._leave_lists(old.card)
        self.corrected.discard(old.id)
        if old.corrections:
            self._touched.add(Touched("corrections"))
        if new is None or (old.has_page, old.title, old.lang) != (new.has_page, new.title, new.lang):
            self._touched.add(Touched("address", old.id))

    def _enter(self, entry: Entry) -> None:
        for item in entry.items:
            self.items.put(item.path, entry.id, item)
            self._touch_item(item)
            self._joining.append((item.at, item.path, (NEWS, *(f"{NEWS}/{t}" for t in item.topics))))
        for one in entry.supplied:
            if one.step not in self.shelves:
                self._touch_shelf(one.step)
            self.shelves.setdefault(one.step, Shelf(one.step)).put(one, entry.id)
            self._touch_supplied(one)
            self._joining.append((one.told.at, one.key, (f"{PROVIDERS}/{one.step}",)))
        for step, at in entry.copied:
            self.shelves[step].copied(at)
        if entry.card:
            self._enter_lists(entry.card)
        if entry.corrections and entry.has_page:
            self.corrected.add(entry.id)
            self._touched.add(Touched("corrections"))
        self._touched.add(Touched("address", entry.id))

    def _enter_lists(self, card: Card) -> None:
        insort(self._by_latest, (card.latest, card.id))
        self._counts.setdefault(card.day, self._count(card.day))
        if card.day not in self.days:
            self._touch_days_around(card.day)
        self.days.setdefault(card.day, set()).add(card.id)
        lists = (STORIES, *(f"{STORIES}/{t.id}" for t in card.topics))
        self._joining.append((card.began, card.id, lists))
        self._touch_card(card)

    def _leave_lists(self, card: Card) -> None:
        at = bisect_left(self._by_latest, (card.latest, card.id))
        del self._by_latest[at]
        self._counts.setdefault(card.day, self._count(card.day))
        self.days[card.day].discard(card.id)
        if not self.days[card.day]:
            del self.days[card.day]
            self._touch_days_around(card.day)
        self._touch_card(card)

    def _touch_card(self, card: Card) -> None:
        self._tops.pop(card.day, None)
        self._touched |= {Touched("front"), Touched("day", card.day.isoformat())}
        for name in (STORIES, *(f"{STORIES}/{t.id}" for t in card.topics)):
            self._touch_page(name, card.id)

    def _touch_item(self, item: Item) -> None:
        for name in (NEWS, *(f"{NEWS}/{t}" for t in item.topics)):
            self._touch_page(name, item.path)

    def _touch_page(self, name: str, key: str) -> None:
        page = self.ledger.page(name, key)
        if page:
            self._touched.add(Touched("list", name, page))

    def _touch_days_around(self, day: date) -> None:
        """A day that comes or goes changes the way from the days beside it."""
        self._touched |= {Touched("days"), *(Touched("day", d.isoformat()) for d in self.beside(day) if d)}

    def beside(self, day: date) -> tuple[date | None, date | None]:
        """The last day with stories before this one, and the first after it."""
        days = sorted(self.days)
        at = bisect_left(days, day)
        after = at + 1 if at < len(days) and days[at] == day else at
        return days[at - 1] if at else None, days[after] if after < len(days) else None

    def _touch_supplied(self, one: Supplied) -> None:
        """A report changes its own page and the figures on the provider's open one."""
        name = f"{PROVIDERS}/{one.step}"
        self._touch_page(name, one.key)
        self._touched.add(Touched("list", name, self.ledger.last(name)))

    def _touch_shelf(self, step: str) -> None:
        """A provider that comes or goes: its pages are printed, or are no more."""
        name = f"{PROVIDERS}/{step}"
        self._touched |= {Touched("list", name, page) for page in range(1, self.ledger.last(name) + 1)}
        self._touched.add(Touched("providers"))

    def _clear(self, step: str) -> None:
        if not self.shelves[step]:
            del self.shelves[step]
            self._touch_shelf(step)


def newest_item_first(item: Item) -> tuple[float, str]:
    """A sort key: newest first; of one instant in the order of the paths."""
    return -(item.at - _EPOCH) / timedelta(seconds=1), item.path


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
