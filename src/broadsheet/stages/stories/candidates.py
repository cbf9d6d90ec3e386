"""Which groups new units may belong to: whom to compare exactly, and whom to leave alone."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from broadsheet.stages.stories.profiles import Profiles
from broadsheet.stages.stories.scoring import Scoring
from broadsheet.stages.stories.solving import Demand
from broadsheet.stages.stories.units import Floats, Ints, Rows

MOST_GROUPS = 3


@dataclass(frozen=True, slots=True)
class Links:
    """Which new rows are near which groups (`rows[n]` to `groups[n]`), and near which other rows (`ones[n]` to
    `others[n]`); `count` rows in all."""

    count: int
    rows: Ints
    groups: Ints
    ones: Ints
    others: Ints

    def pieces(self) -> list[tuple[list[int], list[int]]]:
        """What has to be looked at together: rows and groups, each once."""
        numbers, of = np.unique(self.groups, return_inverse=True)
        ends = (np.concatenate([self.rows, self.ones]), np.concatenate([of + self.count, self.others]))
        size = self.count + len(numbers)
        graph = sparse.coo_matrix((np.ones(len(ends[0])), ends), shape=(size, size))
        _, part = csgraph.connected_components(graph, directed=False)
        found: dict[int, tuple[list[int], list[int]]] = {}
        for row, piece in enumerate(part[: self.count].tolist()):
            found.setdefault(piece, ([], []))[0].append(row)
        for group, piece in zip(numbers.tolist(), part[self.count :].tolist(), strict=True):
            found[piece][1].append(group)
        return list(found.values())

    def groups_near(self, row: int) -> list[int]:
        """The groups that a row is near."""
        return [int(group) for group in self.groups[self.rows == row]]

    def rows_near(self, row: int) -> set[int]:
        """The rows that a row is near."""
        return {*self.others[self.ones == row].tolist(), *self.ones[self.others == row].tolist()}


def find_links(profiles: Profiles, rows: Rows, levels: Floats, scoring: Scoring, demand: Demand) -> Links:
    """What new rows are near by the views alone (the other parts of the score come later, for what is near): the
    group that is nearest in any case, and a few more groups and rows that are near enough."""
    alone = float(demand.penalty(np.ones(1))[0])
    among = scoring.views(rows, rows) - (levels[:, None] + levels[None, :]) / 2 - 2 * alone
    np.fill_diagonal(among, -np.inf)
    asked = profiles.levels / 2 + demand.penalty(profiles.sizes)
    keys = scoring.views(profiles.rows, rows)[profiles.at].T
    keys -= asked.astype(np.float32)
    keys -= (levels / 2 + alone)[:, None].astype(np.float32)
    ones, others = _best(among, scoring.floor)
    near, which = _best(keys, scoring.floor)
    if len(profiles.groups):
        nearest = keys.argmax(axis=1)
        near, which = np.concatenate([near, np.arange(len(rows))]), np.concatenate([which, nearest])
    return Links(len(rows), near, profiles.groups[which], ones, others)


def _best(keys: Floats, floor: float) -> tuple[Ints, Ints]:
    """Row and column of the few highest keys of each row that are at least `floor`."""
    rows, columns = np.nonzero(keys >= floor)
    order = np.lexsort((columns, -keys[rows, columns], rows))
    rows, columns = rows[order], columns[order]
    near = np.arange(len(rows)) - np.searchsorted(rows, rows) < MOST_GROUPS
    return rows[near], columns[near]
