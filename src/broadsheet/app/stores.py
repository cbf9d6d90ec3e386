"""What runs have kept, to be changed or only to be looked at."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from broadsheet.adapters.storage.store import SqlStore
from broadsheet.app.locks import alone
from broadsheet.app.state import STORE_FILE, has_store
from broadsheet.model.publication import PublishedImage
from broadsheet.model.vitals import SourceHealth
from broadsheet.ports import Store
from broadsheet.settings import Settings
from broadsheet.steps.content import ContentFolder
from broadsheet.steps.picture_files import known_pictures
from broadsheet.steps.source_health import source_health


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """The store of a publication, made if need be. Raises StoreTooNew and StorageError."""
    with closing(SqlStore(settings.state_folder / STORE_FILE)) as store:
        yield store


@contextmanager
def look_into_store(settings: Settings) -> Iterator[Store]:
    """The store that a run has left, only to look at; also beside a run, and where nothing can be written."""
    with closing(SqlStore(settings.state_folder / STORE_FILE, read_only=True)) as store:
        yield store


@contextmanager
def open_content(settings: Settings) -> Iterator[ContentFolder]:
    """The records of a publication, to be changed by this process alone. Raises AlreadyRunning and StorageError."""
    with alone(settings), open_store(settings) as store:
        yield ContentFolder(settings.folder, store.files)


def source_health_of(settings: Settings) -> tuple[SourceHealth, ...] | None:
    """How the sources of a publication are; None where no run has kept anything here, as in a fresh clone."""
    if not has_store(settings):
        return None
    with look_into_store(settings) as store:
        return source_health(settings, store)


def pictures_of(settings: Settings) -> dict[str, PublishedImage]:
    """The pictures that runs have cached, by their addresses; the publication has a store."""
    with look_into_store(settings) as store:
        return known_pictures(store)
