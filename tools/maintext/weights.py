"""The file that the package reads: small arrays, half-precision leaves, only what trees ask for."""

from pathlib import Path

import numpy as np

from broadsheet.stages.extract.text import Model
from broadsheet.stages.extract.trees import Trees


def save_weights(model: Model, out: Path) -> None:
    """Writes the dictionaries and both stages."""
    arrays = _trees("first", model.first) | _trees("second", model.second)
    for kind, odds in (("attribute", model.tokens.attributes), ("text", model.tokens.texts)):
        tokens = sorted(odds)
        arrays[f"{kind}_tokens"] = np.array(tokens)
        arrays[f"{kind}_odds"] = np.array([odds[token] for token in tokens], np.float16)
    np.savez_compressed(out, **arrays)


def _trees(stage: str, trees: Trees) -> dict[str, np.ndarray]:
    used, features = np.unique(trees.features, return_inverse=True)
    return {
        f"{stage}_names": np.array([trees.names[number] for number in used]),
        f"{stage}_features": features.reshape(trees.features.shape).astype(np.uint8),
        f"{stage}_borders": trees.borders,
        f"{stage}_leaves": trees.leaves.astype(np.float16),
        f"{stage}_bias": np.array(trees.bias),
    }
