"""Both stages of the model, learned from examples."""

import zlib
from dataclasses import dataclass

import numpy as np
from tools.maintext.boosting import boost
from tools.maintext.dictionaries import Dictionaries
from tools.maintext.examples import Example, shortened

from broadsheet.stages.extract.features import FIRST, SECOND, first_features, matrix, second_features
from broadsheet.stages.extract.text import Model
from broadsheet.stages.extract.trees import Trees


@dataclass(frozen=True)
class Plan:
    """How much is learned: trees a stage, folds of publishers within the training, the seed."""

    trees: int = 160
    inner: int = 3
    seed: int = 7


def fold_of(publisher: str, folds: int, seed: int = 0) -> int:
    """The same fold for the same publisher, always."""
    return zlib.crc32(f"{seed} {publisher}".encode()) % folds


def learn(examples: list[Example], plan: Plan) -> Model:
    """Dictionaries, first stage, second stage on what the first says about publishers that it did not see."""
    examples = [e for e in examples if e.importance > 0]
    random = np.random.default_rng(plan.seed)
    dictionaries = Dictionaries(examples)
    everything = examples + [copy for e in examples if (copy := shortened(e, random))]
    tokens = {p: dictionaries.without(p) for p in {e.publisher for e in everything}}
    computed = [first_features(e.blocks, e.hints, tokens[e.publisher]) for e in everything]
    table = _Table(everything, plan)
    rows = np.concatenate([matrix(columns, FIRST) for _, columns in computed], axis=1)
    first = table.boost(rows, FIRST, slice(None), 1)
    likely = np.zeros(len(table.labels), np.float32)
    for fold in range(plan.inner):
        away = table.folds == fold
        likely[away] = table.boost(rows, FIRST, ~away, 2 + fold).probabilities(rows[:, away])
    ends = np.cumsum([len(e.labels) for e in everything])
    parts = np.split(likely, ends[:-1])
    both = [columns | second_features(places, columns, q) for (places, columns), q in zip(computed, parts, strict=True)]
    rows = np.concatenate([matrix(columns, SECOND) for columns in both], axis=1)
    return Model(dictionaries.tokens(), first, table.boost(rows, SECOND, slice(None), 9))


class _Table:
    """The labels, weights and folds of all blocks of all examples."""

    def __init__(self, examples: list[Example], plan: Plan) -> None:
        self.plan = plan
        self.labels = np.concatenate([e.labels for e in examples])
        self.weights = np.concatenate([e.importance * e.weights / e.weights.sum() for e in examples])
        folds = [np.full(len(e.labels), fold_of(e.publisher, plan.inner, plan.seed)) for e in examples]
        self.folds = np.concatenate(folds)

    def boost(self, rows: np.ndarray, names: tuple[str, ...], which: np.ndarray | slice, seed: int) -> Trees:
        """Trees from some of the blocks."""
        labels, weights = self.labels[which], self.weights[which]
        return boost(rows[:, which], labels, weights, names, self.plan.seed + seed, self.plan.trees)
