"""The contract of the `Blobs` port, on the file system."""

from pathlib import Path

import pytest

from broadsheet.adapters.blobs.files import FileBlobs
from broadsheet.errors import StorageError


def test_what_is_put_can_be_got(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path / "blobs")
    blobs.put("pictures/a-480.webp", b"one")
    blobs.put("pictures/a-480.webp", b"two")
    assert blobs.get("pictures/a-480.webp") == b"two"
    assert blobs.get("pictures/b.webp") is None
    assert list(blobs.names("pictures/")) == ["pictures/a-480.webp"]
    assert list(blobs.names("other/")) == []


def test_what_is_removed_is_gone_and_leaves_no_empty_folder(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path)
    for name in ("pictures/ab/1.webp", "pictures/ab/2.webp", "pictures/cd/3.webp"):
        blobs.put(name, b"")
    for name in ("pictures/ab/1.webp", "pictures/cd/3.webp", "pictures/cd/3.webp"):
        blobs.remove(name)
    assert list(blobs.names()) == ["pictures/ab/2.webp"]
    assert [p.name for p in (tmp_path / "pictures").iterdir()] == ["ab"]


def test_the_stamp_tells_whether_anything_came_or_went(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path)
    stamps = [blobs.stamp("pictures/")]
    for change in (
        lambda: blobs.put("pictures/ab/1.webp", b"one"),
        lambda: blobs.put("pictures/ab/2.webp", b"two"),
        (tmp_path / "pictures/ab/1.webp").unlink,
        lambda: blobs.remove("pictures/ab/2.webp"),
    ):
        change()
        stamps += [blobs.stamp("pictures/"), blobs.stamp("pictures/")]
        blobs.put("marks/ab/1.webp", b"not asked about")
    assert stamps[1::2] == stamps[2::2]
    assert len(set(stamps)) == 5


@pytest.mark.parametrize("name", ["../a", "/etc/a", "a/../../b", "a\0b"])
def test_a_name_never_leaves_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        FileBlobs(tmp_path).put(name, b"")


def test_a_full_or_odd_disk_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file where a folder should be")
    with pytest.raises(StorageError):
        FileBlobs(tmp_path).put("pictures/a", b"")
