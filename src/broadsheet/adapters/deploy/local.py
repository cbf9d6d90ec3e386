"""The built folder as a deployment sees it, and how it differs from what a target holds."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from broadsheet.errors import StorageError, UsageError
from broadsheet.model.outgoing import HeldFile
from broadsheet.stages.publish.serving import for_readers, turn


def files_for_readers(folder: Path) -> dict[str, os.stat_result]:
    """Every ordinary file of the publication by its path with forward slashes; links are not followed.

    Raises UsageError where nothing is built, StorageError where it can't be read.
    """
    try:
        found = dict(walk(folder))
    except OSError as error:
        raise StorageError(f"{error.filename or folder}: {error.strerror}") from error
    if not found:
        raise UsageError(f"{folder} holds no publication", hint="Build it first: broadsheet build")
    return found


def walk(folder: Path | str, prefix: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """The ordinary files below a folder that readers may see, in no order; none where there is no folder. Raises
    OSError."""
    try:
        entries = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    with entries:
        for entry in entries:
            if not for_readers(entry.name):  # the folders above are for readers already
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from walk(entry.path, f"{prefix}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                yield prefix + entry.name, entry.stat(follow_symlinks=False)


@dataclass(slots=True)
class Difference:
    """What a target lacks (`send`, in the order of `serving.turn`), what it has too much (`gone`), what it has right
    but from a local file of another time (`same`), and how many files are as they should be."""

    send: dict[str, HeldFile] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    same: dict[str, HeldFile] = field(default_factory=dict)
    unchanged: int = 0

    def __bool__(self) -> bool:
        return bool(self.send or self.gone)


def difference(folder: Path, files: Mapping[str, os.stat_result], held: Mapping[str, HeldFile]) -> Difference:
    """How `files` of `folder` differ from what is `held`. Only a file whose size or time changed is read."""
    found = Difference(gone=sorted(held.keys() - files.keys(), reverse=True))
    changed: dict[str, HeldFile] = {}
    for path, stat in files.items():
        there = held.get(path)
        if there is not None and there.digest and (there.size, there.modified) == (stat.st_size, stat.st_mtime_ns):
            found.unchanged += 1
            continue
        now = HeldFile(digest(folder / path), stat.st_size, stat.st_mtime_ns)
        if there is not None and there.digest == now.digest:
            found.same[path] = now
            found.unchanged += 1
        else:
            changed[path] = now
    found.send = {path: changed[path] for path in sorted(changed, key=turn)}
    return found


def digest(file: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal digits. Raises StorageError."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise StorageError(f"{file}: {error.strerror}") from error
