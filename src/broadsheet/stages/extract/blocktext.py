"""What the words of each block look like, counted for all blocks at once."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from broadsheet.stages.extract.blocks import Blocks

Column = NDArray[np.float32]
Columns = dict[str, Column]

_OTHER, _UPPER, _DIGIT, _SPACE, _DENSE = range(5)
_CLASSES = 5
_ENDS = ".!?…。！？؟।۔"
_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b")
_SHORT = 160


@dataclass(frozen=True, slots=True)
class Hints:
    """What the head of the page said about the article: against it the blocks are compared."""

    title: str = ""
    description: str = ""
    body: str = ""  # of JSON-LD, word characters only, lower case


def text_columns(blocks: Blocks, hints: Hints) -> Columns:
    """Columns that each block's own text gives; `chars` (weighted) is what the others build on."""
    texts = blocks.texts
    counts = _class_counts(texts)
    whole = counts.sum(axis=0)
    chars = whole + 1.5 * counts[_DENSE]  # a Chinese or Thai character says more than a letter
    words = counts[_SPACE] + 1 + counts[_DENSE] * 0.4
    link_chars = np.array(blocks.link_chars, np.float32)
    repeats = Counter(texts)
    return {
        "chars": chars,
        "link_chars": link_chars,
        "log_chars": np.log1p(chars),
        "log_words": np.log1p(words),
        "density": link_chars / np.maximum(whole, 1),
        "links": np.minimum(np.array(blocks.links, np.float32), 20),
        "upper_rate": counts[_UPPER] / chars,
        "word_length": chars / words,
        "last": _column([_last(t[-2:]) for t in texts]),
        "first": _column([_first(t[0]) for t in texts]),
        "dated": _dated(texts, (counts[_DIGIT] > 0) & (whole <= _SHORT)),
        "repeats": _column([repeats[t] for t in texts]),
        **_agreement(texts, hints),
    }


def _dated(texts: list[str], may_be: NDArray[np.bool_]) -> Column:
    """Which texts hold a date: only those are looked at that have a digit and are short."""
    dated = np.zeros(len(texts), np.float32)
    dated[[number for number in np.flatnonzero(may_be).tolist() if _DATE.search(texts[number])]] = 1
    return dated


def _column(values: Sequence[float]) -> Column:
    return np.array(values, np.float32)


def _agreement(texts: list[str], hints: Hints) -> Columns:
    title, description = hints.title.casefold(), hints.description.casefold()[:600]
    opening = description[:100] if len(description) > 40 else ""
    folded = [t[:400].casefold() for t in texts]
    return {
        "is_title": _column([t == title for t in folded] if title else [0] * len(texts)),
        "in_title": _column([t in title for t in folded]),
        "in_description": _column(
            [len(t) > 20 and (t in description or opening in t) for t in folded]
            if opening
            else [len(t) > 20 and t in description for t in folded]
        ),
    }


def _class_counts(texts: list[str]) -> Column:
    """How many characters of each class each block has: one row a class."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    index = np.repeat(np.arange(len(texts), dtype=np.int64) * _CLASSES, lengths)
    index += _classes().take(points, mode="clip")
    return np.bincount(index, minlength=_CLASSES * len(texts)).reshape(-1, _CLASSES).T.astype(np.float32)


@lru_cache(maxsize=1)
def _classes() -> NDArray[np.uint8]:
    """The class of each character of the basic plane."""
    table = np.full(0x10000, _OTHER, np.uint8)
    for point in range(0x2000):
        character = chr(point)
        if character.isupper():
            table[point] = _UPPER
        elif character.isdigit():
            table[point] = _DIGIT
        elif character.isspace():
            table[point] = _SPACE
    for first, last in ((0x0E00, 0x0E7F), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF)):
        table[first : last + 1] = _DENSE
    return table


@lru_cache(maxsize=4096)
def _last(tail: str) -> int:
    """The kind of the last character: ended sentence, colon, ellipsis, other mark, letter."""
    character = tail[-1]
    if character in "\"'”’»)]" and len(tail) > 1 and tail[0] in _ENDS:
        return 3
    if character == "…" or tail == "..":
        return 1
    if character in _ENDS:
        return 3
    return 2 if character == ":" else 0 if character.isalnum() else 1


@lru_cache(maxsize=4096)
def _first(character: str) -> int:
    if character.isupper():
        return 2
    return 1 if character.islower() else 3 if character.isdigit() else 0 if character.isalpha() else 4
