"""A branch of a git repository that holds the built publication and nothing else, made without touching any work tree.

An index of its own remembers the state of every file, so that only those are read that changed, and a tree that is the
branch's already gives no commit.
"""

import hashlib
import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from broadsheet.adapters.deploy.local import files_for_readers
from broadsheet.adapters.git.repository import AUTHOR, EMAIL, OF_ANOTHER
from broadsheet.errors import RetryLater, StorageError, UsageError
from broadsheet.model.instants import iso
from broadsheet.model.outgoing import Delivery
from broadsheet.ports import Clock

KEPT = ("CNAME",)
"""Files that a host of pages keeps in the branch; they stay where the publication has none of its own."""
PLAIN = ".nojekyll"
"""Tells GitHub Pages to serve the files as they are."""
_BRANCH = re.compile(r"(?!-)(?!.*(\.\.|@\{|//|\.lock(/|$)|\.$|/$))[^\x00-\x20\x7f~^:?*\[\\]{1,200}")
_NO_ENTRY = re.compile(
    r"permission denied|authentication failed|could not read (username|password)|access denied|403|401|"
    r"host key verification failed|repository .* not found|does not appear to be a git repository|not allowed",
    re.IGNORECASE,
)
_OVERTAKEN = re.compile(r"stale info|fetch first|non-fast-forward|cannot lock ref|failed to update ref", re.IGNORECASE)
_CHECKED_OUT = re.compile(r"refusing to update checked out branch", re.IGNORECASE)
_PROTECTED = re.compile(r"protected branch|hook declined", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Branch:
    """Where to: `remote` is an address or the name of a remote, empty for the repository itself; `squash` keeps one
    commit only."""

    name: str
    remote: str = ""
    squash: bool = False


class BranchDeployment:
    """Implements the `Deployment` port on a branch.

    `git_dir` is the repository in which commits are made: the publication's own, or one in the state folder, made at
    need, where the branch is another repository's. `state` is the folder of our index.
    """

    def __init__(self, branch: Branch, git_dir: Path, state: Path, clock: Clock) -> None:
        if not _BRANCH.fullmatch(branch.name):
            raise UsageError(f"{branch.name!r} can't be the name of a branch", hint="Write git:gh-pages")
        self.name = f"branch {branch.name}" + (f" of {branch.remote}" if branch.remote else "")
        self._branch = branch
        self._git_dir = git_dir
        self._clock = clock
        self._state = state
        self._index = state / f"{hashlib.sha256(f'{git_dir} {self.name}'.encode()).hexdigest()[:16]}.index"

    def deliver(self, folder: Path, message: str) -> Delivery:
        """As the port says; `at` of the result is the commit."""
        folder = folder.resolve()
        files = files_for_readers(folder)
        self._prepare()
        before = self._parent()
        tree = self._tree(folder, set(files), before)
        old = self._git("rev-parse", f"{before}^{{tree}}").strip() if before else ""
        if tree == old:
            return Delivery(unchanged=len(files), at=before)
        sent, removed = self._changes(old, tree)
        commit = self._commit(tree, before, message)
        self._publish(commit, before)
        return Delivery(sent, removed, max(0, len(files) - sent), commit)

    def _prepare(self) -> None:
        self._state.mkdir(parents=True, exist_ok=True)
        if not (self._git_dir / "HEAD").exists():
            self._run(["git", "init", "--quiet", "--bare", str(self._git_dir)])
        head = self._run([*self._command(), "symbolic-ref", "--quiet", "HEAD"]).stdout.strip()
        if not self._branch.remote and head == self._ref and not self._is_bare():
            hint = "Name another branch; it needs none to begin with"
            raise UsageError(f"{self.name} is checked out: that is where you work", hint=hint)

    def _is_bare(self) -> bool:
        return self._git("rev-parse", "--is-bare-repository").strip() == "true"

    @property
    def _ref(self) -> str:
        return f"refs/heads/{self._branch.name}"

    def _parent(self) -> str:
        """The commit that the branch is at, where our commit comes from; empty where there is no such branch yet."""
        if not self._branch.remote:
            return self._run([*self._command(), "rev-parse", "--verify", "--quiet", self._ref]).stdout.strip()
        listed = self._remotely("ls-remote", "--quiet", self._branch.remote, self._ref).split()
        if not listed:
            return ""
        if self._run([*self._command(), "cat-file", "-e", f"{listed[0]}^{{tree}}"]).returncode:
            self._fetch()
        return listed[0]

    def _fetch(self) -> None:
        """Brings the branch here: its last commit alone where the history is not here anyway."""
        ours = self._git_dir.is_relative_to(self._state)
        shallow = ours or self._git("rev-parse", "--is-shallow-repository").strip() == "true"
        depth = ("--depth=1",) if shallow else ()
        self._remotely("fetch", "--quiet", "--no-tags", *depth, self._branch.remote, self._ref)

    def _tree(self, folder: Path, files: set[str], before: str) -> str:
        """The tree of exactly these files, by way of the index, which knows those that did not change."""
        if not self._index.exists():
            self._git(*(("read-tree", before) if before else ("read-tree", "--empty")))
        known = set(_names(self._git("ls-files", "-z")))
        work = ("--work-tree", str(folder))
        self._listed(
            [*work, "update-index", "--add", "--remove", "--replace", "-z", "--stdin"], files | (known - files)
        )
        extra = self._extra(files, before)
        self._listed(["update-index", "-z", "--index-info"], extra)
        return self._git("write-tree").strip()

    def _extra(self, files: set[str], before: str) -> list[str]:
        """Lines of the index for what the branch has beside the publication's own files."""
        found = []
        if PLAIN not in files:
            found.append(f"100644 {self._git('hash-object', '-w', '--stdin').strip()}\t{PLAIN}")
        for name in KEPT:
            if before and name not in files and (listed := self._git("ls-tree", before, "--", name).strip()):
                mode, _, rest = listed.split(" ", 2)
                found.append(f"{mode} {rest}")
        return found

    def _changes(self, old: str, new: str) -> tuple[int, int]:
        """How many files the new tree has that the old one has not or has otherwise, and how many it lacks."""
        if not old:
            return len(_names(self._git("ls-tree", "-r", "-z", "--name-only", new))), 0
        said = self._git("diff-tree", "-r", "-z", "--no-renames", "--name-status", old, new).split("\0")
        kinds = said[0:-1:2]
        return sum(kind != "D" for kind in kinds), sum(kind == "D" for kind in kinds)

    def _commit(self, tree: str, before: str, message: str) -> str:
        parent = ["-p", before] if before and not self._branch.squash else []
        return self._git("commit-tree", tree, *parent, "--no-gpg-sign", stdin=f"{message}\n").strip()

    def _publish(self, commit: str, before: str) -> None:
        """Moves the branch, if it is still where it was; git keeps what was there if anything fails."""
        if not self._branch.remote:
            self._git("update-ref", "-m", "publish", self._ref, commit, before or "0" * len(commit))
            return
        lease = f"--force-with-lease={self._ref}:{before}"
        self._remotely("push", "--quiet", "--no-verify", lease, self._branch.remote, f"{commit}:{self._ref}")

    def _listed(self, arguments: Sequence[str], lines: Iterable[str]) -> None:
        given = "".join(f"{line}\0" for line in sorted(lines))
        if given:
            self._git(*arguments, stdin=given)

    def _command(self) -> list[str]:
        options = ("core.autocrlf=false", "core.fileMode=false", "core.attributesFile=/dev/null", "gc.auto=0")
        settings = [part for option in options for part in ("-c", option)]
        return ["git", "--git-dir", str(self._git_dir), *settings]

    def _git(self, *arguments: str, stdin: str = "") -> str:
        said = self._run([*self._command(), *arguments], stdin)
        if said.returncode:
            hint = "Mend git and run again: nothing was published"
            raise StorageError(f"git {_verb(arguments)} failed in {self._git_dir}: {_why(said)}", hint=hint)
        return said.stdout

    def _remotely(self, *arguments: str) -> str:
        """A command that talks to the remote."""
        said = self._run([*self._command(), *arguments])
        if not said.returncode:
            return said.stdout
        raise self._trouble(_why(said))

    def _trouble(self, why: str) -> UsageError | RetryLater:
        if _CHECKED_OUT.search(why):
            hint = "Use a bare repository there, or another branch"
            return UsageError(f"{self.name} is checked out there: {why}", hint=hint)
        if _PROTECTED.search(why):
            return UsageError(f"{self.name} takes no push: {why}", hint="Allow this user to push to the branch")
        if _OVERTAKEN.search(why):
            hint = "Somebody else has pushed at the same time: run again"
            return RetryLater(f"{self.name} has moved: {why}", hint=hint)
        if _NO_ENTRY.search(why):
            hint = "Try: git ls-remote " + self._branch.remote
            return UsageError(f"{self.name} does not let us in: {why}", hint=hint)
        return RetryLater(f"{self.name} can't be reached: {why}", hint="Run again: nothing is lost")

    def _run(self, command: Sequence[str], stdin: str = "") -> "subprocess.CompletedProcess[str]":
        when = iso(self._clock.now()) or ""
        inherited = {name: value for name, value in os.environ.items() if name not in OF_ANOTHER}
        who = {f"GIT_{one}_{what}": value for one in ("AUTHOR", "COMMITTER") for what, value in _identity(when)}
        quiet = {"GIT_INDEX_FILE": str(self._index), "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        ssh = {} if "GIT_SSH_COMMAND" in inherited else {"GIT_SSH_COMMAND": "ssh -o BatchMode=yes"}
        try:
            return subprocess.run(
                command,
                input=stdin,
                capture_output=True,
                check=False,
                encoding="utf-8",
                errors="surrogateescape",
                env={**inherited, **who, **quiet, **ssh},
            )
        except FileNotFoundError as error:
            raise UsageError("git is not installed", hint="Install git, or deploy elsewhere") from error


def _identity(when: str) -> list[tuple[str, str]]:
    return [("NAME", AUTHOR), ("EMAIL", EMAIL), ("DATE", when)]


def _names(said: str) -> list[str]:
    return [name for name in said.split("\0") if name]


def _verb(arguments: Sequence[str]) -> str:
    return next((one for one in arguments if not one.startswith(("-", "/"))), "")


def _why(said: "subprocess.CompletedProcess[str]") -> str:
    """What git said, without the addresses' passwords."""
    text = " / ".join(line.strip() for line in (said.stderr or said.stdout).splitlines() if line.strip())
    return re.sub(r"(://)[^/@\s]+@", r"\1", text)[:500]
