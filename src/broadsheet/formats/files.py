"""Files as a publication needs them: written so that a reader sees the old bytes or the new ones, never half; written
many at once into a folder that nobody reads yet; read only where they are plain files."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType

NEW = ".new"
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def write_whole(path: Path, body: bytes) -> None:
    """Puts the bytes there at once, making folders as needed; also after a kill at any instant. Raises OSError.

    The new bytes go to a hidden file beside it, `.<name>.new`, that takes its place by a rename. The name is always the
    same, so that what a kill left behind is used up by the next try. A link by that name, left by somebody else, is not
    followed. The permissions of a file that was there stay.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name[:200]}{NEW}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644), "wb") as file:
            file.write(body)
            if path.exists():
                os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):  # the first error is the one to tell
            temporary.unlink()
        raise


class NewTree:
    """Writes the files of a folder that nobody reads yet, as quickly as the machine makes them.

    For a whole tree that takes its place by a rename afterwards: a kill in the middle leaves a folder that nobody was
    led to, so no file needs a second name. Nothing that is there already is written over, and no link followed.
    """

    def __init__(self, root: Path) -> None:
        """Makes `root` if need be; several processes may write into the same. Raises OSError."""
        root.mkdir(parents=True, exist_ok=True)
        self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._folder = ""

    def write(self, path: str, body: bytes) -> None:
        """Makes the file at `path`, which is relative, has no `..`, and was not written before. Raises OSError."""
        folder = path.rpartition("/")[0]
        if folder != self._folder:
            self._make(folder)
            self._folder = folder
        handle = os.open(path, _CREATE, 0o644, dir_fd=self._root)
        try:
            written = os.write(handle, body)
            while written < len(body):
                written += os.write(handle, memoryview(body)[written:])
        finally:
            os.close(handle)

    def _make(self, folder: str) -> None:
        if not folder:
            return
        try:
            os.mkdir(folder, 0o755, dir_fd=self._root)
        except FileExistsError:
            return
        except FileNotFoundError:
            self._make(folder.rpartition("/")[0])
            self._make(folder)

    def close(self) -> None:
        """Ends the writing. The files are whole; whether they are on the disk is the system's business."""
        os.close(self._root)

    def __enter__(self) -> "NewTree":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def read_plain(path: str | Path, largest: int) -> bytes | None:
    """The bytes of a plain file, at most `largest` and one; None where it is a folder, a link, a pipe or the like.

    A third of what `Path` needs for the same, without a moment between looking and reading. Raises OSError.
    """
    found = read_stamped(path, largest)
    return found[1] if found else None


def read_stamped(path: str | Path, largest: int) -> tuple[int, bytes] | None:
    """The stamp of a plain file (`stamp_of`, from before it was read), and its bytes as `read_plain` gives them."""
    try:
        handle = os.open(path, _READ)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):  # a link, or a pipe or socket that nobody serves
            return None
        raise
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return None
        wanted = min(status.st_size, largest) + 1
        body = os.read(handle, wanted)
        # As many bytes as the file has are all of it: to read once more, only to see its end, would cost a fifth.
        while len(body) < wanted and len(body) != status.st_size and (more := os.read(handle, wanted - len(body))):
            body += more
        return stamp_of(status), body
    finally:
        os.close(handle)


def stamp_of(status: os.stat_result) -> int:
    """When a file was changed last, its size and its place on the disk in one number, which takes a third of the
    memory that a tuple would."""
    return (status.st_mtime_ns << 128) | (status.st_size << 64) | status.st_ino
