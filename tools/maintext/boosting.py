"""Gradient boosting by CatBoost, as the oblivious trees that the package reads."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from catboost import CatBoost, Pool

from broadsheet.stages.extract.trees import Trees

_LEVELS = 6


def boost(
    rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, names: Sequence[str], seed: int, trees: int
) -> Trees:
    """Trees that minimise cross-entropy with soft labels; `rows` has a row a feature."""
    model = CatBoost(
        {
            "loss_function": "CrossEntropy",
            "iterations": trees,
            "depth": _LEVELS,
            "learning_rate": 0.1,
            "rsm": 0.4,
            "subsample": 0.8,
            "bootstrap_type": "Bernoulli",
            "l2_leaf_reg": 5,
            "border_count": 128,
            "random_seed": seed,
            "thread_count": 1,
            "logging_level": "Silent",
            "allow_writing_files": False,
        }
    )
    model.fit(Pool(rows.T, labels, weight=weights / weights.mean(), feature_names=list(names)))
    return _read(model, tuple(names))


def _read(model: CatBoost, names: tuple[str, ...]) -> Trees:
    """CatBoost's own JSON has a list of splits and of leaves for each tree; the first split is the lowest bit."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        written = json.loads(path.read_text("utf-8"))
    trees = written["oblivious_trees"]
    features = np.zeros((len(trees), _LEVELS), np.int64)
    borders = np.full((len(trees), _LEVELS), np.inf, np.float32)  # where a tree has less: never answered with yes
    leaves = np.zeros((len(trees), 1 << _LEVELS), np.float32)
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"]):
            features[number, level] = split["float_feature_index"]
            borders[number, level] = split["border"]
        leaves[number, : len(tree["leaf_values"])] = tree["leaf_values"]
    scale, bias = written["scale_and_bias"]
    return Trees(names, features, borders, leaves * np.float32(scale), float(np.ravel(bias)[0]))
