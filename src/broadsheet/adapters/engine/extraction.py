"""Extraction in processes that can be killed, as commands and runs use it."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial

from broadsheet.adapters.engine.local import ThreadEngine
from broadsheet.adapters.engine.processes import ProcessEngine
from broadsheet.model.article import Article
from broadsheet.model.exchange import Response
from broadsheet.ports import Engine
from broadsheet.stages.extract import extract_article
from broadsheet.stages.extract.publishers import Publisher

PRELOADED = ("broadsheet.__main__", "broadsheet.stages.extract.ready")


@contextmanager
def open_extraction(
    processes: int = 0, publishers: tuple[Publisher, ...] = ()
) -> Iterator[tuple[Callable[[Response], Article], Engine]]:
    """What reads a page, in a process that is killed if the page takes too long or too much memory; and the engine
    that keeps all those processes at work (0: as many as there are processors). They start with the first page.
    `publishers` are a publication's own rules."""
    with closing(ProcessEngine(processes, preload=PRELOADED)) as engine:
        yield partial(engine.call, partial(extract_article, publishers=publishers)), ThreadEngine(engine.processes)
