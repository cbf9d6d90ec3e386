"""A publication that several processes print is the one that a single process prints."""

import subprocess
import sys
from pathlib import Path

import pytest
from bench.publication.content import stories, write_content

from broadsheet.model.story import Moved
from broadsheet.stages.publish.story_files import emit_moved, story_path

RECORDS = 400


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stories of one and of many reports, records that no story names, an address that leads on, and bad files."""
    folder = tmp_path_factory.mktemp("paper")
    told = list(stories(RECORDS))
    write_content(folder, iter(told))
    for one in told[::9]:
        (folder / story_path(one.story.id)).unlink()
    moved = Moved("abcdef012345", told[1].story.id)
    path = folder / story_path(moved.id)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(emit_moved(moved.id, moved.into))
    (folder / told[2].records[0].path).write_text("---\ntitle: [\n---\n")
    (folder / story_path(told[4].story.id)).write_text("{")
    return folder


def built(content: Path, out: Path, processes: int) -> tuple[dict[str, bytes], str]:
    """The built files, and what the command says."""
    settings = content / "broadsheet.toml"
    before = settings.read_text()
    settings.write_text(f"{before}processes = {processes}\n")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "broadsheet", "build", "-C", str(content), "--out", str(out)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    finally:
        settings.write_text(before)
    assert done.returncode == 1, done.stderr  # the two bad files
    return {str(f.relative_to(out)): f.read_bytes() for f in out.rglob("*") if f.is_file()}, done.stdout


def test_the_files_and_the_complaints_are_the_same(content: Path, tmp_path: Path) -> None:
    alone, told_alone = built(content, tmp_path / "alone", 1)
    together, told_together = built(content, tmp_path / "together", 3)
    assert len(alone) > RECORDS
    assert alone == together
    assert told_alone == told_together
    assert told_alone.count('"error"') == 2


def test_a_folder_that_is_there_is_brought_up_to_date_by_several_too(content: Path, tmp_path: Path) -> None:
    first, _ = built(content, tmp_path / "out", 1)
    again, said = built(content, tmp_path / "out", 3)
    assert again == first
    assert '"written":0,' in said
