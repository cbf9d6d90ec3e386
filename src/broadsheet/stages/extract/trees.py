"""Gradient-boosted oblivious trees, read from a file of arrays: every node of a level asks the same question."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.stages.extract.features import Matrix


@dataclass(frozen=True, slots=True)
class Trees:
    """`features` and `borders` have a row a tree and a column a level; `leaves` has 2**levels values a tree."""

    names: tuple[str, ...]
    features: NDArray[np.int64]
    borders: NDArray[np.float32]
    leaves: NDArray[np.float32]
    bias: float

    def probabilities(self, rows: Matrix) -> NDArray[np.float32]:
        """One probability per column of `rows`, which has a row per name."""
        trees, levels = self.features.shape
        leaf = np.zeros((trees, rows.shape[1]), np.uint8)
        for level in reversed(range(levels)):
            answer = rows.take(self.features[:, level], axis=0) > self.borders[:, level, None]
            leaf += leaf  # the answers so far move up by a bit
            leaf |= answer.view(np.uint8)
        place = leaf + (np.arange(trees) << levels)[:, None]
        score: NDArray[np.float32] = self.leaves.ravel().take(place).sum(axis=0) + np.float32(self.bias)
        return np.float32(1) / (np.float32(1) + np.exp(-score))
