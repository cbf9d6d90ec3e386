"""Average-link agglomeration, exact, of many small problems at once: the two groups that are furthest above what they
had to reach merge first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

# Problems of like size are padded to one of these and solved side by side; larger ones one after the other.
CLASSES = (2, 4, 8, 16, 32, 64, 128)
MOST_CELLS = 2_000_000


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
    """The merges of each problem, in their order."""
    found: list[list[Merge]] = [[] for _ in problems]
    for width, numbers in _by_class(problems):
        if width > CLASSES[-1]:
            for number in numbers:
                found[number] = _solve_large(problems[number], demand)
            continue
        most = max(1, MOST_CELLS // width**2)
        for at in range(0, len(numbers), most):
            chosen = numbers[at : at + most]
            merges = _SideBySide([problems[n] for n in chosen], width, demand).solve()
            for number, some in zip(chosen, merges, strict=True):
                found[number] = some
    return found


def groups_of(count: int, merges: Sequence[Merge]) -> list[list[int]]:
    """The groups of `count` units after these merges, by their first units; each with its units in the order in which
    they came in."""
    members = {unit: [unit] for unit in range(count)}
    for merge in merges:
        members[merge.one] += members.pop(merge.other)
    return list(members.values())


def _by_class(problems: Sequence[Problem]) -> Iterator[tuple[int, list[int]]]:
    classes: dict[int, list[int]] = {}
    for number, problem in enumerate(problems):
        if len(problem) > 1:
            width = next((w for w in CLASSES if w >= len(problem)), len(problem))
            classes.setdefault(width, []).append(number)
    return iter(sorted(classes.items()))


class _SideBySide:
    """Problems of at most `width` units, one merge of each in every round."""

    def __init__(self, problems: Sequence[Problem], width: int, demand: Demand) -> None:
        count = len(problems)
        self._demand, self._width = demand, width
        self._scores = np.full((count, width, width), -np.inf, dtype=np.float32)
        self._sizes = np.ones((count, width))
        for number, problem in enumerate(problems):
            units = len(problem)
            self._scores[number, :units, :units] = problem.scores
            self._sizes[number, :units] = problem.sizes
        self._scores[:, np.arange(width), np.arange(width)] = -np.inf
        self._penalty = demand.penalty(self._sizes).astype(np.float32)
        self._running = np.arange(count)
        self._merges: list[list[Merge]] = [[] for _ in problems]

    def solve(self) -> list[list[Merge]]:
        while len(self._running):
            keys = self._scores - self._penalty[:, :, None] - self._penalty[:, None, :]
            flat = keys.reshape(len(self._running), -1)
            best = flat.argmax(axis=1)
            value = flat[np.arange(len(best)), best]
            going = value >= self._demand.threshold
            if not going.all():
                self._keep(going)
            self._join(best[going], value[going])
        return self._merges

    def _keep(self, going: NDArray[np.bool_]) -> None:
        self._running = self._running[going]
        self._scores, self._sizes, self._penalty = self._scores[going], self._sizes[going], self._penalty[going]

    def _join(self, cells: Ints, keys: Floats) -> None:
        rows = np.arange(len(cells))
        ones, others = np.minimum(*divmod(cells, self._width)), np.maximum(*divmod(cells, self._width))
        sizes, scores = self._sizes, self._scores
        share = (sizes[rows, ones] / (sizes[rows, ones] + sizes[rows, others])).astype(np.float32)[:, None]
        merged = share * scores[rows, ones] + (1 - share) * scores[rows, others]
        merged[rows, ones] = -np.inf
        scores[rows, ones] = merged
        scores[rows, :, ones] = merged
        scores[rows, others] = -np.inf
        scores[rows, :, others] = -np.inf
        sizes[rows, ones] += sizes[rows, others]
        self._penalty[rows, ones] = self._demand.penalty(sizes[rows, ones])
        for number, *merge in zip(self._running.tolist(), ones.tolist(), others.tolist(), keys.tolist(), strict=True):
            self._merges[number].append(Merge(*merge))


def _solve_large(problem: Problem, demand: Demand) -> list[Merge]:
    state = _Large(problem, demand)
    merges = []
    while (merge := state.merge_best()) is not None:
        merges.append(merge)
    return merges


class _Large:
    """One problem; for each living group its best partner and the key of that merge are kept."""

    def __init__(self, problem: Problem, demand: Demand) -> None:
        count = len(problem)
        self._scores, self._sizes, self._demand = problem.scores.copy(), problem.sizes.copy(), demand
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
