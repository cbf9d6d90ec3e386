"""A publication as it lies in its folder."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from broadsheet.adapters.clocks import SystemClock
from broadsheet.app.registry import read_registry
from broadsheet.app.state import BLOBS_FOLDER, has_store
from broadsheet.model.failure import Failure
from broadsheet.model.publication import Publication, PublishedImage
from broadsheet.model.vitals import SourceHealth
from broadsheet.settings import Settings
from broadsheet.steps.open_publication import open_frame, open_publication
from broadsheet.steps.picture_files import picture_files, whole
from broadsheet.steps.source_health import told_to_readers

Opened = tuple[Publication, list[Failure]]


def read_publication(settings: Settings) -> Opened:
    """The publication with the pictures that a run has cached, and what could not be read."""
    return _opened(settings, open_publication)


def read_frame(settings: Settings) -> Opened:
    """The publication without records and stories, and what could not be read."""
    return _opened(settings, open_frame)


def _opened(settings: Settings, opening: Callable[..., Opened]) -> Opened:
    topics, organizations = read_registry(settings)
    pictures, health = _kept(settings)
    files = picture_files(pictures, settings.state_folder / BLOBS_FOLDER)
    publication, failures = opening(settings, topics, organizations, whole(pictures, files), files)
    told = told_to_readers(settings, health)
    return replace(publication, health=told, today=SystemClock().now().date()), failures


def _kept(settings: Settings) -> tuple[Mapping[str, PublishedImage], tuple[SourceHealth, ...]]:
    """The pictures and the health of sources that runs have kept: none without a store, as in a fresh clone."""
    if not has_store(settings):
        return {}, ()
    # Loading SQLAlchemy takes longer than printing a small paper, and a fresh clone needs none of it.
    from broadsheet.app.stores import pictures_of, source_health_of

    return pictures_of(settings), source_health_of(settings) or () if settings.health.page else ()
