"""Learns what names of classes and first words of blocks tell: token to log odds, averaged over publishers."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np
from tools.maintext.cues import cues
from tools.maintext.examples import Example

from broadsheet.stages.extract.tokens import Tokens, name_tokens, names_of, text_tokens

_SHORT = 160
_KNOWN, _KNOWN_SHARE = 6, 0.04  # a cue counts as so many publishers, and so rarely as article text
Sums = dict[str, list[float]]  # token -> [article text, all text] at it


class Dictionary:
    """Token -> log odds, averaged per publisher first; can leave a publisher out."""

    def __init__(self, prior: float, least: int, known: Iterable[str] = ()) -> None:
        self.prior, self.least = prior, least
        self.shares: dict[str, dict[str, float]] = {}  # publisher -> token -> share of text
        self.totals: dict[str, float] = defaultdict(float, dict.fromkeys(known, _KNOWN * _KNOWN_SHARE))
        self.counts: Counter[str] = Counter(dict.fromkeys(known, _KNOWN))
        self.base: dict[str, float] = {}

    def add(self, publisher: str, sums: Sums) -> None:
        """What one publisher's pages say."""
        shares = {token: part / whole for token, (part, whole) in sums.items() if whole > 0}
        self.shares[publisher] = shares
        for token, share in shares.items():
            self.totals[token] += share
        self.counts.update(shares.keys())

    def finish(self) -> None:
        """After the last publisher."""
        self.base = {t: self._odds(self.totals[t], n) for t, n in self.counts.items() if n >= self.least}

    def without(self, publisher: str) -> dict[str, float]:
        """The odds as if this publisher had not been there."""
        odds = dict(self.base)
        for token, share in self.shares.get(publisher, {}).items():
            if token in odds:
                if self.counts[token] - 1 < self.least:
                    del odds[token]
                else:
                    odds[token] = self._odds(self.totals[token] - share, self.counts[token] - 1)
        return odds

    def _odds(self, total: float, count: int) -> float:
        share = (total + 2 * self.prior) / (count + 2)
        return math.log(share / (1 - share))


class Dictionaries:
    """That of names and that of first words."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self.names, self.texts = Dictionary(0.35, 3), Dictionary(0.25, 4, cues())
        by_publisher: dict[str, list[Example]] = defaultdict(list)
        for example in examples:
            by_publisher[example.publisher].append(example)
        for publisher, own in by_publisher.items():
            names: Sums = defaultdict(lambda: [0.0, 0.0])
            texts: Sums = defaultdict(lambda: [0.0, 0.0])
            for example in own:
                _add_names(example, names)
                _add_texts(example, texts)
            self.names.add(publisher, names)
            self.texts.add(publisher, texts)
        self.names.finish()
        self.texts.finish()

    def tokens(self) -> Tokens:
        """What all publishers say."""
        return Tokens(self.names.base, self.texts.base)

    def without(self, publisher: str) -> Tokens:
        """What the others say: a publisher's own pages would otherwise seem easier than pages never seen."""
        return Tokens(self.names.without(publisher), self.texts.without(publisher))


def _add_names(example: Example, sums: Sums) -> None:
    blocks = example.blocks
    size = np.sqrt([text.count(" ") + 1 for text in blocks.texts])
    text = np.concatenate(([0], np.cumsum(size * example.labels)))
    whole = np.concatenate(([0], np.cumsum(size)))
    for attributes, first, end in zip(blocks.attributes, blocks.node_first, blocks.node_end, strict=True):
        if end > first and attributes:
            for token in {t for name in names_of(attributes)[0] for t in name_tokens(name)}:
                sums[token][0] += text[end] - text[first]
                sums[token][1] += whole[end] - whole[first]


def _add_texts(example: Example, sums: Sums) -> None:
    for text, label in zip(example.blocks.texts, example.labels, strict=True):
        if len(text) <= _SHORT:
            for token in set(text_tokens(text)):
                sums[token][0] += label
                sums[token][1] += 1
