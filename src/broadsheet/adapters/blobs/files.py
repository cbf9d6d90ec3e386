"""Blobs as files below a folder."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from broadsheet.errors import StorageError
from broadsheet.formats.files import NEW, write_whole


class FileBlobs:
    """Implements the `Blobs` port; a name's slashes are folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where the blob of that name lies. Raises ValueError for a name that would leave the folder."""
        if name.startswith("/") or ".." in name.split("/") or "\0" in name:
            raise ValueError(f"{name!r} is not a name of a blob")
        return self.folder / name

    def put(self, name: str, body: bytes) -> None:
        """Store it whole or not at all."""
        path = self.path(name)
        try:
            write_whole(path, body)
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror}", hint="Nothing was lost; run again") from error

    def get(self, name: str) -> bytes | None:
        """The bytes, None where there are none."""
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError(f"{self.path(name)}: {error.strerror}") from error

    def names(self, prefix: str = "") -> Iterator[str]:
        """The stored names that begin with `prefix`, sorted."""
        top = self.path(prefix.rpartition("/")[0])
        found = (f"{folder}/{name}" for folder, _, names in os.walk(top) for name in names if not name.endswith(NEW))
        start = len(str(self.folder)) + 1
        return iter(sorted(name for path in found if (name := path[start:]).startswith(prefix)))

    def remove(self, name: str) -> None:
        """It is no longer there; nor is a folder that it leaves empty."""
        path = self.path(name)
        try:
            path.unlink(missing_ok=True)
            with suppress(OSError):  # not empty: it stays
                path.parent.rmdir()
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror}") from error

    def stamp(self, folder: str) -> str:
        """From the times at which the folder and those in it were changed."""
        top = self.path(folder.rstrip("/"))
        try:
            with os.scandir(top) as entries:
                times = [(entry.name, entry.stat().st_mtime_ns) for entry in entries if entry.is_dir()]
            times.append(("", top.stat().st_mtime_ns))
        except FileNotFoundError:
            return "none"
        except OSError as error:
            raise StorageError(f"{top}: {error.strerror}") from error
        return hashlib.blake2s(repr(sorted(times)).encode(), digest_size=8).hexdigest()
