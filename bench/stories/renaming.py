"""Makes other news of real news: the same sentences about other things.

What a word becomes depends on how common it is in the shipped general frequencies:

- common (in 0.3 % of texts or more), stop words, words of one or two letters, years and figures of one or two digits
  stay: they are what unrelated news has in common;
- middling (0.05 % to 0.3 %) ones change places with words that are as common as they, so that what two replicas share
  of them they share by chance, as any two news items do, and each stays as telling as it was;
- rare ones become words that stand nowhere else, another in each replica; so do figures of three digits or more;
- a common word that is a name (written with a capital within sentences) stays in half of the replicas and becomes a new
  name in the others: some names are in the news every day, most are not.

Within a replica a word always becomes the same word, so its stories hang together exactly as the real ones do.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from broadsheet.stages.stories.stopwords import STOP_WORDS
from broadsheet.stages.stories.terms import general_frequencies

COMMON, MIDDLING = 0.003, 0.0005
BLOCK = 100
MOST_REPLICAS = 4_096
_SPACE = 2**40  # of new words; more than words times replicas
_ODD = 0x9E3779B97F4A7C15 | 1
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
_WITHIN = re.compile(r"(?<=[a-z,] )[^\W\d_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Vocabulary:
    """The words of the articles that replicas are made of, each with its kind."""

    def __init__(self, texts: Iterable[str]) -> None:
        words: Counter[str] = Counter()
        within: Counter[str] = Counter()
        for text in texts:
            words.update(t.casefold() for t in _TOKEN.findall(text))
            within.update(_WITHIN.findall(text))
        self._index = {word: number for number, word in enumerate(sorted(words))}
        shares = {word: _share(word) for word in self._index}
        self.names = frozenset(w for w in self._index if _is_name(w, within) and shares[w] >= COMMON)
        middling = (w for w, share in shares.items() if MIDDLING <= share < COMMON and _may_change(w))
        self.middling = tuple(sorted(middling, key=lambda w: (shares[w], w)))
        self.rare = frozenset(w for w, share in shares.items() if share < MIDDLING and _may_change(w))

    def number(self, word: str) -> int:
        """A number of its own for each word."""
        return self._index[word]


def _share(word: str) -> float:
    general = general_frequencies()
    return general.count(word) / general.texts


def _may_change(word: str) -> bool:
    if word[0].isdigit():
        return sum(c.isdigit() for c in word) > 2 and not _YEAR.fullmatch(word)
    return len(word) > 2 and word not in STOP_WORDS


def _is_name(word: str, within: Counter[str]) -> bool:
    capital = within[word.capitalize()] + within[word.upper()]
    return _may_change(word) and capital > 9 * within[word]


class Renamer:
    """The words of one replica."""

    def __init__(self, vocabulary: Vocabulary, replica: int, seed: int) -> None:
        if replica >= MOST_REPLICAS:
            raise ValueError(f"more than {MOST_REPLICAS} replicas")
        self._vocabulary, self._replica, self._seed = vocabulary, replica, seed
        self._places = _exchanged(vocabulary.middling, random.Random(f"{seed}/{replica}"))
        self._known: dict[str, str] = {}

    def rename(self, text: str) -> str:
        """The text with its words exchanged; capitals stay where they were."""
        return _TOKEN.sub(self._token, text)

    def _token(self, match: re.Match[str]) -> str:
        token = match.group()
        found = self._known.get(token)
        if found is None:
            found = self._known[token] = _like(token, self._word(token.casefold()))
        return found

    def _word(self, word: str) -> str:
        if word in self._vocabulary.rare or (word in self._vocabulary.names and self._is_new(word)):
            return self._figure(word) if word[0].isdigit() else self._fresh(word)
        return self._places.get(word, word)

    def _is_new(self, name: str) -> bool:
        return self._draw(name) % 2 == 0

    def _draw(self, word: str) -> int:
        key = f"{self._seed}/{self._replica}/{word}".encode()
        return int.from_bytes(blake2b(key, digest_size=8).digest(), "big")

    def _fresh(self, word: str) -> str:
        """Letters that no other word of any replica has: an odd factor maps the numbers below 2^40 one to one."""
        number = (self._vocabulary.number(word) * MOST_REPLICAS + self._replica) ^ (self._seed * 7919 % _SPACE)
        return _letters(number * _ODD % _SPACE)

    def _figure(self, word: str) -> str:
        """Another figure of the same form."""
        digits = iter(f"{self._draw(word):020d}")
        turned = "".join(next(digits) if c.isdigit() else c for c in word[:20]) + word[20:]
        return "9" + turned[1:] if turned[0] == "0" else turned


def _exchanged(words: Sequence[str], chance: random.Random) -> dict[str, str]:
    """Each word's new place, among the hundred that are about as common."""
    places: dict[str, str] = {}
    for start in range(0, len(words), BLOCK):
        block = list(words[start : start + BLOCK])
        places.update(zip(block, chance.sample(block, len(block)), strict=True))
    return places


def _letters(number: int) -> str:
    letters = []
    for _ in range(9):  # 26^9 is more than 2^40
        number, letter = divmod(number, 26)
        letters.append(chr(97 + letter))
    return "".join(letters)


def _like(token: str, word: str) -> str:
    """The word with the token's capitals."""
    if token.isupper() and len(token) > 1:
        return word.upper()
    return word.capitalize() if token[0].isupper() else word
