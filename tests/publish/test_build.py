"""Building into a folder: only what changed is written, only what is ours is removed."""

import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from broadsheet.errors import Rejected, StorageError, UsageError
from broadsheet.formats.output_tree import TreeReport, safe_path
from broadsheet.model.publication import Publication
from broadsheet.stages.publish.build import build


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_it_builds_everything_and_then_nothing(publication: Publication, tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    first = build(publication, out)
    before = {path: (out / path).stat().st_mtime_ns for path in tree(out)}
    second = build(publication, out)
    assert first.written > 50
    assert second == TreeReport(written=0, unchanged=first.written, removed=0)
    assert {path: (out / path).stat().st_mtime_ns for path in tree(out)} == before
    wanted = {"index.html", "api/news/index.json", "feed.xml", "sitemap.xml", "robots.txt", "assets/broadsheet.css"}
    assert wanted <= before.keys()


def test_two_builds_are_the_same_bytes(publication: Publication, tmp_path: Path) -> None:
    build(publication, tmp_path / "one")
    build(publication, tmp_path / "two")
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_what_is_gone_is_removed_and_what_is_foreign_stays(publication: Publication, tmp_path: Path) -> None:
    build(publication, tmp_path)
    (tmp_path / "CNAME").write_text("hours.example")
    (tmp_path / "stories" / "s005" / "note.txt").write_text("mine")
    fewer = replace(publication, stories=publication.stories[:4])
    report = build(fewer, tmp_path)
    assert report.removed > 20
    assert not (tmp_path / "stories" / "s006").exists()
    assert (tmp_path / "CNAME").read_text() == "hours.example"
    assert (tmp_path / "stories" / "s005" / "note.txt").exists()
    assert not (tmp_path / "stories" / "s005" / "index.html").exists()


def test_a_foreign_file_in_the_way_is_not_overwritten(publication: Publication, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("my own page")
    with pytest.raises(UsageError, match="did not write it"):
        build(publication, tmp_path)
    assert (tmp_path / "index.html").read_text() == "my own page"


def test_a_build_that_was_cut_short_changes_nothing_and_goes_on(publication: Publication, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(publication, out)
    before = tree(out)
    broken = replace(publication, site=replace(publication.site, title="Other"), files={"x.png": tmp_path / "nowhere"})
    with pytest.raises(StorageError):
        build(broken, out)
    assert tree(out) == before
    build(replace(broken, files={}), out)
    build(replace(broken, files={}), tmp_path / "fresh")
    assert tree(out) == tree(tmp_path / "fresh")


def test_files_are_copied_and_a_missing_one_is_told(publication: Publication, tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"\x89PNG")
    build(replace(publication, files={"assets/logos/a.png": logo}), tmp_path / "out")
    assert (tmp_path / "out" / "assets" / "logos" / "a.png").read_bytes() == b"\x89PNG"
    with pytest.raises(StorageError, match=r"nowhere\.png"):
        build(replace(publication, files={"a.png": tmp_path / "nowhere.png"}), tmp_path / "out2")


def test_two_files_at_one_place_are_refused(publication: Publication, tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"x")
    with pytest.raises(Rejected, match=r"the path index\.html"):
        build(replace(publication, files={"index.html": logo}), tmp_path / "out")


@pytest.mark.parametrize(
    "path",
    ["../a", "/a", "a/../b", "a//b", "", "a/", "a\\b", "a\nb", "a/./b", "C:/x", ".broadsheet-build.json", "x" * 300],
)
def test_paths_that_leave_the_folder_are_refused(path: str) -> None:
    with pytest.raises(Rejected):
        safe_path(path)


def test_what_an_earlier_version_noted_is_ours(publication: Publication, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "old").mkdir(parents=True)
    (out / "old" / "page.html").write_text("written by an earlier version")
    (out / ".broadsheet-build.json").write_text('{"files": ["old/page.html"]}')
    (tmp_path / "victim").write_text("not ours")
    build(publication, out)
    assert not (out / "old").exists()
    assert not (out / ".broadsheet-build.json").exists()
    assert (tmp_path / "victim").exists()


@pytest.mark.parametrize(("number", "hint"), [(errno.ENOSPC, "Free some space"), (errno.EROFS, "can be written")])
def test_trouble_of_the_machine_is_one_clear_line(
    publication: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, hint: str
) -> None:
    def refuse(source: Any, target: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(StorageError, match=hint):
        build(publication, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    monkeypatch.undo()
    assert build(publication, tmp_path / "out").written > 50


def test_an_out_that_is_a_file_is_told(publication: Publication, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(StorageError, match="can't write"):
        build(publication, tmp_path / "out")
