"""The folder of the content repository: written so that an interruption loses nothing and a person's edit is kept."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from broadsheet.errors import StorageError
from broadsheet.formats.files import write_whole
from broadsheet.model.kept import WrittenFile
from broadsheet.model.record import FOLDER as RECORDS
from broadsheet.ports import FileTable


class ContentFolder:
    """Writes files below `folder` and remembers in `table` what it wrote.

    What it is about to write is written down first. So of a file that differs from what we last wrote it is known
    whether an interrupted run left it so, or a person: a person's edit, or deletion, stays as it is.
    """

    def __init__(self, folder: Path, table: FileTable) -> None:
        self.folder = folder
        self.table = table
        self.counts: Counter[str] = Counter()

    def record_paths(self) -> set[str]:
        """Paths of all records that lie in the folder, whoever wrote them."""
        return {f"{RECORDS}/{p.name}" for p in (self.folder / RECORDS).glob("*.md")}

    def read(self, path: str) -> bytes | None:
        """The bytes of a file as it lies there, None where there is none. Raises StorageError."""
        return self._read(path)

    def is_persons(self, path: str) -> bool:
        """Whether a person changed the file since we wrote it, or it was never ours. Raises StorageError."""
        return not self._is_ours(_digest(self._read(path)), self.table.known([path]).get(path))

    def write(self, files: Mapping[str, bytes | None], record_paths: Mapping[str, str]) -> None:
        """Makes each path have these bytes (None: be gone). Raises StorageError; then the same call does the rest."""
        known = self.table.known(files)
        intended = [w for path, body in files.items() if (w := self._intent(path, body, known.get(path))) is not None]
        self.table.intend(intended, record_paths)
        for intent in intended:
            self._carry_out(intent, files[intent.path])

    def _intent(self, path: str, body: bytes | None, known: WrittenFile | None) -> WrittenFile | None:
        """What is to be written, None where the file is right already or is a person's."""
        there, wanted = _digest(self._read(path)), _digest(body)
        if there == wanted:
            return self._in_place(path, wanted, known)
        if self._is_ours(there, known):
            return WrittenFile(path, wanted, before=there)
        self.counts["kept as a person left them"] += 1
        return None

    def _in_place(self, path: str, sha: str | None, known: WrittenFile | None) -> WrittenFile | None:
        """An interrupted run may have written it and not said so."""
        if known is None and sha is None:
            return None
        return None if known is not None and known.sha == sha else WrittenFile(path, sha, before=sha)

    def _is_ours(self, there: str | None, known: WrittenFile | None) -> bool:
        if known is None:
            return there is None
        return there in (known.sha, known.before) if known.dirty else there == known.sha

    def _carry_out(self, intent: WrittenFile, body: bytes | None) -> None:
        if intent.sha == intent.before:
            return
        self.counts["files"] += 1
        self._refuse_to_leave(intent.path)
        try:
            if body is None:
                (self.folder / intent.path).unlink(missing_ok=True)
            else:
                write_whole(self.folder / intent.path, body)
        except OSError as error:
            hint = "Nothing is lost: mend it and run again"
            raise StorageError(f"{self.folder / intent.path}: {error.strerror}", hint=hint) from error

    def _refuse_to_leave(self, path: str) -> None:
        """A folder that is a link would let us write elsewhere; a file that is one is replaced by a rename."""
        folder = (self.folder / path).parent
        if not folder.resolve().is_relative_to(self.folder.resolve()):
            hint = "Put a folder in the place of the link"
            raise StorageError(f"{folder} leads out of the publication, so nothing is written there", hint=hint)

    def _read(self, path: str) -> bytes | None:
        """A link is a person's, whatever it leads to."""
        file = self.folder / path
        try:
            return b"a link" if file.is_symlink() else file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError(f"{self.folder / path}: {error.strerror}") from error


def _digest(body: bytes | None) -> str | None:
    return None if body is None else hashlib.sha256(body).hexdigest()
