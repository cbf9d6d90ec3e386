"""A folder that changes as a whole, killed at any instant, and nothing in it that is somebody else's is touched."""

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import UsageError
from broadsheet.formats import output_tree
from broadsheet.formats.output_tree import OutputTree, TreeReport

NAMES = [f"{folder}{name}" for folder in ("", "a/", "a/b/", "c/") for name in ("one", "two", "three")]
WRITER = """
import sys
from pathlib import Path
from broadsheet.formats.output_tree import OutputTree
tree = OutputTree(Path(sys.argv[1]))
start = int(tree.read("n/0") or b"0") + 1
for version in range(start, start + 10_000):
    body = str(version).encode()
    tree.change([(f"n/{n}", body) for n in range(25)] + [(f"only/{version}", body), (f"only/{version - 1}", None)])
    print(version, flush=True)
"""


def seen(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


Changes = st.lists(st.dictionaries(st.sampled_from(NAMES), st.none() | st.binary(max_size=3), max_size=6), max_size=8)


@settings(deadline=None, max_examples=60)
@given(changes=Changes, again=st.sets(st.integers(0, 8)), whole=st.sets(st.integers(0, 8)))
def test_after_any_changes_readers_see_what_was_asked_for(
    tmp_path_factory: pytest.TempPathFactory, changes: list[dict[str, bytes | None]], again: set[int], whole: set[int]
) -> None:
    out = tmp_path_factory.mktemp("tree") / "out"
    tree, expected = OutputTree(out), dict[str, bytes]()
    for number, change in enumerate(changes):
        if number in again:
            tree = OutputTree(out)
        if number in whole:
            expected = {path: body for path, body in change.items() if body is not None}
            tree.replace(expected.items())
        else:
            tree.change(change.items())
            expected = {p: b for p, b in {**expected, **change}.items() if b is not None}
        assert (seen(out) if out.exists() else {}) == expected


def test_a_killed_change_is_seen_whole_or_not_at_all(tmp_path: Path) -> None:
    out, moments = tmp_path / "out", random.Random(3)
    last = 0
    for _ in range(12):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(out)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(moments.uniform(0, 0.12))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        files = seen(out)
        versions = set(files.values())
        assert len(versions) == 1
        version = int(versions.pop())
        assert version > last
        assert files.keys() == {*(f"n/{n}" for n in range(25)), f"only/{version}"}
        last = version


def test_what_is_not_ours_stays_and_is_seen_in_both_trees(tmp_path: Path) -> None:
    out = tmp_path / "out"
    tree = OutputTree(out)
    tree.replace([("a/x", b"1"), ("b", b"1")])
    (out / "CNAME").write_text("mine")
    (out / "own").mkdir()
    (out / "own" / "page").write_text("mine too")
    (out / "a" / "note").write_text("and this")
    tree = OutputTree(out)
    for version in (b"2", b"3", b"4"):
        tree.change([("a/x", version)])
        assert seen(out) == {
            "a/x": version,
            "b": b"1",
            "CNAME": b"mine",
            "own/page": b"mine too",
            "a/note": b"and this",
        }
    tree.replace([("b", b"5")])
    assert seen(out) == {"b": b"5", "CNAME": b"mine", "own/page": b"mine too", "a/note": b"and this"}


def test_what_its_owner_takes_away_does_not_come_back(tmp_path: Path) -> None:
    out = tmp_path / "out"
    tree = OutputTree(out)
    tree.replace([("a/x", b"1")])
    (out / "CNAME").write_text("mine")
    tree.change([("a/x", b"2")])
    tree.change([("a/x", b"3")])
    (out / "CNAME").unlink()
    for version in (b"4", b"5"):
        tree.change([("a/x", version)])
        assert seen(out) == {"a/x": version}


def test_a_file_of_somebody_else_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "index.html").write_text("mine")
    with pytest.raises(UsageError, match="did not write it"):
        OutputTree(tmp_path / "out").replace([("a", b"1"), ("index.html", b"2")])
    assert seen(tmp_path / "out") == {"index.html": b"mine"}


def test_nothing_changed_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    OutputTree(out).replace([("a/x", b"1"), ("b", b"1")])
    stamps = {p: p.stat().st_mtime_ns for p in [out, *out.rglob("*")]}
    assert OutputTree(out).replace([("a/x", b"1"), ("b", b"1")]) == TreeReport(0, 2, 0)
    assert {p: p.stat().st_mtime_ns for p in [out, *out.rglob("*")]} == stamps


def test_a_folder_that_was_deleted_is_made_anew(tmp_path: Path) -> None:
    import shutil

    out = tmp_path / "out"
    tree = OutputTree(out)
    tree.replace([("a/x", b"1")])
    tree.change([("b", b"1")])
    shutil.rmtree(out)
    assert OutputTree(out).replace([("a/x", b"2"), ("c", b"1")]) == TreeReport(2, 0, 0)
    assert seen(out) == {"a/x": b"2", "c": b"1"}


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EINVAL, errno.EBUSY])
def test_where_folders_cannot_be_exchanged_files_are_written_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(one: Path, other: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(output_tree, "exchange", refuse)
    out = tmp_path / "out"
    tree = OutputTree(out)
    tree.replace([("a", b"1"), ("b", b"1")])
    tree.change([("a", b"2"), ("b", None), ("c", b"1")])
    assert seen(out) == {"a": b"2", "c": b"1"}
    monkeypatch.undo()
    OutputTree(out).change([("d", b"1")])
    assert seen(out) == {"a": b"2", "c": b"1", "d": b"1"}


def test_a_link_to_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").symlink_to("elsewhere")
    tree = OutputTree(tmp_path / "out")
    tree.replace([("a", b"1")])
    tree.change([("a", b"2")])
    assert seen(tmp_path / "elsewhere") == {"a": b"2"}
    assert (tmp_path / "out").is_symlink()
