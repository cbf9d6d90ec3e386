"""The engine: articles in, the story of each out. Pure; the same articles in any order give the same stories."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from broadsheet.model.story import Assignment, StoryArticle
from broadsheet.stages.stories.follow import Follower, Step
from broadsheet.stages.stories.options import StoryOptions
from broadsheet.stages.stories.spans import earlier, later, window_of

STEP = timedelta(days=1)


def assign_stories(
    articles: Sequence[StoryArticle], previous: Mapping[str, str], options: StoryOptions
) -> list[Assignment]:
    """The story of each article, in order of time.

    `articles` are those of the window and the new ones, in any order, each id once; `previous` maps the id of an
    article to the story that it was given before. The story of an article may change while it is within the window of
    the newest one; older ones keep what `previous` says, with an empty receipt (the one that they had still holds).
    """
    ordered = in_time(articles)
    if not ordered:
        return []
    edge = earlier(ordered[-1].published, window_of(options))
    fixed = {a.id for a in ordered if a.published < edge and a.id in previous}
    follower = Follower(ordered, previous, fixed, options)
    return follower.run(list(_steps(ordered, previous, fixed, options)))


def assign_stream(articles: Sequence[StoryArticle], options: StoryOptions, batch: int = 100) -> list[Assignment]:
    """The story of each article as a run that sees them `batch` at a time, in order of time, leaves it in the end."""
    ordered = in_time(articles)
    window = window_of(options)
    steps = []
    start = 0
    for new in _batches(ordered, range(len(ordered)), options, batch):
        while ordered[start].published < earlier(ordered[new[-1]].published, window):
            start += 1
        steps.append(Step(tuple(range(start, new[-1] + 1))))
    return Follower(ordered, {}, frozenset(), options).run(steps)


def in_time(articles: Sequence[StoryArticle]) -> list[StoryArticle]:
    """By time, then id; of two with the same id the last one given."""
    return sorted({a.id: a for a in articles}.values(), key=lambda a: (a.published, a.id))


def _batches(
    ordered: Sequence[StoryArticle], indices: Sequence[int], options: StoryOptions, most: int
) -> Iterator[Sequence[int]]:
    """The indices in runs of at most `most` articles and a day, so that a batch never reaches beyond its window."""
    longest = min(STEP, window_of(options))
    start = 0
    for at in range(1, len(indices) + 1):
        if (
            at == len(indices)
            or at - start == most
            or ordered[indices[at]].published - ordered[indices[start]].published >= longest
        ):
            yield indices[start:at]
            start = at


def _steps(
    ordered: Sequence[StoryArticle], previous: Mapping[str, str], fixed: set[str], options: StoryOptions
) -> Iterator[Step]:
    """Windows to be grouped, in order of time: one for each day of new articles that are older than the newest
    window, with the articles around it that are known already; then the newest window."""
    window = window_of(options)
    edge = earlier(ordered[-1].published, window)
    late = [i for i, a in enumerate(ordered) if a.published < edge and a.id not in fixed]
    times = [a.published for a in ordered]
    for new in _batches(ordered, late, options, len(late)):
        first, last = times[new[0]], times[new[-1]]
        near = range(bisect_left(times, earlier(last, window)), bisect_right(times, later(first, window)))
        yield Step(tuple(i for i in near if times[i] <= last or ordered[i].id in previous))
    yield Step(tuple(range(bisect_left(times, edge), len(ordered))))
