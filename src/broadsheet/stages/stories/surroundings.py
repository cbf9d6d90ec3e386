"""Each article's own background: how similar it is to things that have nothing to do with it."""

from dataclasses import dataclass

import numpy as np

from broadsheet.stages.stories.groups import Demand, agglomerate
from broadsheet.stages.stories.options import StoryOptions
from broadsheet.stages.stories.points import Floats, Ints, Points, mean_rows

SAMPLE_POINTS = 600
REFERENCE_GROUPS = 1_500


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`levels` is what to subtract for each point, `groups` from how many rough groups it was read."""

    levels: Floats
    groups: int


def look_around(points: Points, options: StoryOptions) -> Surroundings:
    """Each point's level: quantile and tail of its rough group's similarity to the other groups.

    The quantile says how dense the whole window is around it, the tail how crowded its topic is. Groups and not
    articles are counted, so that a story of three hundred does not fill its own background.
    """
    if not len(points):
        return Surroundings(np.zeros(0), 0)
    labels = rough_groups(points, options)
    means = mean_rows(points.vectors, labels, points.sizes)
    count = means.shape[0]
    reference = _spread(count, REFERENCE_GROUPS)
    turned = means[reference].T.tocsr()
    own = np.full(count, -1)
    own[reference] = np.arange(len(reference))
    result = np.empty(count)
    for at in range(0, count, 512):
        block = (means[at : at + 512] @ turned).toarray()
        mine = own[at : at + 512]
        block[np.flatnonzero(mine >= 0), mine[mine >= 0]] = -np.inf
        result[at : at + 512] = _level(-np.sort(-block, axis=1)[:, : len(reference) - 1], options)
    return Surroundings(result[labels], count)


def _level(ranked: Floats, options: StoryOptions) -> Floats:
    """`ranked`: similarities to other groups, descending in each row."""
    missing = options.least_groups - ranked.shape[1]
    if missing > 0:
        usual = np.full((len(ranked), missing), options.usual_similarity)
        ranked = -np.sort(-np.hstack([ranked, usual]), axis=1)
    count = ranked.shape[1]
    quantile = ranked[:, min(int((1 - options.quantile) * count), count - 1)]
    last = min(options.tail_last, count - 1)
    first = min(options.tail_first, last // 2)
    tail = ranked[:, first : last + 1].mean(axis=1)
    level = options.quantile_weight * quantile + options.tail_weight * tail
    return np.asarray(np.minimum(level, tail + options.excess_limit))


def rough_groups(points: Points, options: StoryOptions) -> Ints:
    """Story-like blobs, whose only use is to be the unit of the background."""
    sample = _spread(len(points), SAMPLE_POINTS)
    if points.scores is not None:
        similar = points.scores[:, sample]
    else:
        similar = (points.vectors @ points.vectors[sample].T).toarray()
    level = np.quantile(similar, options.quantile, axis=1)
    return agglomerate(points, options.coarse_quantile_weight * level, Demand(options.coarse_threshold))


def _spread(count: int, most: int) -> Ints:
    """At most `most` indices, evenly spread: the same for the same input, unlike a random sample."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64))
