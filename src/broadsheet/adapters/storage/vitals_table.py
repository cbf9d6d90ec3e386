"""Implements the `VitalsTable` port."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.tables import sources, vitals
from broadsheet.model.vitals import Vitals, vitals_from_json


class SqlVitals:
    """How sources are, one row each."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, source_url: str) -> Vitals:
        """What is remembered of a source; nothing of one that was never asked."""
        query = select(vitals.c.body).where(vitals.c.source_url == source_url)
        with self.database.transaction() as connection:
            body = connection.execute(query).scalar()
        return vitals_from_json(body) if body else Vitals()

    def all(self) -> dict[str, Vitals]:
        """What is remembered of the watched sources, by address."""
        query = select(vitals).join(sources, sources.c.url == vitals.c.source_url).where(sources.c.watched)
        with self.database.transaction() as connection:
            return {row.source_url: vitals_from_json(row.body) for row in connection.execute(query)}

    def keep(self, found: Mapping[str, Vitals]) -> None:
        """Remembers them, by address, in the place of what was known before; in one transaction."""
        if not found:
            return
        statement = insert(vitals)
        replacing = statement.on_conflict_do_update(
            index_elements=["source_url"], set_={"body": statement.excluded.body}
        )
        rows = [{"source_url": url, "body": known.as_json()} for url, known in found.items()]
        with self.database.transaction() as connection:
            connection.execute(replacing, rows)
