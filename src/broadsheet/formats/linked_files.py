"""Files that two trees share by hard links: what is written under one name must not reach the other."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from broadsheet.formats.files import write_whole


def holds(target: str, body: bytes) -> bool | None:
    """Whether the file has these bytes; None where there is no file."""
    try:
        if os.stat(target).st_size != len(body):
            return False
        with open(target, "rb", buffering=0) as file:
            return file.readall() == body
    except (FileNotFoundError, NotADirectoryError):
        return None


def write_anew(path: str, body: bytes) -> None:
    """Writes a file that nobody reads yet. What is there is unlinked first: its bytes may have another name."""
    with suppress(FileNotFoundError, NotADirectoryError):
        os.unlink(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        handle = os.open(path, flags, 0o644)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        handle = os.open(path, flags, 0o644)
    with os.fdopen(handle, "wb") as file:
        file.write(body)


def link_over(source: Path, target: Path, path: str) -> None:
    """Makes the file in the second tree the same as in the first."""
    one, other = f"{source}/{path}", f"{target}/{path}"
    with suppress(FileNotFoundError, NotADirectoryError):
        os.unlink(other)
    try:
        os.link(one, other, follow_symlinks=False)
    except OSError:
        if not os.path.isfile(one):
            remove(target, path)
            return
        os.makedirs(os.path.dirname(other), exist_ok=True)
        link(one, other)


def add_missing(source: Path, target: Path) -> None:
    """Links what the second tree has not."""
    for entry in os.scandir(source):
        there = target / entry.name
        if not os.path.lexists(there):
            if entry.is_dir(follow_symlinks=False):
                shutil.copytree(entry.path, there, symlinks=True, copy_function=link)
            else:
                link(entry.path, str(there))
        elif entry.is_dir(follow_symlinks=False):
            add_missing(source / entry.name, there)


def copy_over(source: Path, target: Path, path: str) -> None:
    """Makes the file in a tree that is read the same as in the other, whole at any instant."""
    try:
        write_whole(target / path, (source / path).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        remove(target, path)


def link(source: str, target: str) -> None:
    """A second name for a file; a copy where the file system has no such thing."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def remove(root: Path, path: str) -> None:
    """Removes a file and the folders that it leaves empty."""
    target = root / path
    with suppress(FileNotFoundError, NotADirectoryError):
        target.unlink()
    for parent in target.parents:
        if parent == root:
            break
        try:
            parent.rmdir()
        except OSError:  # not empty, or gone
            break
