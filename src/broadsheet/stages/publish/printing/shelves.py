"""Shelves: the reports of each provider, with its figures kept up to date as stories come, change and go."""

from bisect import bisect_right
from datetime import datetime

from broadsheet.stages.publish.printing.in_order import InOrder
from broadsheet.stages.publish.site.providers import Provider, Told
from broadsheet.stages.publish.site.views import Chip


class Holders:
    """Which story holds a key. Where several do, the first by id counts."""

    __slots__ = ("_more", "_one")

    def __init__(self) -> None:
        self._one: dict[str, str] = {}
        self._more: dict[str, set[str]] = {}

    def put(self, key: str, holder: str) -> None:
        """The holder has the key now."""
        before = self._one.setdefault(key, holder)
        if before != holder:
            holders = self._more.setdefault(key, {before})
            holders.add(holder)
            self._one[key] = min(holders)

    def drop(self, key: str, holder: str) -> None:
        """The holder has it no more."""
        holders = self._more.get(key)
        if holders is None:
            if self._one.get(key) == holder:
                del self._one[key]
            return
        holders.discard(holder)
        self._one[key] = min(holders)
        if len(holders) == 1:
            del self._more[key]

    def get(self, key: str) -> str | None:
        """The story that counts, None where nobody holds the key."""
        return self._one.get(key)


class Shelf:
    """The reports of one provider, and its figures kept up to date. `told` says which story has the report of a key."""

    def __init__(self, name: str) -> None:
        self.lists = (name,)
        self._step = name.partition("/")[2]
        self._by_time: InOrder[tuple[datetime, str, str]] = InOrder()
        self._copied: InOrder[datetime] = InOrder()
        self._reports = self._copies = self._first = 0
        self.told = Holders()

    def __bool__(self) -> bool:
        return self._reports > 0

    def put(self, one: Told, story: str) -> None:
        """A report of this story is on the shelf."""
        self.told.put(one.key, story)
        self._by_time.add((one.at, one.key, story))
        self._count(one, 1)

    def drop(self, one: Told, story: str) -> None:
        """A report of this story no longer is."""
        self.told.drop(one.key, story)
        self._by_time.remove((one.at, one.key, story))
        self._count(one, -1)

    def _count(self, one: Told, by: int) -> None:
        self._reports += by
        if one.repeats is not None:
            self._copies += by
        if one.first:
            self._first += by

    def copied(self, at: datetime) -> None:
        """Somebody repeated one of its reports."""
        self._copied.add(at)

    def not_copied(self, at: datetime) -> None:
        """What was noted by `copied` is so no more."""
        self._copied.remove(at)

    @property
    def first(self) -> tuple[str, str]:
        """The key of its first report, and the story that counts for it."""
        key = self._by_time.values()[0][1]
        return key, self.told.get(key) or ""

    def facts(self, chip: Chip, official: frozenset[str], trusted: frozenset[str]) -> Provider:
        """What its pages say of it. Name and mark, the `chip`, are to be those of its first report: they stay."""
        domain = chip.domain.lower()
        return Provider(
            chip=chip,
            step=self._step,
            official=domain in official,
            trusted=domain in trusted,
            reports=self._reports - self._copies,
            copies=self._copies,
            first=self._first,
            copied=bisect_right(self._copied.values(), self._by_time.values()[-1][0]),
        )
