"""A text as at most 120 numbers, from which the share that two texts have in common can be told.

Runs of five words are hashed, and the smallest hashes kept (Broder, On the resemblance and containment of documents,
1997): of two texts they are a sample of the same runs. Figures are left out of the hash and kept beside it, so that
the same wording with other figures, which is another weather report and no copy, can be told from the same text.
Nothing depends on quotes, dashes, blanks, case, accents, ligatures or composition. Words are split and hashed in
whole arrays, since a loop over the words of every article would cost more than all that is done with them.
"""

import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

TEXT_CHARACTERS = 20_000
SHINGLE_WORDS = 5
LEAST_WORDS = 30
MOST_SHINGLES = 80
RUNGS = (8, 12, 18, 28)
DATELINE, BEGINNING = 130, 230
"""Characters that a dateline stands in, and those after it that the rungs are read from."""
FILTER_WORDS = 32
"""Words (of 64 bits) of the filter that knows which words the beginning of the text has."""
TOLD_WORDS = 300
STEM_CHARACTERS = 5
HEADER = len(RUNGS) + FILTER_WORDS
FIGURES_BITS = 16

_SEPARATOR, _LETTER, _DIGIT, _UNSPACED, _DROPPED, _COMPOSED = range(6)
_UNSPACED_BLOCKS = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
)
_DROPPED_MARKS = ((0x0300, 0x036F), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x1AB0, 0x1AFF))
_BMP = 0x10000

_BASE = np.uint64(0x9E3779B97F4A7C15)
_WORD_BASE = np.uint64(0xC2B2AE3D27D4EB4F)
_MASK = np.uint64((1 << 64) - (1 << FIGURES_BITS))
_SPREAD = np.uint64(0xBF58476D1CE4E5B9)
_ANY_FIGURE = np.uint64(0x5851F42D4C957F2D)


def sketch(text: str) -> Hashes:
    """The sketch of a text: rungs of its beginning, a filter of its first words, and the smallest hashes of its runs.

    Empty for a text without words; of a text of fewer than LEAST_WORDS words only the rungs and the filter. Two equal
    texts have equal sketches on every machine.
    """
    words = _words(text)
    if not len(words.hashes):
        return np.zeros(0, np.uint64)
    runs = _smallest_runs(words) if len(words.hashes) >= LEAST_WORDS else np.zeros(0, np.uint64)
    return np.concatenate((np.array(rungs(text), np.uint64), _filter(words.stems), runs))


def runs_of(sketched: Hashes) -> Hashes:
    """The hashes of runs in a sketch, ascending."""
    return sketched[HEADER:]


def rungs_of(sketched: Hashes) -> tuple[int, ...]:
    """The rungs in a sketch."""
    return tuple(sketched[: len(RUNGS)].tolist())


def without_figures(runs: Hashes) -> Hashes:
    """The hashes of runs, blind to the figures in them."""
    return runs & _MASK


def stems(text: str) -> set[int]:
    """Hashes of the beginnings of its first words: enough letters to see that words have to do with each other."""
    return set(_words(text).stems.tolist())


def is_unspaced(text: str) -> bool:
    """Whether a text is written without blanks between words."""
    return not text.isascii() and _UNSPACED_RUN.search(text) is not None


def told(title: str, sketched: Hashes) -> NDArray[np.bool_]:
    """For each word of a headline whether the beginning of the sketched text has it (one in twelve by chance)."""
    stems = _words(title).stems
    bits = stems >> np.uint64(53)
    known = sketched[len(RUNGS) : HEADER][(bits >> np.uint64(6)).astype(np.int64)]
    return np.asarray((known >> (bits & np.uint64(63))) & np.uint64(1) == 1)


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two sketched texts have in common: `share` of the later one, `kept` of the earlier one (0 to 1 each);
    `figures` are the runs with a figure among the common ones, `same_figures` those in which they agree."""

    share: float
    kept: float
    sampled: int
    figures: int
    same_figures: int


def overlap(later: Hashes, earlier: Hashes) -> Overlap:
    """Compares the runs of two texts (see `runs_of`), as far down as both samples are complete."""
    if not len(later) or not len(earlier):
        return Overlap(0.0, 0.0, 0, 0, 0)
    mine, theirs = _comparable(later, earlier)
    if not len(mine) or not len(theirs):
        return Overlap(0.0, 0.0, 0, 0, 0)
    blind, known = mine & _MASK, theirs & _MASK
    at = known.searchsorted(blind)
    np.minimum(at, len(known) - 1, out=at)
    common = known[at] == blind
    count = int(np.count_nonzero(common))
    ours, others = mine[common] & ~_MASK, theirs[at[common]] & ~_MASK
    with_figures = (ours | others) != 0
    figures = int(np.count_nonzero(with_figures))
    same = int(np.count_nonzero((ours == others) & with_figures))
    return Overlap(count / len(mine), count / len(theirs), len(mine), figures, same)


def _comparable(one: Hashes, other: Hashes) -> tuple[Hashes, Hashes]:
    """Both up to the largest hash of a full sample: beyond it the other text may have runs that were not kept."""
    if len(one) >= MOST_SHINGLES:
        other = other[: other.searchsorted(one[-1] | ~_MASK, "right")]
    if len(other) >= MOST_SHINGLES:
        one = one[: one.searchsorted(other[-1] | ~_MASK, "right")]
    return one, other


_DATELINE = re.compile(
    r"\s*(?:[^.!?\n]{0,90}?\((?:[^()\n]{2,40})\)\s*[-\u2010-\u2015:]+\s|[^a-z.!?\n]{3,40}?\s[-\u2010-\u2015]+\s)"
)
_TOKEN = re.compile(r"\w+")
_UNSPACED_RANGES = "".join(f"{chr(first)}-{chr(last)}" for first, last in _UNSPACED_BLOCKS)
_UNSPACED_RUN = re.compile(f"[{_UNSPACED_RANGES}]{{8}}")
_TOKEN_ANYWHERE = re.compile(rf"[{_UNSPACED_RANGES}]|[^\W{_UNSPACED_RANGES}]+")
_CUT_OFF = ("\u2026", "..")


def rungs(text: str) -> tuple[int, ...]:
    """Hashes of the first 8, 12, 18 and 28 words; 0 for each that the text does not reach.

    Two excerpts of one text, cut at different places, agree in all that both have. A dateline is no part of the
    beginning, and neither is the last word of a text that was cut off, which may be half a word.
    """
    dateline = _DATELINE.match(text, 0, DATELINE)
    start = dateline.end() if dateline else 0
    beginning = text[start : start + BEGINNING]
    if beginning.isascii():
        words = _TOKEN.findall(beginning.lower())
    else:
        folded = unicodedata.normalize("NFKC", beginning).casefold()
        words = (_TOKEN_ANYWHERE if _UNSPACED_RUN.search(folded) else _TOKEN).findall(folded)
    if len(text) > start + BEGINNING or beginning.rstrip(" \n])").endswith(_CUT_OFF):
        words = words[:-1]
    return _climb(words)


def _climb(words: list[str]) -> tuple[int, ...]:
    found = [0] * len(RUNGS)
    before, value = 0, 0
    for number, rung in enumerate(RUNGS):
        if len(words) < rung:
            break
        value = zlib.crc32(" ".join(words[before:rung]).encode("utf-8", "surrogatepass"), value)
        found[number] = value + 1
        before = rung
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text, in order: their hashes, those of their first letters, and which begin with a digit."""

    hashes: Hashes
    stems: Hashes
    is_figure: NDArray[np.bool_]


def _words(text: str) -> _Words:
    letters, kinds = _letters(text[:TEXT_CHARACTERS])
    inside = kinds != _SEPARATOR
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    if kinds.max() == _UNSPACED:
        starts, ends = _split(starts, ends, kinds == _UNSPACED)
    sums = np.empty(len(letters) + 1, np.uint64)
    sums[0] = 0
    np.cumsum(_powers()[: len(letters)] * letters, out=sums[1:])
    begun, back = sums[starts], _inverse_powers()[starts]
    hashes = (sums[ends] - begun) * back
    first = slice(TOLD_WORDS)
    stems = (sums[np.minimum(ends[first], starts[first] + STEM_CHARACTERS)] - begun[first]) * back[first] * _SPREAD
    return _Words(hashes, stems, kinds[starts] == _DIGIT)


def _letters(text: str) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """The folded characters and their kinds, with a separator before and after, without dropped ones."""
    folded, kinds = _looked_up(text)
    highest = kinds.max()
    if highest == _COMPOSED:
        folded, kinds = _looked_up(unicodedata.normalize("NFKC", text)[:TEXT_CHARACTERS])
        kinds[kinds == _COMPOSED] = _LETTER
    if highest >= _DROPPED:
        kept = kinds != _DROPPED
        folded, kinds = folded[kept], kinds[kept]
    return folded, kinds


def _looked_up(text: str) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    framed = f" {text} "
    if text.isascii():
        raw: NDArray[np.uint8] | NDArray[np.uint32] = np.frombuffer(framed.encode("ascii"), np.uint8)
    else:
        points = np.frombuffer(framed.encode("utf-32-le", "surrogatepass"), np.uint32)
        raw = np.where(points < _BMP, points, _beyond(points)) if points.max() >= _BMP else points
    folds, kinds = _tables()
    return folds.take(raw), kinds.take(raw)


def _beyond(points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Rare ideographs stand for a common one each; what else lies beyond the plane (faces, flags) parts words."""
    ideographs = (points >= 0x20000) & (points <= 0x3134F)
    return np.where(ideographs, 0x4E00 + points % 0x4000, 0x20).astype(np.uint32)


@lru_cache(maxsize=1)
def _tables() -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """For each character of the basic plane what it counts as, and its kind."""
    folds = np.arange(_BMP, dtype=np.uint16)
    kinds = np.zeros(_BMP, np.uint8)
    for point in range(_BMP):
        folds[point], kinds[point] = _fold(chr(point))
    for first, last in _UNSPACED_BLOCKS:
        block = kinds[first : last + 1]
        block[(block == _LETTER) | ((block == _SEPARATOR) & _is_mark(first, last))] = _UNSPACED
    for first, last in _DROPPED_MARKS:
        kinds[first : last + 1] = _DROPPED
    return folds, kinds


def _is_mark(first: int, last: int) -> NDArray[np.bool_]:
    return np.array([unicodedata.category(chr(point)) in {"Mn", "Mc"} for point in range(first, last + 1)])


def _fold(character: str) -> tuple[int, int]:
    category = unicodedata.category(character)
    if category == "Cf":
        return ord(character), _DROPPED
    if category in {"Mn", "Mc"}:
        composing = any(0x3099 <= ord(c) <= 0x309A for c in character) or unicodedata.combining(character) == 7
        return ord(character), _COMPOSED if composing else _LETTER if category == "Mc" else _DROPPED
    if 0x1100 <= ord(character) <= 0x11FF or unicodedata.normalize("NFKC", character) != character:
        parts = unicodedata.normalize("NFKC", character)
        return ord(character), _COMPOSED if any(map(str.isalnum, parts)) else _SEPARATOR
    if category[0] not in "LN":
        return ord(character), _SEPARATOR
    low = unicodedata.normalize("NFD", character.lower())
    base = low[0] if all(0x0300 <= ord(c) <= 0x036F for c in low[1:]) else character.lower()
    return ord(base[0]), _DIGIT if character.isdigit() else _LETTER


def _split(
    starts: NDArray[np.intp], ends: NDArray[np.intp], unspaced: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where a script has no blanks every two neighbouring characters stand for a word."""
    inside = np.zeros(len(unspaced) + 1, np.int8)
    inside[starts] += 1
    inside[ends] -= 1
    covered = np.cumsum(inside[:-1]) > 0
    before = np.concatenate(([False], unspaced[:-1]))
    begins = np.zeros(len(unspaced), np.bool_)
    begins[starts] = True
    begins |= covered & (unspaced | before)
    starts = np.flatnonzero(begins)
    limits = np.append(starts[1:], len(unspaced))
    gaps = np.flatnonzero(~covered)
    ends = np.minimum(limits, gaps[np.minimum(gaps.searchsorted(starts), len(gaps) - 1)])
    follows = unspaced[starts] & unspaced[np.minimum(starts + 1, len(unspaced) - 1)]
    return starts, np.where(follows, starts + 2, ends)


def _filter(stems: Hashes) -> Hashes:
    bits = np.zeros(FILTER_WORDS * 64, np.uint8)
    bits[(stems >> np.uint64(53)).astype(np.int64)] = 1
    return np.packbits(bits, bitorder="little").view("<u8").astype(np.uint64)


def _smallest_runs(words: _Words) -> Hashes:
    """The smallest distinct hashes of runs; the lowest bits mark the figures in the run, 0 for none."""
    blind = np.where(words.is_figure, _ANY_FIGURE, words.hashes)
    values = _runs(blind, slice(0, len(blind) - SHINGLE_WORDS + 1))
    values *= _SPREAD
    values ^= values >> np.uint64(32)
    values *= _BASE
    figures = np.where(words.is_figure, words.hashes, np.uint64(0))
    share = 1.4 * MOST_SHINGLES / len(values)
    while share < 1:
        found = _distinct(values, figures, np.flatnonzero(values < np.uint64(int(share * 2**64))))
        if len(found) >= MOST_SHINGLES:
            return found[:MOST_SHINGLES]
        share *= 2
    return _distinct(values, figures, np.arange(len(values)))[:MOST_SHINGLES]


def _distinct(values: Hashes, figures: Hashes, chosen: NDArray[np.intp]) -> Hashes:
    """The chosen ones with the marks of their figures, ascending, one of each."""
    marks = _runs(figures, chosen)
    marks *= _SPREAD
    marks >>= np.uint64(64 - FIGURES_BITS)
    found = (values[chosen] & _MASK) | marks
    found.sort()
    blind = found & _MASK
    first = np.empty(len(blind), np.bool_)
    first[:1] = True
    np.not_equal(blind[1:], blind[:-1], out=first[1:])
    return found[first]


def _runs(hashes: Hashes, at: slice | NDArray[np.intp]) -> Hashes:
    """The polynomials of the runs of five that begin `at`."""
    found = hashes[at].copy()
    for _ in range(1, SHINGLE_WORDS):
        hashes = hashes[1:]
        found *= _WORD_BASE
        found += hashes[at]
    return found


@lru_cache(maxsize=1)
def _powers() -> Hashes:
    return _powers_of(_BASE)


@lru_cache(maxsize=1)
def _inverse_powers() -> Hashes:
    """An odd number has an inverse modulo 2 to the 64th, so that a part of a sum can be moved to the beginning."""
    return _powers_of(np.uint64(pow(int(_BASE), -1, 1 << 64)))


def _powers_of(base: np.uint64) -> Hashes:
    factors = np.full(TEXT_CHARACTERS + 4, base, np.uint64)
    factors[0] = 1
    return np.multiply.accumulate(factors)
