"""Files written many at once, and read only where they are plain."""

import os
from pathlib import Path

import pytest

from broadsheet.formats.files import NewTree, read_plain


def test_a_tree_has_what_was_written(tmp_path: Path) -> None:
    with NewTree(tmp_path / "new" / "tree") as tree:
        tree.write("index.html", b"front")
        tree.write("stories/a/index.html", b"one")
        tree.write("stories/b/index.html", b"")
        tree.write("stories/a/more/index.html", b"x" * 3_000_000)
        tree.write("feed.xml", b"feed")
    there = {p.relative_to(tmp_path / "new" / "tree").as_posix() for p in (tmp_path / "new").rglob("*") if p.is_file()}
    assert there == {
        "index.html", "feed.xml", "stories/a/index.html", "stories/b/index.html", "stories/a/more/index.html"
    }  # fmt: skip
    assert (tmp_path / "new/tree/stories/a/more/index.html").read_bytes() == b"x" * 3_000_000
    assert (tmp_path / "new/tree/stories/b/index.html").read_bytes() == b""


def test_two_may_write_into_one_tree(tmp_path: Path) -> None:
    with NewTree(tmp_path) as one, NewTree(tmp_path) as other:
        one.write("stories/a/index.html", b"a")
        other.write("stories/b/index.html", b"b")
        one.write("stories/c/index.html", b"c")
    assert len(list(tmp_path.glob("stories/*/index.html"))) == 3


def test_nothing_that_is_there_is_written_over_and_no_link_followed(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_bytes(b"kept")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "link").symlink_to(tmp_path / "kept.txt")
    with NewTree(tmp_path / "tree") as tree:
        tree.write("once", b"1")
        for path in ("once", "link"):
            with pytest.raises(FileExistsError):
                tree.write(path, b"2")
    assert (tmp_path / "kept.txt").read_bytes() == b"kept"
    assert (tmp_path / "tree" / "once").read_bytes() == b"1"


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    with NewTree(tmp_path) as tree:
        tree.write("stories", b"a file")
        with pytest.raises(OSError, match="stories"):
            tree.write("stories/a/index.html", b"")


def test_only_plain_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"bytes")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "link").symlink_to(tmp_path / "plain")
    os.mkfifo(tmp_path / "pipe")
    assert read_plain(tmp_path / "plain", 100) == b"bytes"
    assert read_plain(str(tmp_path / "plain"), 3) == b"byte"
    assert read_plain(tmp_path / "empty", 100) == b""
    assert [read_plain(tmp_path / name, 100) for name in ("link", "pipe", ".")] == [None, None, None]
    with pytest.raises(FileNotFoundError):
        read_plain(tmp_path / "gone", 100)
