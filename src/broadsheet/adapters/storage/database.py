"""Opening the database: its pragmas, its schema, and its errors in our words."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from broadsheet.errors import StorageError, StoreTooNew

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD_REVISION = "0009"


class Database:
    """An engine, and transactions whose driver's errors are ours.

    `read_only` is for those who only look: nothing is written, not even beside the file, and an older schema stays.
    """

    def __init__(self, file: Path, *, read_only: bool = False) -> None:
        self.file = file
        self.read_only = read_only
        with self._translated():
            if not read_only:
                file.parent.mkdir(parents=True, exist_ok=True)
            self.engine = create_engine("sqlite://", creator=self._connect, poolclass=QueuePool)
            event.listen(self.engine, "connect", _prepare if not read_only else _prepare_to_read)
            event.listen(self.engine, "begin", _begin)
            self._migrate()

    def _connect(self) -> sqlite3.Connection:
        """Where nothing can be written there are no writers, and a reader needs no log that it shares with them."""
        mode = "rwc"
        if self.read_only:
            mode = "ro" if os.access(self.file.parent, os.W_OK) else "ro&immutable=1"
        address = f"{self.file.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(address, uri=True, timeout=30, check_same_thread=False)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything inside is kept, or nothing. Raises StorageError."""
        with self._translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def durable_transaction(self) -> Iterator[Connection]:
        """As `transaction`, and on the disk when it ends, so that not even a power cut takes it back."""
        with self._translated(), self.engine.connect() as connection:
            driver = connection.connection.cursor()
            driver.execute("PRAGMA synchronous=FULL")
            try:
                with connection.begin():
                    yield connection
            finally:
                driver.execute("PRAGMA synchronous=NORMAL")

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
        config = _configuration(self.file, revision)
        if self.read_only:
            hint = "Run once to bring it up to date: broadsheet run --once"
            raise StorageError(f"{self.file} was written by an older Broadsheet", hint=hint)
        _upgrade(self.engine, config)


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _configuration(file: Path, revision: str | None) -> "Config":
    """Alembic's, for our scripts. Raises StoreTooNew for a revision that they don't know."""
    from alembic.config import Config  # only here: it is slow to import, and a store is upgraded once
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreTooNew(
            f"{file} was written by a newer Broadsheet (schema {revision}; this one knows up to {HEAD_REVISION})",
            hint="Install that version again, or name another publication with -C",
        )
    return config


def _upgrade(engine: Engine, config: "Config") -> None:
    from alembic import command

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


def _prepare_to_read(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None


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
