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

_LETTER, _UPPER, _DIGIT, _SPACE, _END, _COMMA, _DENSE, _MARK = range(8)
_ENDS, _COMMAS, _MARKS = ".!?…。！？؟।۔", ",،、，;；", "|/»›©@#→•·<>[]{}=_+&*~"
_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b")
_WORD_CHARS = re.compile(r"\w+")
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
    chars = counts.sum(axis=0) + 1.5 * counts[_DENSE]  # a Chinese or Thai character says more than a letter
    words = counts[_SPACE] + 1 + counts[_DENSE] * 0.4
    link_chars = np.array(blocks.link_chars, np.float32)
    density = link_chars / np.maximum(counts.sum(axis=0), 1)
    repeats = Counter(texts)
    return {
        "chars": chars,
        "words": words,
        "link_chars": link_chars,
        "log_chars": np.log1p(chars),
        "log_words": np.log1p(words),
        "density": density,
        "links": np.minimum(np.array(blocks.links, np.float32), 20),
        "ends": counts[_END],
        "end_rate": counts[_END] / words,
        "comma_rate": counts[_COMMA] / words,
        "digit_rate": counts[_DIGIT] / chars,
        "upper_rate": counts[_UPPER] / chars,
        "mark_rate": counts[_MARK] / chars,
        "word_length": chars / words,
        "last": _column([_last(t[-2:]) for t in texts]),
        "first": _column([_first(t[0]) for t in texts]),
        "dated": _column([len(t) <= _SHORT and _DATE.search(t) is not None for t in texts]),
        "bold": _column(blocks.bold),
        "images": np.minimum(np.array(blocks.images, np.float32), 5),
        "ruled": _column(blocks.ruled),
        "repeats": _column([repeats[t] for t in texts]),
        **_agreement(texts, hints),
    }


def _column(values: Sequence[float]) -> Column:
    return np.array(values, np.float32)


def _agreement(texts: list[str], hints: Hints) -> Columns:
    title, description = hints.title.casefold(), hints.description.casefold()[:600]
    folded = [t[:400].casefold() for t in texts]
    is_long, opening = len(description) > 40, description[:100]
    in_body = [-1.0] * len(texts)
    if hints.body:
        in_body = [float("".join(_WORD_CHARS.findall(t))[:60] in hints.body) for t in folded]
    return {
        "is_title": _column([bool(title) and t == title for t in folded]),
        "in_title": _column([t in title for t in folded]),
        "in_description": _column([len(t) > 20 and (t in description or (is_long and opening in t)) for t in folded]),
        "in_body": _column(in_body),
    }


def _class_counts(texts: list[str]) -> Column:
    """How many characters of each class each block has: one row a class."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = _classes()[np.minimum(points, 0xFFFF)]
    index = np.repeat(np.arange(len(texts), dtype=np.int64) * 8, lengths) + classes
    return np.bincount(index, minlength=8 * len(texts)).reshape(-1, 8).T.astype(np.float32)


@lru_cache(maxsize=1)
def _classes() -> NDArray[np.uint8]:
    """The class of each character of the basic plane."""
    table = np.full(0x10000, _LETTER, np.uint8)
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
    for kind, characters in ((_END, _ENDS), (_COMMA, _COMMAS), (_MARK, _MARKS)):
        table[[ord(c) for c in characters]] = kind
    return table


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


def _first(character: str) -> int:
    if character.isupper():
        return 2
    return 1 if character.islower() else 3 if character.isdigit() else 0 if character.isalpha() else 4
