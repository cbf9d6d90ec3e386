"""From a title and an excerpt to words that can be compared, in any script."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.stopwords import STOP_WORDS

TITLE_CHARACTERS = 400
EXCERPT_CHARACTERS = 300
ADDRESS_CHARACTERS = 1_000
LEAST_SLUG_WORDS = 3
SHORTEST_SLUG = 11
"""Three words of three letters, and what parts them."""
REMEMBERED = 4_096

# Scripts that are written without blanks between words: pairs of neighbouring characters stand for words there.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\U00020000-\U0003134f"
)
_TOKEN = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|(?P<number>\d+(?:[.,]\d+)*)|(?P<word>[^\W\d_{_UNSPACED}]\w*)")
# The same for text that has been folded and has nothing beyond ASCII: numbers and words.
_ASCII_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[a-z]\w*", re.ASCII)
_MARKS = re.compile("['’ʼ`]s?\\b")
_HOST = re.compile(r"^[a-z][a-z0-9+.-]*://[^/]*", re.IGNORECASE)
_JOINTS = re.compile(r"[-_+,]")
_ENDING = re.compile(r"\.\w{2,5}$")
_DIGIT = re.compile(r"\d")
_NAME = re.compile(rf"(?<!\w)[^\W\d_a-z{_UNSPACED}]\w+")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an article in their order, folded: `title`, and `lead` (the excerpt, else the
    text's beginning, then what the address adds)."""

    title: tuple[str, ...]
    lead: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Whether there is anything to compare."""
        return bool(self.title or self.lead)


def words_of(article: StoryArticle) -> Words:
    """The words of an article; long fields are cut, so that a text of any size costs the same."""
    lead = article.excerpt if article.excerpt.strip() else article.text[: 4 * EXCERPT_CHARACTERS]
    return _words(article.title[:TITLE_CHARACTERS], lead.strip()[:EXCERPT_CHARACTERS], article.url[:ADDRESS_CHARACTERS])


@lru_cache(maxsize=REMEMBERED)
def _words(title: str, lead: str, url: str) -> Words:
    headline = tuple(_tokens(title))
    return Words(headline, (*_tokens(lead), *(word for word in _slug(url) if word not in headline)))


def _slug(url: str) -> tuple[str, ...]:
    """The words of an address, from the part of its path that has most: often an earlier or longer headline."""
    path = _HOST.sub("", url).split("?")[0].split("#")[0]
    parts = (part for part in path.split("/") if len(part) >= SHORTEST_SLUG or not part.isascii())
    tokens = (tuple(_tokens(_ENDING.sub("", _JOINTS.sub(" ", part)))) for part in parts)
    words = (tuple(w for w in part if len(w) > 2 and not _DIGIT.search(w)) for part in tokens)
    longest = max(words, key=len, default=())
    return longest if len(longest) >= LEAST_SLUG_WORDS else ()


def _tokens(text: str) -> list[str]:
    if text.isascii():
        found = _ASCII_TOKEN.findall(_MARKS.sub(" ", text.lower()))
        return [_figure(t) if t < "a" else t for t in found if t < "a" or (len(t) > 1 and t not in STOP_WORDS)]
    return list(_any_tokens(text))


def _any_tokens(text: str) -> Iterator[str]:
    folded = _MARKS.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    for match in _TOKEN.finditer(folded):
        token = match.group()
        if match.lastgroup == "unspaced":
            yield from _pairs(token)
        elif match.lastgroup == "number":
            yield _figure(token)
        elif len(token) > 1 and token not in STOP_WORDS:
            yield token


def _figure(token: str) -> str:
    return token.replace(",", "") if len(token) > 1 else f"#{token}"


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    yield from map("".join, pairwise(run))


def is_number(token: str) -> bool:
    """Whether a token is a figure."""
    return token[:1].isdigit() or token.startswith("#")


@lru_cache(maxsize=REMEMBERED)
def _names(text: str) -> frozenset[str]:
    if text.isascii():
        return frozenset([name.lower() for name in _NAME.findall(text)])
    return frozenset(unicodedata.normalize("NFKC", name).casefold() for name in _NAME.findall(text))


def names_of(article: StoryArticle) -> frozenset[str]:
    """The folded words that the article writes with a capital; in a headline in title case that is nearly all."""
    return _names(f"{article.title[:TITLE_CHARACTERS]} {article.excerpt[:EXCERPT_CHARACTERS]}")
