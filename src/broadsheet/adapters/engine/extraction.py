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

_PRELOADED = ("broadsheet.__main__", "broadsheet.stages.extract.ready")


@contextmanager
def open_extraction(processes: int = 0) -> Iterator[tuple[Callable[[Response], Article], Engine]]:
    """What reads a page, in a process that is killed if the page takes too long or too much memory; and the engine
    that keeps all those processes at work (0: as many as there are processors). They start with the first page."""
    with closing(ProcessEngine(processes, preload=_PRELOADED)) as engine:
        yield partial(engine.call, extract_article), ThreadEngine(engine.processes)
