"""Average-link agglomeration, exact: the two groups that are furthest above what they had to reach merge first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from broadsheet.stages.stories.points import Floats, Ints, Points

# Lowers scores (above the threshold) of pairs of a piece: from the matrix and the indices of its points.
Limit = Callable[[Floats, Ints], Floats]

# An exact matrix of so many points takes 200 MB; a larger connected piece is cut at a higher threshold first.
LARGEST_PIECE = 5_000
BLOCK_ROWS = 512


@dataclass(frozen=True, slots=True)
class Demand:
    """What a merge must reach: S(A,B) - (offset_A + offset_B) / 2 - size_weight (|A|^-p + |B|^-p) / 2 >= threshold."""

    threshold: float
    size_weight: float = 0.0
    size_power: float = 0.5

    def penalty(self, sizes: Floats) -> Floats:
        """Each side's part of the size term."""
        return self.size_weight * sizes**-self.size_power / 2


def agglomerate(points: Points, offsets: Floats, demand: Demand, limit: Limit | None = None) -> Ints:
    """The group of each point, numbered 0..k-1 in the order of their first points. `limit` may lower pairs.

    Points in different connected pieces of the graph of pairs over the threshold can never meet, since the average of
    pairs that are all below it is below it; so each piece is solved on its own, and exactly.
    """
    labels = np.arange(len(points))
    for piece in _pieces(points, offsets, demand.threshold):
        excess = _excess(points, offsets, piece)
        if limit:
            excess = limit(excess, piece)
        labels[piece] = piece[_solve(excess, points.sizes[piece], demand)]
    return numbered(labels)


def numbered(labels: Ints) -> Ints:
    """The same groups, numbered 0..k-1 by first appearance."""
    _, firsts, inverse = np.unique(labels, return_index=True, return_inverse=True)
    ranks = np.empty(len(firsts), dtype=np.int64)
    ranks[np.argsort(firsts, kind="stable")] = np.arange(len(firsts))
    return ranks[inverse]


def _excess(points: Points, offsets: Floats, piece: Ints) -> Floats:
    half = offsets[piece] / 2
    excess = points.among(piece)
    excess -= half[:, None] + half[None, :]
    return excess


def _pieces(points: Points, offsets: Floats, threshold: float) -> Iterator[Ints]:
    """The connected pieces of two points and more, each in ascending order."""
    return _split(_edges(points, offsets, threshold), np.arange(len(points)), threshold)


def _split(edges: sparse.csr_matrix, nodes: Ints, threshold: float) -> Iterator[Ints]:
    _, part = csgraph.connected_components(edges, directed=False)
    order = np.argsort(part, kind="stable")
    for piece in np.split(order, np.flatnonzero(np.diff(part[order])) + 1):
        if 1 < len(piece) <= LARGEST_PIECE:
            yield nodes[piece]
        elif len(piece) > LARGEST_PIECE:
            yield from _split_further(edges[piece][:, piece], nodes[piece], threshold)


def _split_further(edges: sparse.csr_matrix, nodes: Ints, threshold: float) -> Iterator[Ints]:
    """Cut a piece that is too large for memory: keep the stronger half of its links; without any, cut it by order."""
    middle = float(np.median(edges.data)) if edges.nnz else 0.0
    kept = edges.multiply(edges > middle).tocsr() if edges.nnz else edges
    kept.eliminate_zeros()
    if 0 < kept.nnz < edges.nnz:
        yield from _split(kept, nodes, threshold)
    else:
        yield from (nodes[at : at + LARGEST_PIECE] for at in range(0, len(nodes), LARGEST_PIECE))


def _edges(points: Points, offsets: Floats, threshold: float) -> sparse.csr_matrix:
    """Pairs at or over the threshold, valued by how far they are above it (plus one, so that none is zero)."""
    half = offsets / 2
    blocks = []
    for at in range(0, len(points), BLOCK_ROWS):
        block = points.rows(at, at + BLOCK_ROWS)
        block -= half[at : at + BLOCK_ROWS, None] + half[None, :] + threshold
        rows, columns = np.nonzero(block >= 0)
        blocks.append(sparse.csr_matrix((block[rows, columns] + 1, (rows, columns)), shape=block.shape))
    return sparse.csr_matrix(sparse.vstack(blocks)) if blocks else sparse.csr_matrix((0, 0))


def _solve(excess: Floats, sizes: Floats, demand: Demand) -> Ints:
    """The group of each point of one piece, named by a member's index. `excess` is used up."""
    if len(sizes) == 2:  # most pieces are pairs
        merges = excess[0, 1] - demand.penalty(sizes).sum() >= demand.threshold
        return np.array([0, 0]) if merges else np.arange(2)
    state = _Merging(excess, sizes.copy(), demand)
    while state.merge_best():
        pass
    return state.labels


class _Merging:
    """The state of one agglomeration: for each living group its best partner and the key of that merge."""

    def __init__(self, excess: Floats, sizes: Floats, demand: Demand) -> None:
        count = len(sizes)
        self._excess, self._sizes, self._demand = excess, sizes, demand
        self._alive: NDArray[np.bool_] = np.ones(count, dtype=bool)
        self._penalty = demand.penalty(sizes)
        self.labels: Ints = np.arange(count)
        np.fill_diagonal(excess, -np.inf)
        keys = excess - self._penalty[:, None] - self._penalty[None, :]
        self._partner = keys.argmax(axis=1)
        self._best = keys[np.arange(count), self._partner]

    def merge_best(self) -> bool:
        """Merge the pair with the highest key; False when none reaches the threshold."""
        one = int(self._best.argmax())
        if not self._best[one] >= self._demand.threshold:
            return False
        one, other = sorted((one, int(self._partner[one])))
        self._join(one, other)
        stale = self._alive & ((self._partner == one) | (self._partner == other))
        stale[one] = True
        for group in np.flatnonzero(stale):
            self._look(int(group))
        self._offer(one)
        return True

    def _join(self, one: int, other: int) -> None:
        excess, sizes = self._excess, self._sizes
        row = (sizes[one] * excess[one] + sizes[other] * excess[other]) / (sizes[one] + sizes[other])
        row[[one, other]] = -np.inf
        excess[one], excess[:, one] = row, row
        excess[other], excess[:, other] = -np.inf, -np.inf
        sizes[one] += sizes[other]
        self._penalty[one] = self._demand.penalty(sizes[one : one + 1])[0]
        self._alive[other] = False
        self._best[other] = -np.inf
        self.labels[self.labels == other] = one

    def _look(self, group: int) -> None:
        keys = self._keys(group)
        self._partner[group] = keys.argmax()
        self._best[group] = keys[self._partner[group]]

    def _offer(self, group: int) -> None:
        """A merge can raise keys (the size term shrinks), so the others look at the merged group once more."""
        keys = self._keys(group)
        better = self._alive & (keys > self._best)
        self._partner[better] = group
        self._best[better] = keys[better]

    def _keys(self, group: int) -> Floats:
        return np.asarray(self._excess[group] - self._penalty[group] - self._penalty)
