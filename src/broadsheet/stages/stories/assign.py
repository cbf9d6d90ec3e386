"""Whole sets of articles at once, and articles that come too late for the window."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from broadsheet.model.story import Assignment, Receipt, StoryArticle
from broadsheet.stages.stories.engine import StoryEngine
from broadsheet.stages.stories.options import StoryOptions
from broadsheet.stages.stories.spans import earlier, later, window_of

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
EMBEDDED_EXCERPT = 160
DAY = timedelta(days=1)


def embedded_text(article: StoryArticle) -> str:
    """What a language model reads of an article: title and the beginning of the excerpt, else of the text."""
    return f"{article.title}. {(article.excerpt.strip() or article.text)[:EMBEDDED_EXCERPT]}"


def assign_stream(
    articles: Sequence[StoryArticle], options: StoryOptions, batch: int = 100, embed: Embed | None = None
) -> list[Assignment]:
    """The story of each article as a run that sees them `batch` at a time, in order of time, leaves it in the end."""
    found: dict[str, Assignment] = {}
    for told in follow(articles, options, batch, embed):
        found |= {assignment.article_id: assignment for assignment in told}
    return [found[article.id] for article in in_time(articles)]


def follow(
    articles: Sequence[StoryArticle], options: StoryOptions, batch: int = 100, embed: Embed | None = None
) -> Iterator[list[Assignment]]:
    """What the engine says after each batch: of the new articles, and of those that changed by them."""
    ordered = in_time(articles)
    engine: StoryEngine | None = None
    for at in range(0, len(ordered), batch):
        some = ordered[at : at + batch]
        rows = _rows(some, embed)
        engine = engine or StoryEngine(options, 0 if rows is None else rows.shape[1])
        yield engine.add(some, rows)


def assign_stories(
    articles: Sequence[StoryArticle], previous: Mapping[str, str], options: StoryOptions, embed: Embed | None = None
) -> list[Assignment]:
    """The story of each article, in order of time. Those that have one in `previous` (article to story) keep it, with
    an empty receipt (the one that they had still holds), unless the new ones change it within the window; an article
    that comes later than its window finds the story of its time."""
    ordered = in_time(articles)
    if not ordered:
        return []
    edge = earlier(ordered[-1].published, window_of(options))
    late = [article for article in ordered if article.published < edge and article.id not in previous]
    recent = [article for article in ordered if article.published >= edge]
    found = {a.id: Assignment(a.id, previous[a.id], Receipt()) for a in ordered if a.id in previous}
    placed = place_late(late, [a for a in ordered if a.id in previous], previous, options, embed)
    engine = adopting([a for a in recent if a.id in previous], previous, options, embed)
    new = [article for article in recent if article.id not in previous]
    found |= {assignment.article_id: assignment for assignment in [*placed, *engine.add(new, _rows(new, embed))]}
    return [found[article.id] for article in ordered]


def adopting(
    known: Sequence[StoryArticle],
    stories: Mapping[str, str],
    options: StoryOptions,
    embed: Embed | None,
    model: str = "",
) -> StoryEngine:
    """An engine that begins with articles whose stories are known; `model` is the name of what embeds."""
    rows = _rows(known, embed)
    engine = StoryEngine(options, 0 if embed is None else _dimensions(embed), model)
    engine.adopt(known, stories, rows)
    return engine


def place_late(
    late: Sequence[StoryArticle],
    known: Sequence[StoryArticle],
    stories: Mapping[str, str],
    options: StoryOptions,
    embed: Embed | None = None,
) -> list[Assignment]:
    """The stories of articles that came too late for the window: each joins what it belongs to among the articles
    around it (`known`, whose `stories` stay what they are), or those that came late with it; else it stands alone."""
    window = window_of(options)
    # What lies around a late article lies on both sides of it.
    wide = replace(options, window_days=2 * window / DAY + 2)
    there, told = dict(stories), []
    around = {article.id: article for article in known}
    for some in _days(in_time(late)):
        first, last = earlier(some[-1].published, window), later(some[0].published, window)
        near = [article for article in around.values() if first <= article.published <= last]
        engine = adopting(near, there, wide, embed)
        engine.freeze()
        told += [a for a in engine.add(some, _rows(some, embed)) if a.article_id not in there]
        there |= {assignment.article_id: assignment.story_id for assignment in told}
        around |= {article.id: article for article in some}
    return told


def _days(ordered: Sequence[StoryArticle]) -> Iterator[Sequence[StoryArticle]]:
    """Runs of a day at most, so that what lies around them stays bounded."""
    start = 0
    for at in range(1, len(ordered) + 1):
        if at == len(ordered) or ordered[at].published - ordered[start].published >= DAY:
            yield ordered[start:at]
            start = at


def _rows(articles: Sequence[StoryArticle], embed: Embed | None) -> NDArray[np.float32] | None:
    return embed([embedded_text(article) for article in articles]) if embed else None


def _dimensions(embed: Embed) -> int:
    return int(embed([""]).shape[1])


def in_time(articles: Sequence[StoryArticle]) -> list[StoryArticle]:
    """By time, then id; of two with the same id the last one given."""
    return sorted({a.id: a for a in articles}.values(), key=lambda a: (a.published, a.id))
