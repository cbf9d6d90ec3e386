"""Whatever rsync reaches: a host by ssh, an rsync daemon, a local folder."""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from broadsheet.adapters.deploy.recorded import STAMP
from broadsheet.errors import ItemError, RetryLater, StorageError, UsageError
from broadsheet.stages.publish.serving import for_readers

SECONDS = 60
"""For how long the other side may be silent."""
_LISTED = re.compile(r"^-\S+\s+[\d,.]+\s+\S+\s+\S+\s(.*)$")
_ESCAPED = re.compile(r"\\#(\d{3})")
_NOT_THERE = re.compile(r"(change_dir|link_stat).*No such file|failed: No such file", re.IGNORECASE)
_NO_ENTRY = re.compile(r"permission denied|host key verification failed|auth failed|password|read-only", re.IGNORECASE)


class RsyncTarget:
    """Fills `FileTarget` by the rsync program (3.1 or newer on this side).

    `to` is what rsync takes: `host:/srv/paper`, `user@host:paper`, `rsync://host/module/paper`, a local path. What is
    sent goes to files beside their places first and is put there at the end of each batch (`--delay-updates`).
    """

    def __init__(self, to: str) -> None:
        self.name = f"rsync:{to}"
        self.shown = self.written = self.name
        self._to = to.rstrip("/") + "/"
        if to.startswith("-"):
            raise UsageError(f"{to!r} is no place that rsync knows", hint="Write rsync:user@host:/srv/paper")

    def stamp(self, tree: str) -> str | None:  # noqa: ARG002 - there is one tree only
        """As the protocol says."""
        with tempfile.TemporaryDirectory() as folder:
            said = self._run("--include=/" + STAMP, "--exclude=*", "--recursive", self._to, f"{folder}/")
            file = Path(folder) / STAMP
            if said.returncode and not _is_missing(said):
                raise self._trouble(said)
            return file.read_text("ascii", "replace").strip() if file.is_file() else None

    def put_stamp(self, stamp: str) -> None:
        """As the protocol says; makes the folder at the target, though not the one around it."""
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / STAMP).write_text(stamp + "\n", "ascii")
            self._done(self._run("--ignore-times", f"{folder}/{STAMP}", self._to))

    def listing(self) -> Mapping[str, str | None]:
        """As the protocol says; rsync compares what is sent again by its content, so that this costs no transfer."""
        said = self._run("--recursive", "--list-only", "--no-human-readable", self._to)
        if said.returncode and not _is_missing(said):
            raise self._trouble(said)
        found = (_LISTED.match(line) for line in said.stdout.splitlines())
        return {path: None for match in found if match and for_readers(path := _unescaped(match[1]))}

    def send(self, folder: Path, paths: Sequence[str]) -> None:
        """As the protocol says."""
        options = ("--checksum", "--delay-updates", "--chmod=D755,F644", "--files-from=-", "--from0")
        self._done(self._run(*options, f"{folder}/", self._to, stdin="\0".join(paths) + "\0"))

    def remove(self, paths: Sequence[str]) -> None:
        """As the protocol says, with the folders that are left empty.

        An empty folder of ours is the model, and only these files and the folders that they lie in are looked at. (What
        rsync has for it, `--delete-missing-args`, is broken in several releases by a mend of something else.)
        """
        rules = {f"/{path}" for path in paths}
        rules |= {f"/{parent}/" for path in paths for parent in PurePosixPath(path).parents if str(parent) != "."}
        with tempfile.TemporaryDirectory() as empty:
            names = "\0".join(_as_pattern(rule) for rule in sorted(rules)) + "\0"
            options = ("--recursive", "--delete", "--from0", "--include-from=-", "--exclude=*")
            self._done(self._run(*options, f"{empty}/", self._to, stdin=names))

    def show(self) -> None:
        """Readers see it already."""

    def _done(self, said: "subprocess.CompletedProcess[str]") -> None:
        if said.returncode:
            raise self._trouble(said)

    def _run(self, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        options = ["--protect-args", f"--timeout={SECONDS}"]
        if not os.environ.get("RSYNC_RSH") and "::" not in self._to and not self._to.startswith("rsync://"):
            options.append("--rsh=ssh -o BatchMode=yes -o ConnectTimeout=20")
        try:
            return subprocess.run(
                ["rsync", *options, *arguments],
                input=stdin,
                capture_output=True,
                check=False,
                encoding="utf-8",
                errors="surrogateescape",
                env={**os.environ, "LC_ALL": "C"},
            )
        except FileNotFoundError as error:
            raise UsageError("rsync is not installed", hint="Install rsync, on the other side too") from error

    def _trouble(self, said: "subprocess.CompletedProcess[str]") -> UsageError | ItemError | StorageError:
        """The error in our words (statuses of rsync(1), EXIT VALUES; 255 is ssh's)."""
        why = " / ".join(line.strip() for line in said.stderr.splitlines() if line.strip())[-400:]
        if _NO_ENTRY.search(why):
            hint = "Is the key of this user known there, and may it write? Try: rsync --list-only " + self._to
            return UsageError(f"{self.name} does not let us in: {why}", hint=hint)
        if said.returncode in {10, 12, 30, 35, 255}:
            return RetryLater(f"{self.name} can't be reached: {why}", hint="Run again: it goes on where it was")
        if _NOT_THERE.search(why):
            return UsageError(f"{self.name}: {why}", hint="Make the folder that the publication is to lie in")
        return StorageError(f"{self.name}: rsync failed ({said.returncode}): {why}", hint="Run again: it goes on")


def _as_pattern(path: str) -> str:
    """A rule that fits this path alone: a backslash takes a wildcard's meaning, where there is any (rsync(1))."""
    return re.sub(r"([\\*?\[])", r"\\\1", path) if re.search(r"[*?\[]", path) else path


def _is_missing(said: "subprocess.CompletedProcess[str]") -> bool:
    """Whether there is only nothing there yet: status 23 for a folder that is missing."""
    return said.returncode == 23 and bool(_NOT_THERE.search(said.stderr))


def _unescaped(name: str) -> str:
    """rsync shows bytes that are no printable ASCII as `\\#ooo`."""
    raw = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), name)
    return raw.encode("latin-1", "replace").decode("utf-8", "replace") if raw != name else name
