"""What was done with long ago is forgotten, but known again when a source lists it anew."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from worlds import NOON, run_at, saltmere


def _entries(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / ".broadsheet" / "state.sqlite")) as store:
        return list(store.execute("SELECT state, entry FROM items ORDER BY key"))


def test_words_are_forgotten_and_items_are_not(tmp_path: Path) -> None:
    world = saltmere(tmp_path / "paper")
    first = run_at(world.folder, NOON)
    with closing(sqlite3.connect(world.folder / ".broadsheet" / "state.sqlite")) as store, store:
        store.execute("""UPDATE items SET state = 'dropped', entry = '{"title": "No article came of it"}'""")
    before = _entries(world.folder)
    assert first.counted("poll", "new entries") == len(before) > 2

    run_at(world.folder, NOON + timedelta(days=59))
    assert _entries(world.folder) == before

    later = run_at(world.folder, NOON + timedelta(days=61))
    assert later.counted("forget", "entries") == len(before)
    assert _entries(world.folder) == [(state, "{}") for state, _ in before]

    with closing(sqlite3.connect(world.folder / ".broadsheet" / "state.sqlite")) as store, store:
        store.execute("UPDATE sources SET etag = NULL, last_modified = NULL")
    again = run_at(world.folder, NOON + timedelta(days=63))
    assert again.counted("poll", "polled") > 0
    assert again.counted("poll", "new entries") == 0
    assert again.counted("forget", "entries") == 0


def test_it_is_done_once_a_day(tmp_path: Path) -> None:
    world = saltmere(tmp_path / "paper")
    assert "forget" in run_at(world.folder, NOON).stages
    assert "forget" not in run_at(world.folder, NOON + timedelta(hours=23)).stages
    assert "forget" in run_at(world.folder, NOON + timedelta(hours=25)).stages
