"""How telling a word is: how many texts have it, in general."""

import gzip
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of `texts` texts a term stands, as `general` says. A term that it does not have stands in none and is
    rarest: no term is unknown."""

    texts: float
    general: Mapping[str, float]

    def count(self, term: str) -> float:
        """In how many texts the term stands."""
        return self.general.get(term, 0.0)

    def weight(self, term: str) -> float:
        """Inverse document frequency, smoothed: ln((1 + N) / (1 + n)) + 2. The 2 keeps what is common from vanishing;
        headlines of one story often have nothing else in common."""
        return math.log((1 + self.texts) / (1 + self.count(term))) + 2


@lru_cache(maxsize=1)
def general_frequencies() -> Frequencies:
    """The frequencies that are shipped: counts of words in news texts, made by `tools/count_words.py`."""
    raw = gzip.decompress(files(__package__).joinpath("frequencies.tsv.gz").read_bytes()).decode()
    first, *lines = raw.splitlines()
    pairs = (line.split("\t") for line in lines)
    return Frequencies(float(first), {term: float(count) for term, count in pairs})
