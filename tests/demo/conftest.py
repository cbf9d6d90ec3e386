"""The demo, made once for all tests that look at it (they share a group, so that one worker has them all)."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `broadsheet demo` made."""
    folder = tmp_path_factory.mktemp("demo") / "paper"
    command = [sys.executable, "-m", "broadsheet", "demo", "--out", str(folder)]
    said = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=600)
    (folder.parent / "said.txt").write_text(said.stderr, "utf-8")
    return folder
