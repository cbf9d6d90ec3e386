"""Articles as rows: their words, their titles' words, and the rare things, numbers and dates in them.

A row is a function of the article alone (the frequencies are those that are shipped), so that it never changes.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from broadsheet.stages.stories.terms import Frequencies
from broadsheet.stages.stories.units import Ints, Rows, csr
from broadsheet.stages.stories.words import Words, is_number

COMMON_SHARE = 0.01
"""In more than this share of all texts a word is common: to share it says nothing."""

KINDS = ("x", "y", "rare", "phrases", "long", "numbers", "titleNumbers", "months", "days")
LONG_WORDING = 14

_MONTHS = (
    "january jan", "february feb", "march", "april apr", "june jun", "july jul", "august aug", "september sept sep",
    "october oct", "november nov", "december dec",
)  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# "May" is left out: it is more often a verb.
MONTHS = {name: number for number, names in enumerate(_MONTHS) for name in names.split()}
DAYS = {name: number for number, name in enumerate(_DAYS)}


@dataclass(frozen=True, slots=True)
class Described:
    """What the engine reads of an article: its words, and those that it writes with a capital."""

    words: Words
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Term:
    """A word: its column, its weight, whether few texts have it, and whether it is a figure that tells something
    (neither a single digit nor a year); the month or weekday that it names."""

    column: int
    weight: float
    rare: bool
    figure: bool
    month: int | None
    day: int | None


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
        self._terms: dict[str, Term] = {}
        self._phrases: dict[tuple[int, int], int] = {}
        self._rare = COMMON_SHARE * frequencies.texts

    @property
    def widths(self) -> dict[str, int]:
        """How many columns each kind has by now."""
        own = {"phrases": len(self._phrases), "months": len(_MONTHS), "days": len(_DAYS), "long": 1}
        return {kind: own.get(kind, len(self._terms)) for kind in KINDS}

    @staticmethod
    def counts(kind: str) -> bool:
        """Whether the columns of a kind are words or phrases, which come and go."""
        return kind not in ("months", "days", "long")

    def state(self) -> dict[str, list[object]]:
        """The words and phrases that have columns, in the order of these."""
        return {"words": list(self._terms), "phrases": [list(pair) for pair in self._phrases]}

    def restore(self, state: Mapping[str, Sequence[Any]]) -> None:
        """Give the same columns again as `state` says."""
        for word in state["words"]:
            self._term(word)
        for number, (one, other) in enumerate(state["phrases"]):
            self._phrases[one, other] = number

    def keep(self, words: Ints, phrases: Ints) -> None:
        """Only these columns are left, numbered anew in their order."""
        terms = list(self._terms.items())
        renumbered = {int(old): new for new, old in enumerate(words)}
        kept = [terms[column] for column in words]
        self._terms = {word: replace(term, column=new) for new, (word, term) in enumerate(kept)}
        pairs = list(self._phrases)
        both = [(renumbered.get(one), renumbered.get(other)) for one, other in (pairs[column] for column in phrases)]
        self._phrases = {}
        for number, (one, other) in enumerate(both):
            if one is None or other is None:
                raise ValueError("a phrase is kept whose words are not")
            self._phrases[one, other] = number

    def describe(self, articles: Iterable[Described], meaning: NDArray[np.float32]) -> Rows:
        """The rows of some articles; `meaning` their rows of the language model."""
        built = {kind: _Kind() for kind in KINDS}
        for article in articles:
            self._add(article.words, built)
        widths = self.widths
        return Rows({kind: rows.matrix(widths[kind]) for kind, rows in built.items()}, meaning)

    def _add(self, words: Words, built: dict[str, _Kind]) -> None:
        title = [self._term(word) for word in words.title]
        lead = [self._term(word) for word in words.lead]
        known = {term.column: term for term in (*title, *lead)}
        in_title = _counted(title, {})
        # The title counts twice.
        everywhere = _counted(lead, {column: 2 * count for column, count in in_title.items()})
        built["x"].add(everywhere, _weighted(everywhere, known))
        built["y"].add(in_title, _weighted(in_title, known))
        built["rare"].count([column for column in everywhere if known[column].rare])
        built["phrases"].count(self._phrases_of(title) + self._phrases_of(lead))
        built["long"].count([0] if len(everywhere) >= LONG_WORDING else [])
        figures = [column for column in everywhere if known[column].figure]
        built["numbers"].count(figures)
        built["titleNumbers"].count([column for column in figures if column in in_title])
        built["months"].count(sorted({term.month for term in known.values() if term.month is not None}))
        built["days"].count(sorted({term.day for term in known.values() if term.day is not None}))

    def _phrases_of(self, terms: Sequence[Term]) -> list[int]:
        """Which two rare words follow each other."""
        phrases = self._phrases
        return [
            phrases.setdefault((one.column, other.column), len(phrases))
            for one, other in zip(terms, terms[1:], strict=False)
            if one.rare and other.rare
        ]

    def _term(self, word: str) -> Term:
        return self._terms.get(word) or self._learn(word)

    def _learn(self, word: str) -> Term:
        rare = self._frequencies.count(word) <= self._rare
        is_year = len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")
        figure = is_number(word) and len(word) > 1 and not word.startswith("#") and not is_year
        weight = self._frequencies.weight(word)
        term = Term(len(self._terms), weight, rare, figure, MONTHS.get(word), DAYS.get(word))
        self._terms[word] = term
        return term


def _counted(terms: Iterable[Term], counts: dict[int, int]) -> dict[int, int]:
    for term in terms:
        counts[term.column] = counts.get(term.column, 0) + 1
    return counts


def _weighted(counts: Mapping[int, int], known: Mapping[int, Term]) -> list[float]:
    """Weights with sublinear counts, of length one together."""
    values = [known[c].weight * (1 + math.log(n)) if n > 1 else known[c].weight for c, n in counts.items()]
    norm = math.sqrt(sum([value * value for value in values])) or 1.0
    return [value / norm for value in values]
