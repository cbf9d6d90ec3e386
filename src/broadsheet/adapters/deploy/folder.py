"""A folder of this machine, such as a web server's."""

import errno
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from broadsheet.adapters.deploy.local import digest, walk
from broadsheet.adapters.deploy.recorded import STAMP
from broadsheet.errors import StorageError, UsageError
from broadsheet.formats.files import write_whole

_SLOTS = ("a", "b")


class FolderTarget:
    """Fills `FileTarget` for a folder.

    A folder that is new or empty becomes a link to one of two trees beside it, `.NAME.a` and `.NAME.b`: the one that
    readers don't see is brought up to date, then the link is replaced by a rename. So readers see the old publication
    or the new one, whole. A folder that has files in it already, or can't be a link (a mounted one, a system without
    links), is changed file by file, each of them whole.
    """

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._link = folder
        self._trees = {slot: folder.with_name(f".{folder.name}.{slot}") for slot in _SLOTS}
        self._now = self._shown_tree()
        self._next = self._now if self._now and not self._is_twin(self._now) else self._other()
        self.shown, self.written = f"folder {self._now}", f"folder {self._next}"

    def stamp(self, tree: str) -> str | None:
        """As the protocol says."""
        with self._translated():
            folder = Path(tree.removeprefix("folder "))
            file = self._stamp_of(folder)
            return file.read_text("ascii", "replace").strip() if folder.is_dir() and file.is_file() else None

    def put_stamp(self, stamp: str) -> None:
        """As the protocol says."""
        with self._translated():
            self._next.mkdir(parents=True, exist_ok=True)
            write_whole(self._stamp_of(self._next), stamp.encode() + b"\n")

    def listing(self) -> Mapping[str, str | None]:
        """As the protocol says."""
        with self._translated():
            return {path: digest(self._next / path) for path, _ in walk(self._next)}

    def send(self, folder: Path, paths: Sequence[str]) -> None:
        """As the protocol says."""
        with self._translated():
            for path in paths:
                write_whole(self._inside(path), (folder / path).read_bytes())

    def remove(self, paths: Sequence[str]) -> None:
        """As the protocol says; folders that are left empty go too."""
        with self._translated():
            for path in paths:
                self._inside(path).unlink(missing_ok=True)
                for step in range(path.count("/"), 0, -1):
                    with suppress(OSError):  # not empty: it stays
                        (self._next / "/".join(path.split("/")[:step])).rmdir()

    def show(self) -> None:
        """As the protocol says."""
        if self._next == self._now:
            return
        with self._translated():
            new = self._link.with_name(f".{self._link.name}.link")
            new.unlink(missing_ok=True)
            new.symlink_to(self._next.name, target_is_directory=True)
            if self._now is None and self._link.is_dir():
                self._link.rmdir()
            os.replace(new, self._link)

    def _stamp_of(self, tree: Path) -> Path:
        """Beside a tree that is all ours, so that it holds nothing but the publication."""
        return tree.with_name(f"{tree.name}.stamp") if self._is_twin(tree) else tree / STAMP

    def _inside(self, path: str) -> Path:
        """The file of that path. A folder of somebody's that is a link must not lead us elsewhere."""
        target = self._next / path
        if "/" in path and not target.parent.resolve().is_relative_to(self._next.resolve()):
            raise UsageError(f"{target.parent} leads out of {self._next}", hint="Put a folder in the place of the link")
        return target

    def _shown_tree(self) -> Path | None:
        """The folder that readers see, None where there is nothing yet that could not be a link."""
        with self._translated():
            if self._link.is_symlink():
                return self._link.parent / os.readlink(self._link)
            if not self._link.exists():
                return None if self._can_link() else self._link
            return self._link if any(self._link.iterdir()) or self._is_fixed() else None

    def _can_link(self) -> bool:
        trial = self._link.with_name(f".{self._link.name}.trial")
        self._link.parent.mkdir(parents=True, exist_ok=True)
        try:
            trial.symlink_to(self._link.name)
            trial.unlink()
        except (OSError, NotImplementedError):
            return False
        return True

    def _is_fixed(self) -> bool:
        """Whether an empty folder can't be replaced: something is mounted there, or the folder around it is closed."""
        return os.path.ismount(self._link) or not os.access(self._link.parent, os.W_OK) or not self._can_link()

    def _is_twin(self, tree: Path) -> bool:
        return tree in self._trees.values()

    def _other(self) -> Path:
        return self._trees["b"] if self._now == self._trees["a"] else self._trees["a"]

    def _translated(self) -> "_Translated":
        return _Translated(self.name)


class _Translated:
    """Makes errors of the system ours."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        if not isinstance(error, OSError):
            return
        where = error.filename or self._name
        if isinstance(error, NotADirectoryError | IsADirectoryError | FileExistsError):
            hint = "Move it away, or choose another folder"
            raise UsageError(f"{where} is in the way of the publication: {error.strerror}", hint=hint) from error
        if isinstance(error, PermissionError):
            hint = "Give this user the right to write there, or choose another folder"
            raise UsageError(f"{where} can't be written: {error.strerror}", hint=hint) from error
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        hint = "Free some space and run again: it goes on where it was" if full else "Run again: it goes on"
        raise StorageError(f"{where}: {error.strerror}", hint=hint) from error
