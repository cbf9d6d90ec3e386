"""Shelves: the reports of each provider, with its figures kept up to date as stories come, change and go."""

from bisect import bisect_left, bisect_right, insort
from datetime import datetime
from typing import Generic, TypeVar

from broadsheet.stages.publish.printing.entries import Supplied
from broadsheet.stages.publish.site.providers import Provider

Held = TypeVar("Held")


class Holders(Generic[Held]):
    """Values by key, each held by a story. Where several hold one key, the value of the first by id counts."""

    def __init__(self) -> None:
        self._one: dict[str, tuple[str, Held]] = {}
        self._more: dict[str, dict[str, Held]] = {}

    def put(self, key: str, holder: str, value: Held) -> None:
        """The holder has this value for the key now."""
        if key in self._more:
            self._more[key][holder] = value
        elif key in self._one and self._one[key][0] != holder:
            first, other = self._one[key]
            self._more[key] = {first: other, holder: value}
        else:
            self._one[key] = (holder, value)
            return
        self._choose(key)

    def drop(self, key: str, holder: str) -> None:
        """The holder has none any more."""
        if key in self._more:
            self._more[key].pop(holder, None)
            self._choose(key)
        elif self._one.get(key, ("",))[0] == holder:
            del self._one[key]

    def _choose(self, key: str) -> None:
        holders = self._more[key]
        first = min(holders)
        self._one[key] = (first, holders[first])
        if len(holders) == 1:
            del self._more[key]

    def held(self, key: str) -> Held:
        """The value that counts, of a key that is held."""
        return self._one[key][1]

    def get(self, key: str) -> Held | None:
        """The value that counts, None where nobody holds the key."""
        found = self._one.get(key)
        return found[1] if found else None


class Shelf:
    """The reports of one provider, and its figures kept up to date."""

    def __init__(self, step: str) -> None:
        self._step = step
        self._by_time: list[tuple[datetime, str, str]] = []
        self._copied: list[datetime] = []
        self._copies = self._first = 0
        self.supplied: Holders[Supplied] = Holders()

    def __bool__(self) -> bool:
        return bool(self._by_time)

    def put(self, one: Supplied, story: str) -> None:
        """A report of this story is on the shelf."""
        self.supplied.put(one.key, story, one)
        insort(self._by_time, (one.told.at, one.key, story))
        self._count(one, 1)

    def drop(self, one: Supplied, story: str) -> None:
        """A report of this story no longer is."""
        self.supplied.drop(one.key, story)
        del self._by_time[bisect_left(self._by_time, (one.told.at, one.key, story))]
        self._count(one, -1)

    def _count(self, one: Supplied, by: int) -> None:
        self._copies += by * (one.told.repeats is not None)
        self._first += by * one.told.first

    def copied(self, at: datetime) -> None:
        """Somebody repeated one of its reports."""
        insort(self._copied, at)

    def not_copied(self, at: datetime) -> None:
        """What was noted by `copied` is so no more."""
        del self._copied[bisect_left(self._copied, at)]

    def facts(self, official: frozenset[str], trusted: frozenset[str]) -> Provider:
        """What its pages say of it. Its name and mark are those of its first report, so that they stay."""
        first = self.supplied.held(self._by_time[0][1])
        domain = first.chip.domain.lower()
        return Provider(
            chip=first.chip,
            step=self._step,
            official=domain in official,
            trusted=domain in trusted,
            reports=len(self._by_time) - self._copies,
            copies=self._copies,
            first=self._first,
            copied=bisect_right(self._copied, self._by_time[-1][0]),
        )
