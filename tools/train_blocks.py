"""Learns which blocks of a page are its main text, and writes the weights that `stages/extract/text.py` reads.

    python tools/train_blocks.py pages.warc.gz pages.truth.jsonl.gz --teachers texts.jsonl --out weights.npz
    python tools/train_blocks.py pages.warc.gz pages.truth.jsonl.gz --teachers texts.jsonl --folds 4 --out texts.jsonl

The truth has lines of {url, text} (or {url, with, without}: strings that must and must not be there). Teachers are
lines of {url, texts: [[weight, text], ...]}: what other extractors say about pages without a text in the truth. With
`--folds` nothing is kept: each fold of publishers is extracted by a model that never saw them, and the texts are
written as lines that the scorer reads. Needs numpy and this package only.
"""

import argparse
import gzip
import json
import math
import re
import sys
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from boosting import boost
from broadsheet.errors import Rejected
from broadsheet.formats.urls import registrable_domain
from broadsheet.formats.warc import read_responses
from broadsheet.stages.extract.article import hints_of
from broadsheet.stages.extract.blocks import Blocks, read_blocks
from broadsheet.stages.extract.blocktext import Hints
from broadsheet.stages.extract.features import first_features, matrix, second_features
from broadsheet.stages.extract.page import read_page
from broadsheet.stages.extract.text import block_words, decide, kept_texts
from broadsheet.stages.extract.title import find_title
from broadsheet.stages.extract.tokens import Tokens, name_tokens, names_of, text_tokens
from broadsheet.stages.extract.trees import Trees

WORD = re.compile(r"\w+")
KEEP_FEATURES, TREES = 70, 160


@dataclass
class Example:
    """A page with a label (the share of a block that is article text) and a weight for each of its blocks."""

    url: str
    publisher: str
    blocks: Blocks
    hints: Hints
    labels: np.ndarray
    weights: np.ndarray
    importance: float
    is_copy: bool = False


# --- examples -------------------------------------------------------------------------------------------------------


def read_examples(warc: Path, truth: Path, teachers: Path | None) -> list[Example]:
    """All pages that somebody said something about."""
    with gzip.open(truth, "rt", encoding="utf-8") as lines:
        truths = {row["url"]: row for row in map(json.loads, lines)}
    taught = {}
    if teachers:
        with teachers.open(encoding="utf-8") as lines:
            taught = {row["url"]: row["texts"] for row in map(json.loads, lines)}
    examples = []
    for response in read_responses(warc):
        try:
            page = read_page(response)
        except Rejected:
            continue
        title = find_title(page)
        hints = hints_of(page, title.value if title else "")
        blocks = read_blocks(page.tree)
        row = truths.get(response.url, {})
        if len(blocks):
            labels, importance = label(blocks, row, taught.get(response.url, []))
            words = np.array([len(WORD.findall(t)) for t in blocks.texts])
            examples.append(
                Example(
                    response.url,
                    registrable_domain(response.url),
                    blocks,
                    hints,
                    labels,
                    np.log2(words + 1.5),
                    importance,
                )
            )
    return examples


def label(blocks: Blocks, row: dict, texts: list) -> tuple[np.ndarray, float]:
    """The labels, and how much they are to be trusted."""
    if row.get("text"):
        return covered(blocks, row["text"]), 1.0
    if not texts:
        return np.zeros(len(blocks)), 0.0
    total = sum(weight for weight, _ in texts)
    mean = sum(weight * covered(blocks, text) for weight, text in texts) / total
    labels = np.clip((mean - 0.2) / 0.55, 0, 1)
    for key, value in (("with", 0.95), ("without", 0.05)):
        for chunk in row.get(key, []):
            needle = " ".join(chunk.split())
            for i, text in enumerate(blocks.texts):
                if needle in text:
                    labels[i] = value
    return labels, 0.35


def covered(blocks: Blocks, text: str) -> np.ndarray:
    """The share of each block's words that stand in `text`, in runs of four; short blocks all or nothing."""
    truth = WORD.findall(text)
    grams = {tuple(truth[i : i + 4]) for i in range(len(truth) - 3)}
    lines = {" ".join(WORD.findall(line)) for line in text.split("\n")}
    words = [WORD.findall(t) for t in blocks.texts]
    stream = [w for ws in words for w in ws]
    hit = np.zeros(len(stream) + 1, bool)
    for i in range(len(stream) - 3):
        if tuple(stream[i : i + 4]) in grams:
            hit[i : i + 4] = True
    shares, at = [], 0
    for ws in words:
        share = float(hit[at : at + len(ws)].mean()) if ws else 0.0
        at += len(ws)
        if len(ws) < 4:
            share = float(
                share == 1.0 or (share > 0 and " ".join(ws) in lines) or (len(ws) > 1 and " ".join(ws) in lines)
            )
        shares.append(share)
    return np.array(shares)


def shortened(example: Example, random: np.random.Generator) -> Example | None:
    """A copy whose article ends after a few paragraphs, so that long comment threads never look like the article."""
    long = [i for i, t in enumerate(example.blocks.texts) if example.labels[i] > 0.7 and len(t) > 80]
    if len(long) < 4:
        return None
    last = long[int(random.integers(0, min(6, len(long) - 2)))]
    keep = np.array([i <= last or y < 0.5 for i, y in enumerate(example.labels)])
    b = example.blocks
    place = np.concatenate(([0], np.cumsum(keep)))

    def pick(column: list) -> list:
        return [v for v, k in zip(column, keep, strict=True) if k]

    blocks = Blocks(
        pick(b.texts), pick(b.nodes), pick(b.link_chars), pick(b.links), pick(b.images), pick(b.bold), pick(b.ruled),
        b.tags, b.attributes, b.parents, place[b.node_first].tolist(), place[b.node_end].tolist(),
    )  # fmt: skip
    return replace(
        example, blocks=blocks, labels=example.labels[keep], weights=example.weights[keep],
        importance=0.5 * example.importance, is_copy=True, hints=replace(example.hints, body=""),
    )  # fmt: skip


# --- dictionaries ---------------------------------------------------------------------------------------------------


class Dictionary:
    """Token -> log odds, averaged per publisher first; can leave a publisher out."""

    def __init__(self, prior: float, least: int) -> None:
        self.prior, self.least = prior, least
        self.shares: dict[str, dict[str, float]] = defaultdict(dict)  # publisher -> token -> share of text
        self.sums: Counter = Counter()
        self.counts: Counter = Counter()
        self.base: dict[str, float] = {}

    def add(self, publisher: str, sums: dict[str, list[float]]) -> None:
        """What one publisher's pages say: token -> [text, all]."""
        shares = {t: a / b for t, (a, b) in sums.items() if b > 0}
        self.shares[publisher] = shares
        self.sums.update(shares)
        self.counts.update(shares.keys())

    def finish(self) -> None:
        """After the last publisher."""
        self.base = {t: self._odds(self.sums[t], n) for t, n in self.counts.items() if n >= self.least}

    def without(self, publisher: str) -> dict[str, float]:
        """The odds as if this publisher had not been there."""
        odds = dict(self.base)
        for token, share in self.shares.get(publisher, {}).items():
            if token in odds:
                if self.counts[token] - 1 < self.least:
                    del odds[token]
                else:
                    odds[token] = self._odds(self.sums[token] - share, self.counts[token] - 1)
        return odds

    def _odds(self, total: float, count: int) -> float:
        p = (total + 2 * self.prior) / (count + 2)
        return math.log(p / (1 - p))


def learn_tokens(examples: list[Example]) -> tuple[Dictionary, Dictionary]:
    """The dictionaries of names and of first words."""
    names, texts = Dictionary(0.35, 3), Dictionary(0.25, 4)
    by_publisher = defaultdict(list)
    for e in examples:
        if e.importance > 0 and not e.is_copy:
            by_publisher[e.publisher].append(e)
    for publisher, own in by_publisher.items():
        name_sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        text_sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for e in own:
            _add_names(e, name_sums)
            _add_texts(e, text_sums)
        names.add(publisher, name_sums)
        texts.add(publisher, text_sums)
    names.finish()
    texts.finish()
    return names, texts


def _add_names(e: Example, sums: dict[str, list[float]]) -> None:
    size = np.sqrt([t.count(" ") + 1 for t in e.blocks.texts])
    text = np.concatenate(([0], np.cumsum(size * e.labels)))
    whole = np.concatenate(([0], np.cumsum(size)))
    for node, attributes in enumerate(e.blocks.attributes):
        a, b = e.blocks.node_first[node], e.blocks.node_end[node]
        if b > a and attributes:
            for token in {t for name in names_of(attributes)[0] for t in name_tokens(name)}:
                sums[token][0] += text[b] - text[a]
                sums[token][1] += whole[b] - whole[a]


def _add_texts(e: Example, sums: dict[str, list[float]]) -> None:
    for block, y in zip(e.blocks.texts, e.labels, strict=True):
        if len(block) <= 160:
            for token in set(text_tokens(block)):
                sums[token][0] += y
                sums[token][1] += 1


# --- both stages ----------------------------------------------------------------------------------------------------


@dataclass
class Learned:
    """All that the package needs."""

    names: Dictionary
    texts: Dictionary
    first: Trees
    second: Trees


def learn(examples: list[Example], trees: int = TREES, inner: int = 3) -> Learned:
    """Dictionaries, first stage, second stage on what the first says about publishers that it did not see."""
    examples = [e for e in examples if e.importance > 0]
    random = np.random.default_rng(7)
    copies = [c for e in examples if (c := shortened(e, random))]
    names, texts = learn_tokens(examples)
    everything = examples + copies
    tokens = {p: Tokens(names.without(p), texts.without(p)) for p in {e.publisher for e in everything}}
    computed = [first_features(e.blocks, e.hints, tokens[e.publisher]) for e in everything]
    labels = np.concatenate([e.labels for e in everything])
    weights = np.concatenate([e.importance * e.weights / e.weights.sum() for e in everything])
    folds = np.concatenate([np.full(len(e.labels), fold_of(e.publisher, inner)) for e in everything])
    rows, keep = _select([c for _, c in computed], labels, weights, trees)
    first, _ = boost(rows, labels, weights, keep, 1, trees)
    out = np.zeros(len(labels), np.float32)
    for fold in range(inner):
        away, _ = boost(rows[:, folds != fold], labels[folds != fold], weights[folds != fold], keep, 2 + fold, trees)
        out[folds == fold] = away.probabilities(rows[:, folds == fold])
    at, second_columns = 0, []
    for places, columns in computed:
        likely = out[at : at + len(columns["chars"])]
        at += len(likely)
        second_columns.append(columns | second_features(places, columns, likely))
    rows, keep = _select(second_columns, labels, weights, trees)
    second, _ = boost(rows, labels, weights, keep, 9, trees)
    return Learned(names, texts, first, second)


def _select(
    columns: list[dict], labels: np.ndarray, weights: np.ndarray, trees: int
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The rows of the most useful features, found by a short first boosting."""
    names = tuple(columns[0])
    rows = np.concatenate([matrix(c, names) for c in columns], axis=1)
    _, order = boost(rows, labels, weights, names, 0, max(20, trees // 4))
    keep = tuple(order[:KEEP_FEATURES])
    return rows[[names.index(n) for n in keep]], keep


def fold_of(publisher: str, folds: int) -> int:
    """The same fold for the same publisher, always."""
    return zlib.crc32(publisher.encode()) % folds


def extract(learned: Learned, e: Example, tokens: Tokens) -> str:
    """What the package would do with these weights."""
    places, columns = first_features(e.blocks, e.hints, tokens)
    likely = learned.first.probabilities(matrix(columns, learned.first.names))
    columns |= second_features(places, columns, likely)
    likely = learned.second.probabilities(matrix(columns, learned.second.names))
    return "\n\n".join(kept_texts(e.blocks, decide(likely, block_words(e.blocks))[0], e.hints))


def cross_validate(examples: list[Example], folds: int, trees: int, out: Path) -> None:
    """Writes the text of every page by a model that never saw its publisher."""
    with out.open("w", encoding="utf-8") as lines:
        for fold in range(folds):
            learned = learn([e for e in examples if fold_of(e.publisher + "!", folds) != fold], trees)
            tokens = Tokens(learned.names.base, learned.texts.base)
            for e in examples:
                if fold_of(e.publisher + "!", folds) == fold:
                    lines.write(json.dumps({"url": e.url, "text": extract(learned, e, tokens)}) + "\n")
            print(f"fold {fold} done", file=sys.stderr)


def save(learned: Learned, out: Path) -> None:
    """The weights as small arrays: half-precision leaves, only tokens that tell something."""
    arrays: dict[str, np.ndarray] = {}
    for stage, trees in (("first", learned.first), ("second", learned.second)):
        used = sorted(set(trees.features.ravel().tolist()))
        renumbered = {old: new for new, old in enumerate(used)}
        arrays |= {
            f"{stage}_names": np.array([trees.names[i] for i in used]),
            f"{stage}_features": np.vectorize(renumbered.get)(trees.features).astype(np.uint8),
            f"{stage}_borders": trees.borders,
            f"{stage}_leaves": trees.leaves.astype(np.float16),
            f"{stage}_bias": np.array(trees.bias),
        }
    for kind, dictionary in (("attribute", learned.names), ("text", learned.texts)):
        tokens = sorted(dictionary.base)
        arrays[f"{kind}_tokens"] = np.array(tokens)
        arrays[f"{kind}_odds"] = np.array([dictionary.base[t] for t in tokens], np.float16)
    np.savez_compressed(out, **arrays)


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("warc", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--teachers", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--trees", type=int, default=TREES)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    examples = read_examples(options.warc, options.truth, options.teachers)
    if options.folds:
        cross_validate(examples, options.folds, options.trees, options.out)
    else:
        save(learn(examples, options.trees), options.out)


if __name__ == "__main__":
    main()
