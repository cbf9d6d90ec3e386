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

# Pieces of like size are padded to one of these and solved side by side; larger ones one after the other.
CLASSES = (2, 4, 8, 16, 32, 64, 128)
MOST_CELLS = 2_000_000
NOISE = 1e-5


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
            for piece, merges in zip(chosen, _solved(chosen, width, demand), strict=True):
                found[piece.problem] += [Merge(piece.units[m.one], piece.units[m.other], m.key) for m in merges]
    return found


def _solved(pieces: Sequence["_Piece"], width: int, demand: Demand) -> list[list[Merge]]:
    if width > CLASSES[-1]:
        return [_solve_large(piece.scores, piece.sizes, demand) for piece in pieces]
    return [_one_by_one(merges) for merges in _SideBySide(pieces, width, demand).solve()]


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
    """Pieces of at most `width` units. In every round each of two groups that are best for each other merge, if nothing
    that happens elsewhere could make a third one better for either: so the merges are those of one at a time."""

    def __init__(self, pieces: Sequence[_Piece], width: int, demand: Demand) -> None:
        count = len(pieces)
        self._demand, self._width = demand, width
        self._scores = np.full((count, width, width), -np.inf, dtype=np.float32)
        self._sizes = np.ones((count, width))
        for number, piece in enumerate(pieces):
            units = len(piece.units)
            self._scores[number, :units, :units] = piece.scores
            self._sizes[number, :units] = piece.sizes
        self._scores[:, np.arange(width), np.arange(width)] = -np.inf
        self._penalty = demand.penalty(self._sizes).astype(np.float32)
        self._lightest = demand.penalty(np.array([piece.sizes.sum() for piece in pieces])).astype(np.float32)
        self._running = np.arange(count)
        self._merges: list[list[Merge]] = [[] for _ in pieces]

    def solve(self) -> list[list[Merge]]:
        while len(self._running):
            keys = self._scores - self._penalty[:, :, None]
            keys -= self._penalty[:, None, :]
            partner = keys.argmax(axis=2)
            best = np.take_along_axis(keys, partner[:, :, None], axis=2)[:, :, 0]
            going = best.max(axis=1) >= self._demand.threshold
            if not going.all():
                self._keep(going)
                partner, best = partner[going], best[going]
            if len(self._running):
                self._join(*self._chosen(partner, best))
        return self._merges

    def _keep(self, going: NDArray[np.bool_]) -> None:
        self._running, self._lightest = self._running[going], self._lightest[going]
        self._scores, self._sizes, self._penalty = self._scores[going], self._sizes[going], self._penalty[going]

    def _chosen(self, partner: Ints, best: Floats) -> tuple[Ints, Ints, Ints, Floats]:
        """The pieces, units, other units and keys of this round's merges: where there are no safe ones the best."""
        mutual = np.take_along_axis(partner, partner, axis=1) == np.arange(self._width)
        safe = mutual & (best >= self._demand.threshold) & (best >= self._rivals(partner))
        safe &= np.take_along_axis(safe, partner, axis=1)
        none = np.flatnonzero(~safe.any(axis=1))
        rows, units = np.nonzero(safe & (np.arange(self._width) < partner))
        rows, units = np.concatenate([rows, none]), np.concatenate([units, best[none].argmax(axis=1)])
        pair = units, partner[rows, units]
        return rows, np.minimum(*pair), np.maximum(*pair), best[rows, units]

    def _rivals(self, partner: Ints) -> Floats:
        """How high the key with anything but the partner can still rise: its size term by merges elsewhere."""
        if not self._demand.size_weight:
            return np.full(partner.shape, -np.inf, dtype=np.float32)
        others = self._scores.copy()
        np.put_along_axis(others, partner[:, :, None], -np.inf, axis=2)
        return np.asarray(others.max(axis=2) - self._penalty - self._lightest[:, None] + np.float32(NOISE))

    def _join(self, rows: Ints, ones: Ints, others: Ints, keys: Floats) -> None:
        sizes, scores = self._sizes, self._scores
        share = (sizes[rows, ones] / (sizes[rows, ones] + sizes[rows, others])).astype(np.float32)[:, None]
        scores[rows, ones] = share * scores[rows, ones] + (1 - share) * scores[rows, others]
        scores[rows, :, ones] = share * scores[rows, :, ones] + (1 - share) * scores[rows, :, others]
        scores[rows, ones, ones] = -np.inf
        scores[rows, others] = -np.inf
        scores[rows, :, others] = -np.inf
        sizes[rows, ones] += sizes[rows, others]
        self._penalty[rows, ones] = self._demand.penalty(sizes[rows, ones])
        numbers = self._running[rows]
        for number, *merge in zip(numbers.tolist(), ones.tolist(), others.tolist(), keys.tolist(), strict=True):
            self._merges[number].append(Merge(*merge))


def _solve_large(scores: Floats, sizes: Floats, demand: Demand) -> list[Merge]:
    state = _Large(scores, sizes, demand)
    merges = []
    while (merge := state.merge_best()) is not None:
        merges.append(merge)
    return merges


class _Large:
    """One problem; for each living group its best partner and the key of that merge are kept."""

    def __init__(self, scores: Floats, sizes: Floats, demand: Demand) -> None:
        count = len(sizes)
        self._scores, self._sizes, self._demand = scores.copy(), sizes.copy(), demand
        self._alive: NDArray[np.bool_] = np.ones(count, dtype=bool)
        self._penalty = demand.penalty(self._sizes)
        np.fill_diagonal(self._scores, -np.inf)
        keys = self._scores - self._penalty[:, None] - self._penalty[None, :]
        self._partner = keys.argmax(axis=1)
        self._best = keys[np.arange(count), self._partner]

    def merge_best(self) -> Merge | None:
        """Merge the pair with the highest key; None when none reaches the threshold."""
        at = int(self._best.argmax())
        key = float(self._best[at])
        if not key >= self._demand.threshold:
            return None
        one, other = sorted((at, int(self._partner[at])))
        self._join(one, other)
        stale = self._alive & ((self._partner == one) | (self._partner == other))
        stale[one] = True
        for group in np.flatnonzero(stale):
            self._look(int(group))
        self._offer(one)
        return Merge(one, other, key)

    def _join(self, one: int, other: int) -> None:
        scores, sizes = self._scores, self._sizes
        row = (sizes[one] * scores[one] + sizes[other] * scores[other]) / (sizes[one] + sizes[other])
        row[[one, other]] = -np.inf
        scores[one], scores[:, one] = row, row
        scores[other], scores[:, other] = -np.inf, -np.inf
        sizes[one] += sizes[other]
        self._penalty[one] = self._demand.penalty(sizes[one : one + 1])[0]
        self._alive[other] = False
        self._best[other] = -np.inf

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
        return np.asarray(self._scores[group] - self._penalty[group] - self._penalty)
