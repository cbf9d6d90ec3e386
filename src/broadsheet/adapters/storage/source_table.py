"""Implements the `SourceTable` port."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from broadsheet.adapters.storage.arrivals import Arrivals
from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.tables import articles, sources
from broadsheet.model.kept import Item
from broadsheet.model.source import Source, SourceKind, SourceState, rhythm_from_json

REMEMBERED = (
    "next_due",
    "last_polled",
    "last_success",
    "etag",
    "last_modified",
    "interval_seconds",
    "failures",
    "last_error",
    "moved_to",
    "moved_since",
    "moved_polls",
    "retired",
)


class SqlSources:
    """Sources and what is remembered of their polls."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def keep(self, watched: Sequence[Source], now: datetime) -> None:
        """Exactly these are watched from now on; new ones are due at once."""
        with self.database.transaction() as connection:
            connection.execute(update(sources).where(sources.c.watched).values(watched=False))
            if watched:
                connection.execute(_KEEP_SOURCE, [_row_of(source, now) for source in watched])

    def all(self) -> list[SourceState]:
        """The watched ones, in the order of their addresses."""
        query = select(sources).where(sources.c.watched).order_by(sources.c.url)
        with self.database.transaction() as connection:
            return [_state(row) for row in connection.execute(query).mappings()]

    def due(self, now: datetime) -> list[SourceState]:
        """Those whose next poll is not after `now`."""
        waits = or_(sources.c.next_due.is_(None), sources.c.next_due <= now)
        query = select(sources).where(sources.c.watched, ~sources.c.retired, waits).order_by(sources.c.url)
        with self.database.transaction() as connection:
            return [_state(row) for row in connection.execute(query).mappings()]

    def take(self, source: Source, found: Sequence[Item]) -> int:
        """Items that came without a poll."""
        with self.database.transaction() as connection:
            return Arrivals(connection, source, found).keep() if found else 0

    def entry_times(self) -> dict[str, list[float]]:
        """When each source's entries appeared: the newest as its rhythm knows them, those before as their articles."""
        found: dict[str, list[float]] = {}
        with self.database.transaction() as connection:
            for row in connection.execute(select(articles.c.source_url, articles.c.published_at)):
                found.setdefault(row.source_url, []).append(row.published_at.timestamp())
        for state in self.all():
            newest = state.rhythm.times
            older = [at for at in found.get(state.source.url, []) if not newest or at < newest[0]]
            found[state.source.url] = sorted([*older, *newest])
        return found

    def keep_poll(self, state: SourceState, found: Sequence[Item]) -> int:
        """The state and the items of one poll, in one transaction."""
        with self.database.transaction() as connection:
            values = {name: getattr(state, name) for name in REMEMBERED} | {"rhythm": state.rhythm.as_json()}
            connection.execute(_KEEP_STATE, {"this_url": state.source.url, **values})
            return Arrivals(connection, state.source, found).keep() if found else 0


_KEEP_STATE = update(sources).where(sources.c.url == bindparam("this_url"))
_KEEP_SOURCE = insert(sources)
_KEEP_SOURCE = _KEEP_SOURCE.on_conflict_do_update(
    index_elements=["url"], set_={name: _KEEP_SOURCE.excluded[name] for name in ("kind", "name", "official", "watched")}
)


def _row_of(source: Source, now: datetime) -> dict[str, object]:
    said = {"url": source.url, "kind": source.kind.value, "name": source.name, "official": source.official}
    return said | {"watched": True, "next_due": now, "interval_seconds": 3600, "failures": 0, "retired": False}


def _state(row: Mapping[Any, Any]) -> SourceState:
    source = Source(row["url"], SourceKind(row["kind"]), row["name"], row["official"])
    rhythm = rhythm_from_json(row["rhythm"] or {})
    return replace(SourceState(source, rhythm=rhythm), **{name: row[name] for name in REMEMBERED})
