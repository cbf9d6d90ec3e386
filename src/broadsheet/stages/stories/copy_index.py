"""Finds articles that may have the same text, by single hashes."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from broadsheet.formats.urls import url_key
from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.sketches import Hashes, rungs, rungs_of, runs_of, without_figures

INDEXED_RUNS = 20
CROWD = 48
"""What more articles than this have in common is a publisher's own phrase, and finds nothing."""
CANDIDATES = 4
LEAST_HITS = 2
ADDRESS_CHARACTERS = 2_000
_USUAL = re.compile(r"https?://(?:www\.)?([a-z0-9.-]+/[A-Za-z0-9/._~-]+)")
"""An address with nothing that only the long way can tell: parameters, fragments, escapes, ports, other scripts."""
_AMP = re.compile(r"\bamp(?:project)?\b")

Postings = dict[Hashable, "dict[int, None] | int"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of an article while it is in the window: no text, but its sketch, headline and excerpt.

    `leads` are the rungs of the text's beginning and of the excerpt; `address` is its URL without what does not tell
    pages apart, empty where it has none.
    """

    published: datetime
    title: str
    excerpt: str
    address: str
    sketched: Hashes
    leads: tuple[tuple[int, ...], ...]

    def found_by(self) -> Iterator[Hashable]:
        """What it is found by: its smallest hashes of runs, its beginnings and its address."""
        yield from without_figures(runs_of(self.sketched)[:INDEXED_RUNS]).tolist()
        yield from self.marks()

    def marks(self) -> Iterator[Hashable]:
        """Its beginnings and its address, each of which alone is reason to look."""
        if self.address:
            yield self.address
        for lead in self.leads:
            yield -lead[0]


def known_of(article: StoryArticle, sketched: Hashes) -> Known:
    """What to keep of an article."""
    excerpt = article.excerpt[:300]
    leads = [rungs(excerpt)] if excerpt else []
    if len(sketched):
        leads.append(rungs_of(sketched))
    return Known(
        published=article.published,
        title=article.title[:400],
        excerpt=excerpt,
        address=_address(article.url),
        sketched=sketched,
        leads=tuple(lead for lead in dict.fromkeys(leads) if lead[0]),
    )


def _address(url: str) -> str:
    """What tells the page from others; empty for none, and for a publisher's front page."""
    usual = _USUAL.fullmatch(url, 0, ADDRESS_CHARACTERS)
    if usual and not ("amp" in url and _AMP.search(url)):
        return usual[1].rstrip("/") if "/" in usual[1].rstrip("/") else ""
    key = url_key(url[:ADDRESS_CHARACTERS])
    return key if "/" in key or "?" in key else ""


class CopyIndex:
    """Which articles have a hash of a run, a beginning, or an address."""

    def __init__(self) -> None:
        self._postings: Postings = {}

    def insert(self, index: int, known: Known) -> None:
        """Make an article findable."""
        for key in known.found_by():
            _put(self._postings, key, index)

    def remove(self, index: int, known: Known) -> None:
        """Make an article that was inserted unfindable."""
        for key in known.found_by():
            _take(self._postings, key, index)

    def candidates(self, known: Known) -> list[int]:
        """The few articles for which most speaks, ascending."""
        hits: list[int] = []
        find = self._postings.get
        for run in without_figures(runs_of(known.sketched)).tolist():
            found = find(run)
            if found is None:
                continue
            if isinstance(found, int):
                hits.append(found)
            elif len(found) <= CROWD:
                hits.extend(found)
        counted = sorted(Counter(hits).items(), key=lambda pair: (-pair[1], pair[0]))[:CANDIDATES] if hits else []
        chosen = {index for index, count in counted if count >= LEAST_HITS}
        for mark in known.marks():
            chosen.update(_few(self._postings, mark))
        return sorted(chosen)


def _few(postings: Postings, key: Hashable) -> Iterable[int]:
    found = postings.get(key)
    if found is None:
        return ()
    if isinstance(found, int):
        return (found,)
    return found if len(found) <= CROWD else ()


def _put(postings: Postings, key: Hashable, index: int) -> None:
    found = postings.setdefault(key, index)
    if isinstance(found, dict):
        found[index] = None
    elif found != index:
        postings[key] = {found: None, index: None}


def _take(postings: Postings, key: Hashable, index: int) -> None:
    found = postings.get(key)
    if isinstance(found, dict):
        found.pop(index, None)
        if len(found) == 1:
            postings[key] = next(iter(found))
    elif found == index:
        del postings[key]
