"""What each group is like on the whole, kept from one look to the next: only what changed is averaged anew."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from broadsheet.stages.stories.units import Column, Floats, Ints, Rows, SparseColumn, Units

KINDS = ("x", "y")
NO_GROUP = -1


@dataclass(frozen=True, slots=True)
class Profiles:
    """The average `rows` of groups, of which row `at[n]` is that of group `groups[n]` (ascending; other rows are out of
    date), how many articles each stands for, and its average level."""

    groups: Ints
    at: Ints
    rows: Rows
    sizes: Floats
    levels: Floats


class Averages:
    """Averages the rows of groups, each of its units by its weight."""

    def __init__(self) -> None:
        self._units: Units | None = None

    def look(self, units: Units) -> Profiles:
        """The groups as they are now. The rows are to be read before the next look."""
        if self._units is not units:
            self._begin(units)
        group = np.where(units.weight > 0, units.group, NO_GROUP)
        self._renew(units, group)
        alive = np.flatnonzero(group != NO_GROUP)
        groups, of = np.unique(group[alive], return_inverse=True)
        sizes = np.bincount(of, weights=units.weight[alive], minlength=len(groups)).astype(np.float64)
        levels = np.bincount(of, weights=units.weight[alive] * units.level[alive], minlength=len(groups)) / sizes
        rows = {kind: column.all(units.widths[kind]) for kind, column in self._sparse.items()}
        order = np.argsort(self._group.values, kind="stable")
        at = order[np.searchsorted(self._group.values[order], groups)]
        return Profiles(groups, at, Rows(rows, self._meaning.values), sizes, levels)

    def _begin(self, units: Units) -> None:
        self._units = units
        self._seen = np.zeros(0, dtype=np.int64), np.zeros(0)
        self._forget(units)

    def _forget(self, units: Units) -> None:
        self._sparse = {kind: SparseColumn() for kind in KINDS}
        self._meaning, self._group = Column(np.float32, units.dimensions), Column(np.int64)

    def _renew(self, units: Units, group: Ints) -> None:
        """Average what has other units or weights than when it was looked at last."""
        before, weights = self._seen
        more = len(units) - len(before)
        before, weights = np.pad(before, (0, more), constant_values=NO_GROUP), np.pad(weights, (0, more))
        changed = (group != before) | (units.weight != weights)
        stale = np.unique(np.concatenate([group[changed], before[changed]]))
        self._seen = group, units.weight.copy()
        self._group.values[np.isin(self._group.values, stale)] = NO_GROUP
        if 2 * np.count_nonzero(self._group.values == NO_GROUP) > len(self._group.values):
            self._forget(units)
            stale = group
        self._append(units, group, np.flatnonzero(np.isin(group, stale) & (group != NO_GROUP)))

    def _append(self, units: Units, group: Ints, chosen: Ints) -> None:
        groups, of = np.unique(group[chosen], return_inverse=True)
        weights = units.weight[chosen]
        shares = (weights / np.bincount(of, weights=weights, minlength=len(groups))[of]).astype(np.float32)
        average = sparse.csr_matrix((shares, (of, np.arange(len(chosen)))), shape=(len(groups), len(chosen)))
        rows = units.rows(chosen, KINDS).means(average)
        for kind, column in self._sparse.items():
            column.extend(rows.sparse[kind])
        self._meaning.extend(rows.meaning)
        self._group.extend(groups)
