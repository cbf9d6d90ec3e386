"""How well an article would stand for its story: points that add up, from what it is and what it tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from broadsheet.model.score import Score, Term

FIRST_TO_TELL = 5
OWN_TEXT = 5
LONG_TEXT = 4
CHARACTERS_FOR_A_POINT = 500
EXCERPT = AUTHOR = DATE = 2
"""Together at most 20: less than what a sitting head must be beaten by, so that a report that arrives late, or grows,
does not change the head by these alone."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that could be the head. `published` is UTC; `pinned` is an editor's word and beats all else.

    `is_copy` says that its text repeats another member's; `is_trusted` that the registry lists its publisher, and
    `is_official` that it is the subject's own voice. `own_share` is the share (0 to 1) of its text that no other
    report of the story has, `characters` the length of its text.
    """

    id: str
    quality: int
    published: datetime
    is_copy: bool = False
    provider_name: str = ""
    is_trusted: bool = False
    is_official: bool = False
    pinned: bool = False
    own_share: float = 0.0
    characters: int = 0
    has_excerpt: bool = False
    has_author: bool = False
    has_date: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate with its points: all that the choice is made from, so that it can be made again."""

    candidate: Candidate
    score: Score

    @property
    def rank(self) -> tuple[bool, bool, int, bool, bool, datetime, str]:
        """The order of preference; the smallest comes first."""
        article = self.candidate
        return (
            not article.pinned,
            article.is_copy,
            -self.score.total,
            not article.is_official,
            not article.is_trusted,
            article.published,
            article.id,
        )

    def as_json(self) -> dict[str, object]:
        """The standing as a receipt: `{id, pinned, copy, official, trusted, published, points, terms}`."""
        article = self.candidate
        return {
            "id": article.id,
            "pinned": article.pinned,
            "copy": article.is_copy,
            "official": article.is_official,
            "trusted": article.is_trusted,
            "published": article.published.isoformat(),
            "points": self.score.total,
            "terms": [{"name": t.name, "points": t.points} for t in self.score.terms],
        }


def standings(candidates: Sequence[Candidate]) -> list[Standing]:
    """All candidates with their points, the best first; the answer does not depend on the order given."""
    first = min((c.published for c in candidates if not c.is_copy), default=None)
    found = [Standing(c, _score(c, c.published == first and not c.is_copy)) for c in candidates]
    return sorted(found, key=lambda standing: standing.rank)


def _score(candidate: Candidate, is_first: bool) -> Score:
    terms = (
        Term("quality", candidate.quality),
        Term("first to tell", FIRST_TO_TELL * is_first),
        Term("text of its own", round(OWN_TEXT * candidate.own_share)),
        Term("length", min(LONG_TEXT, candidate.characters // CHARACTERS_FOR_A_POINT)),
        Term("excerpt", EXCERPT * candidate.has_excerpt),
        Term("author", AUTHOR * candidate.has_author),
        Term("date", DATE * candidate.has_date),
    )
    return Score(tuple(term for term in terms if term.points))
