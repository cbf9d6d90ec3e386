"""From what `[[deploy]]` or `--to` says to the deployment that is meant."""

import hashlib
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from broadsheet.adapters.deploy.branch import Branch, BranchDeployment
from broadsheet.adapters.deploy.folder import FolderTarget
from broadsheet.adapters.deploy.recorded import FileTarget, RecordedDeployment
from broadsheet.adapters.deploy.rsync import RsyncTarget
from broadsheet.errors import UsageError
from broadsheet.model.outgoing import DeploySettings
from broadsheet.ports import Clock, Deployment, Progress, Store

STATE = "deploy"
_REMOTE = re.compile(r"git\+(?P<url>(?:ssh|https|file)://[^#\s]+)#(?P<branch>\S+)")


@dataclass(frozen=True, slots=True)
class House:
    """What all deployments of a publication have in common: its folder, its state folder, the folder that it is built
    into, and the ports."""

    folder: Path
    state: Path
    built: Path
    store: Store
    clock: Clock
    progress: Progress


def open_deployment(settings: DeploySettings, house: House, *, adopt: bool = False) -> Deployment:
    """The deployment. Raises UsageError for what is no target."""
    to = settings.to
    if to.startswith("git+"):
        return _elsewhere(settings, house)
    if to.startswith("git:"):
        return _at_home(settings, house)
    return RecordedDeployment(_file_target(settings, house), house.store, house.progress, adopt=adopt)


def _file_target(settings: DeploySettings, house: House) -> FileTarget:
    to = settings.to
    if to.startswith("rsync:"):
        return RsyncTarget(to if to.startswith("rsync://") else to.removeprefix("rsync:"))
    if to.startswith("s3://"):
        from broadsheet.adapters.deploy.s3 import S3Target  # an extra: only who deploys there needs it

        return S3Target(settings)
    if re.match(r"[a-z][a-z0-9+]+:", to) or not to.strip():
        hint = "It knows a folder, git:BRANCH, git+ssh://HOST/REPOSITORY#BRANCH, s3://BUCKET/PREFIX, rsync:HOST:FOLDER"
        raise UsageError(f"{settings.shown!r} is no place to deploy to", hint=hint)
    folder = house.folder / Path(to).expanduser()
    _refuse_own(folder, house)
    return FolderTarget(folder)


def _refuse_own(folder: Path, house: House) -> None:
    """A target that holds the built folder, or lies in it, would become part of itself."""
    there, built = folder.resolve(), house.built.resolve()
    if there.is_relative_to(built) or built.is_relative_to(there):
        hint = "Choose a folder that neither holds it nor lies in it"
        raise UsageError(f"{folder} can't be deployed to: {built} is what is deployed", hint=hint)


def _elsewhere(settings: DeploySettings, house: House) -> Deployment:
    """A branch of a repository somewhere: commits are made in one of our own, in the state folder."""
    found = _REMOTE.fullmatch(settings.to)
    if not found:
        hint = "Write git+ssh://git@host/owner/paper.git#gh-pages, git+https://... or git+file:///..."
        raise UsageError(f"{settings.shown} names no repository and branch", hint=hint)
    if found["url"].startswith("https:") and "@" in found["url"].split("/")[2]:
        hint = "Give it to git's credential helper; settings are read and printed by many"
        raise UsageError("a token or a password has no place in the address of a repository", hint=hint)
    state = house.state / STATE
    mark = hashlib.sha256(found["url"].encode()).hexdigest()[:16]
    branch = Branch(found["branch"], found["url"], settings.squash)
    return BranchDeployment(branch, state / f"{mark}.git", state, house.clock)


def _at_home(settings: DeploySettings, house: House) -> Deployment:
    """A branch of the publication's own repository, pushed to its origin where it has one."""
    git_dir = _git(house.folder, "rev-parse", "--absolute-git-dir")
    if not git_dir:
        hint = "Make one with git init, or name one: git+ssh://git@host/owner/paper.git#gh-pages"
        raise UsageError(f"{house.folder} is in no git repository, so it has no branches", hint=hint)
    remote = "origin" if "origin" in _git(house.folder, "remote").split() else ""
    branch = Branch(settings.to.removeprefix("git:"), remote, settings.squash)
    return BranchDeployment(branch, Path(git_dir), house.state / STATE, house.clock)


def _git(folder: Path, *arguments: str) -> str:
    try:
        said = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise UsageError("git is not installed", hint="Install git, or deploy elsewhere") from error
    return said.stdout.strip() if said.returncode == 0 else ""
