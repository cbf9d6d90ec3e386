"""The migrations and the tables say the same, and a store of the future is refused."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from broadsheet.adapters.storage.database import HEAD_REVISION, MIGRATIONS, Database
from broadsheet.adapters.storage.store import SqlStore
from broadsheet.adapters.storage.tables import metadata
from broadsheet.errors import StorageError, StoreTooNew
from broadsheet.model.publication import PublishedImage


def test_migrations_give_exactly_the_tables(tmp_path: Path) -> None:
    database = Database(tmp_path / "state.sqlite")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_the_head_revision_is_the_newest_script() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD_REVISION


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    Database(file).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTooNew, match="newer Broadsheet"):
        Database(file)
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    file.write_bytes(b"this is not a database, it is a sentence " * 100)
    with pytest.raises(StorageError, match="move it away"):
        Database(file)


def test_a_store_that_can_not_be_opened_says_what_may_be_the_matter(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    file.mkdir()
    with pytest.raises(StorageError, match="read-only"):
        Database(file)


def test_who_only_looks_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "odd ?#% name" / "state.sqlite"
    Database(file).close()
    before = {p.name: p.read_bytes() for p in file.parent.iterdir()}
    reader = Database(file, read_only=True)
    with pytest.raises(StorageError), reader.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM facts")
    with reader.transaction() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM facts").scalar() == 0
    reader.close()
    assert {p.name: p.read_bytes() for p in file.parent.iterdir() if p.suffix == ".sqlite"} == before


def test_who_only_looks_does_not_upgrade(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    sqlite3.connect(file).execute("CREATE TABLE t (a)").connection.close()
    with pytest.raises(StorageError, match="older Broadsheet"):
        Database(file, read_only=True)
    with pytest.raises(StorageError):
        Database(tmp_path / "nowhere.sqlite", read_only=True)


def test_pictures_of_an_older_store_are_known_and_what_failed_is_tried_again(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    _at_revision(file, "0008")
    with closing(sqlite3.connect(file)) as connection, connection:
        shown = '{"files": [["pictures/a-480.webp", 480]], "width": 480, "height": 320, "alt": ""}'
        rows = [("a", shown, None), ("b", "null", "too large")]
        connection.executemany("INSERT INTO pictures (url, picture, reason) VALUES (?, ?, ?)", rows)
        article = "('1', '{}', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000', 's', 0, 'a', 's1')"
        columns = "id, document, published_at, first_seen, source_url, official, image_url, story_id"
        connection.execute(f"INSERT INTO articles ({columns}) VALUES {article}")
    with closing(SqlStore(file)) as store:
        known = PublishedImage((("pictures/a-480.webp", 480),), 480, 320)
        assert store.pictures.known() == {"a": known, "b": None}
        assert [kept.url for kept in store.pictures.due(datetime(2026, 5, 4, tzinfo=UTC), 9, marks=False)] == ["b"]
        assert store.pictures.stories_with(["a"]) == {"s1"}


def _at_revision(file: Path, revision: str) -> None:
    engine = create_engine(f"sqlite:///{file}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
