"""What tests of deployments work with: a machine that has built something, and places that can be looked into."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from broadsheet.adapters.clocks import FixedClock
from broadsheet.adapters.deploy.opening import House, open_deployment
from broadsheet.adapters.storage.store import SqlStore
from broadsheet.cli._progress import QuietProgress
from broadsheet.model.outgoing import Delivery, DeploySettings
from broadsheet.ports import Progress

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
FILES = {
    "index.html": "<h1>Front</h1>",
    "404.html": "missing",
    "feed.xml": "<rss/>",
    "assets/paper.css": "body{}",
    "pictures/ab.webp": "picture",
    "stories/one/index.html": "One",
    "stories/two/index.html": "Two",
    "api/news/index.json": "[]",
    "tide–größe/ü.txt": "a name that is not ASCII",
}
HIDDEN = {".broadsheet-build.json": "{}", ".broadsheet-build.journal": "x", "stories/.one.new": "half"}


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


class Interruption(Exception):  # noqa: N818 - it is not an error
    pass


class Interrupting(QuietProgress):
    """Somebody who pulls the plug after so many files."""

    def __init__(self, after: int) -> None:
        self.left = after

    def advance(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Interruption


class Machine:
    """A publication's folder with something built in it, and its memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.built = folder / "public"
        self.store = SqlStore(folder / ".broadsheet" / "state.sqlite")
        write(self.built, FILES | HIDDEN)

    def deliver(self, to: str, *, adopt: bool = False, progress: Progress | None = None, **more: object) -> Delivery:
        house = House(
            self.folder,
            self.folder / ".broadsheet",
            self.built,
            self.store,
            FixedClock(NOW),
            progress or QuietProgress(),
        )
        settings = DeploySettings(to, **more)  # type: ignore[arg-type]
        return open_deployment(settings, house, adopt=adopt).deliver(self.built, "2 stories")


@dataclass
class Place:
    """A target: what `to` names it, how its files are read, and how somebody else puts a file there."""

    to: str
    read: Callable[[], dict[str, str]]
    put: Callable[[str, str], None]
    options: dict[str, object]


def read_folder(folder: Path) -> dict[str, str]:
    if not folder.exists():
        return {}
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != ".broadsheet-deploy"]
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in files}


def git(*arguments: str | Path) -> str:
    identity = ("-c", "user.name=Other", "-c", "user.email=o@x.example")
    said = subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, text=True)
    return said.stdout


def read_branch(repository: Path, branch: str) -> dict[str, str]:
    listed = subprocess.run(
        ["git", "-C", repository, "ls-tree", "-r", "-z", "--name-only", branch],
        check=False,
        capture_output=True,
        text=True,
    ).stdout
    names = [name for name in listed.split("\0") if name and name != ".nojekyll"]
    return {name: git("-C", repository, "show", f"{branch}:{name}") for name in names}


def put_in_branch(repository: Path, branch: str, path: str, text: str, scratch: Path) -> None:
    """As somebody else would: a clone, a commit, a push."""
    clone = scratch / "elsewhere"
    shutil.rmtree(clone, ignore_errors=True)
    git("clone", "--quiet", repository, clone)
    if read_branch(repository, branch):
        git("-C", clone, "checkout", "--quiet", branch)
    else:
        git("-C", clone, "checkout", "--quiet", "--orphan", branch)
    write(clone, {path: text})
    git("-C", clone, "add", "--all", "--force")
    git("-C", clone, "commit", "--quiet", "-m", "By hand")
    git("-C", clone, "push", "--quiet", "origin", branch)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def needed(program: str) -> str:
    """The path of a program; without it the test is skipped, though not where all tests must run."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(f"{program} is not installed: python tools/ensure_programs.py")
    return found or pytest.skip(f"{program} is not installed")


def wait_for(port: int) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError("the server did not begin to listen")


def bucket_place(server: str, name: str) -> Place:
    import obstore
    from obstore.store import S3Store

    httpx.put(f"{server}/{name}").raise_for_status()
    options = {"endpoint": server, "region": "us-east-1"}
    store = S3Store(name, prefix="site", config=options, client_options={"allow_http": True})

    def read() -> dict[str, str]:
        rows = [row["path"] for chunk in obstore.list(store) for row in chunk]
        return {p: bytes(obstore.get(store, p).bytes()).decode() for p in rows if p != ".broadsheet-deploy"}

    def put(path: str, text: str) -> None:
        obstore.put(store, path, text.encode())

    return Place(f"s3://{name}/site", read, put, {"endpoint": server})
