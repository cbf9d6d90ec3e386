"""Average-link agglomeration, exact, of many small problems at once: the two groups that are furthest above what they
had to reach merge first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

# Pieces of like size are padded to one of these and solved side by side; larger ones alone.
CLASSES = (2, 4, 8, 16, 32, 64)
MOST_CELLS = 2_000_000
NOISE = 1e-5
MOSTLY = 0.75


@dataclass(frozen=True, slots=True)
class Demand:
    """What a merge must reach: the average score of its pairs - size_weight (|A|^-p + |B|^-p) / 2 >= threshold."""

    threshold: float
    size_weight: float = 0.0
    size_power: float = 0.5

    def penalty(self, sizes: Floats) -> Floats:
        """Each side's part of the size term."""
        return np.asarray(self.size_weight * sizes**-self.size_power / 2)


@dataclass(frozen=True, slots=True)
class Problem:
    """Units to be grouped: `scores` of all pairs (symmetric; -inf: never together), and how many articles each unit
    stands for."""

    scores: Floats
    sizes: Floats

    def __len__(self) -> int:
        return len(self.sizes)


@dataclass(frozen=True, slots=True)
class Merge:
    """The group of unit `one` took in the group of unit `other`, at this key; a group goes by its first unit."""

    one: int
    other: int
    key: float


def solve(problems: Sequence[Problem], demand: Demand) -> list[list[Merge]]:
    """The merges of each problem. In every group they are in the order in which they are made one after the other."""
    found: list[list[Merge]] = [[] for _ in problems]
    for width, pieces in _by_class(_pieces(problems, demand)):
        most = max(1, MOST_CELLS // width**2)
        for at in range(0, len(pieces), most):
            chosen = pieces[at : at + most]
            for piece, merges in zip(chosen, _SideBySide(chosen, width, demand).solve(), strict=True):
                units = piece.units
                found[piece.problem] += [Merge(units[m.one], units[m.other], m.key) for m in _one_by_one(merges)]
    return found


def groups_of(count: int, merges: Sequence[Merge]) -> list[list[int]]:
    """The groups of `count` units after these merges, by their first units; each with its units in the order in which
    they came in."""
    members = {unit: [unit] for unit in range(count)}
    for merge in merges:
        members[merge.one] += members.pop(merge.other)
    return list(members.values())


@dataclass(frozen=True, slots=True)
class _Piece:
    """Units of a problem (numbers there, ascending) that no merge can tie to the others."""

    problem: int
    units: list[int]
    scores: Floats
    sizes: Floats


def _pieces(problems: Sequence[Problem], demand: Demand) -> Iterator[_Piece]:
    """An average over pairs is at most the best pair, so a merge needs one pair that is good enough for the lightest
    penalty: what no chain of such pairs ties together can be solved apart. Single units are left out."""
    starts = np.cumsum([0, *map(len, problems)])
    ends: list[Ints] = []
    for start, problem in zip(starts[:-1].tolist(), problems, strict=True):
        least = demand.threshold + 2 * float(demand.penalty(problem.sizes.sum())) - NOISE
        ends.append(np.array(np.nonzero(np.triu(problem.scores >= least, 1))) + start)
    ones, others = np.hstack(ends) if ends else np.zeros((2, 0), dtype=np.int64)
    graph = sparse.coo_matrix((np.ones(len(ones), dtype=bool), (ones, others)), shape=(starts[-1], starts[-1]))
    _, part = csgraph.connected_components(graph, directed=False)
    order = np.argsort(part, kind="stable")
    tied = np.split(order, np.flatnonzero(np.diff(part[order])) + 1)
    for units in tied:
        if len(units) > 1:
            number = int(np.searchsorted(starts, units[0], side="right")) - 1
            at, problem = units - starts[number], problems[number]
            yield _Piece(number, at.tolist(), problem.scores[at[:, None], at], problem.sizes[at])


def _by_class(pieces: Iterable[_Piece]) -> list[tuple[int, list[_Piece]]]:
    classes: dict[int, list[_Piece]] = {}
    for piece in pieces:
        size = len(piece.units)
        classes.setdefault(next((w for w in CLASSES if w >= size), size), []).append(piece)
    return sorted(classes.items())


def _one_by_one(merges: Sequence[Merge]) -> list[Merge]:
    """Merges that were made several at a time, in the order in which the best of those possible comes next."""
    if len(merges) < 2:
        return list(merges)
    waits, next_of, last = [0] * len(merges), [-1] * len(merges), dict[int, int]()
    for number, merge in enumerate(merges):
        for unit in (merge.one, merge.other):
            if unit in last:
                next_of[last[unit]] = number
                waits[number] += 1
        last[merge.one] = number
    possible = [(-merge.key, number) for number, merge in enumerate(merges) if not waits[number]]
    heapify(possible)
    ordered = []
    while possible:
        number = heappop(possible)[1]
        ordered.append(merges[number])
        follows = next_of[number]
        if follows >= 0:
            waits[follows] -= 1
            if not waits[follows]:
                heappush(possible, (-merges[follows].key, follows))
    return ordered


class _SideBySide:
    """Pieces of at most `width` units. In every round all groups that are best for each other merge, in pairs. Without
    a size term that is what one merge at a time, the best first, comes to; with one a merge may come a little earlier.

    The keys are kept, and not the scores: with the shares of both sides a merged group's keys follow from theirs.
    """

    def __init__(self, pieces: Sequence[_Piece], width: int, demand: Demand) -> None:
        count = len(pieces)
        self._demand = demand
        self._keys = np.full((count, width, width), -np.inf, dtype=np.float32)
        self._sizes = np.ones((count, width))
        for number, piece in enumerate(pieces):
            units = len(piece.units)
            self._keys[number, :units, :units] = piece.scores
            self._sizes[number, :units] = piece.sizes
        self._keys[:, np.arange(width), np.arange(width)] = -np.inf
        self._penalty = demand.penalty(self._sizes).astype(np.float32)
        self._keys -= self._penalty[:, :, None]
        self._keys -= self._penalty[:, None, :]
        self._running = np.arange(count)
        self._units = np.broadcast_to(np.arange(width), (count, width))
        self._merges: list[list[Merge]] = [[] for _ in pieces]

    def solve(self) -> list[list[Merge]]:
        while len(self._running):
            partner = self._keys.argmax(axis=2)
            rows, units = np.arange(len(partner))[:, None], np.arange(partner.shape[1])
            best = self._keys[rows, units, partner]
            mutual = (best >= self._demand.threshold) & (partner[rows, partner] == units) & (units < partner)
            at, ones = np.nonzero(mutual)
            if len(at):
                self._join(at, ones, partner[at, ones], best[at, ones])
            going = mutual.any(axis=1)
            if not going.all() or self._is_sparse():
                self._keep(np.flatnonzero(going))
        return self._merges

    def _is_sparse(self) -> bool:
        """Whether a large piece has few groups left."""
        width = self._sizes.shape[1]
        return width > CLASSES[-1] and int((self._sizes > 0).sum()) < MOSTLY * width

    def _keep(self, going: Ints) -> None:
        """Only these pieces go on, and of them only the groups that are left."""
        self._running = self._running[going]
        alive = self._sizes[going] > 0
        most = int(alive.sum(axis=1).max(initial=0))
        order = np.argsort(~alive, axis=1, kind="stable")[:, :most]
        rows = going[:, None]
        self._keys = self._keys[rows[:, :, None], order[:, :, None], order[:, None, :]]
        self._sizes, self._penalty = self._sizes[rows, order], self._penalty[rows, order]
        self._units = self._units[rows, order]

    def _join(self, rows: Ints, ones: Ints, others: Ints, best: Floats) -> None:
        sizes, keys, penalty = self._sizes, self._keys, self._penalty
        total = sizes[rows, ones] + sizes[rows, others]
        share = (sizes[rows, ones] / total).astype(np.float32)[:, None]
        lighter = self._demand.penalty(total).astype(np.float32)
        eased = share[:, 0] * penalty[rows, ones] + (1 - share[:, 0]) * penalty[rows, others] - lighter
        keys[rows, ones] = share * keys[rows, ones] + (1 - share) * keys[rows, others] + eased[:, None]
        keys[rows, :, ones] = share * keys[rows, :, ones] + (1 - share) * keys[rows, :, others] + eased[:, None]
        keys[rows, ones, ones] = -np.inf
        keys[rows, others] = -np.inf
        keys[rows, :, others] = -np.inf
        sizes[rows, ones], sizes[rows, others] = total, 0
        penalty[rows, ones] = lighter
        names = self._running[rows].tolist(), self._units[rows, ones].tolist(), self._units[rows, others].tolist()
        for number, one, other, key in zip(*names, best.tolist(), strict=True):
            self._merges[number].append(Merge(one, other, key))
