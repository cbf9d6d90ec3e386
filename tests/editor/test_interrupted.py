"""Killed anywhere while decisions are carried out and run again, a run ends where an uninterrupted one ends."""

import random
import subprocess
import sys
import time
from pathlib import Path

from editor.newsroom import BREAD, CLIMB, LADDER, Paper, paper_in


def start(paper: Paper) -> "subprocess.Popen[bytes]":
    instant = "2026-11-20T12:00:00Z"
    command = [sys.executable, "-m", "broadsheet", "run", "--once", "--at", instant, "-C", str(paper.folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def decided(folder: Path) -> Paper:
    """A paper whose editor decided on everything at once, in files that are the same each time."""
    paper = paper_in(folder)
    paper.run()
    bread, ladder = paper.story_of(BREAD), paper.story_of(LADDER)
    (folder / "_decisions").mkdir()
    for name, at, rest in (
        ("one", "09:00", f"what: merge\nstory: {bread}\ninto: {ladder}"),
        ("two", "09:01", f"what: pin\narticles: {CLIMB}"),
        ("three", "09:02", f"what: split\nstory: {ladder}\narticles: {LADDER}"),
    ):
        text = f"at: 2026-11-20T{at}:00Z\nby: Ann\n{rest}\n"
        (folder / "_decisions" / f"{name}.yaml").write_text(text, "utf-8")
    return paper


def state(paper: Paper) -> dict[str, object]:
    """What must be the same; how often a source was asked is not, and is told on the page of the sources."""
    told = {path: body for path, body in paper.tree().items() if "sources/" not in path}
    return {"git": paper.git("rev-parse", "HEAD^{tree}"), **told}


def test_a_killed_run_carries_the_rest_out(tmp_path: Path) -> None:
    whole = decided(tmp_path / "whole")
    began = time.monotonic()
    start(whole).wait(timeout=120)
    seconds = time.monotonic() - began
    expected = state(whole)
    assert whole.stories()[whole.story_of(CLIMB)] == [CLIMB, BREAD]
    assert whole.stories()[whole.story_of(LADDER)] == [LADDER]
    moments = random.Random(5)
    for number in range(3):
        paper = decided(tmp_path / f"paper-{number}")
        process = start(paper)
        time.sleep(seconds * moments.uniform(0.3, 1.0))
        process.kill()
        process.wait()
        start(paper).wait(timeout=120)
        assert state(paper) == expected
