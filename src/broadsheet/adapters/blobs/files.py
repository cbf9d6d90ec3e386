"""Blobs as files below a folder."""

from collections.abc import Iterator
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
        found = (p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file())
        return iter(sorted(n for n in found if n.startswith(prefix) and not n.endswith(NEW)))
