"""A folder of files that changes as a whole: whoever reads it sees all of a change or nothing of it.

Beside the folder `public` lies `.public.twin`: a second tree of the same files (hard links, so they take no room),
which a change is written into; then the two exchange their names. What the twin is behind by is written down before
it is touched, so that after a kill at any instant the next change first brings it up. Where two folders can't be
exchanged (another file system, a mount, an older kernel), files are written in place, one by one, each whole; the same
list then says what a kill left undone.

Only what we wrote is changed or removed: `.public.twin/files` remembers what is ours. What else lies in the folder
stays where it is.
"""

import errno
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from broadsheet.errors import Rejected, StorageError, UsageError
from broadsheet.formats.exchange import exchange
from broadsheet.formats.files import NewTree, write_whole
from broadsheet.formats.linked_files import add_missing, copy_over, holds, link, link_over, remove, write_anew

_STEP = r"(?!\.\.?(?:/|\Z))[^\x00-\x1f\x7f/\\:*?\"<>|]{1,255}"
_PATH = re.compile(rf"{_STEP}(?:/{_STEP})*")
_OLDER = (".broadsheet-build.json", ".broadsheet-build.journal")
"""What earlier versions left in the folder itself: the list of what is ours."""
_CANT_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.EBUSY, errno.ENOTSUP, errno.EPERM, errno.EACCES)


@dataclass(frozen=True, slots=True)
class TreeReport:
    """How many files a change wrote, found as they should be, and removed."""

    written: int
    unchanged: int
    removed: int


def safe_path(path: str) -> str:
    """`path` where it stays below the folder on every system: no `..`, no control characters. Raises Rejected."""
    if len(path) > 1024 or not _PATH.fullmatch(path):
        raise Rejected(f"{path!r:.120} can't be the path of a file in the publication")
    if path.startswith(".") and path.partition("/")[0] in _OLDER:
        raise Rejected(f"{path} is the build's own file")
    return path


class OutputTree:
    """The folder `out`, made if need be. Only one process may change it at a time."""

    def __init__(self, out: Path) -> None:
        out = Path(os.path.realpath(out))
        self._out, self._shown = out, str(out)
        self._beside = out.with_name(f".{out.name}.twin")
        self._twin = self._beside / "tree"
        self._ours: set[str] = set()
        self._tops: set[str] = set()
        """The names in the folder's top that are or were ours."""
        self._opened = self._in_place = self._can_exchange = self._compared = False

    def read(self, path: str) -> bytes | None:
        """The bytes that readers see at this path, None where there is no file."""
        try:
            return (self._out / safe_path(path)).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def paths(self) -> frozenset[str]:
        """All files that are ours."""
        with _Told(self._out):
            self._open()
        return frozenset(self._ours)

    def replace(self, files: Iterable[tuple[str, bytes | None]]) -> TreeReport:
        """Makes these all that is ours: what differs is written, what is none of them is removed.

        Raises Rejected for a path that leaves the folder or comes twice, UsageError where a file that is not ours is
        in the way, StorageError when the machine fails; then readers see what they saw before.
        """
        with _Told(self._out):
            self._open()
            if not self._ours and not self._foreign():
                return self._begin(files)
            seen: set[str] = set()
            return self._change(self._with_removals(files, seen), seen)

    def change(self, files: Iterable[tuple[str, bytes | None]]) -> TreeReport:
        """Writes these and removes those without bytes; all else stays. Raises as `replace` does."""
        with _Told(self._out):
            self._open()
            return self._change(files, set())

    def _with_removals(
        self, files: Iterable[tuple[str, bytes | None]], seen: set[str]
    ) -> Iterator[tuple[str, bytes | None]]:
        yield from files
        yield from ((path, None) for path in sorted(self._ours - seen))

    # What is ours.

    def _open(self) -> None:
        if self._opened:
            return
        self._out.parent.mkdir(parents=True, exist_ok=True)
        if self._out.exists() and not self._out.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(self._out))
        self._beside.mkdir(exist_ok=True)
        if not (self._beside / ".gitignore").exists():
            (self._beside / ".gitignore").write_text("*\n", "utf-8")
        self._ours = self._remembered()
        self._tops = {path.partition("/")[0] for path in self._ours}
        if any((self._out / name).exists() for name in _OLDER):
            self._remember()
        self._opened = True

    def _remembered(self) -> set[str]:
        """What the list says, as far as it is there; what an earlier version wrote; what a kill left behind."""
        if not self._out.exists():
            return set()
        found = set(_lines(self._beside / "files")) or _older_list(self._out)
        found |= set(_lines(self._beside / "behind"))
        return {path for path in found if (self._out / path).is_file()}

    def _remember(self) -> None:
        write_whole(self._beside / "files", "".join(f"{path}\n" for path in sorted(self._ours)).encode())
        for name in _OLDER:
            (self._out / name).unlink(missing_ok=True)

    def _foreign(self) -> bool:
        return self._out.exists() and any(self._out.iterdir())

    # The first time.

    def _begin(self, files: Iterable[tuple[str, bytes | None]]) -> TreeReport:
        """Into a new folder, which takes its name when it is whole."""
        shutil.rmtree(self._twin, ignore_errors=True)
        seen: set[str] = set()
        with NewTree(self._twin) as tree:
            for path, body in files:
                if body is not None:
                    _once(path, seen)
                    tree.write(path, body)
        if self._out.exists():
            self._out.rmdir()
        self._twin.rename(self._out)
        self._ours, self._tops = seen, {path.partition("/")[0] for path in seen}
        self._remember()
        write_whole(self._beside / "behind", b"")
        return TreeReport(len(seen), 0, 0)

    # A change.

    def _change(self, files: Iterable[tuple[str, bytes | None]], seen: set[str]) -> TreeReport:
        change = _Change(self._twin, seen=False) if self._exchanges() else _Change(self._out, seen=True)
        with (self._beside / "behind").open("a", encoding="utf-8") as behind:
            for path, body in files:
                _once(path, seen)
                if self._differs(path, body):
                    if not change.paths:
                        self._bring_up()
                    behind.write(f"{path}\n")
                    behind.flush()
                    change.put(path, body)
                    (self._ours.discard if body is None else self._ours.add)(path)
                    self._tops.add(path.partition("/")[0])
                else:
                    change.unchanged += body is not None
        if change.paths:
            self._show(change)
        return TreeReport(change.written, change.unchanged, len(change.paths) - change.written)

    def _differs(self, path: str, body: bytes | None) -> bool:
        """Whether the file must be touched. Raises UsageError where it is somebody else's."""
        if body is None:
            return path in self._ours
        same = holds(f"{self._shown}/{path}", body)
        if same is False and path not in self._ours:
            hint = "Choose an empty folder, or move that file away."
            raise UsageError(f"{self._out / path} is there, and Broadsheet did not write it", hint=hint)
        if same:
            self._ours.add(path)
        return not same

    def _show(self, change: "_Change") -> None:
        """Lets readers see the change, and notes what the other tree is behind by now."""
        if change.root == self._twin:
            self._take_along()
            try:
                exchange(self._out, self._twin)
            except OSError as error:
                if error.errno not in _CANT_EXCHANGE:
                    raise
                self._in_place = True
                for path in change.paths:
                    copy_over(self._twin, self._out, path)
        with (self._beside / "files").open("a", encoding="utf-8") as file:
            file.write("".join(f"{path}\n" for path in change.paths))
        behind = () if self._in_place else change.paths
        write_whole(self._beside / "behind", "".join(f"{path}\n" for path in behind).encode())

    def _exchanges(self) -> bool:
        """Whether the folder can be exchanged for another, as far as can be told before."""
        if self._in_place or self._can_exchange:
            return not self._in_place
        if os.path.ismount(self._out):
            self._in_place = True
            return False
        one, other = self._beside / "one", self._beside / "other"
        try:
            one.mkdir(exist_ok=True)
            other.mkdir(exist_ok=True)
            exchange(one, other)
        except OSError as error:
            if error.errno not in _CANT_EXCHANGE:
                raise
            self._in_place = True
        finally:
            one.rmdir()
            other.rmdir()
        self._can_exchange = not self._in_place
        return self._can_exchange

    def prepare(self) -> None:
        """Makes the twin, so that the first change costs no more than the others. Does nothing where it is there."""
        with _Told(self._out):
            self._open()
            if self._out.is_dir() and self._exchanges():
                self._bring_up()

    def _bring_up(self) -> None:
        """Makes the twin what readers see, by links: all of it where there is none yet."""
        self._out.mkdir(exist_ok=True)
        if self._in_place:
            return
        if not self._twin.is_dir():
            fresh = self._beside / "fresh"
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(self._out, fresh, symlinks=True, copy_function=link)
            fresh.rename(self._twin)
        elif not self._compared:
            add_missing(self._out, self._twin)
        self._compared = True
        for path in set(_lines(self._beside / "behind")):
            link_over(self._out, self._twin, path)

    def _take_along(self) -> None:
        """What somebody else has put into the folder's top since is in both. What lies deeper is looked for once a
        process, since it means to look at every file."""
        for entry in os.scandir(self._out):
            if entry.name not in self._tops and not (self._twin / entry.name).exists():
                if entry.is_dir(follow_symlinks=False):
                    shutil.copytree(entry.path, self._twin / entry.name, symlinks=True, copy_function=link)
                else:
                    link(entry.path, str(self._twin / entry.name))
        for entry in os.scandir(self._twin):
            if entry.name not in self._tops and not os.path.lexists(self._out / entry.name):
                shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)


class _Change:
    """What is written into a tree: into the twin, which is not `seen` by anybody, or in place, each file whole."""

    def __init__(self, root: Path, *, seen: bool) -> None:
        self.root, self._seen = root, seen
        self._top = str(root)
        self.paths: list[str] = []
        self.written = self.unchanged = 0

    def put(self, path: str, body: bytes | None) -> None:
        """Writes or removes a file; its other name, in the other tree, keeps its bytes."""
        self.paths.append(path)
        if body is None:
            remove(self.root, path)
            return
        if self._seen:
            write_whole(self.root / path, body)
        else:
            write_anew(f"{self._top}/{path}", body)
        self.written += 1


class _Told:
    """Lets trouble of the machine be one clear line."""

    def __init__(self, at: Path) -> None:
        self._at = at

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, *_: object) -> None:
        if isinstance(error, OSError):
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            hint = "Free some space, or choose another folder." if full else "Choose a folder that can be written."
            at = error.filename or self._at
            raise StorageError(f"can't write {at}: {error.strerror}", hint=hint) from error


def _once(path: str, seen: set[str]) -> None:
    if safe_path(path) in seen:
        raise Rejected(f"two files of the publication have the path {path}", hint="Rename one of them.")
    seen.add(path)


def _lines(file: Path) -> Iterator[str]:
    """The safe paths in a list of ours; a line that was cut short names nothing of ours."""
    try:
        lines = file.read_text("utf-8", "replace").split("\n")
    except FileNotFoundError:
        return
    for line in lines:
        with suppress(Rejected):
            yield safe_path(line)


def _older_list(out: Path) -> set[str]:
    """What earlier versions noted in the folder itself. A damaged list is as none: then nothing is removed."""
    found = set(_lines(out / _OLDER[1]))
    try:
        files = json.loads((out / _OLDER[0]).read_bytes())["files"]
        return found | {safe_path(path) for path in files}
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, KeyError, AttributeError, Rejected):
        return found
