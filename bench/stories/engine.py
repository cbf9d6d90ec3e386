"""The engine under measurement, behind what the measurements need of it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from broadsheet.model.story import Assignment, StoryArticle
from broadsheet.ports import Embedder
from broadsheet.stages import stories
from broadsheet.stages.stories import StoryOptions, assign_stories

Floats = NDArray[np.float32]


class Engine(Protocol):
    """Takes articles as they arrive, with their embeddings where there is a model."""

    window_size: int

    def add(self, articles: Sequence[StoryArticle], embeddings: Floats | None) -> list[Assignment]:
        """What is decided of the new ones, and what changed for others."""


def open_engine(embedder: Embedder | None = None) -> Engine:
    made = getattr(stories, "StoryEngine", None)
    return made(StoryOptions(), embedder=embedder) if made else Regrouping()


def restart(engine: Engine) -> float | None:
    """CPU seconds until an engine that was stopped with this one's window can go on; None where it keeps no state."""
    state = getattr(engine, "state", None)
    if state is None:
        return None
    kept = state()
    start = time.process_time()
    type(engine).from_state(kept)  # type: ignore[attr-defined]
    return time.process_time() - start


def embedded_text(article: StoryArticle) -> str:
    """What a model is shown of an article."""
    lead = article.excerpt or article.text
    return f"{article.title}. {lead[:160]}" if lead else article.title


@dataclass
class Regrouping:
    """Groups the whole window anew with every batch, as `broadsheet run` does where there is no other engine."""

    _window: dict[str, StoryArticle] = field(default_factory=dict)
    _stories: dict[str, str] = field(default_factory=dict)

    @property
    def window_size(self) -> int:
        return len(self._window)

    def add(self, articles: Sequence[StoryArticle], _: Floats | None) -> list[Assignment]:
        self._window |= {a.id: a for a in articles}
        edge = max(a.published for a in self._window.values()) - timedelta(days=StoryOptions().window_days)
        self._window = {i: a for i, a in self._window.items() if a.published >= edge}
        before = {i: story for i, story in self._stories.items() if i in self._window}
        assigned = assign_stories(list(self._window.values()), before, StoryOptions())
        self._stories = {a.article_id: a.story_id for a in assigned}
        return [a for a in assigned if before.get(a.article_id) != a.story_id]
