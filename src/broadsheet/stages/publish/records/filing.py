"""Records in folders: found, read with care, put in order in place, and taken over from elsewhere."""

import os
import re
import stat
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from broadsheet.errors import StorageError
from broadsheet.formats.files import write_whole
from broadsheet.stages.publish.records.diagnosis import diagnose
from broadsheet.stages.publish.records.emitter import emit_record
from broadsheet.stages.publish.records.problems import Problem, RecordProblems
from broadsheet.stages.publish.records.reader import read_record
from broadsheet.stages.publish.records.schema import MAX_BYTES
from broadsheet.stages.publish.slugs import record_path

NEWS = "_news"
_FILE_NAME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[^/]+\.md")

# Without waiting, since a named pipe would keep us until its writer comes.
_READ_ONLY = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class Imported(StrEnum):
    """What became of a record that was to be taken over."""

    FILED = "filed"
    ALREADY_THERE = "already there"


def record_files(path: Path) -> Iterator[Path]:
    """The record files that `path` means, sorted: itself, those in the `_news` of a publication, or those of a folder
    and of the folders and publications in it. Folders that begin with a dot or underscore are not looked into."""
    if not path.is_dir():
        yield path
    elif (path / NEWS).is_dir():
        yield from _markdown(path / NEWS)
    else:
        yield from _markdown(path)
        for folder in sorted(path.iterdir()):
            if folder.is_dir() and not folder.is_symlink() and folder.name[0] not in "._":
                yield from record_files(folder)


def _markdown(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix == ".md" and not file.is_dir())


def read_file(path: Path) -> bytes:
    """The bytes of a record file. Raises RecordProblems where it can't be read, is no file, or is too large."""
    try:
        handle = os.open(path, _READ_ONLY)
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise _unreadable(path, "is not a file")
            if status.st_size > MAX_BYTES:
                raise _unreadable(path, f"larger than {MAX_BYTES // 1024} KiB, the most that a record may have")
            return os.read(handle, status.st_size)
        finally:
            os.close(handle)
    except OSError as error:
        raise _unreadable(path, f"can't be read: {error.strerror or error}") from error


def _unreadable(path: Path, reason: str) -> RecordProblems:
    return RecordProblems([Problem(str(path), 1, None, reason)])


def check_file(path: Path) -> tuple[Problem, ...]:
    """All that is wrong with a record file, form included; empty where all is well."""
    try:
        read_record(read_file(path), path=str(path))
    except RecordProblems as error:
        return error.problems
    return ()


def format_file(path: Path) -> bool:
    """Writes the record as we write it; True if that changed the file. Raises RecordProblems and leaves the file as
    it is where its meaning is in doubt; raises StorageError where it can't be written."""
    data = read_file(path)
    diagnosis = diagnose(data, str(path))
    if diagnosis.record is None:
        raise RecordProblems([problem for problem in diagnosis.problems if not problem.of_form])
    text = emit_record(diagnosis.record).encode()
    if text == data:
        return False
    _write(path, text)
    return True


def import_file(path: Path, news: Path) -> Imported:
    """Files a record unchanged in the folder `news`, under its own name, or a new one where its own is not of a record.

    Raises RecordProblems for a broken record and where another one has the name already; raises StorageError.
    """
    data = read_file(path)
    record = read_record(data, path=str(path))
    name = path.name
    if not _FILE_NAME.fullmatch(name):
        name = Path(record_path(record.published_date_time, record.title, ())).name
    target = news / name
    if target.exists() or target.is_symlink():
        if read_file(target) == data:
            return Imported.ALREADY_THERE
        raise _unreadable(path, f"{target} is there already with other content; nothing was overwritten")
    _write(target, data)
    return Imported.FILED


def _write(path: Path, data: bytes) -> None:
    """Writes through a link to what it leads to, so that the link stays. Raises StorageError."""
    try:
        write_whole(path.resolve(), data)
    except OSError as error:
        raise StorageError(f"{path}: can't be written: {error.strerror or error}") from error
