"""Writes a publication's files into a folder: only what changed, and never anything that is somebody else's."""

import errno
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from broadsheet.errors import Rejected, StorageError, UsageError
from broadsheet.formats.files import write_whole
from broadsheet.model.publication import OutputFile, Publication
from broadsheet.stages.publish.ads import ad_files
from broadsheet.stages.publish.api_entry import entry_files
from broadsheet.stages.publish.directions import direction_files
from broadsheet.stages.publish.ledger import Ledger
from broadsheet.stages.publish.printing import Printer, sheets_of
from broadsheet.stages.publish.source_files import source_files

MANIFEST = ".broadsheet-build.json"
JOURNAL = ".broadsheet-build.journal"
_STEP = re.compile(r"[^\x00-\x1f\x7f/\\:*?\"<>|]{1,255}")


@dataclass(frozen=True, slots=True)
class BuildReport:
    """How many files a build wrote, found as they should be, and removed since they are no longer part of it."""

    written: int
    unchanged: int
    removed: int


def build(publication: Publication, out: Path) -> BuildReport:
    """Writes the publication into `out`, which is made if need be.

    A file is written (whole or not at all) only if its bytes changed. What an earlier build wrote and this one does not
    is removed; nothing else is: `out` remembers in `.broadsheet-build.json` what is ours. Raises Rejected for a path
    that leaves `out`, UsageError where a file that is not ours is in the way, StorageError when the machine fails.
    """
    with _Folder(out) as folder:
        for file in files_of(publication):
            folder.put(file)
        return folder.finish()


def files_of(publication: Publication, ledger: Ledger | None = None) -> Iterator[OutputFile]:
    """Every file of the publication, a function of the publication and of the ledger of its pages alone."""
    sheets = {sheet.story.id: sheet for sheet in sheets_of(publication)}
    printer = Printer(publication, ledger or Ledger(), sheets.get)
    yield from printer.whole(sheets.values())
    yield from site_wide_files(publication)


def site_wide_files(publication: Publication) -> Iterator[OutputFile]:
    """What no article changes."""
    yield from source_files(publication)
    yield from entry_files(publication)
    yield from direction_files(publication)
    yield from ad_files(publication)
    for path, source in sorted(publication.files.items()):
        try:
            yield OutputFile(path, source.read_bytes())
        except OSError as error:
            raise StorageError(f"can't read {source}, which {path} is a copy of: {error.strerror}") from error


def safe_path(path: str) -> str:
    """`path` where it stays below the folder on every system: no `..`, no control characters. Raises Rejected."""
    steps = path.split("/")
    if len(path) > 1024 or any(step in (".", "..") or not _STEP.fullmatch(step) for step in steps):
        raise Rejected(f"{path!r:.120} can't be the path of a file in the publication")
    if steps[0] in (MANIFEST, JOURNAL):
        raise Rejected(f"{path} is the build's own file")
    return path


class _Folder:
    """The folder that is built into. The journal holds the paths of new files until the manifest has them.

    So what a build that was cut short had written is still known as ours.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._written = self._unchanged = 0
        self._seen: set[str] = set()

    def __enter__(self) -> "_Folder":
        try:
            self._out.mkdir(parents=True, exist_ok=True)
            self._ours = _read_manifest(self._out) | _read_journal(self._out)
            self._journal = (self._out / JOURNAL).open("a", encoding="utf-8")
        except OSError as error:
            raise _storage_error(error, self._out) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._journal.close()

    def put(self, file: OutputFile) -> None:
        """Writes the file if it differs from what is there."""
        path = safe_path(file.path)
        if path in self._seen:
            raise Rejected(f"two files of the publication have the path {path}", hint="Rename one of them.")
        self._seen.add(path)
        try:
            self._put(path, file.body)
        except OSError as error:
            raise _storage_error(error, self._out / path) from error

    def _put(self, path: str, body: bytes) -> None:
        target = self._out / path
        same = _holds(target, body)
        self._claim(path, same)
        if same:
            self._unchanged += 1
            return
        write_whole(target, body)
        self._written += 1

    def _claim(self, path: str, same: bool | None) -> None:
        """Notes a path as ours before it is written; refuses one where something else of somebody's lies."""
        if path in self._ours:
            return
        if same is False:
            hint = "Choose an empty folder, or move that file away."
            raise UsageError(f"{self._out / path} is there, and Broadsheet did not write it", hint=hint)
        self._ours.add(path)
        self._journal.write(path + "\n")
        self._journal.flush()

    def finish(self) -> BuildReport:
        """Removes what is ours and no longer wanted, and writes the manifest."""
        try:
            removed = sum(_remove(self._out, path) for path in sorted(self._ours - self._seen))
            body = json.dumps({"files": sorted(self._seen)}, ensure_ascii=False, indent=0).encode() + b"\n"
            if not _holds(self._out / MANIFEST, body):
                write_whole(self._out / MANIFEST, body)
            self._journal.close()
            (self._out / JOURNAL).unlink()
        except OSError as error:
            raise _storage_error(error, self._out) from error
        return BuildReport(self._written, self._unchanged, removed)


def _holds(target: Path, body: bytes) -> bool | None:
    """Whether the file has these bytes; None where there is no file."""
    try:
        if target.stat().st_size != len(body):
            return False
        return target.read_bytes() == body
    except (FileNotFoundError, NotADirectoryError):
        return None


def _remove(out: Path, path: str) -> int:
    """Removes a file of ours and the folders that it leaves empty; 0 where it was gone already."""
    target = out / path
    try:
        target.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return 0
    for parent in target.parents:
        if parent == out:
            break
        with suppress(OSError):  # not empty: it stays
            parent.rmdir()
    return 1


def _read_manifest(out: Path) -> set[str]:
    """The paths that earlier builds wrote. A damaged manifest is as none: then nothing is removed or overwritten."""
    try:
        files = json.loads((out / MANIFEST).read_bytes())["files"]
        return {safe_path(path) for path in files}
    except FileNotFoundError:
        return set()
    except (ValueError, TypeError, KeyError, AttributeError, Rejected):
        return set()


def _read_journal(out: Path) -> set[str]:
    try:
        lines = (out / JOURNAL).read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return set()
    found = set()
    for line in lines:
        with suppress(Rejected):  # a line that was cut short names nothing of ours
            found.add(safe_path(line))
    return found


def _storage_error(error: OSError, at: Path) -> StorageError:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    hint = "Free some space, or choose another folder." if full else "Choose a folder that can be written."
    return StorageError(f"can't write {at}: {error.strerror}", hint=hint)
