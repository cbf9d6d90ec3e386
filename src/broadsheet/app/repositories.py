"""Content repositories."""

from pathlib import Path

from broadsheet.adapters.git.repository import GitRepository
from broadsheet.ports import Clock, Repository
from broadsheet.settings import Settings


def make_repository(folder: Path, clock: Clock) -> Repository:
    """The content repository in `folder`, made at the first commit."""
    return GitRepository(folder, clock)


def repository_of(settings: Settings, clock: Clock) -> Repository | None:
    """The content repository of a publication; None where its settings say that nothing is committed."""
    return GitRepository(settings.folder, clock) if settings.publish.commit else None
