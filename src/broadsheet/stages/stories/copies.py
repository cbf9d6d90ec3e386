"""Who repeats whose text: shingles and containment (Broder, On the resemblance and containment of documents, 1997)."""

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.spans import earlier
from broadsheet.stages.stories.words import words_of

SHINGLE_WORDS = 5
LEAST_WORDS = 40
LEAST_WORDS_OF_TITLE_AND_EXCERPT = 12
MOST_WORDS = 1_500
COPY_SHARE = 0.6
CANDIDATES = 4

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Copy:
    """The article at `original` (an index) holds `share` (0 to 1) of this one's text."""

    original: int
    share: float


def find_copies(articles: Sequence[StoryArticle], within: timedelta) -> dict[int, Copy]:
    """Copies among articles that are sorted by time, by index: the earliest article with the text is the original.

    Every run of five words belongs to the first article that had it, so the cost grows with the words alone, however
    many publishers print the same release.
    """
    owners: dict[int, int] = {}
    prints: dict[int, frozenset[int]] = {}
    copies: dict[int, Copy] = {}
    leads: dict[str, int] = {}
    for index, article in enumerate(articles):
        oldest = earlier(article.published, within)
        prints[index] = shingles(article.text)
        found = _same_lead(articles, index, leads, oldest) or _same_text(articles, index, owners, prints, oldest)
        if found and found.original in copies:
            found = _of_the_first(found, index, copies, prints)
        if found:
            copies[index] = found
        for shingle in prints[index]:
            if articles[owners.setdefault(shingle, index)].published < oldest:
                owners[shingle] = index
    return copies


def _of_the_first(found: Copy, index: int, copies: dict[int, Copy], prints: dict[int, frozenset[int]]) -> Copy:
    """A copy of a copy is a copy of the first; its share is what it has in common with that one, as far as known."""
    first = copies[found.original].original
    share = _containment(prints[index], prints[first]) if prints[index] and prints[first] else found.share
    return Copy(first, share)


def _same_lead(articles: Sequence[StoryArticle], index: int, leads: dict[str, int], oldest: datetime) -> Copy | None:
    article = articles[index]
    words = _WORD.findall(f"{article.title} {article.excerpt}"[:2_000].casefold())
    if not article.excerpt.strip() or len(words) < LEAST_WORDS_OF_TITLE_AND_EXCERPT:
        return None
    first = leads.setdefault(" ".join(words), index)
    if first == index or articles[first].published < oldest:
        leads[" ".join(words)] = index
        return None
    return Copy(first, 1.0)


def _same_text(
    articles: Sequence[StoryArticle],
    index: int,
    owners: dict[int, int],
    prints: dict[int, frozenset[int]],
    oldest: datetime,
) -> Copy | None:
    mine = prints[index]
    held = Counter(owners[shingle] for shingle in mine if shingle in owners)
    candidates = sorted(i for i, _ in held.most_common(CANDIDATES) if articles[i].published >= oldest)
    for candidate in candidates:
        share = _containment(mine, prints[candidate])
        if share >= COPY_SHARE and _is_about(articles[index], articles[candidate]):
            return Copy(candidate, share)
    return None


def _is_about(article: StoryArticle, original: StoryArticle) -> bool:
    """Whether the headline speaks of what the original tells. Two pages whose menus were taken for their text have
    the same text, and tell different things."""
    title = set(words_of(article).title)
    told = set(words_of(original).title).union(_WORD.findall(original.text[: MOST_WORDS * 12].casefold()))
    return 3 * len(title & told) >= len(title)


def _containment(mine: frozenset[int], theirs: frozenset[int]) -> float:
    return round(len(mine & theirs) / len(mine), 4)


def shingles(text: str) -> frozenset[int]:
    """The hashed runs of five words of a text of forty words or more; none for a shorter one."""
    words = _WORD.findall(text[: MOST_WORDS * 12].casefold())[:MOST_WORDS]
    if len(words) < LEAST_WORDS:
        return frozenset()
    hashed = np.array([zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words], dtype=np.uint64)
    mixed = np.zeros(len(words) - SHINGLE_WORDS + 1, dtype=np.uint64)
    for at in range(SHINGLE_WORDS):
        mixed = mixed * np.uint64(0x100000001B3) + hashed[at : at + len(mixed)]
    return frozenset(mixed.tolist())
