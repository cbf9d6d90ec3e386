"""Implements the `LetterTable` port."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.subscriber_table import subscriber_of
from broadsheet.adapters.storage.tables import deliveries, letter_stories, letters, subscribers
from broadsheet.model.letter import Delivery, DeliveryState, Subscriber, SubscriberState

AT_ONCE = 500
_KEEP = insert(deliveries)
_KEEP_NEWEST = _KEEP.on_conflict_do_update(
    index_elements=["letter", "subscriber"],
    set_={name: _KEEP.excluded[name] for name in ("state", "at", "reason")},
)


class SqlLetters:
    """Letters, and what became of each copy."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def keep(self, name: str, made: datetime, stories: Iterable[str]) -> None:
        """This letter was made and tells these stories."""
        rows = [{"letter": name, "story_id": story} for story in dict.fromkeys(stories)]
        with self.database.transaction() as connection:
            statement = insert(letters).values(name=name, made=made)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"made": made}))
            connection.execute(delete(letter_stories).where(letter_stories.c.letter == name))
            if rows:
                connection.execute(insert(letter_stories), rows)

    def told(self, besides: str = "") -> set[str]:
        """The ids of all stories that letters told."""
        query = select(letter_stories.c.story_id).where(letter_stories.c.letter != besides)
        with self.database.transaction() as connection:
            return set(connection.execute(query).scalars())

    def names(self) -> list[str]:
        """The names of all letters."""
        with self.database.transaction() as connection:
            return list(connection.execute(select(letters.c.name).order_by(letters.c.name)).scalars())

    def forget(self, name: str) -> None:
        """It was never sent and never will be."""
        with self.database.transaction() as connection:
            connection.execute(delete(letter_stories).where(letter_stories.c.letter == name))
            connection.execute(delete(letters).where(letters.c.name == name))

    def is_begun(self, name: str) -> bool:
        """Whether there is any copy of it."""
        with self.database.transaction() as connection:
            return bool(connection.execute(select(exists().where(deliveries.c.letter == name))).scalar())

    def finish(self, name: str, at: datetime) -> None:
        """Nobody is left who should get it."""
        with self.database.transaction() as connection:
            statement = insert(letters).values(name=name, made=at, finished=at)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"finished": at}))

    def finished(self, name: str) -> datetime | None:
        """When it was finished."""
        with self.database.transaction() as connection:
            return connection.execute(select(letters.c.finished).where(letters.c.name == name)).scalar()

    def settle(self, letter: str, at: datetime) -> int:
        """What was left sending is unknown from now on."""
        reason = "the sending process ended before the server had answered"
        left = deliveries.c.letter == letter, deliveries.c.state == DeliveryState.SENDING.value
        values = {"state": DeliveryState.UNKNOWN.value, "at": at, "reason": reason}
        with self.database.transaction() as connection:
            return connection.execute(update(deliveries).where(*left).values(**values)).rowcount

    def waiting(self, letter: str) -> Iterator[Subscriber]:
        """In batches, so that nobody's leaving while the letter goes out is missed, and no read stays open."""
        last = ""
        while batch := self._waiting_after(letter, last):
            yield from batch
            last = batch[-1].id

    def _waiting_after(self, letter: str, last: str) -> list[Subscriber]:
        mine = and_(deliveries.c.letter == letter, deliveries.c.subscriber == subscribers.c.id)
        query = (
            select(subscribers)
            .outerjoin(deliveries, mine)
            .where(subscribers.c.state == SubscriberState.CONFIRMED.value, subscribers.c.id > last)
            .where(or_(deliveries.c.state.is_(None), deliveries.c.state == DeliveryState.LATER.value))
            .order_by(subscribers.c.id)
            .limit(AT_ONCE)
        )
        with self.database.transaction() as connection:
            return [subscriber_of(row) for row in connection.execute(query).mappings()]

    def write(self, given: Sequence[Delivery]) -> None:
        """What becomes of these copies."""
        rows = [
            {"letter": d.letter, "subscriber": d.subscriber, "state": d.state.value, "at": d.at, "reason": d.reason}
            for d in given
        ]
        if rows:
            with self.database.durable_transaction() as connection:
                connection.execute(_KEEP_NEWEST, rows)

    def counts(self, letter: str) -> dict[DeliveryState, int]:
        """How many copies are in each state."""
        query = select(deliveries.c.state, func.count()).where(deliveries.c.letter == letter)
        with self.database.transaction() as connection:
            return {DeliveryState(state): n for state, n in connection.execute(query.group_by(deliveries.c.state))}

    def deliveries(self, letter: str, state: DeliveryState) -> list[Delivery]:
        """The copies in this state."""
        query = select(deliveries).where(deliveries.c.letter == letter, deliveries.c.state == state.value)
        with self.database.transaction() as connection:
            rows = connection.execute(query.order_by(deliveries.c.subscriber)).mappings()
            return [_delivery(row) for row in rows]

    def delivery(self, letter: str, subscriber: str) -> Delivery | None:
        """One copy."""
        query = select(deliveries).where(deliveries.c.letter == letter, deliveries.c.subscriber == subscriber)
        with self.database.transaction() as connection:
            row = connection.execute(query).mappings().first()
        return _delivery(row) if row else None


def _delivery(row: Mapping[Any, Any]) -> Delivery:
    return Delivery(**{**row, "state": DeliveryState(row["state"])})
