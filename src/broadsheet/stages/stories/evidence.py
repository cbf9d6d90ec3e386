"""What two articles really have in common, beside a name: separate rare words and phrases, counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from broadsheet.stages.stories.options import StoryOptions
from broadsheet.stages.stories.points import Floats, Ints
from broadsheet.stages.stories.terms import general_frequencies
from broadsheet.stages.stories.words import Words

# In more than this share of all texts a word is common: to share it says nothing.
COMMON_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Marks:
    """The rare words of a wording, and which two of them follow each other."""

    words: frozenset[str]
    phrases: frozenset[tuple[str, str]]

    def shared(self, other: "Marks") -> int:
        """How many separate things both have. A phrase of k words that both have is k words and k - 1 pairs of
        neighbours: "Lumen Canvas" is one thing, however many words a product's name has."""
        return len(self.words & other.words) - len(self.phrases & other.phrases)


@lru_cache(maxsize=65_536)
def marks_of(words: Words) -> Marks:
    """Rare are words that the general frequencies have in few texts."""
    general = general_frequencies()
    most = COMMON_SHARE * general.texts
    rare = frozenset(t for t in (*words.title, *words.lead) if general.count(t) <= most)
    pairs = (*pairwise(words.title), *pairwise(words.lead))
    return Marks(rare, frozenset((a, b) for a, b in pairs if a in rare and b in rare))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Asks two long wordings for things in common; with `everywhere` any two."""

    wordings: Sequence[Words]
    options: StoryOptions
    everywhere: bool

    def limit(self, excess: Floats, piece: Ints) -> Floats:
        """Cap the scores of pairs of the piece that have too little in common; `excess` is changed and returned."""
        weak, least = self.options.weak_limit, self.options.least_shared
        wordings = [self.wordings[point] for point in piece]
        asked = np.array([self._is_asked(words) for words in wordings])
        ones, others = np.nonzero(np.triu((excess > weak) & asked[:, None] & asked[None, :], 1))
        marks = [marks_of(words) for words in wordings] if len(ones) else []
        for one, other in zip(ones.tolist(), others.tolist(), strict=True):
            if marks[one].shared(marks[other]) < least:
                excess[one, other] = excess[other, one] = weak
        return excess

    def _is_asked(self, words: Words) -> bool:
        return self.everywhere or len({*words.title, *words.lead}) >= self.options.long_wording
