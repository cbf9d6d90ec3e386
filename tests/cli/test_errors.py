"""What a person sees when something is wrong: one clear line, the exit code of the contract, nothing lost."""

import json
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from broadsheet.app.clocks import SystemClock
from broadsheet.app.newsroom import open_newsroom
from broadsheet.cli._progress import QuietProgress
from broadsheet.settings import read_settings
from worlds import World, saltmere


@pytest.fixture
def world(tmp_path: Path) -> World:
    return saltmere(tmp_path / "paper")


def broadsheet(*arguments: str | Path, limit: Callable[[], None] | None = None) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "broadsheet", *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, encoding="utf-8", preexec_fn=limit, timeout=120)


def run(folder: Path, limit: Callable[[], None] | None = None) -> "subprocess.CompletedProcess[str]":
    return broadsheet("run", "--once", "--at", "2026-11-20T08:00:00Z", "-C", folder, limit=limit)


def one_line(said: "subprocess.CompletedProcess[str]") -> str:
    (line,) = said.stderr.splitlines()
    assert "Traceback" not in said.stderr
    return line


def test_a_wrong_key(world: World) -> None:
    toml = world.folder / "broadsheet.toml"
    toml.write_text(toml.read_text("utf-8").replace("threads", "treads"), "utf-8")
    said = run(world.folder)
    assert said.returncode == 2
    assert "broadsheet.toml:" in one_line(said)
    assert "did you mean 'threads'" in one_line(said)


def test_no_publication(tmp_path: Path) -> None:
    said = run(tmp_path)
    assert said.returncode == 2
    assert "broadsheet new" in one_line(said)


def test_an_unreadable_topic_file(world: World) -> None:
    (world.folder / "_data" / "topics" / "01-fish.yaml").write_bytes(b"\xff\xfe\x00")
    said = run(world.folder)
    assert said.returncode == 2
    assert "01-fish.yaml" in one_line(said)


def test_a_store_of_a_newer_version(world: World) -> None:
    run(world.folder)
    with sqlite3.connect(world.folder / ".broadsheet" / "state.sqlite") as store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
    said = run(world.folder)
    assert said.returncode == 2
    assert "newer Broadsheet" in one_line(said)


def test_a_second_run_at_the_same_time(world: World) -> None:
    with open_newsroom(read_settings(world.folder), SystemClock(), QuietProgress()):
        said = run(world.folder)
    assert said.returncode == 2
    assert "another run" in one_line(said)


def test_a_full_disk_loses_nothing(world: World) -> None:
    """A limit on the size of files stands for the full disk: every write beyond it fails, as there."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    said = run(world.folder, limit)
    assert said.returncode == 1
    assert "broadsheet:" in one_line(said)
    again = run(world.folder)
    assert again.returncode == 1  # the feed of this world that can't be read
    assert json.loads(again.stdout.splitlines()[0])["build"]["records"] == 3


def test_a_folder_that_can_not_be_written(world: World) -> None:
    (world.folder / "_news").write_text("a file where the records should be")
    said = run(world.folder)
    assert said.returncode == 1
    assert "_news" in one_line(said)


@pytest.mark.parametrize("arguments", [["run", "--nonsense"], ["nonsense"], ["run", "--at", "yesterday"], ["explain"]])
def test_wrong_usage(arguments: list[str]) -> None:
    assert broadsheet(*arguments).returncode == 2
