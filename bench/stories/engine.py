"""The engine under measurement, behind what the measurements need of it."""

import time
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.engine import StoryEngine
from broadsheet.stages.stories.options import StoryOptions

Floats = NDArray[np.float32]


def open_engine(dimensions: int = 0, model: str = "") -> StoryEngine:
    """An engine with the shipped settings; `dimensions` and name of the language model, 0 without one."""
    return StoryEngine(StoryOptions(model=model), dimensions)


def restart(engine: StoryEngine, articles: Mapping[str, StoryArticle], rows: Mapping[str, Floats]) -> float:
    """CPU seconds until an engine that was stopped with this one's window can go on, from its state and its articles;
    `rows` are their embeddings, none without a model."""
    kept = engine.state()
    dimensions = len(next(iter(rows.values()), ()))
    start = time.process_time()
    StoryEngine.resumed(
        StoryOptions(),
        kept,
        lambda ids: [articles[i] for i in ids],
        (lambda some: np.stack([rows[article.id] for article in some])) if rows else None,
        dimensions,
    )
    return time.process_time() - start
