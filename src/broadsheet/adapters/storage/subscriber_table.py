"""Implements the `SubscriberTable` port."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.dialects.sqlite import insert

from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.tables import subscribers, suppressed
from broadsheet.model.letter import Subscriber, SubscriberState


class SqlSubscribers:
    """Who gets the letter."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def all(self) -> list[Subscriber]:
        """All of them, by the time of asking."""
        query = select(subscribers).order_by(subscribers.c.asked, subscribers.c.id)
        with self.database.transaction() as connection:
            return [subscriber_of(row) for row in connection.execute(query).mappings()]

    def by_id(self, subscriber: str) -> Subscriber | None:
        """The one with this id."""
        return self._first(subscribers.c.id == subscriber)

    def by_address(self, address: str) -> Subscriber | None:
        """The one with this address."""
        return self._first(subscribers.c.address == address)

    def keep(self, given: Sequence[Subscriber]) -> None:
        """This is what is known of them now."""
        rows = [asdict(one) | {"state": one.state.value} for one in given]
        if not rows:
            return
        statement = insert(subscribers)
        newest = {c.name: statement.excluded[c.name] for c in subscribers.columns if c.name != "id"}
        with self.database.transaction() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=newest), rows)

    def suppress(self, address: str, reason: str, at: datetime) -> None:
        """Never again; the first reason stays."""
        statement = insert(suppressed).values(digest=_digest(address), reason=reason, at=at)
        with self.database.transaction() as connection:
            connection.execute(statement.on_conflict_do_nothing())

    def is_suppressed(self, address: str) -> bool:
        """Whether it never gets mail."""
        query = select(exists().where(suppressed.c.digest == _digest(address)))
        with self.database.transaction() as connection:
            return bool(connection.execute(query).scalar())

    def release(self, address: str) -> bool:
        """The address may get mail again."""
        with self.database.transaction() as connection:
            gone = connection.execute(delete(suppressed).where(suppressed.c.digest == _digest(address)))
            return gone.rowcount > 0

    def _first(self, condition: ColumnElement[bool]) -> Subscriber | None:
        with self.database.transaction() as connection:
            row = connection.execute(select(subscribers).where(condition)).mappings().first()
        return subscriber_of(row) if row else None


def subscriber_of(row: Mapping[Any, Any]) -> Subscriber:
    """A subscriber from its row."""
    return Subscriber(**{**row, "state": SubscriberState(row["state"])})


def _digest(address: str) -> str:
    """Enough to know an address again, and not the address."""
    return hashlib.sha256(address.encode()).hexdigest()
