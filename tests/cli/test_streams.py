"""Commands in pipes: standard input, output that is full, closed or of another encoding; never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = b"<html><title>The weir is open</title><p>" + b"The weir opened at dawn and stays open. " * 20
FEED = b"<rss version='2.0'><channel><title>\xc3\x9cber</title></channel></rss>"


def shell(line: str, stdin: bytes = b"", **more: str) -> "subprocess.CompletedProcess[bytes]":
    command = ["sh", "-c", line.replace("broadsheet", f'"{sys.executable}" -m broadsheet', 1)]
    said = subprocess.run(
        command, input=stdin, capture_output=True, check=False, timeout=60, env={**os.environ, **more}
    )
    assert b"Traceback" not in said.stderr
    return said


def test_a_page_and_a_feed_from_standard_input() -> None:
    said = shell("broadsheet extract --url https://weir.example/1 -", PAGE)
    assert (said.returncode, json.loads(said.stdout)["title"]) == (0, "The weir is open")
    assert json.loads(shell("broadsheet feed -", FEED).stdout)["title"] == "Über"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("arguments", ["feed -", "--help"])
def test_output_that_is_full(arguments: str) -> None:
    said = shell(f"broadsheet {arguments} >/dev/full", FEED)
    assert said.returncode == 1
    assert len(said.stderr.splitlines()) == 1


def test_closed_streams() -> None:
    assert shell("broadsheet feed - >&-", FEED).returncode == 0
    assert shell("broadsheet stories <&-").returncode == 0


def test_a_reader_that_has_enough() -> None:
    assert shell("broadsheet feed - | true", FEED).stderr == b""


def test_lines_are_utf8_whatever_the_locale() -> None:
    said = shell("broadsheet feed -", FEED, PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert json.loads(said.stdout.decode("utf-8"))["title"] == "Über"
