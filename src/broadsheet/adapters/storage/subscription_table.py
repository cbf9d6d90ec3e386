"""Implements the `SubscriptionTable` port."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.tables import subscriptions
from broadsheet.model.subscription import Subscription, SubscriptionState


class SqlSubscriptions:
    """What is agreed with hubs."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def all(self) -> list[Subscription]:
        """All of them, in the order of their sources."""
        query = select(subscriptions).order_by(subscriptions.c.source_url)
        with self.database.transaction() as connection:
            return [_subscription(row) for row in connection.execute(query).mappings()]

    def by_token(self, token: str) -> Subscription | None:
        """The one whose callback ends so."""
        query = select(subscriptions).where(subscriptions.c.token == token)
        with self.database.transaction() as connection:
            row = connection.execute(query).mappings().first()
        return _subscription(row) if row else None

    def keep(self, subscription: Subscription) -> None:
        """This is what is agreed on its source now."""
        row = asdict(subscription) | {"state": subscription.state.value}
        statement = insert(subscriptions).values(**row)
        with self.database.transaction() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["source_url"], set_=row))

    def forget(self, source_url: str) -> None:
        """Nothing is agreed on it any more."""
        with self.database.transaction() as connection:
            connection.execute(delete(subscriptions).where(subscriptions.c.source_url == source_url))


def _subscription(row: Mapping[Any, Any]) -> Subscription:
    return Subscription(**{**row, "state": SubscriptionState(row["state"])})
