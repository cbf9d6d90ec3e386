"""Gradient boosting of oblivious trees with numpy: every node of a level asks the same question."""

import math
import sys

import numpy as np

from broadsheet.stages.extract.trees import Trees

LEVELS, RATE, L2, ROWS, COLUMNS, BINS = 6, 0.1, 5.0, 0.5, 0.35, 48


def boost(
    rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, names: tuple[str, ...], seed: int, trees: int
) -> tuple[Trees, list[str]]:
    """Gradient boosting of oblivious trees on cross-entropy with soft labels. `rows` has a row a feature.

    Also gives the names of the features, the most useful first.
    """
    random = np.random.default_rng(seed)
    borders = [np.unique(np.quantile(row, np.linspace(0, 1, BINS + 1)[1:-1])).astype(np.float32) for row in rows]
    binned = np.stack(
        [np.searchsorted(b, row, side="left").astype(np.uint8) for b, row in zip(borders, rows, strict=True)]
    )
    count, size = rows.shape
    weights = weights / weights.mean()
    mean = float(np.average(labels, weights=weights))
    bias = math.log(mean / (1 - mean))
    score = np.full(size, bias)
    features, cuts, leaves = (
        np.zeros((trees, LEVELS), int),
        np.zeros((trees, LEVELS), np.float32),
        np.zeros((trees, 1 << LEVELS)),
    )
    usable = np.array([i for i in range(count) if len(borders[i])])
    gains = np.zeros(count)
    for t in range(trees):
        likely = 1 / (1 + np.exp(-score))
        slope, bend = weights * (labels - likely), weights * likely * (1 - likely)
        sample = np.flatnonzero(random.random(size) < ROWS)
        columns = random.choice(usable, max(1, int(COLUMNS * len(usable))), replace=False)
        part = np.ascontiguousarray(binned[np.ix_(columns, sample)]).astype(np.int32)
        leaf, leaf_all = np.zeros(len(sample), np.int32), np.zeros(size, np.int32)
        for level in range(LEVELS):
            column, cut, gain = _best_split(
                part, leaf, slope[sample], bend[sample], 1 << level, [len(borders[c]) for c in columns]
            )
            chosen = columns[column]
            gains[chosen] += gain
            features[t, level], cuts[t, level] = chosen, borders[chosen][cut]
            leaf |= (part[column] > cut).astype(np.int32) << level
            leaf_all |= (binned[chosen] > cut).astype(np.int32) << level
        total, bent = (np.bincount(leaf_all, v, 1 << LEVELS) for v in (slope, bend))
        leaves[t] = RATE * total / (bent + L2)
        score += leaves[t][leaf_all]
    order = np.argsort(-gains)
    print("   most useful:", ", ".join(names[i] for i in order[:12]), file=sys.stderr)
    return Trees(names, features, cuts, leaves.astype(np.float32), bias), [names[i] for i in order]


def _best_split(
    part: np.ndarray, leaf: np.ndarray, slope: np.ndarray, bend: np.ndarray, leaves: int, sizes: list[int]
) -> tuple[int, int, float]:
    """The column and border that divide all leaves best at once."""
    best = (0, 0, -1.0)
    base = leaf * np.int32(BINS)
    for column, row in enumerate(part):
        key = base + row
        g = np.bincount(key, slope, leaves * BINS).reshape(leaves, BINS).cumsum(axis=1)
        h = np.bincount(key, bend, leaves * BINS).reshape(leaves, BINS).cumsum(axis=1)
        all_g, all_h = g[:, -1:], h[:, -1:]
        score = (g**2 / (h + L2) + (all_g - g) ** 2 / (all_h - h + L2)).sum(axis=0)[: sizes[column]]
        cut = int(np.argmax(score))
        if score[cut] > best[2]:
            best = (column, cut, float(score[cut]))
    whole = float((all_g**2 / (all_h + L2)).sum())
    return best[0], best[1], best[2] - whole
