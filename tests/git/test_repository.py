"""The contract of the `Repository` port, on real git."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.adapters.clocks import FixedClock
from broadsheet.adapters.git.repository import GitRepository
from broadsheet.errors import StorageError

CLOCK = FixedClock(datetime(2026, 11, 22, 12, tzinfo=UTC))


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, encoding="utf-8").stdout


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return name


def test_commits_what_was_named_and_nothing_else(tmp_path: Path) -> None:
    ours, theirs = write(tmp_path, "_news/a.md", "a"), write(tmp_path, "notes.txt", "mine")
    assert GitRepository(tmp_path, CLOCK).commit([ours], "1 article")
    assert git(tmp_path, "ls-files").split() == [ours]
    assert git(tmp_path, "log", "--format=%an|%aI|%s").strip() == "Broadsheet|2026-11-22T12:00:00+00:00|1 article"
    assert theirs in git(tmp_path, "status", "--porcelain")


def test_the_same_again_makes_no_commit(tmp_path: Path) -> None:
    repository = GitRepository(tmp_path, CLOCK)
    name = write(tmp_path, "_news/a.md", "a")
    assert repository.commit([name], "first")
    assert not repository.commit([name], "second")
    assert not repository.commit([], "third")
    assert git(tmp_path, "rev-list", "--count", "HEAD").strip() == "1"


def test_deletions_and_what_a_person_staged(tmp_path: Path) -> None:
    repository = GitRepository(tmp_path, CLOCK)
    name = write(tmp_path, "_stories/a.json", "{}")
    repository.commit([name], "first")
    (tmp_path / name).unlink()
    git(tmp_path, "add", write(tmp_path, "essay.md", "staged by a person"))
    assert repository.commit([name], "gone")
    assert git(tmp_path, "ls-tree", "-r", "--name-only", "HEAD").split() == []
    assert "A  essay.md" in git(tmp_path, "status", "--porcelain")


def test_a_publication_inside_a_larger_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    inner = tmp_path / "sites" / "tides"
    name = write(inner, "_news/a.md", "a")
    assert GitRepository(inner, CLOCK).commit([name], "inside")
    assert git(tmp_path, "ls-files").split() == ["sites/tides/_news/a.md"]
    assert not (inner / ".git").exists()


def test_names_beyond_ascii_and_many_files(tmp_path: Path) -> None:
    names = [write(tmp_path, f"_news/ü-{n}.md", "a") for n in range(1200)]
    assert GitRepository(tmp_path, CLOCK).commit(names, "many")
    assert git(tmp_path, "status", "--porcelain") == ""


def test_a_locked_repository_is_a_clear_error(tmp_path: Path) -> None:
    repository = GitRepository(tmp_path, CLOCK)
    repository.commit([write(tmp_path, "_news/a.md", "a")], "first")
    (tmp_path / ".git" / "index.lock").touch()
    with pytest.raises(StorageError, match="git add failed"):
        repository.commit([write(tmp_path, "_news/b.md", "b")], "second")
    os.remove(tmp_path / ".git" / "index.lock")
    assert repository.commit(["_news/b.md"], "second")


def test_a_folder_that_the_repository_around_it_ignores_gets_its_own(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("/demo/\n")
    name = write(tmp_path / "demo", "_news/a.md", "a")
    repository = GitRepository(tmp_path / "demo", CLOCK)
    assert repository.commit([name], "first")
    assert not repository.commit([name], "second")
    assert git(tmp_path / "demo", "ls-files").split() == [name]


def test_the_surroundings_do_not_lead_to_another_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "--quiet", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert GitRepository(tmp_path / "paper", CLOCK).commit([write(tmp_path / "paper", "_news/a.md", "a")], "first")
    monkeypatch.undo()
    assert git(tmp_path / "paper", "ls-files").split() == ["_news/a.md"]
    assert git(tmp_path / "paper", "status", "--porcelain") == ""


def test_a_commit_is_not_signed_with_a_persons_key(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "commit.gpgsign", "true")
    git(tmp_path, "config", "gpg.program", "false")
    assert GitRepository(tmp_path, CLOCK).commit([write(tmp_path, "_news/a.md", "a")], "first")
