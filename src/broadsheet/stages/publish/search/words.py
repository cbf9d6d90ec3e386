"""From text to the words that are searched for. `static/search.js` does the same in the browser, to the letter.

Case, diacritics, ligatures and wide forms are folded. Scripts written without spaces are cut into overlapping pairs of
letters, the last letter standing alone, so that any two letters are found, and any one as the beginning of a pair.
Arabic loses its vowel signs, its forms of alef, yeh and heh become one, and the article goes.
"""

import re
from functools import cache, lru_cache
from unicodedata import normalize

_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff"
    "\u1000-\u109f\u1780-\u17d3\u3099\u309a"
)
"""Signs that belong to a word, though Unicode counts them as no letters: accents, points, vowels of Indic scripts."""
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17d3\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_ASCII_WORD = re.compile("[a-z0-9]{1,80}")
_WORD = re.compile(f"(?:[^\\W_]|[{_MARKS}]){{1,80}}")
_FIRST_SPACELESS = _SPACELESS[0]
_DROPPED = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0640\u064b-\u065f\u0670]")
_ARTICLE = re.compile("(?:[\u0648\u0641\u0628\u0643]?\u0627\u0644|\u0644\u0644)(?=.{3})")
_LETTERS = str.maketrans(
    {
        **dict(zip("øđðłıħςةىٱکی", "oddlihσهياكي", strict=True)),
        **dict(zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789", strict=True)),
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)

_COMMON = """
    a an and are as at be been but by for from had has have he her his how if in into is it its more no not of on or
    our she so than that the their them they this to was we were what when which will with would you your
    s t d l m re ve ll
    der die das den dem des ein eine einen einem einer eines und oder ist sind war im zu zum zur von vom mit fur auf als
    auch am aus bei bis nach nicht noch sich sie er es wie wird werden uber um
    le la les un une du de et ou en dans que qui pour par sur au aux avec est sont ce cette ces se son sa ses plus pas
    il el los las una del y o por con su sus al lo como mas para
    في من على الى عن ان او مع هذا هذه ما لا هو هي بعد قبل بين
"""
STOP_WORDS = frozenset(_COMMON.split())
"""Words that every text has, folded as `words_of` folds. They are neither stored nor asked for."""


def words_of(text: str) -> list[str]:
    """The words of a text in order, folded, those without meaning among them: their places count."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    words: list[str] = []
    for word in _WORD.findall(text.lower()):
        if word.isascii():
            words.append(word)
        else:
            words.extend(_folded(word))
    return words


@lru_cache(maxsize=8192)
def label_of(name: str) -> str:
    """A name as a filter asks for it: its words joined by hyphens."""
    return "-".join(words_of(name))


@lru_cache(maxsize=8192)
def _folded(word: str) -> tuple[str, ...]:
    plain = normalize("NFKC", _DROPPED.sub("", normalize("NFKD", word).lower())).translate(_LETTERS)
    pieces = _WORD.findall(plain)  # a ligature may stand for several words
    return tuple(w for piece in pieces for w in _cut(piece))


def _cut(piece: str) -> list[str]:
    if max(piece) < _FIRST_SPACELESS:
        return [_without_article(piece)]
    words: list[str] = []
    for run in _runs().finditer(piece):
        spaceless = run[1]
        words += [spaceless[at : at + 2] for at in range(len(spaceless))] if spaceless else [_without_article(run[0])]
    return words


@cache
def _runs() -> re.Pattern[str]:
    """Letters of scripts without spaces, or of others. So large a set takes milliseconds to compile: in most languages
    no word needs it."""
    return re.compile(f"([{_SPACELESS}]+)|[^{_SPACELESS}]+")


def _without_article(word: str) -> str:
    article = _ARTICLE.match(word)
    return word[article.end() :] if article else word
