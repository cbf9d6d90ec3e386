"""Archives that a publication reads as sources."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from broadsheet.adapters.clocks import SystemClock
from broadsheet.adapters.http.archive import WarcArchive
from broadsheet.adapters.http.folder import FolderArchive
from broadsheet.ports import Archive, Clock
from broadsheet.settings import Settings


def open_archive(settings: Settings, path: str) -> Archive:
    """A WARC file or a watched folder of a publication; `path` begins at its folder."""
    return archives_in(settings.folder, SystemClock())(path)


def archives_in(folder: Path, clock: Clock) -> Callable[[str], Archive]:
    """Opens each WARC file and each watched folder once a run: what is in it is read at the first question."""

    def opened(url: str) -> Archive:
        path = folder / url
        return FolderArchive(path, clock) if path.is_dir() else WarcArchive(path, clock)

    return cache(opened)
