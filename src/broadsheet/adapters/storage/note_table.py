"""Implements the `NoteTable` port."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.tables import source_notes


class SqlNotes:
    """What readers of sources remember."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, source_url: str) -> dict[str, str]:
        """All notes of a source."""
        query = select(source_notes.c.name, source_notes.c.value).where(source_notes.c.source_url == source_url)
        with self.database.transaction() as connection:
            return {row.name: row.value for row in connection.execute(query)}

    def keep(self, source_url: str, notes: Mapping[str, str | None]) -> None:
        """Sets these notes; None forgets one."""
        gone = [name for name, value in notes.items() if value is None]
        rows = [{"source_url": source_url, "name": n, "value": v} for n, v in notes.items() if v is not None]
        with self.database.transaction() as connection:
            for name in gone:
                mine = source_notes.c.source_url == source_url, source_notes.c.name == name
                connection.execute(delete(source_notes).where(*mine))
            if rows:
                statement = insert(source_notes)
                newest = {"value": statement.excluded.value}
                connection.execute(
                    statement.on_conflict_do_update(index_elements=["source_url", "name"], set_=newest), rows
                )
