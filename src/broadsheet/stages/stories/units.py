"""The units that are grouped: an article, or the close middle of a large story; each a row that never changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csr_matrix

Array = NDArray[Any]
Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]


class Column:
    """A growing array; `values` is what is filled."""

    def __init__(self, dtype: type, width: int | None = None) -> None:
        self._array: Array = np.zeros((64, *(() if width is None else (width,))), dtype=dtype)
        self._count = 0

    @property
    def values(self) -> Array:
        """A view, which may be written to until the next `extend`."""
        return self._array[: self._count]

    def extend(self, more: Array) -> None:
        """Append these."""
        needed = self._count + len(more)
        if needed > len(self._array):
            grown = np.zeros((max(needed, 2 * len(self._array)), *self._array.shape[1:]), dtype=self._array.dtype)
            grown[: self._count] = self.values
            self._array = grown
        self._array[self._count : needed] = more
        self._count = needed


class SparseColumn:
    """Growing sparse rows."""

    def __init__(self) -> None:
        self._ends, self._columns, self._values = Column(np.int64), Column(np.int32), Column(np.float32)
        self._ends.extend(np.zeros(1))

    def extend(self, rows: sparse.csr_matrix) -> None:
        """Append these."""
        self._ends.extend(rows.indptr[1:] + self._ends.values[-1])
        self._columns.extend(rows.indices)
        self._values.extend(rows.data)

    def all(self, width: int) -> sparse.csr_matrix:
        """All rows, without copying; `width` is how many columns there are by now."""
        return csr(self._values.values, self._columns.values, self._ends.values, width)

    def rows(self, chosen: Ints, width: int) -> sparse.csr_matrix:
        """These rows, in this order."""
        starts = self._ends.values[chosen]
        lengths = self._ends.values[chosen + 1] - starts
        ends = np.concatenate([[0], np.cumsum(lengths)])
        at = np.arange(ends[-1]) + np.repeat(starts - ends[:-1], lengths)
        return csr(self._values.values[at], self._columns.values[at], ends, width)


def csr(values: Array, columns: Array, ends: Array, width: int) -> sparse.csr_matrix:
    """A sparse matrix of these parts, unchecked."""
    matrix = sparse.csr_matrix((len(ends) - 1, width), dtype=np.float32)
    matrix.data, matrix.indices, matrix.indptr = values, columns, ends.astype(np.int32)
    return matrix


def products(ones: sparse.csr_matrix, others: sparse.csr_matrix) -> sparse.csr_matrix:
    """The dot products of all rows of the one with all rows of the other, where they have a column in common."""
    found: sparse.csr_matrix = ones @ sparse.csr_matrix(others.T)
    return found


def dots(ones: sparse.csr_matrix, others: sparse.csr_matrix) -> NDArray[np.float32]:
    """The dot products of all rows of the one with all rows of the other."""
    return np.asarray(products(ones, others).toarray())


def cells(matrix: sparse.csr_matrix, least: float) -> tuple[Ints, Ints, Floats]:
    """Row, column and value of what is at least so much."""
    found = np.flatnonzero(matrix.data >= least)
    rows = np.searchsorted(matrix.indptr, found, side="right") - 1
    return rows, matrix.indices[found], matrix.data[found]


def _narrowed(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    used = np.zeros(matrix.shape[1], dtype=bool)
    used[matrix.indices] = True
    columns = np.flatnonzero(used)
    places = np.empty(len(used), dtype=np.int32)
    places[columns] = np.arange(len(columns))
    return csr(matrix.data, places[matrix.indices], matrix.indptr, len(columns))


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What is known of some units: sparse rows by kind, and rows of the language model (no columns without one). Equal
    only to itself."""

    sparse: Mapping[str, csr_matrix]
    meaning: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.meaning)

    def narrowed(self) -> "Rows":
        """The same with the columns that these rows use and no others: products of rows stay what they are."""
        return Rows({kind: _narrowed(matrix) for kind, matrix in self.sparse.items()}, self.meaning)

    def means(self, shares: csr_matrix) -> "Rows":
        """Weighted means of rows; each row of `shares` adds up to one."""
        return Rows({kind: sparse.csr_matrix(shares @ m) for kind, m in self.sparse.items()}, shares @ self.meaning)


@dataclass(frozen=True, slots=True)
class Standing:
    """What changes about units: see `Units`."""

    weight: Array
    level: Array
    group: Array
    epoch: Array


class Units:
    """The units of the window by number. A dead one (weight 0: its articles left, or it went up into another) keeps its
    number.

    `weight` is how many articles a unit stands for, `level` what is subtracted for its background, read in `epoch`;
    `group` the group that it is in.
    """

    def __init__(self, kinds: Mapping[str, int], dimensions: int) -> None:
        self._sparse = {kind: SparseColumn() for kind in kinds}
        self.widths = dict(kinds)
        self.dimensions = dimensions
        self._meaning = Column(np.float32, dimensions)
        self._weight, self._level = Column(np.float64), Column(np.float64)
        self._group, self._epoch = Column(np.int64), Column(np.int64)

    def __len__(self) -> int:
        return len(self._weight.values)

    @property
    def weight(self) -> Array:
        """How many articles each unit stands for; 0 for a dead one."""
        return self._weight.values

    @property
    def level(self) -> Array:
        """What is subtracted for the background of each."""
        return self._level.values

    @property
    def group(self) -> Array:
        """The group of each; -1 for none."""
        return self._group.values

    @property
    def epoch(self) -> Array:
        """When the level of each was read."""
        return self._epoch.values

    @property
    def alive(self) -> Ints:
        """The numbers of the living ones."""
        return np.flatnonzero(self.weight > 0)

    def extend(self, rows: Rows, weights: Array, levels: Array, epoch: int) -> list[int]:
        """Append units, in no group yet (-1); their numbers."""
        first = len(self)
        for kind, column in self._sparse.items():
            column.extend(rows.sparse[kind])
        self._meaning.extend(rows.meaning)
        self._weight.extend(weights)
        self._level.extend(levels)
        self._group.extend(np.full(len(rows), -1))
        self._epoch.extend(np.full(len(rows), epoch))
        return list(range(first, len(self)))

    def standing(self, chosen: Ints) -> Standing:
        """A copy of what is said of these units."""
        return Standing(self.weight[chosen], self.level[chosen], self.group[chosen], self.epoch[chosen])

    def stand(self, numbers: Sequence[int], standing: Standing) -> None:
        """Say this of these units."""
        at = list(numbers)
        self.weight[at], self.level[at] = standing.weight, standing.level
        self.group[at], self.epoch[at] = standing.group, standing.epoch

    def rows(self, chosen: Ints, kinds: Iterable[str] | None = None) -> Rows:
        """The rows of these, in this order; of all kinds or some."""
        some = self._sparse if kinds is None else kinds
        found = {kind: self._sparse[kind].rows(chosen, self.widths[kind]) for kind in some}
        return Rows(found, self._meaning.values[chosen])
