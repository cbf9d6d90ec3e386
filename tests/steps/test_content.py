"""Writing into the content folder: an interruption loses nothing, and a person's edit is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.adapters.storage.store import SqlStore
from broadsheet.errors import StorageError
from broadsheet.ports import FileTable
from broadsheet.steps.content import ContentFolder

PATH = "_news/2026-11-22-a-weir.md"


@pytest.fixture
def table(tmp_path: Path) -> Iterator[FileTable]:
    store = SqlStore(tmp_path / "state" / "state.sqlite")
    yield store.files
    store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "paper"


def write(folder: Path, table: FileTable, body: bytes | None) -> ContentFolder:
    content = ContentFolder(folder, table)
    content.write({PATH: body}, {"a": PATH})
    return content


def test_writes_and_leaves_alone_what_is_right(folder: Path, table: FileTable) -> None:
    assert write(folder, table, b"one").counts == {"files": 1}
    assert (folder / PATH).read_bytes() == b"one"
    assert write(folder, table, b"one").counts == {}
    assert ContentFolder(folder, table).record_paths() == {PATH}


def test_a_persons_edit_is_kept(folder: Path, table: FileTable) -> None:
    write(folder, table, b"one")
    table.committed([PATH])
    (folder / PATH).write_bytes(b"mine")
    assert write(folder, table, b"two").counts == {"kept as a person left them": 1}
    assert (folder / PATH).read_bytes() == b"mine"


def test_a_persons_deletion_is_kept(folder: Path, table: FileTable) -> None:
    write(folder, table, b"one")
    table.committed([PATH])
    (folder / PATH).unlink()
    write(folder, table, b"two")
    assert not (folder / PATH).exists()


def test_somebody_elses_file_is_not_overwritten(folder: Path, table: FileTable) -> None:
    (folder / PATH).parent.mkdir(parents=True)
    (folder / PATH).write_bytes(b"theirs")
    write(folder, table, b"one")
    assert (folder / PATH).read_bytes() == b"theirs"


def test_an_interruption_before_the_writing_is_made_good(folder: Path, table: FileTable) -> None:
    write(folder, table, b"one")
    table.committed([PATH])
    content = ContentFolder(folder, table)
    intent = content._intent(PATH, b"two", table.known([PATH])[PATH])
    assert intent is not None
    table.intend([intent], {})
    assert write(folder, table, b"three").counts == {"files": 1}
    assert (folder / PATH).read_bytes() == b"three"


def test_an_interruption_after_the_writing_is_not_taken_for_a_persons_edit(folder: Path, table: FileTable) -> None:
    write(folder, table, b"one")
    assert [f.path for f in table.dirty()] == [PATH]
    assert write(folder, table, b"two").counts == {"files": 1}
    assert (folder / PATH).read_bytes() == b"two"


def test_a_story_that_dissolved_is_deleted_once(folder: Path, table: FileTable) -> None:
    write(folder, table, b"one")
    table.committed([PATH])
    assert write(folder, table, None).counts == {"files": 1}
    assert not (folder / PATH).exists()
    table.committed([PATH])
    assert write(folder, table, None).counts == {}


def test_a_folder_that_can_not_be_written_is_a_clear_error(folder: Path, table: FileTable) -> None:
    folder.mkdir()
    (folder / "_news").write_text("a file where a folder should be")
    with pytest.raises(StorageError, match="_news"):
        write(folder, table, b"one")
