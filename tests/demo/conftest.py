"""The demo, made once for all tests that look at it, whichever worker they run in."""

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder that `broadsheet demo` made."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent  # the workers' folders lie side by side
    folder, said = shared / "demo-paper", shared / "demo-said.txt"
    with FileLock(shared / "demo.lock"):
        if not said.is_file():
            command = [sys.executable, "-m", "broadsheet", "demo", "--out", str(folder)]
            made = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=600)
            said.write_text(made.stderr, "utf-8")
    return folder
