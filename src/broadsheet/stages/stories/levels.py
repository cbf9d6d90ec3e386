"""Each article's own background: how similar it is to things that have nothing to do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Protocol

import numpy as np
from scipy import sparse
from scipy.cluster.hierarchy import average, fcluster

from broadsheet.stages.stories.units import Floats, Ints, Rows, Units, dots

SAMPLE = 1_200
QUANTILE = 0.7
LEAST_RENEWAL = 100
LEAST_GROUPS = 152
LEAST_SAMPLE = 600
FEW_ARTICLES = 60
LEAST_ARTICLES = 6
SHARED_BY = 0.25
# Measured on news in English: of words the mean of an exponential distribution, of meaning a normal one.
USUAL_WORDS = 0.008
USUAL_MEANING = NormalDist(0.07, 0.07)
RANKS: Mapping[str, tuple[int, int]] = {"h": (2, 8), "a": (5, 20), "b": (20, 60), "c": (50, 150)}


@dataclass(frozen=True, slots=True)
class Coarse:
    """How the rough groups are made: weights of words and meaning (0: there is no model), and what a merge must reach
    above `factor` times the quantile of each side."""

    words: float
    meaning: float
    factor: float
    threshold: float


@lru_cache(maxsize=1_024)
def usual(view: str, count: int) -> Floats:
    """How similar an article is to so many unrelated ones: cosines as they are spread in news, descending."""
    ranks = (np.arange(count) + 0.5) / max(1, count)
    if view == "x":
        return np.asarray(-USUAL_WORDS * np.log(ranks), dtype=np.float32)
    values = [max(0.0, USUAL_MEANING.inv_cdf(1 - rank)) for rank in ranks]
    return np.array(values, dtype=np.float32)


class Weighing(Protocol):
    """What the surroundings are read with."""

    @property
    def coarse(self) -> Coarse:
        """How rough groups are made."""
        ...

    def level(self, features: Mapping[str, Floats]) -> Floats:
        """One figure for each row."""
        ...


class Surroundings:
    """Rough groups of a sample of the window, against which backgrounds are read. Groups and not articles are counted,
    so that a story of three hundred does not fill its own background.

    Where the window has too few groups, what is usual among unrelated news stands in for the missing ones.
    """

    def __init__(self, scoring: "Weighing") -> None:
        self._scoring, self._coarse = scoring, scoring.coarse
        self._views = ("x", "e") if scoring.coarse.meaning else ("x",)
        self._groups: Rows | None = None
        self._waited, self._size = LEAST_RENEWAL, 0
        self._is_young = True
        self.epoch = 0

    @property
    def groups(self) -> Rows | None:
        """The rough groups; None before the first look around."""
        return self._groups

    @property
    def is_young(self) -> bool:
        """Whether there are too few articles to tell what is usual here."""
        return self._is_young

    def state(self) -> dict[str, int]:
        """When it will look around again."""
        return {"waited": self._waited, "size": self._size, "epoch": self.epoch, "young": self._is_young}

    def restore(self, state: Mapping[str, int], groups: Rows | None) -> None:
        """Go on as `state` and `groups` were."""
        self._waited, self._size, self.epoch = state["waited"], state["size"], state["epoch"]
        self._groups, self._is_young = groups, bool(state["young"])

    def renew(self, units: Units, arriving: int) -> None:
        """Look around anew when half of the window has changed since the last time."""
        self._waited += arriving
        alive = units.alive
        if len(alive) and self._waited >= max(LEAST_RENEWAL, self._size / 2):
            self._waited, self._size = 0, len(alive)
            self.epoch += 1
            self._look_at(units.rows(_spread(alive, SAMPLE)))

    def begin(self, rows: Rows) -> None:
        """Look at the first articles that there are, where nothing has been looked at yet."""
        if self._groups is None and len(rows):
            self._look_at(rows)

    def levels(self, rows: Rows, widths: Mapping[str, int]) -> Floats:
        """What is subtracted for the surroundings of each row."""
        return self._scoring.level(self.features(rows, widths))

    def refresh(self, units: Units, chosen: Ints) -> None:
        """Read the levels of some units again that were read before the last renewal."""
        stale = chosen[units.epoch[chosen] < self.epoch]
        if len(stale):
            units.level[stale] = self.levels(units.rows(stale), units.widths)
            units.epoch[stale] = self.epoch

    def features(self, rows: Rows, widths: Mapping[str, int]) -> dict[str, Floats]:
        """For each row by name: of its similarities to the groups in words (`x`) and meaning (`e`), the value that 30 %
        exceed (`q`) and the means of some ranks (`h`: 2 to 8, `a`: 5 to 20, `b`: 20 to 60, `c`: 50 to 150)."""
        found: dict[str, Floats] = {}
        for view, similar in self._similar(rows, widths).items():
            found[f"{view}m"] = self._nearly_all(similar)
            ranked = -np.sort(-self._topped_up(view, similar), axis=1)
            found[f"{view}q"] = ranked[:, int((1 - QUANTILE) * ranked.shape[1])]
            for name, (first, last) in RANKS.items():
                found[f"{view}{name}"] = ranked[:, first : last + 1].mean(axis=1)
        return found

    def _similar(self, rows: Rows, widths: Mapping[str, int]) -> dict[str, Floats]:
        if self._groups is None:
            return {view: np.zeros((len(rows), 0), dtype=np.float32) for view in self._views}
        words = self._groups.sparse["x"].copy()
        words.resize((words.shape[0], widths["x"]))
        found = {"x": dots(rows.sparse["x"], words)}
        if "e" in self._views:
            found["e"] = rows.meaning @ self._groups.meaning.T
        return found

    def _nearly_all(self, similar: Floats) -> Floats:
        """How similar each is to nearly all others, in a window so young that articles stand for groups: a publication
        about one product begins with articles that all name it."""
        if not self._is_young or similar.shape[1] < LEAST_ARTICLES:
            return np.zeros(len(similar), dtype=np.float32)
        return np.asarray(np.quantile(similar, SHARED_BY, axis=1))

    def _topped_up(self, view: str, similar: Floats) -> Floats:
        missing = LEAST_GROUPS - similar.shape[1]
        if missing <= 0:
            return similar
        return np.hstack([similar, np.broadcast_to(usual(view, missing), (len(similar), missing))])

    def _look_at(self, rows: Rows) -> None:
        groups = self._rough_groups(rows)
        self._is_young = len(rows) < FEW_ARTICLES
        self._groups = Rows({"x": groups.sparse["x"]}, groups.meaning)

    def _rough_groups(self, rows: Rows) -> Rows:
        labels = self._rough_labels(rows)
        sizes = np.bincount(labels)
        at = (labels, np.arange(len(labels)))
        return rows.means(sparse.csr_matrix(((1 / sizes[labels]).astype(np.float32), at)))

    def _rough_labels(self, rows: Rows) -> Ints:
        if len(rows) < FEW_ARTICLES:
            return np.arange(len(rows))
        coarse = self._coarse
        scores = coarse.words * dots(rows.sparse["x"], rows.sparse["x"])
        if coarse.meaning:
            scores += coarse.meaning * (rows.meaning @ rows.meaning.T)
        half = coarse.factor * self._usual_level(scores) / 2
        scores -= (half[:, None] + half[None, :]).astype(np.float32)
        top = float(scores.max()) + 1
        upper = np.triu_indices(len(rows), 1)
        tree = average((top - scores[upper]).astype(np.float64))
        labels: Ints = fcluster(tree, top - coarse.threshold, "distance").astype(np.int64) - 1
        return labels

    def _usual_level(self, scores: Floats) -> Floats:
        """What 30 % of the scores of each exceed; in a small sample what is usual stands in for what is missing."""
        sample = scores[:, :: max(1, len(scores) // LEAST_SAMPLE)]
        missing = LEAST_SAMPLE - sample.shape[1]
        if missing > 0:
            more = self._coarse.words * usual("x", missing) + self._coarse.meaning * usual("e", missing)
            sample = np.hstack([sample, np.broadcast_to(more, (len(scores), missing))])
        return np.asarray(np.quantile(sample, QUANTILE, axis=1))


def _spread(numbers: Ints, most: int) -> Ints:
    """At most `most` of these, evenly spread: the same for the same input, unlike a random sample."""
    return numbers[np.unique(np.linspace(0, len(numbers) - 1, min(len(numbers), most)).round().astype(np.int64))]
