"""The peer: TF-IDF with average link, both from scikit-learn, with one threshold for the three sets.

The threshold is the best common one on these very sets, and the peer sees each set whole: both in its favour.
"""

import resource
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer

from bench.stories import sets
from bench.stories.printing import say
from broadsheet.model.story import StoryArticle

THRESHOLDS = np.arange(0.5, 1.0, 0.01)


class Tree:
    """The whole dendrogram, so that every threshold is tried on one clustering."""

    def __init__(self, articles: Sequence[StoryArticle]) -> None:
        start = time.process_time()
        vectors = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit_transform(
            f"{a.title} {a.title} {a.excerpt}" for a in articles
        )
        distances = np.clip(1 - (vectors @ vectors.T).toarray(), 0, None)
        model = AgglomerativeClustering(
            n_clusters=None, distance_threshold=0, metric="precomputed", linkage="average"
        ).fit(distances)
        self.seconds = time.process_time() - start
        self._children, self._heights = model.children_, model.distances_

    def cut(self, threshold: float) -> NDArray[np.int64]:
        """The cluster of each article where merges higher than the threshold are undone."""
        leaves = len(self._children) + 1
        above = np.arange(leaves + len(self._children))
        for number, (children, height) in enumerate(zip(self._children, self._heights, strict=True)):
            if height <= threshold:
                above[children] = leaves + number
        for node in range(len(above) - 1, -1, -1):
            above[node] = above[above[node]]
        return above[:leaves]


def measure_peer() -> None:
    known = [sets.labelled(name) for name in sets.NAMES]
    trees = [Tree(one.articles) for one in known]
    table = np.array([[_score(*pair, t)["bcubedF1"] for pair in zip(known, trees, strict=True)] for t in THRESHOLDS])
    best = float(THRESHOLDS[table.mean(axis=1).argmax()])
    for one, tree in zip(known, trees, strict=True):
        scored = _score(one, tree, best)
        figures = {key: scored[key] for key in ("bcubedF1", "bcubedPrecision", "bcubedRecall", "pairF1")}
        speed = round(len(one.articles) / tree.seconds, 1)
        say("peer", set=one.name, threshold=round(best, 2), **figures, articles_per_cpu_second_whole_set=speed)
    means = {"mean_bcubedF1": round(float(table.mean(axis=1).max()), 4)}
    own = round(float(table.max(axis=0).mean()), 4)
    say("peer", set="mean of the three", **means, mean_with_the_best_threshold_of_each_set=own)


def measure_peer_speed(articles: Sequence[StoryArticle]) -> None:
    """One clustering of so many articles at once; streaming, it would do so with every batch."""
    tree = Tree(articles)
    seconds = round(tree.seconds, 2)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    whole = round(len(articles) / tree.seconds, 1)
    say("peer speed", window=len(articles), seconds_a_clustering=seconds, articles_per_cpu_second_at_once=whole,
        articles_per_cpu_second_in_batches_of_100=round(100 / tree.seconds, 1), peak_mb=peak)  # fmt: skip


def _score(known: sets.Labelled, tree: Tree, threshold: float) -> dict[str, float]:
    labels = tree.cut(threshold)
    return sets.score(known.truth, {a.id: str(c) for a, c in zip(known.articles, labels, strict=True)})
