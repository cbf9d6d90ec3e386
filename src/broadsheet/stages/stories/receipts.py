"""What decided each membership, in figures that add up."""

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from broadsheet.model.story import DecidedBy, Receipt
from broadsheet.stages.stories.describing import Described
from broadsheet.stages.stories.solving import Demand, Merge
from broadsheet.stages.stories.units import Floats, Ints
from broadsheet.stages.stories.words import is_number

MOST_SHOWN = 8
MOST_COMPARED = 6
NEVER = 100.0
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Block:
    """Units that were looked at together: their `numbers`, ascending, how many articles each stands for, what the
    scores of all pairs are made of, and the scores."""

    numbers: Ints
    sizes: Floats
    terms: Mapping[str, Floats]
    scores: Floats


@dataclass(frozen=True, slots=True)
class Solved:
    """A problem with its solution: the places of its units in the block, the merges in their order, and the groups that
    came of them (places in the problem)."""

    places: Ints
    merges: Sequence[Merge]
    groups: Sequence[Sequence[int]]


class Decisions:
    """Writes receipts."""

    def __init__(self, block: Block, demand: Demand) -> None:
        self._block, self._demand = block, demand

    def receipts(self, solved: Solved, wanted: Sequence[int]) -> dict[int, Receipt]:
        """Why the wanted units (places in the problem) are where they are: the weakest of the merges that tied each to
        the rest of its story. The runner-up, names and numbers are not in it yet."""
        weakest = _weakest_merges(solved.merges, wanted)
        sides = _sides(solved, set(weakest.values()))
        written = self._of_merges(solved, sides)
        alone = Receipt(decided_by=DecidedBy.NOTHING, threshold=self._demand.threshold)
        found = dict.fromkeys(wanted, alone)
        for unit, number in weakest.items():
            part = next(side for side in sides[number] if unit in side)
            together = self._block.sizes[solved.places[part]].sum()
            found[unit] = replace(written[number], together=int(together))
        return found

    def _of_merges(self, solved: Solved, sides: Mapping[int, tuple[list[int], list[int]]]) -> dict[int, Receipt]:
        """A receipt for each of some merges, by number."""
        pairs = [(solved.places[one], solved.places[other]) for one, other in sides.values()]
        if not pairs:
            return {}
        written = {}
        for number, pair, row in zip(sides, pairs, self._averages(pairs), strict=True):
            parts = dict(zip(self._block.terms, row, strict=True))
            written[number] = self._of_merge(solved.merges[number].key, parts, *pair)
        return written

    def _averages(self, pairs: Sequence[tuple[Ints, Ints]]) -> list[list[float]]:
        """For each two sides the average of each term over the pairs of their units, each as heavy as it is."""
        sizes = self._block.sizes
        heavy = [np.outer(sizes[one], sizes[other]).ravel() for one, other in pairs]
        shares = np.concatenate([some / some.sum() for some in heavy])
        ones = np.concatenate([np.repeat(one, len(other)) for one, other in pairs])
        others = np.concatenate([np.tile(other, len(one)) for one, other in pairs])
        of = np.repeat(np.arange(len(pairs)), [len(some) for some in heavy])
        terms = self._block.terms.values()
        found = [np.bincount(of, weights=shares * term[ones, others], minlength=len(pairs)) for term in terms]
        rows: list[list[float]] = np.array(found).T.tolist()
        return rows

    def _of_merge(self, key: float, parts: dict[str, float], ones: Ints, others: Ints) -> Receipt:
        sizes = self._block.sizes
        parts["size"] = -float(self._demand.penalty(sizes[ones].sum()) + self._demand.penalty(sizes[others].sum()))
        similarity = max(key, self._demand.threshold)
        parts["limit"] = similarity - sum(parts.values())
        return Receipt(
            decided_by=DecidedBy.SCORE,
            similarity=round(similarity, DIGITS),
            threshold=self._demand.threshold,
            terms=_adding_up(parts, round(similarity, DIGITS)),
        )

    def runners_up(self, groups: Sequence[Ints], wanted: Ints) -> tuple[Ints, Floats]:
        """For each wanted place of the block the best of the groups that it is not in (-1 where there is none), and how
        far it stands above what it needs there."""
        sizes = self._block.sizes
        of = np.empty(len(sizes), dtype=np.int64)
        totals = np.empty(len(groups))
        for number, group in enumerate(groups):
            of[group], totals[number] = number, sizes[group].sum()
        shares = sparse.csr_matrix((sizes / totals[of], (of, np.arange(len(of)))), shape=(len(groups), len(of)))
        averages = (shares @ np.maximum(self._block.scores[wanted], -NEVER).T).T
        averages -= self._demand.penalty(totals)[None, :] + self._demand.penalty(sizes[wanted])[:, None]
        averages[np.arange(len(wanted)), of[wanted]] = -np.inf
        best = averages.argmax(axis=1)
        values = averages[np.arange(len(wanted)), best]
        return np.where(values > -NEVER, best, -1), values


def against(receipt: Receipt, story: str, value: float) -> Receipt:
    """The receipt with the next best story."""
    if receipt.decided_by is DecidedBy.NOTHING:
        # The solver adds up in another order; what it left apart was below the threshold.
        value = min(value, (receipt.threshold or 0.0) - 10**-DIGITS)
    return replace(receipt, runner_up=story, runner_up_similarity=_rounded_down(value))


def _weakest_merges(merges: Sequence[Merge], wanted: Sequence[int]) -> dict[int, int]:
    """For each wanted unit that was merged at all the number of the weakest merge on its way."""
    at: dict[int, list[int]] = {}
    for unit in wanted:
        at.setdefault(unit, []).append(unit)
    weakest: dict[int, int] = {}
    for number, merge in enumerate(merges):
        here = at.pop(merge.one, []) + at.pop(merge.other, [])
        for unit in here:
            if unit not in weakest or merge.key < merges[weakest[unit]].key:
                weakest[unit] = number
        if here:
            at[merge.one] = here
    return weakest


def _sides(solved: Solved, wanted: Container[int]) -> dict[int, tuple[list[int], list[int]]]:
    """Both sides of the wanted merges."""
    clusters = {unit: [unit] for unit in range(len(solved.places))}
    found = {}
    for number, merge in enumerate(solved.merges):
        other = clusters.pop(merge.other)
        if number in wanted:
            found[number] = (list(clusters[merge.one]), other)
        clusters[merge.one] += other
    return found


def _adding_up(parts: Mapping[str, float], total: float) -> dict[str, float]:
    """The parts, rounded so that they add up to the total; what is nothing is left out."""
    rounded = {name: round(value, DIGITS) for name, value in parts.items()}
    rest = round(total - sum(rounded.values()), DIGITS)
    rounded["limit"] = round(rounded["limit"] + rest, DIGITS)
    return {name: value for name, value in rounded.items() if value}


def _rounded_down(value: float) -> float:
    return float(math.floor(value * 10**DIGITS) / 10**DIGITS)


def with_shared(receipt: Receipt, article: Described, others: Iterable[Described]) -> Receipt:
    """The receipt with the names and numbers that the article shares with some others of its story."""
    told: set[str] = set()
    for other in others:
        told.update(other.words.title, other.words.lead)
    common = sorted({*article.words.title, *article.words.lead} & told)
    numbers = tuple(word.lstrip("#") for word in common if is_number(word))
    names = tuple(word for word in common if word in article.names)
    return replace(receipt, names=names[:MOST_SHOWN], numbers=numbers[:MOST_SHOWN])
