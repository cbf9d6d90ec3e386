"""Gradient-boosted oblivious trees, read from a file of arrays: every node of a level asks the same question."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from broadsheet.stages.extract.features import Matrix


@dataclass(frozen=True)
class Trees:
    """`features` and `borders` have a row a tree and a column a level; `leaves` has 2**levels values a tree."""

    names: tuple[str, ...]
    features: NDArray[np.int64]
    borders: NDArray[np.float32]
    leaves: NDArray[np.float32]
    bias: float

    def probabilities(self, rows: Matrix) -> NDArray[np.float32]:
        """One probability per column of `rows`, which has a row per name."""
        features, borders, asked, offsets = self._questions
        answers = (rows.take(features, axis=0) > borders).view(np.uint8)
        leaf = np.zeros((len(offsets), rows.shape[1]), np.uint8)
        for which in asked:
            leaf += leaf  # the answers so far move up by a bit
            leaf |= answers.take(which, axis=0)
        score: NDArray[np.float32] = self.leaves.ravel().take(leaf + offsets).sum(axis=0) + np.float32(self.bias)
        return np.float32(1) / (np.float32(1) + np.exp(-score))

    @cached_property
    def _questions(self) -> tuple[NDArray[np.int64], NDArray[np.float32], list[NDArray[np.int64]], NDArray[np.int64]]:
        """Each question once (a third of them are asked by several trees), its feature and its border; which one each
        tree asks, a list a level from the last; and where the leaves of each tree begin."""
        trees, levels = self.features.shape
        pairs = np.stack([self.features.ravel(), self.borders.ravel().astype(np.float64)])
        (features, borders), which = np.unique(pairs, axis=1, return_inverse=True)
        asked = [*which.reshape(trees, levels).T[::-1].copy()]
        offsets = (np.arange(trees) << levels)[:, None]
        return features.astype(np.int64), borders.astype(np.float32)[:, None], asked, offsets
