"""What two articles really have in common, beside a name: separate rare words and phrases, counted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from broadsheet.stages.stories.options import StoryOptions
from broadsheet.stages.stories.points import Floats, Ints
from broadsheet.stages.stories.terms import Frequencies
from broadsheet.stages.stories.words import Words

# In more than this share of all texts a word is common: to share it says nothing.
COMMON_SHARE = 0.01
PAIRS_AT_A_TIME = 50_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """`words` and `phrases` say (points by terms, 0 or 1) which rare words a point has and which two of them follow
    each other; `lengths` how many different words it has. `everywhere` asks evidence of short wordings too.

    A phrase of k words that two articles share is k words and k - 1 pairs of neighbours, so that the difference of the
    two counts the separate things in common: "Lumen Canvas" is one, however many words a product's name has.
    """

    words: sparse.csr_matrix
    phrases: sparse.csr_matrix
    lengths: Floats
    options: StoryOptions
    everywhere: bool

    def limit(self, excess: Floats, piece: Ints) -> Floats:
        """Cap the scores of pairs of the piece that have too little in common; `excess` is changed and returned."""
        weak = self.options.weak_limit
        ones, others = np.nonzero(np.triu(excess > weak, 1))
        for at in range(0, len(ones), PAIRS_AT_A_TIME):
            one, other = ones[at : at + PAIRS_AT_A_TIME], others[at : at + PAIRS_AT_A_TIME]
            doubtful = self._doubtful(piece[one], piece[other])
            excess[one[doubtful], other[doubtful]] = weak
            excess[other[doubtful], one[doubtful]] = weak
        return excess

    def _doubtful(self, one: Ints, other: Ints) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        shared = _common(self.words, one, other) - _common(self.phrases, one, other)
        asked = np.minimum(self.lengths[one], self.lengths[other]) >= self.options.long_wording
        return np.asarray((shared < self.options.least_shared) & (asked | self.everywhere))


def _common(matrix: sparse.csr_matrix, one: Ints, other: Ints) -> Floats:
    return np.asarray(matrix[one].multiply(matrix[other]).sum(axis=1)).ravel()


def weigh_evidence(
    wordings: Sequence[Words], frequencies: Frequencies, options: StoryOptions, *, everywhere: bool
) -> Evidence:
    """Rare are words that `frequencies` (general, and not of this window) has in few texts."""
    common = {term for term, count in frequencies.counts.items() if count > COMMON_SHARE * frequencies.texts}
    rare = [{t for t in (*words.title, *words.lead) if t not in common} for words in wordings]
    phrases = [set(_neighbours(words, own)) for words, own in zip(wordings, rare, strict=True)]
    lengths = np.array([len({*words.title, *words.lead}) for words in wordings], dtype=np.float64)
    return Evidence(_incidence(rare), _incidence(phrases), lengths, options, everywhere)


def _neighbours(words: Words, rare: set[str]) -> Iterator[tuple[str, str]]:
    for field in (words.title, words.lead):
        yield from ((a, b) for a, b in pairwise(field) if a in rare and b in rare)


def _incidence(rows: Sequence[Iterable[object]]) -> sparse.csr_matrix:
    columns: dict[object, int] = {}
    indices: list[int] = []
    starts = [0]
    for row in rows:
        indices.extend(sorted(columns.setdefault(term, len(columns)) for term in row))
        starts.append(len(indices))
    return sparse.csr_matrix((np.ones(len(indices)), indices, starts), shape=(len(rows), max(1, len(columns))))
