"""What decided each membership, in figures that add up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from broadsheet.model.story import Receipt, StoryArticle
from broadsheet.stages.stories.groups import Demand
from broadsheet.stages.stories.options import StoryOptions
from broadsheet.stages.stories.points import Floats, Ints, Points, mean_rows
from broadsheet.stages.stories.words import is_number, names_of, words_of

MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Grouping:
    """One run over a window: the points, their backgrounds, and the story (0..k-1) of each point."""

    points: Points
    backgrounds: Floats
    labels: Ints
    options: StoryOptions


def merge_demand(options: StoryOptions) -> Demand:
    """What a merge has to reach by these options."""
    return Demand(options.threshold, options.size_weight, options.size_power)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """For each point: the parts of its score against the rest of its story, and the runner-up (-1: there is none)."""

    body: Floats
    title: Floats
    background: Floats
    size: Floats
    runner_up: Ints
    runner_up_score: Floats

    def score(self, point: int) -> float:
        """The sum of the parts."""
        return float(self.body[point] + self.title[point] + self.background[point] + self.size[point])


def judge(grouping: Grouping) -> Verdicts:
    """Score every point against its own story without itself, and against the best other one."""
    points, labels = grouping.points, grouping.labels
    sizes = np.bincount(labels, weights=points.sizes).astype(np.float64)
    means = mean_rows(points.vectors, labels, points.sizes)
    levels = np.bincount(labels, weights=grouping.backgrounds * points.sizes) / sizes
    runner_up, runner_up_score = _runners_up(grouping, means, levels, sizes)
    others = np.maximum(sizes[labels] - 1, 1)
    alone = points.vectors.multiply(points.vectors).tocsr()
    toward = points.vectors.multiply(means[labels]).tocsr()
    half = points.vectors.shape[1] // 2
    penalty = merge_demand(grouping.options).penalty
    return Verdicts(
        body=_without_self(toward[:, :half], alone[:, :half], sizes[labels], others),
        title=_without_self(toward[:, half:], alone[:, half:], sizes[labels], others),
        background=-(grouping.backgrounds + (levels * sizes)[labels] / others - grouping.backgrounds / others) / 2,
        size=-penalty(np.ones(len(labels))) - penalty(others),
        runner_up=runner_up,
        runner_up_score=runner_up_score,
    )


def _without_self(toward: sparse.csr_matrix, alone: sparse.csr_matrix, sizes: Floats, others: Floats) -> Floats:
    whole = np.asarray(toward.sum(axis=1)).ravel()
    own = np.asarray(alone.sum(axis=1)).ravel()
    return np.asarray((whole * sizes - own) / others)


def _runners_up(grouping: Grouping, means: sparse.csr_matrix, levels: Floats, sizes: Floats) -> tuple[Ints, Floats]:
    points, labels, demand = grouping.points, grouping.labels, merge_demand(grouping.options)
    best = np.full(len(labels), -1)
    scores = np.full(len(labels), -np.inf)
    if len(sizes) < 2:
        return best, scores
    turned = means.T.tocsr()
    ask = levels / 2 + demand.penalty(sizes) + demand.penalty(np.ones(1))[0]
    for at in range(0, len(labels), 512):
        rows = slice(at, at + 512)
        keys = (points.vectors[rows] @ turned).toarray() - grouping.backgrounds[rows, None] / 2 - ask[None, :]
        keys[np.arange(len(keys)), labels[rows]] = -np.inf
        best[rows] = keys.argmax(axis=1)
        scores[rows] = keys.max(axis=1)
    return best, scores


def write_receipt(
    verdicts: Verdicts, point: int, grouping: Grouping, stories: Mapping[int, str], shared: "Shared | None"
) -> Receipt:
    """The receipt of one article of the point; `stories` names the groups; `shared` is None for a story of one."""
    second = int(verdicts.runner_up[point])
    alone = Receipt(
        threshold=grouping.options.threshold,
        runner_up=stories.get(second),
        runner_up_similarity=round(float(verdicts.runner_up_score[point]), 4) if second in stories else None,
    )
    if shared is None:
        return alone
    parts = {
        "words": round(float(verdicts.body[point]), 4),
        "title": round(float(verdicts.title[point]), 4),
        "background": round(float(verdicts.background[point]), 4),
        "size": round(float(verdicts.size[point]), 4),
    }
    similarity = round(sum(parts.values()), 4)
    return replace(alone, similarity=similarity, names=shared.names, numbers=shared.numbers, terms=parts)


@dataclass(frozen=True, slots=True)
class Shared:
    """Names and numbers that an article has in common with its story, the most shared first."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def shared_words(members: Sequence[StoryArticle]) -> list[Shared]:
    """For each member what it shares with at least one other."""
    terms = [set(words.title + words.lead) for words in map(words_of, members)]
    spread = Counter(term for own in terms for term in own)
    return [_shared(own, names_of(article), spread) for own, article in zip(terms, members, strict=True)]


def _shared(own: set[str], names: frozenset[str], spread: Counter[str]) -> Shared:
    common = sorted((t for t in own if spread[t] > 1), key=lambda t: (-spread[t], t))
    numbers = tuple(t.lstrip("#") for t in common if is_number(t))
    return Shared(tuple(t for t in common if t in names)[:MOST_SHOWN], numbers[:MOST_SHOWN])
