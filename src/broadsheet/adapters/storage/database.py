"""Opening the database: its pragmas, its schema, and its errors in our words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from broadsheet.errors import StorageError, StoreTooNew

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD_REVISION = "0001"


class Database:
    """An engine, and transactions whose driver's errors are ours."""

    def __init__(self, file: Path) -> None:
        self.file = file
        with self._translated():
            file.parent.mkdir(parents=True, exist_ok=True)
            self.engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 30})
            event.listen(self.engine, "connect", _prepare)
            event.listen(self.engine, "begin", _begin)
            self._migrate()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything inside is kept, or nothing. Raises StorageError."""
        with self._translated(), self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Gives all connections back."""
        self.engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise StorageError(f"{self.file}: {_reason(error.orig)}", hint=_hint(error.orig)) from error
        except (SQLAlchemyError, OSError) as error:
            raise StorageError(f"{self.file}: {error}") from error

    def _migrate(self) -> None:
        revision = _revision(self.engine)
        if revision == HEAD_REVISION:
            return
        _upgrade(self.engine, self.file, revision)


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(engine: Engine, file: Path, revision: str | None) -> None:
    from alembic import command  # only here: it is slow to import, and a store is upgraded once
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreTooNew(
            f"{file} was written by a newer Broadsheet (schema {revision}; this one knows up to {HEAD_REVISION})",
            hint="Install that version again, or name another publication with -C",
        )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    """The driver by itself commits before each CREATE TABLE; here a migration is kept whole or not at all."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _reason(error: BaseException | None) -> str:
    return str(error) or type(error).__name__


def _hint(error: BaseException | None) -> str:
    said = _reason(error)
    if "full" in said:
        return "Free some space and run again: what was committed before is safe"
    if "not a database" in said or "malformed" in said:
        return "The file is damaged: move it away and run again; records in git are not touched"
    if "I/O error" in said or "unable to open" in said or "readonly" in said:
        return "Is the disk full, or the folder read-only? What was committed before is safe"
    return "Run again: what was committed before is safe"
