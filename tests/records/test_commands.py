"""`broadsheet records`: check, fmt, import."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from broadsheet.cli.records import command
from broadsheet.errors import UsageError

RECORD = """---
category: news
title: "Ferry sails"
publishedDateTime: 2026-03-01T12:00:05Z
originalUrl: "https://kelp.example/1"
type: article

provider:
  name: The Kelp Ledger
  domain: kelp.example

topics:
  - Small News
---

"""
BROKEN = RECORD.replace("2026-03-01", "2026-03-99")
UNTIDY = RECORD.replace("\n\nprovider", "\nprovider")


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    news = tmp_path / "pub" / "_news"
    news.mkdir(parents=True)
    (news / "2026-03-01-ferry-sails.md").write_text(RECORD)
    (news / "2026-03-02-untidy.md").write_text(UNTIDY)
    (news / "2026-03-03-broken.md").write_text(BROKEN)
    return tmp_path / "pub"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_check_tells_each_problem_and_goes_on(publication: Path) -> None:
    result = run("check", publication)
    assert result.exit_code == 1
    assert rows(result) == [
        {
            "path": str(publication / "_news/2026-03-02-untidy.md"),
            "line": 7,
            "key": None,
            "reason": "a blank line is missing above this line",
        },
        {
            "path": str(publication / "_news/2026-03-03-broken.md"),
            "line": 4,
            "key": "publishedDateTime",
            "reason": "must be an instant, YYYY-MM-DDTHH:MM:SSZ, not '2026-03-99T12:00:05Z'",
        },
    ]
    assert "3 records read, 2 with problems" in result.stderr


def test_check_of_good_records_says_nothing(publication: Path) -> None:
    result = run("check", publication / "_news/2026-03-01-ferry-sails.md")
    assert (result.exit_code, result.stdout) == (0, "")


def test_check_shows_a_person_readable_lines(publication: Path) -> None:
    ours, theirs = pty.openpty()
    check = [sys.executable, "-m", "broadsheet", "records", "check", str(publication)]
    with subprocess.Popen(check, stdout=theirs, stderr=subprocess.DEVNULL) as process:
        os.close(theirs)
        shown = b""
        while chunk := _read_terminal(ours):
            shown += chunk
    assert process.returncode == 1
    assert b"2026-03-03-broken.md:4: publishedDateTime: must be an instant" in shown
    assert b"{" not in shown


def _read_terminal(ours: int) -> bytes:
    try:
        return os.read(ours, 4096)
    except OSError:  # Linux says so when the other side has closed
        return b""


def test_check_looks_into_folders_of_records_and_publications(publication: Path) -> None:
    loose = publication.parent / "loose.md"
    loose.write_text(BROKEN)
    (publication / "_data").mkdir()
    (publication / "_data" / "x.md").write_text("---\n---\n")
    assert {row["path"] for row in rows(run("check", publication.parent))} == {
        str(loose),
        str(publication / "_news/2026-03-02-untidy.md"),
        str(publication / "_news/2026-03-03-broken.md"),
    }


def test_check_does_not_wait_for_a_pipe_nor_read_a_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "zero.md").symlink_to("/dev/zero")
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    reasons = [row["reason"] for row in rows(run("check", tmp_path))]
    assert reasons == ["can't be read: No such file or directory", "is not a file", "is not a file"]


def test_nothing_to_look_at_is_wrong_usage(tmp_path: Path) -> None:
    assert run("check", tmp_path / "missing").exit_code == 2
    assert run("check").exit_code == 2
    assert isinstance(run("check", tmp_path).exception, UsageError)
    (tmp_path / "_news").mkdir()
    assert run("check", tmp_path).exit_code == 0


def test_fmt_puts_right_what_is_beyond_doubt(publication: Path) -> None:
    news = publication / "_news"
    good = news / "2026-03-01-ferry-sails.md"
    before = good.stat()
    (news / "2026-03-02-untidy.md").chmod(0o600)
    result = run("fmt", publication)
    assert result.exit_code == 1
    assert [row["path"] for row in rows(result)] == [str(news / "2026-03-03-broken.md")]
    assert (news / "2026-03-02-untidy.md").read_text() == RECORD
    assert (news / "2026-03-02-untidy.md").stat().st_mode & 0o777 == 0o600
    assert (news / "2026-03-03-broken.md").read_text() == BROKEN
    assert (good.stat().st_ino, good.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(list(news.iterdir())) == 3
    assert "3 records read, 1 rewritten, 1 left as they are" in result.stderr


def test_import_files_records_unchanged_and_overwrites_nothing(publication: Path, tmp_path: Path) -> None:
    source = tmp_path / "old"
    source.mkdir()
    (source / "2026-03-01-ferry-sails.md").write_text(RECORD.replace("Kelp", "Weed"))
    (source / "2026-03-04-new.md").write_text(RECORD)
    (source / "2026-03-05-broken.md").write_text(BROKEN)
    (source / "seed.md").write_text(RECORD.replace("Ferry sails", "Ferry sails home"))
    into = tmp_path / "new"
    into.mkdir()
    (into / "_news").mkdir()
    (into / "_news" / "2026-03-01-ferry-sails.md").write_text(RECORD)
    result = run("import", source, "--into", into)
    assert result.exit_code == 1
    assert [(row["path"], row["key"]) for row in rows(result)] == [
        (str(source / "2026-03-01-ferry-sails.md"), None),
        (str(source / "2026-03-05-broken.md"), "publishedDateTime"),
    ]
    filed = {path.name: path.read_text() for path in (into / "_news").iterdir()}
    assert filed == {
        "2026-03-01-ferry-sails.md": RECORD,
        "2026-03-01-ferry-sails-home.md": RECORD.replace("Ferry sails", "Ferry sails home"),
        "2026-03-04-new.md": RECORD,
    }
    assert "4 records read, 2 filed, 0 there already, 2 refused" in result.stderr
    again = run("import", source / "2026-03-04-new.md", "--into", into)
    assert again.exit_code == 0
    assert "0 filed, 1 there already" in again.stderr


@pytest.mark.parametrize("arguments", [(), ("check",), ("fmt",), ("import",)])
def test_help_shows_examples(arguments: tuple[str, ...]) -> None:
    result = run(*arguments, "--help")
    assert result.exit_code == 0
    assert not arguments or "Example:" in result.stdout
