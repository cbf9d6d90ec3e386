"""Articles as rows: their words, their titles' words, and the rare things, numbers and dates in them.

A row is a function of the article alone (the frequencies are those that are shipped), so that it never changes.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from broadsheet.stages.stories.forms import Form
from broadsheet.stages.stories.terms import Frequencies
from broadsheet.stages.stories.units import Ints, Rows, csr
from broadsheet.stages.stories.words import Words, is_number

COMMON_SHARE = 0.01
"""In more than this share of all texts a word is common: to share it says nothing."""

KINDS = ("x", "y", "rare", "phrases", "long", "numbers", "titleNumbers", "months", "days", "scripts")
LONG_WORDING = 14
PAIR = 1 << 31

_MONTHS = (
    "january jan", "february feb", "march", "april apr", "june jun", "july jul", "august aug", "september sept sep",
    "october oct", "november nov", "december dec",
)  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Where scripts begin in Unicode: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, those of South and of Southeast
# Asia, more Latin, those of East Asia.
_SCRIPTS = (0x0, 0x370, 0x400, 0x530, 0x590, 0x600, 0x900, 0xE00, 0x1E00, 0x2E80)
_FIXED = {"months": len(_MONTHS), "days": len(_DAYS), "long": 1, "scripts": len(_SCRIPTS)}
# "May" is left out: it is more often a verb.
MONTHS = {name: number for number, names in enumerate(_MONTHS) for name in names.split()}
DAYS = {name: number for number, name in enumerate(_DAYS)}


@dataclass(frozen=True, slots=True)
class Described:
    """What the engine reads of an article: its words, those with a capital, and the form of its title."""

    words: Words
    names: frozenset[str]
    form: Form


@dataclass(slots=True)
class Vocabulary:
    """The words that have columns, in the order of these: the weight of each, whether few texts have it, and whether
    it is `special`: a figure that tells something (neither a single digit nor a year), a month or a weekday."""

    columns: dict[str, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    rare: list[bool] = field(default_factory=list)
    special: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.words)

    def learn(self, word: str, weight: float, *, rare: bool) -> int:
        """Give a new word a column."""
        column = self.columns[word] = len(self.words)
        self.words.append(word)
        self.weights.append(weight)
        self.rare.append(rare)
        self.special.append(_is_figure(word) or word in MONTHS or word in DAYS)
        return column

    def kept(self, columns: Sequence[int]) -> "Vocabulary":
        """Only these columns, numbered anew in their order."""
        words = [self.words[column] for column in columns]
        return Vocabulary(
            {word: column for column, word in enumerate(words)},
            words,
            [self.weights[column] for column in columns],
            [self.rare[column] for column in columns],
            [self.special[column] for column in columns],
        )


def _script(words: Words) -> int:
    """In what most of the words are written, as a number: only words of one script can be the same."""
    text = "".join(words.title + words.lead)
    if text.isascii():
        return 0
    found = Counter(_script_of(character) for character in text if character.isalpha())
    return max(found, key=lambda script: found[script], default=0)


def _script_of(letter: str) -> int:
    return bisect_right(_SCRIPTS, ord(letter)) - 1


def _is_figure(word: str) -> bool:
    is_year = len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")
    return is_number(word) and len(word) > 1 and not word.startswith("#") and not is_year


@dataclass(slots=True)
class _Kind:
    """Rows of one kind under construction."""

    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    ends: list[int] = field(default_factory=lambda: [0])

    def add(self, columns: Iterable[int], values: Iterable[float]) -> None:
        self.columns.extend(columns)
        self.values.extend(values)
        self.ends.append(len(self.columns))

    def count(self, columns: Sequence[int]) -> None:
        self.add(columns, [1.0] * len(columns))

    def matrix(self, width: int) -> sparse.csr_matrix:
        return csr(np.array(self.values, np.float32), np.array(self.columns, np.int32), np.array(self.ends), width)


class Describer:
    """Makes the rows; it hands out columns to words and phrases as they come."""

    def __init__(self, frequencies: Frequencies) -> None:
        self._frequencies = frequencies
        self._known = Vocabulary()
        # Two columns, one after the other, as one number.
        self._phrases: dict[int, int] = {}
        self._rare = COMMON_SHARE * frequencies.texts

    @property
    def widths(self) -> dict[str, int]:
        """How many columns each kind has by now."""
        own = {**_FIXED, "phrases": len(self._phrases)}
        return {kind: own.get(kind, len(self._known)) for kind in KINDS}

    @staticmethod
    def counts(kind: str) -> bool:
        """Whether the columns of a kind are words or phrases, which come and go."""
        return kind not in _FIXED

    def state(self) -> dict[str, list[object]]:
        """The words and phrases that have columns, in the order of these."""
        return {"words": list(self._known.words), "phrases": [[*divmod(pair, PAIR)] for pair in self._phrases]}

    def restore(self, state: Mapping[str, Sequence[Any]]) -> None:
        """Give the same columns again as `state` says."""
        for word in state["words"]:
            self._learn(word)
        self._phrases = {one * PAIR + other: number for number, (one, other) in enumerate(state["phrases"])}

    def keep(self, words: Ints, phrases: Ints) -> None:
        """Only these columns are left, numbered anew in their order. Raises ValueError where the words of a phrase are
        not kept."""
        places = np.full(len(self._known), -1, dtype=np.int64)
        places[words] = np.arange(len(words))
        self._known = self._known.kept(words.tolist())
        pairs = np.fromiter(self._phrases, np.int64, len(self._phrases))[phrases]
        ones, others = places[pairs // PAIR], places[pairs % PAIR]
        if len(pairs) and min(ones.min(), others.min()) < 0:
            raise ValueError("a phrase is kept whose words are not")
        self._phrases = {pair: number for number, pair in enumerate((ones * PAIR + others).tolist())}

    def describe(self, articles: Iterable[Described], meaning: NDArray[np.float32]) -> Rows:
        """The rows of some articles; `meaning` their rows of the language model."""
        built = {kind: _Kind() for kind in KINDS}
        for article in articles:
            self._add(article.words, built)
        widths = self.widths
        return Rows({kind: rows.matrix(widths[kind]) for kind, rows in built.items()}, meaning)

    def _add(self, words: Words, built: dict[str, _Kind]) -> None:
        title, lead = self._columns(words.title), self._columns(words.lead)
        in_title = _counted(title, {})
        # The title counts twice.
        everywhere = _counted(lead, {column: 2 * count for column, count in in_title.items()})
        rare, special = self._known.rare, self._known.special
        built["x"].add(everywhere, self._weighted(everywhere))
        built["y"].add(in_title, self._weighted(in_title))
        built["rare"].count([column for column in everywhere if rare[column]])
        built["phrases"].count(self._phrases_of(title) + self._phrases_of(lead))
        built["scripts"].count([_script(words)])
        built["long"].count([0] if len(everywhere) >= LONG_WORDING else [])
        self._add_special([column for column in everywhere if special[column]], in_title, built)

    def _add_special(self, columns: Sequence[int], in_title: Container[int], built: dict[str, _Kind]) -> None:
        words = {column: self._known.words[column] for column in columns}
        figures = [column for column, word in words.items() if _is_figure(word)]
        built["numbers"].count(figures)
        built["titleNumbers"].count([column for column in figures if column in in_title])
        built["months"].count(sorted({MONTHS[word] for word in words.values() if word in MONTHS}))
        built["days"].count(sorted({DAYS[word] for word in words.values() if word in DAYS}))

    def _columns(self, words: Iterable[str]) -> list[int]:
        known = self._known.columns
        return [known[word] if word in known else self._learn(word) for word in words]

    def _phrases_of(self, columns: Sequence[int]) -> list[int]:
        """Which two rare words follow each other."""
        phrases, rare = self._phrases, self._known.rare
        return [
            phrases.setdefault(one * PAIR + other, len(phrases))
            for one, other in pairwise(columns)
            if rare[one] and rare[other]
        ]

    def _learn(self, word: str) -> int:
        rare = self._frequencies.count(word) <= self._rare
        return self._known.learn(word, self._frequencies.weight(word), rare=rare)

    def _weighted(self, counts: Mapping[int, int]) -> list[float]:
        """Weights with sublinear counts, of length one together."""
        weights = self._known.weights
        values = [weights[c] * (1 + math.log(n)) if n > 1 else weights[c] for c, n in counts.items()]
        norm = math.sqrt(sum([value * value for value in values])) or 1.0
        return [value / norm for value in values]


def _counted(columns: Iterable[int], counts: dict[int, int]) -> dict[int, int]:
    for column in columns:
        counts[column] = counts.get(column, 0) + 1
    return counts
