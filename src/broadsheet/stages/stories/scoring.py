"""What the score of a pair of units is made of, and by how much each part counts.

The score is a sum, so that the average over the pairs of two groups is the sum of the averages of its parts: average
link on it is exact, and a receipt can be added up again.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from broadsheet.stages.stories.levels import Coarse
from broadsheet.stages.stories.units import Array, Floats, Rows, dots

MOST_THINGS = 3
ALMOST = 0.01
MORE = 0.2
"""How much a shared thing more counts beside what too few cost."""


def _cosine(kind: str) -> Callable[[Rows], Array]:
    return lambda rows: dots(rows.sparse[kind], rows.sparse[kind])


def _meaning(rows: Rows) -> Array:
    return rows.meaning @ rows.meaning.T


def _things(rows: Rows) -> Array:
    """How many separate rare things two share: a phrase of k rare words that both have is k words and k - 1 pairs of
    neighbours, one thing, however many words a product's name has."""
    words, phrases = rows.sparse["rare"], rows.sparse["phrases"]
    return dots(words, words) - dots(phrases, phrases)


def _little_in_common(rows: Rows) -> Array:
    """-1 for two long wordings that share fewer than two things; else how many they share beside two, a few at
    most."""
    things = _things(rows)
    long = rows.sparse["long"].toarray().ravel() > 0
    few = (things < 2 - ALMOST) & long[:, None] & long[None, :]
    return np.where(few, -1, np.clip(things - 2, 0, MOST_THINGS) * MORE)


def _agreement(kind: str) -> Callable[[Rows], Array]:
    """Whether they have one in common."""
    return lambda rows: np.asarray(dots(rows.sparse[kind], rows.sparse[kind]) > ALMOST)


def _conflict(kind: str) -> Callable[[Rows], Array]:
    """Whether both have some and none in common."""

    def measure(rows: Rows) -> Array:
        matrix = rows.sparse[kind]
        has = np.diff(matrix.indptr) > 0
        return np.asarray(has[:, None] & has[None, :] & (dots(matrix, matrix) < ALMOST))

    return measure


@dataclass(frozen=True, slots=True)
class Feature:
    """One measure of all pairs, and the term of a receipt that it counts for."""

    term: str
    measure: Callable[[Rows], Array]


FEATURES: Mapping[str, Feature] = {
    "meaning": Feature("meaning", _meaning),
    "words": Feature("words", _cosine("x")),
    "title": Feature("title", _cosine("y")),
    "things": Feature("names", _little_in_common),
    "numbersAgree": Feature("numbers", _agreement("numbers")),
    "numbersConflict": Feature("numbers", _conflict("numbers")),
    "titleNumbersConflict": Feature("numbers", _conflict("titleNumbers")),
    "monthsConflict": Feature("dates", _conflict("months")),
    "daysConflict": Feature("dates", _conflict("days")),
}

@dataclass(frozen=True, slots=True)
class Scoring:
    """One set of weights. `pairs` weigh the features of a pair, `levels` the features of each article's surroundings
    (half for each of a pair), `common` those of a young window, whose subject half of its articles share; `base` is added to every pair; scores are cut off at `lowest` and `highest`.
    """

    pairs: Mapping[str, float]
    levels: Mapping[str, float]
    common: Mapping[str, float]
    base: float
    lowest: float
    highest: float
    floor: float
    coarse: Coarse
    size_weight: float = 0.0
    size_power: float = 0.5
    threshold: float = 0.0

    def views(self, ones: Rows, others: Rows) -> Floats:
        """The weighted sum of cosines of all rows of the one with all of the other: most of the score."""
        total = np.float32(self.pairs["words"]) * dots(ones.sparse["x"], others.sparse["x"])
        if "title" in self.pairs:
            total += np.float32(self.pairs["title"]) * dots(ones.sparse["y"], others.sparse["y"])
        if "meaning" in self.pairs:
            total += np.float32(self.pairs["meaning"]) * (ones.meaning @ others.meaning.T)
        return total

    def terms(self, rows: Rows, levels: Floats) -> dict[str, Floats]:
        """What the scores of all pairs are made of, by the names of a receipt."""
        half = (levels / 2).astype(np.float32)
        terms: dict[str, Floats] = {"background": -(half[:, None] + half[None, :]) + np.float32(self.base)}
        for name, weight in self.pairs.items():
            feature = FEATURES[name]
            part = np.float32(weight) * feature.measure(rows)
            terms[feature.term] = terms[feature.term] + part if feature.term in terms else part
        return terms

    def level(self, features: Mapping[str, Floats]) -> Floats:
        """What is subtracted for each row's surroundings."""
        far = np.asarray(-sum(weight * features[name] for name, weight in self.levels.items()))
        near = sum(weight * features[name] for name, weight in self.common.items())
        return np.maximum(far, near)


def cap_thin(total: Floats, rows: Rows, most: float) -> None:
    """Pairs that share fewer than two separate rare things get `most` at best: where there is little else to compare
    with, all that is said of one product looks alike."""
    np.minimum(total, np.float32(most), out=total, where=_things(rows) < 2 - ALMOST)


def scores(terms: Mapping[str, Floats], scoring: Scoring) -> Floats:
    """The scores that the terms add up to."""
    total = np.asarray(sum(terms.values()), dtype=np.float32)
    return np.clip(total, scoring.lowest, scoring.highest, out=total)
