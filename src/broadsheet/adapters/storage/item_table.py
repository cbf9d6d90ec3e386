"""Implements the `ItemTable` port."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, or_, select, update

from broadsheet.adapters.storage.arrivals import DROPPED, WAITING
from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.tables import items, listings
from broadsheet.model.feed import entry_from_json
from broadsheet.model.kept import Item

DONE = "done"
ITEMS_A_QUERY = 500


class SqlItems:
    """Items on their way from a source to an article."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def waiting(self, now: datetime, most: int) -> list[Item]:
        """The first of those to be fetched now; by first sight, then by key, so that every run takes the same way."""
        query = select(items).where(*_ready(now)).order_by(items.c.first_seen, items.c.key).limit(most)
        with self.database.transaction() as connection:
            return [_item(row) for row in connection.execute(query).mappings()]

    def ready(self, now: datetime) -> int:
        """How many are to be fetched now."""
        query = select(func.count()).select_from(items).where(*_ready(now))
        with self.database.transaction() as connection:
            return connection.execute(query).scalar_one()

    def drop(self, item: Item, reason: str) -> None:
        """It will not become an article."""
        self._set(item, state=DROPPED, reason=reason, attempts=item.attempts + 1)

    def dropped(self, since: datetime) -> list[Item]:
        """Those dropped that were first seen since then, with their reasons."""
        query = select(items).where(items.c.state == DROPPED, items.c.first_seen >= since)
        with self.database.transaction() as connection:
            rows = connection.execute(query.order_by(items.c.first_seen, items.c.key)).mappings()
            return [replace(_item(row), refused=row["reason"]) for row in rows]

    def revive(self, keys: Iterable[str]) -> None:
        """These are on their way again."""
        fresh = {"state": WAITING, "attempts": 0, "not_before": None, "reason": None}
        with self.database.transaction() as connection:
            for key in keys:
                connection.execute(update(items).where(items.c.key == key).values(**fresh))

    def delay(self, item: Item, reason: str, until: datetime) -> None:
        """Try it again at `until`."""
        self._set(item, reason=reason, attempts=item.attempts + 1, not_before=until)

    def forget_words(self, before: datetime) -> int:
        """The entries of items that were done with long ago; address, marks and fingerprint stay."""
        over = items.c.state.in_([DONE, DROPPED]), items.c.first_seen < before, cast(items.c.entry, Text) != "{}"
        with self.database.transaction() as connection:
            return connection.execute(update(items).where(*over).values(entry={})).rowcount

    def listings(self, keys: Iterable[str]) -> dict[str, list[str]]:
        """The further sources that list these items, sorted."""
        found: dict[str, list[str]] = {}
        wanted = sorted(set(keys))
        with self.database.transaction() as connection:
            for at in range(0, len(wanted), ITEMS_A_QUERY):
                query = select(listings).where(listings.c.item_key.in_(wanted[at : at + ITEMS_A_QUERY]))
                for row in connection.execute(query.order_by(listings.c.source_url)):
                    found.setdefault(row.item_key, []).append(row.source_url)
        return found

    def counts(self) -> dict[str, int]:
        """How many items are in each state."""
        query = select(items.c.state, func.count()).group_by(items.c.state)
        with self.database.transaction() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def _set(self, item: Item, **values: object) -> None:
        with self.database.transaction() as connection:
            connection.execute(update(items).where(items.c.key == item.key).values(**values))


def _ready(now: datetime) -> "tuple[ColumnElement[bool], ColumnElement[bool]]":
    return items.c.state == WAITING, or_(items.c.not_before.is_(None), items.c.not_before <= now)


def _item(row: Mapping[Any, Any]) -> Item:
    return Item(
        key=row["key"],
        url=row["url"],
        source_url=row["source_url"],
        entry=entry_from_json(row["entry"]),
        fingerprint=row["fingerprint"],
        first_seen=row["first_seen"],
        attempts=row["attempts"],
        not_before=row["not_before"],
    )
