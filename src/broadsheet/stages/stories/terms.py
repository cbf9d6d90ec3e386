"""How telling a word is: how many texts have it, in general and in the stream."""

import gzip
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of `texts` texts a term stands. Terms that `counts` does not have stand in none, and are rarest."""

    texts: float
    counts: Mapping[str, float]

    def with_texts(self, texts: Iterable[Iterable[str]]) -> "Frequencies":
        """These and more texts together, each given by its terms."""
        counts = Counter(self.counts)
        added = 0
        for terms in texts:
            counts.update(set(terms))
            added += 1
        return Frequencies(self.texts + added, counts)

    def weight(self, term: str) -> float:
        """Inverse document frequency, smoothed: ln((1 + N) / (1 + n)) + 2. The 2 keeps what is common from vanishing;
        headlines of one story often have nothing else in common."""
        return math.log((1 + self.texts) / (1 + self.counts.get(term, 0.0))) + 2


@lru_cache(maxsize=1)
def general_frequencies() -> Frequencies:
    """The frequencies that are shipped: counts of words in news texts, made by `tools/count_words.py`."""
    raw = gzip.decompress(files(__package__).joinpath("frequencies.tsv.gz").read_bytes()).decode()
    first, *lines = raw.splitlines()
    pairs = (line.split("\t") for line in lines)
    return Frequencies(float(first), {term: float(count) for term, count in pairs})
