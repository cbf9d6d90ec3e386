"""Words to the numbers of their pieces, as BERT's uncased models were taught them.

The rules are those of Google's BERT (tokenization.py, Apache-2.0): accents and case are dropped, punctuation and
Chinese characters stand alone, and of each word the longest known piece is taken again and again. So is the list of
pieces, `wordpieces.txt.gz`: the vocabulary of bert-base-uncased, one a line, its number the line's.
"""

import gzip
import unicodedata
from functools import cache
from importlib.resources import files

UNKNOWN, BEGIN, END = 100, 101, 102
LONGEST_WORD = 100
WORDS_REMEMBERED = 100_000

CHINESE = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class WordPieces:
    """Cuts texts; remembers the words it has cut."""

    def __init__(self) -> None:
        self._known = _vocabulary()
        self._continuing = {number for piece, number in self._known.items() if piece.startswith("##")}
        self._characters = _Characters()
        self._words: dict[str, tuple[int, ...]] = {}

    def cut(self, text: str, most: int) -> list[int]:
        """The numbers of its pieces between BEGIN and END, `most` of them in all at the most."""
        found = [BEGIN]
        plain = unicodedata.normalize("NFD", text).translate(self._characters).lower()
        for word in plain.split():
            found += self._pieces(word)
            if len(found) >= most:
                break
        return [*found[: most - 1], END]

    def broken(self, pieces: list[int]) -> float:
        """The share of pieces that go on with a word: a tenth in English, half in a language that was not taught."""
        return sum(number in self._continuing for number in pieces) / max(len(pieces) - 2, 1)

    def _pieces(self, word: str) -> tuple[int, ...]:
        pieces = self._words.get(word)
        if pieces is None:
            if len(self._words) >= WORDS_REMEMBERED:
                self._words.clear()
            pieces = self._words[word] = self._longest_first(word)
        return pieces

    def _longest_first(self, word: str) -> tuple[int, ...]:
        """One unknown stretch makes the whole word unknown."""
        pieces: list[int] = []
        start = 0
        while start < len(word) <= LONGEST_WORD:
            for end in range(len(word), start, -1):
                number = self._known.get(("##" if start else "") + word[start:end])
                if number is not None:
                    break
            else:
                return (UNKNOWN,)
            pieces.append(number)
            start = end
        return tuple(pieces) or (UNKNOWN,)


class _Characters(dict[int, str]):
    """What becomes of each character, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = said = _translated(chr(code))
        return said


def _translated(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\t\n\r" or category == "Zs":
        return " "
    if category == "Mn" or category.startswith("C") or character == "\ufffd":
        return ""
    if _is_punctuation(character, category) or any(low <= ord(character) <= high for low, high in CHINESE):
        return f" {character} "
    return character


def _is_punctuation(character: str, category: str) -> bool:
    """BERT counts all of ASCII that is neither letter nor digit."""
    return category.startswith("P") or (character.isascii() and not character.isalnum())


@cache
def _vocabulary() -> dict[str, int]:
    packed = files("broadsheet.adapters.embedding").joinpath("wordpieces.txt.gz").read_bytes()
    return {piece: number for number, piece in enumerate(gzip.decompress(packed).decode("utf-8").splitlines())}
