"""What the score of a pair of units is made of, and by how much each part counts.

The score is a sum, so that the average over the pairs of two groups is the sum of the averages of its parts: average
link on it is exact, and a receipt can be added up again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from broadsheet.stages.stories.levels import Coarse
from broadsheet.stages.stories.units import Floats, Ints, Rows, cells, dots, products

VIEWS = {"words": "x", "title": "y"}
MOST_THINGS = 3
ALMOST = 0.01
MORE = 0.25
"""How much a shared thing more counts beside what too few cost."""

UNLIKE, MOST_WORDS = 0.33, 0.3
"""Measured: from this likeness on reports of one language share words, so many at most (as parts of their score)."""


class Part(NamedTuple):
    """A measure of all pairs of some rows (`at`; None: of all rows); for the pairs of others it is nothing."""

    at: Ints | None
    values: Floats


def _cosine(kind: str) -> Callable[[Rows], Part]:
    return lambda rows: Part(None, dots(rows.sparse[kind], rows.sparse[kind]))


def _meaning(rows: Rows) -> Part:
    return Part(None, rows.meaning @ rows.meaning.T)


@lru_cache(maxsize=1)  # asked for twice of the same rows, and half of what a score costs
def _common_things(rows: Rows) -> tuple[Ints, Ints, Floats]:
    """The pairs of rows that share two separate rare things or more, and how many: a phrase of k rare words that both
    have is k words and k - 1 pairs of neighbours, one thing, however many words a product's name has. Of what a
    language model has read, rows of different scripts are taken to share two: no word could tell."""
    ones, others, shared = cells(products(rows.sparse["rare"], rows.sparse["rare"]), 2 - ALMOST)
    things = shared - dots(rows.sparse["phrases"], rows.sparse["phrases"])[ones, others]
    enough = things >= 2 - ALMOST
    far, apart = _of_different_scripts(rows)
    found = (np.concatenate([far, ones[enough]]), np.concatenate([apart, others[enough]]))
    return *found, np.concatenate([np.full(len(far), 2.0, things.dtype), things[enough]])


def _of_different_scripts(rows: Rows) -> tuple[Ints, Ints]:
    """The pairs of rows that have no script in common, and that a language model has read."""
    scripts, none = rows.sparse["scripts"], np.zeros(0, dtype=np.int64)
    if not rows.meaning.shape[1] or not len(scripts.indices) or (scripts.indices == scripts.indices[0]).all():
        return none, none
    read = np.any(rows.meaning, axis=1)
    ones, others = np.nonzero((dots(scripts, scripts) < ALMOST) & read[:, None] & read[None, :])
    return ones, others


def _common_ground(more: float) -> Callable[[Rows], Part]:
    """-1 for two long wordings that share fewer than two things; else `more` for each that they share beside two, a few
    at most."""

    def measure(rows: Rows) -> Part:
        long = (np.diff(rows.sparse["long"].indptr) > 0).astype(np.float32)
        values = -long[:, None] * long[None, :]
        ones, others, things = _common_things(rows)
        values[ones, others] = np.clip(things - 2, 0, MOST_THINGS) * more
        return Part(None, values)

    return measure


def _foreign(rows: Rows) -> Part:
    """Of pairs of different scripts how many words they would share if they were of one: as many as others have that
    mean as much the same."""
    ones, others = _of_different_scripts(rows)
    at = np.unique(ones) if len(ones) else ones
    values = np.zeros((len(at), len(at)), dtype=np.float32)
    if len(at):
        one, other = np.searchsorted(at, ones), np.searchsorted(at, others)
        likeness = rows.meaning[at] @ rows.meaning[at].T
        values[one, other] = np.clip(likeness[one, other] - UNLIKE, 0, MOST_WORDS)
    return Part(at, values)


def _unread(rows: Rows) -> Part:
    """Whether the model could read just one of both: then meaning says nothing, and the other's background in meaning
    is not to count against them."""
    read = np.asarray(rows.meaning.any(axis=1))
    return Part(None, (read[:, None] != read[None, :]).astype(np.float32))


def _agreement(kind: str, *, agreeing: float = 1.0, others: float = 0.0) -> Callable[[Rows], Part]:
    """Of those that have some: whether they have one in common."""

    def measure(rows: Rows) -> Part:
        matrix = rows.sparse[kind]
        has = np.diff(matrix.indptr) > 0
        at = np.flatnonzero(has)
        values = np.full((len(at), len(at)), others, dtype=np.float32)
        place = np.cumsum(has) - 1
        one, other, _ = cells(products(matrix, matrix), ALMOST)
        values[place[one], place[other]] = agreeing
        return Part(at, values)

    return measure


def _conflict(kind: str) -> Callable[[Rows], Part]:
    """Whether both have some and none in common."""
    return _agreement(kind, agreeing=0.0, others=1.0)


@dataclass(frozen=True, slots=True)
class Feature:
    """One measure of all pairs, and the term of a receipt that it counts for."""

    term: str
    measure: Callable[[Rows], Part]


FEATURES: Mapping[str, Feature] = {
    "meaning": Feature("meaning", _meaning),
    "foreign": Feature("meaning", _foreign),
    "unread": Feature("meaning", _unread),
    "words": Feature("words", _cosine("x")),
    "title": Feature("title", _cosine("y")),
    "things": Feature("names", _common_ground(more=MORE)),
    "fewThings": Feature("names", _common_ground(more=0.0)),
    "numbersAgree": Feature("numbers", _agreement("numbers")),
    "numbersConflict": Feature("numbers", _conflict("numbers")),
    "titleNumbersConflict": Feature("numbers", _conflict("titleNumbers")),
    "monthsConflict": Feature("dates", _conflict("months")),
    "daysConflict": Feature("dates", _conflict("days")),
}


@dataclass(frozen=True, slots=True)
class Scoring:
    """One set of weights. `pairs` weigh the features of a pair, `levels` the features of each article's surroundings
    (half for each of a pair), `common` those of a young window, whose subject nearly all of its articles share. Groups
    that a new article is not within `floor` of by the views alone are not looked at.
    """

    pairs: Mapping[str, float]
    levels: Mapping[str, float]
    common: Mapping[str, float]
    floor: float
    coarse: Coarse
    size_weight: float = 0.0
    size_power: float = 0.5
    threshold: float = 0.0

    def views(self, ones: Rows, others: Rows) -> Floats:
        """The weighted sum of cosines of all rows of the one with all of the other: most of the score."""
        total = np.zeros((len(ones), len(others)), dtype=np.float32)
        if "meaning" in self.pairs:
            np.matmul(ones.meaning, np.float32(self.pairs["meaning"]) * others.meaning.T, out=total)
        for name, kind in VIEWS.items():
            if name in self.pairs:
                total += dots(ones.sparse[kind], others.sparse[kind] * np.float32(self.pairs[name]))
        return total

    def terms(self, rows: Rows, levels: Floats) -> dict[str, Floats]:
        """What the scores of all pairs are made of, by the names of a receipt."""
        half = (levels / 2).astype(np.float32)
        terms: dict[str, Floats] = {"background": -half[:, None] - half[None, :]}
        for name, weight in self.pairs.items():
            feature = FEATURES[name]
            at, values = feature.measure(rows)
            values *= np.float32(weight)
            if at is None and feature.term not in terms:
                terms[feature.term] = values
                continue
            term = terms.setdefault(feature.term, np.zeros((len(rows), len(rows)), dtype=np.float32))
            term[(slice(None), slice(None)) if at is None else np.ix_(at, at)] += values
        return terms

    def level(self, features: Mapping[str, Floats]) -> Floats:
        """What is subtracted for each row's surroundings."""
        far = np.asarray(-sum(weight * features[name] for name, weight in self.levels.items()))
        near = sum(weight * features[name] for name, weight in self.common.items())
        return np.asarray(np.maximum(far, near))


def cap_thin(total: Floats, rows: Rows, most: float) -> None:
    """Pairs that share fewer than two separate rare things get `most` at best: where there is little else to compare
    with, all that is said of one product looks alike."""
    ones, others, _ = _common_things(rows)
    kept = total[ones, others]
    np.minimum(total, np.float32(most), out=total)
    total[ones, others] = kept


def cap_other_figures(total: Floats, rows: Rows, most: float) -> None:
    """The same for two titles with figures, none in common: a thousand price alerts are no story."""
    at, differ = _conflict("titleNumbers")(rows)
    if at is None or not len(at):
        return
    ones, others, _ = _common_things(rows)
    kept = total[ones, others]
    cells = np.ix_(at, at)
    total[cells] = np.where(differ > ALMOST, np.minimum(total[cells], np.float32(most)), total[cells])
    total[ones, others] = kept


def scores(terms: Mapping[str, Floats]) -> Floats:
    """The scores that the terms add up to."""
    first, *others = terms.values()
    total: Floats = first.astype(np.float32)
    for term in others:
        total += term
    return total
