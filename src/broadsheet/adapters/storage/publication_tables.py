"""Implements the `FileTable` and `JournalTable` ports."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from broadsheet.adapters.storage.article_table import batches
from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.tables import facts, failures, files, record_paths, runs
from broadsheet.model.failure import Failure
from broadsheet.model.kept import WrittenFile

RUNS_REMEMBERED = 30


class SqlFiles:
    """Files of the content repository that we wrote."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def paths(self) -> dict[str, str]:
        """Record path by article id."""
        with self.database.transaction() as connection:
            return {row.article_id: row.path for row in connection.execute(select(record_paths))}

    def known(self, paths: Iterable[str]) -> dict[str, WrittenFile]:
        """What we know of these files."""
        found: dict[str, WrittenFile] = {}
        with self.database.transaction() as connection:
            for batch in batches(paths):
                query = select(files).where(files.c.path.in_(batch))
                found |= {row["path"]: _written(row) for row in connection.execute(query).mappings()}
        return found

    def intend(self, intended: Sequence[WrittenFile], paths: Mapping[str, str]) -> None:
        """Written down before the files are."""
        with self.database.transaction() as connection:
            for article, path in paths.items():
                statement = insert(record_paths).values(article_id=article, path=path)
                connection.execute(statement.on_conflict_do_nothing())
            for file in intended:
                row = {"sha": file.sha, "before": file.before, "dirty": file.dirty}
                statement = insert(files).values(path=file.path, **row)
                connection.execute(statement.on_conflict_do_update(index_elements=["path"], set_=row))

    def dirty(self) -> list[WrittenFile]:
        """Written or about to be, not yet committed."""
        query = select(files).where(files.c.dirty).order_by(files.c.path)
        with self.database.transaction() as connection:
            return [_written(row) for row in connection.execute(query).mappings()]

    def committed(self, paths: Iterable[str]) -> None:
        """These are in git; what was deleted is forgotten."""
        with self.database.transaction() as connection:
            for batch in batches(paths):
                connection.execute(delete(files).where(files.c.path.in_(batch), files.c.sha.is_(None)))
                connection.execute(update(files).where(files.c.path.in_(batch)).values(dirty=False, before=None))


class SqlJournal:
    """Runs and their failures, and small facts by name."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def fact(self, name: str) -> str | None:
        """A small fact, None where it was never set."""
        with self.database.transaction() as connection:
            return connection.execute(select(facts.c.value).where(facts.c.name == name)).scalar()

    def keep_fact(self, name: str, value: str) -> None:
        """Sets it."""
        with self.database.transaction() as connection:
            statement = insert(facts).values(name=name, value=value)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    def keep_run(
        self, started: datetime, ended: datetime, report: Mapping[str, object], failed: Sequence[Failure]
    ) -> None:
        """A finished run and what failed in it."""
        with self.database.transaction() as connection:
            values = {"started": started, "ended": ended, "report": dict(report)}
            run = connection.execute(insert(runs).values(**values).returning(runs.c.id)).scalar_one()
            rows = [
                {"run_id": run, "number": n, "stage": f.stage, "item": f.item, "reason": f.reason}
                for n, f in enumerate(failed)
            ]
            if rows:
                connection.execute(insert(failures), rows)
            connection.execute(delete(failures).where(failures.c.run_id <= run - RUNS_REMEMBERED))

    def last_run(self) -> tuple[datetime, Mapping[str, object], list[Failure]] | None:
        """When the last run ended, its report and its failures."""
        with self.database.transaction() as connection:
            run = connection.execute(select(runs).order_by(runs.c.id.desc()).limit(1)).first()
            if run is None:
                return None
            query = select(failures).where(failures.c.run_id == run.id).order_by(failures.c.number)
            failed = [Failure(row.stage, row.item, row.reason) for row in connection.execute(query)]
            return run.ended, run.report, failed


def _written(row: Mapping[Any, Any]) -> WrittenFile:
    return WrittenFile(row["path"], row["sha"], row["before"], row["dirty"])
