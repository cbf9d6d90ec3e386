"""Deployments to places that take one file after the other: what they hold is remembered, so that only what changed is
sent, and an interrupted deployment goes on where it was."""

import os
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeVar

from broadsheet.adapters.deploy.local import Difference, difference, files_for_readers
from broadsheet.errors import UsageError
from broadsheet.model.outgoing import Delivery, HeldFile
from broadsheet.ports import Progress, Store

STAMP = ".broadsheet-deploy"
"""The file at a target that says which machine's memory of it is true."""
AT_ONCE = 200

Item = TypeVar("Item")


class FileTarget(Protocol):
    """A place that takes files. All raise UsageError, RetryLater and StorageError as `Deployment.deliver` says.

    `shown` is the name under which is remembered what readers see, `written` what the next files go to: the same, but
    where a whole new tree takes the place of the old one.
    """

    name: str
    shown: str
    written: str

    def stamp(self, tree: str) -> str | None:
        """The stamp of that tree, None where there is none."""
        ...

    def put_stamp(self, stamp: str) -> None:
        """Stamps the tree that is written."""
        ...

    def listing(self) -> Mapping[str, str | None]:
        """The files of the tree that is written, whoever put them there: path to the SHA-256 of its bytes, or None
        where only sending it again makes sure."""
        ...

    def send(self, folder: Path, paths: Sequence[str]) -> None:
        """Makes these files be as they are in `folder`."""
        ...

    def remove(self, paths: Sequence[str]) -> None:
        """Makes these files be gone."""
        ...

    def show(self) -> None:
        """From now on readers see the tree that was written."""
        ...


class RecordedDeployment:
    """Implements the `Deployment` port on a `FileTarget`.

    The target carries a stamp, new with each deployment; while it is the one that we remember, nobody else has changed
    anything there, and what we remember is true. Else the target is asked what it holds. What is about to change is
    remembered as uncertain first, so that a kill at any instant leaves no wrong memory.
    """

    def __init__(self, target: FileTarget, store: Store, progress: Progress, *, adopt: bool = False) -> None:
        self.name = target.name
        self._target = target
        self._store = store
        self._progress = progress
        self._adopt = adopt

    def deliver(self, folder: Path, message: str) -> Delivery:  # noqa: ARG002 - files have no history to say it in
        """As the port says."""
        folder = folder.resolve()
        files = files_for_readers(folder)
        target = self._target
        seen = self._seen(folder, files)
        if seen is not None and not seen:
            return Delivery(unchanged=seen.unchanged)
        change = seen if target.written == target.shown else None
        if change is None:
            if not self._is_trusted(target.written):
                self._learn()
            change = difference(folder, files, self._store.deployed.held(target.written))
        self._carry_out(folder, change)
        target.show()
        told = change if seen is None else seen
        return Delivery(len(told.send), len(told.gone), told.unchanged)

    def _seen(self, folder: Path, files: Mapping[str, os.stat_result]) -> Difference | None:
        """How what readers see differs from what is to be there; None where nobody can know without asking."""
        shown = self._target.shown
        if not self._is_trusted(shown):
            return None
        change = difference(folder, files, self._store.deployed.held(shown))
        self._store.deployed.keep(shown, change.same)
        return change

    def _is_trusted(self, tree: str) -> bool:
        known = self._store.journal.fact(_fact(tree))
        return bool(known) and self._target.stamp(tree) == known

    def _learn(self) -> None:
        """Asks the target what it holds. Where nobody ever deployed, nothing may be in the way."""
        target, table = self._target, self._store.deployed
        there = target.listing()
        if there and target.stamp(target.written) is None and not self._adopt:
            raise UsageError(
                f"{target.name} holds {len(there)} files that Broadsheet did not bring there, such as {min(there)}",
                hint="Choose an empty place, or say --adopt: then they are replaced and removed",
            )
        table.forget(target.written)
        table.keep(target.written, {path: HeldFile(digest, -1, -1) for path, digest in there.items()})

    def _carry_out(self, folder: Path, change: Difference) -> None:
        target, table = self._target, self._store.deployed
        stamp = secrets.token_hex(16)
        target.put_stamp(stamp)
        self._store.journal.keep_fact(_fact(target.written), stamp)
        table.keep(target.written, change.same)
        self._progress.begin("deploy", len(change.send) + len(change.gone))
        early = in_the_way(change.send, change.gone)
        self._remove(early)
        for paths in _some(change.send):
            table.keep(target.written, {path: HeldFile(None, -1, -1) for path in paths})
            target.send(folder, paths)
            table.keep(target.written, {path: change.send[path] for path in paths})
            self._advance(len(paths))
        self._remove([path for path in change.gone if path not in early])
        self._progress.end(f"{len(change.send)} files sent to {self.name}, {len(change.gone)} removed")

    def _remove(self, gone: Sequence[str]) -> None:
        for paths in _some(gone):
            self._target.remove(paths)
            self._store.deployed.keep(self._target.written, dict.fromkeys(paths))
            self._advance(len(paths))

    def _advance(self, number: int) -> None:
        for _ in range(number):
            self._progress.advance()


def in_the_way(send: Collection[str], gone: Sequence[str]) -> list[str]:
    """Those of the files to be removed that must go first: a folder comes where they are, or a file where theirs is."""
    folders = {str(parent) for path in send for parent in PurePosixPath(path).parents}
    coming = set(send)
    return [p for p in gone if p in folders or any(str(parent) in coming for parent in PurePosixPath(p).parents)]


def _fact(tree: str) -> str:
    return f"deployed to {tree}"


def _some(paths: Mapping[str, HeldFile] | Sequence[str]) -> Iterator[list[str]]:
    rest = iter(paths)
    return iter(lambda: list(islice(rest, AT_ONCE)), [])
