"""The content repository through the git command line."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from broadsheet.errors import StorageError
from broadsheet.ports import Clock

AUTHOR = "Broadsheet"
EMAIL = "broadsheet@localhost"
BATCH = 500
OF_ANOTHER = frozenset(
    f"GIT_{name}"
    for name in (
        "DIR", "WORK_TREE", "INDEX_FILE", "PREFIX", "COMMON_DIR", "OBJECT_DIRECTORY", "NAMESPACE", "GRAFT_FILE",
        "ALTERNATE_OBJECT_DIRECTORIES", "SHALLOW_FILE", "REPLACE_REF_BASE", "IMPLICIT_WORK_TREE",
        "LITERAL_PATHSPECS", "GLOB_PATHSPECS", "NOGLOB_PATHSPECS", "ICASE_PATHSPECS",
    )
)  # fmt: skip
"""What in the environment would point git at another repository, or make it read our paths otherwise."""


class GitRepository:
    """Implements the `Repository` port on the repository that holds `folder`; makes one there if there is none.

    The time of a commit is the clock's, so that a replayed run gives the same commits.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.clock = clock

    def commit(self, paths: Sequence[str], message: str) -> bool:
        """Commits exactly these paths as they are on disk; whatever else a person has staged stays staged."""
        self._ensure()
        changed = self._changed(paths)
        if not changed:
            return False
        for start in range(0, len(changed), BATCH):
            self._git("add", "--all", "--", *changed[start : start + BATCH])
        # Signing would ask for a person's key, for a commit that is not that person's.
        options = ("--quiet", "--no-verify", "--no-gpg-sign", "--message", message)
        self._git("commit", *options, "--pathspec-from-file=-", stdin="\n".join(changed))
        return True

    def ours(self, folders: Sequence[str]) -> set[str]:
        """The files of these folders that are as a commit of ours left them, and nobody's since."""
        if not self._is_kept() or self._run(["git", "rev-parse", "--verify", "--quiet", "HEAD"]).returncode:
            return set()
        # A merge lists, with -c, only the files that it makes other than they were on both sides.
        said = self._git("log", "-c", "--no-renames", "--name-only", "--format=format:%x01%ae", "--", *folders)
        last: dict[str, str] = {}
        author = ""
        for line in said.splitlines():
            if line.startswith("\x01"):
                author = line[1:]
            elif line:
                last.setdefault(line, author)
        names = self._relative([name for name, email in last.items() if email == EMAIL])
        return set(names) - set(self._changed(folders))

    def _changed(self, paths: Sequence[str]) -> list[str]:
        """Those that differ from HEAD, on disk or in the index."""
        found: list[str] = []
        for start in range(0, len(paths), BATCH):
            batch = paths[start : start + BATCH]
            said = self._git("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", *batch)
            found += [line[3:] for line in said.split("\0") if line]
        return self._relative(found)

    def _relative(self, found: Sequence[str]) -> list[str]:
        """git names files from the top of the repository, which may lie above the publication."""
        prefix = self._git("rev-parse", "--show-prefix").strip()
        return [name.removeprefix(prefix) for name in found]

    def _ensure(self) -> None:
        if not self._is_kept():
            self._git("init", "--quiet", "--initial-branch=main")

    def _is_kept(self) -> bool:
        """Whether a repository is there that takes the folder's files; one around it may ignore the whole folder."""
        inside = self._run(["git", "rev-parse", "--is-inside-work-tree"])
        if inside.returncode or inside.stdout.strip() != "true":
            return False
        return (self.folder / ".git").exists() or self._run(["git", "check-ignore", "--quiet", "."]).returncode != 0

    def _git(self, *arguments: str, stdin: str = "") -> str:
        said = self._run(["git", "--literal-pathspecs", "-c", "core.quotepath=false", *arguments], stdin)
        if said.returncode:
            raise StorageError(
                f"git {arguments[0]} failed in {self.folder}: {said.stderr.strip() or said.stdout.strip()}",
                hint="The files are written; mend git and run again to commit them",
            )
        return said.stdout

    def _run(self, command: list[str], stdin: str = "") -> "subprocess.CompletedProcess[str]":
        try:
            return subprocess.run(
                command,
                cwd=self.folder,
                input=stdin,
                capture_output=True,
                check=False,
                encoding="utf-8",
                errors="surrogateescape",
                env=self._environment(),
            )
        except FileNotFoundError as error:
            raise StorageError(
                "git is not installed", hint="Install git, or set commit = false in [publish]"
            ) from error

    def _environment(self) -> Mapping[str, str]:
        """A person's git settings hold, except for who and when: the machine's commits are the machine's. What names
        another repository or index, as inside of a git hook, does not hold; names of files are no patterns."""
        when = self.clock.now()
        inherited = {name: value for name, value in os.environ.items() if name not in OF_ANOTHER}
        names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _identity(when)}
        return {**inherited, **names, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def _identity(when: datetime) -> list[tuple[str, str]]:
    return [("NAME", AUTHOR), ("EMAIL", EMAIL), ("DATE", when.strftime("%Y-%m-%dT%H:%M:%S+0000"))]
