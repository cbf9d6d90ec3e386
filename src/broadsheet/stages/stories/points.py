"""Articles as points: sparse vectors whose dot product is the raw score of a pair."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from broadsheet.stages.stories.options import StoryOptions
from broadsheet.stages.stories.terms import Frequencies
from broadsheet.stages.stories.words import Words

# The scores of so many points take 128 MB.
MOST_DENSE = 4_000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Points:
    """Distinct wordings. `vectors` is CSR, points by terms; its first half of columns is the body, the second the
    title, each scaled by the root of its weight, so that one product gives the weighted sum of both cosines.
    `sizes` says how many articles share the wording. `scores` is the product of all with all where that fits into
    memory, else None.
    """

    vectors: sparse.csr_matrix
    sizes: Floats
    scores: Floats | None

    def __len__(self) -> int:
        return len(self.sizes)

    def rows(self, start: int, end: int) -> Floats:
        """The raw scores of the points from `start` to `end` with all points; the caller may change them."""
        if self.scores is not None:
            return self.scores[start:end].copy()
        return np.asarray((self.vectors[start:end] @ self.vectors.T).toarray())

    def among(self, piece: Ints) -> Floats:
        """The raw scores among these points; the caller may change them."""
        if self.scores is not None:
            return self.scores[np.ix_(piece, piece)]
        vectors = self.vectors[piece]
        return np.asarray((vectors @ vectors.T).toarray())


def points_of(vectors: sparse.csr_matrix, sizes: Floats) -> Points:
    """Points with their scores, where there are not too many."""
    fits = vectors.shape[0] <= MOST_DENSE
    return Points(vectors, sizes, np.asarray((vectors @ vectors.T).toarray()) if fits else None)


def make_points(wordings: Sequence[Words], sizes: Sequence[int], general: Frequencies, options: StoryOptions) -> Points:
    """Weigh the terms of distinct wordings by how rare they are in general and among these, and scale each to one."""
    bodies = [_body(words) for words in wordings]
    frequencies = general.with_texts(bodies)
    vocabulary = tuple(sorted({term for body in bodies for term in body}))
    columns = {term: column for column, term in enumerate(vocabulary)}
    rarity = np.array([frequencies.weight(term) for term in vocabulary])
    body = _unit_rows(bodies, columns, rarity) * options.body_weight**0.5
    title = _unit_rows([Counter(words.title) for words in wordings], columns, rarity) * options.title_weight**0.5
    return points_of(sparse.hstack([body, title], format="csr"), np.array(sizes, dtype=np.float64))


def _body(words: Words) -> Counter[str]:
    """The title counts twice."""
    return Counter(words.title + words.title + words.lead)


def _unit_rows(rows: Iterable[Counter[str]], columns: dict[str, int], rarity: Floats) -> sparse.csr_matrix:
    counts: list[int] = []
    indices: list[int] = []
    starts = [0]
    for row in rows:
        counts.extend(row.values())
        indices.extend(columns[term] for term in row)
        starts.append(len(indices))
    values = (1 + np.log(np.array(counts, dtype=np.float64))) * rarity[np.array(indices, dtype=np.int64)]
    matrix = sparse.csr_matrix((values, indices, starts), shape=(len(starts) - 1, len(rarity)))
    matrix.sort_indices()
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1))).ravel()
    return sparse.csr_matrix(sparse.diags_array(1 / np.where(norms > 0, norms, 1)) @ matrix)


def mean_rows(vectors: sparse.csr_matrix, labels: Ints, sizes: Floats) -> sparse.csr_matrix:
    """The mean vector of each group; `labels` are 0..k-1. A dot product of two is the average over all pairs."""
    totals = np.bincount(labels, weights=sizes)
    shares = sizes / totals[labels]
    rows = sparse.csr_matrix((shares, (labels, np.arange(len(labels)))), shape=(len(totals), len(labels)))
    return sparse.csr_matrix(rows @ vectors)
