"""Everything that a run needs."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from broadsheet.adapters.blobs.files import FileBlobs
from broadsheet.adapters.engine.decoding import open_decoding
from broadsheet.adapters.engine.lanes import OrderedLanes, ThreadLanes
from broadsheet.adapters.engine.local import InlineEngine, ThreadEngine
from broadsheet.adapters.memory import give_memory_back
from broadsheet.adapters.push.opening import open_channel
from broadsheet.app.archives import archives_in
from broadsheet.app.deployments import deployments_of
from broadsheet.app.extraction import open_extraction, read_own_publishers
from broadsheet.app.keys import open_key_file
from broadsheet.app.locks import alone
from broadsheet.app.models import open_reader
from broadsheet.app.network import http_of, http_options
from broadsheet.app.printing import printing_engine
from broadsheet.app.registry import read_registry
from broadsheet.app.repositories import repository_of
from broadsheet.app.state import BLOBS_FOLDER
from broadsheet.app.stores import open_store
from broadsheet.ports import Clock, Engine, Lanes, Progress
from broadsheet.settings import Settings
from broadsheet.stages.enrich.rules import RuleBook
from broadsheet.stages.fetch import PageFetcher, Robots
from broadsheet.steps.newsroom import Newsroom
from broadsheet.steps.print_shop import PrintShop

LANES_A_THREAD = 4
"""So many sources are asked at once for each of `[fetch] threads`: a source that makes us wait costs nothing else."""


@contextmanager
def open_newsroom(settings: Settings, clock: Clock, progress: Progress) -> Iterator[Newsroom]:
    """Everything that a run needs, held by this process alone. Raises AlreadyRunning, SettingsError, StorageError."""
    give_memory_back()
    topics, organizations = read_registry(settings)
    with (
        alone(settings),
        open_store(settings) as store,
        closing(http_of(settings, clock)) as http,
        open_extraction(publishers=read_own_publishers(settings)) as (extract, _),
        closing(open_decoding()) as apart,
    ):
        yield Newsroom(
            settings=settings,
            topics=topics,
            organizations=organizations,
            store=store,
            http=http,
            pages=PageFetcher(http, Robots(http, http_options(settings).user_agent, clock)),
            archive=archives_in(settings.folder, clock),
            extract=extract,
            apart=apart,
            engine=_engine(settings),
            lanes=_lanes(settings),
            clock=clock,
            repository=repository_of(settings, clock),
            blobs=FileBlobs(settings.state_folder / BLOBS_FOLDER),
            progress=progress,
            shop=PrintShop(settings.folder, settings.out_folder, printing_engine(settings)),
            deployment=deployments_of(settings, store, clock, progress),
            channel=lambda block: open_channel(block, settings.site, settings.state_folder, http),
            reader=open_reader(settings, store),
            rules=RuleBook(settings.rules, topics),
            ring=open_key_file(settings).read(),
        )


def _lanes(settings: Settings) -> Lanes:
    """A replay must give the same every time; the network is asked by many threads, since most of them wait."""
    if settings.fetch.replay:
        return OrderedLanes(_engine(settings))
    options = http_options(settings)
    return ThreadLanes(LANES_A_THREAD * settings.fetch.threads, options.per_host_concurrency)


def _engine(settings: Settings) -> Engine:
    return ThreadEngine(settings.fetch.threads) if settings.fetch.threads > 1 else InlineEngine()
