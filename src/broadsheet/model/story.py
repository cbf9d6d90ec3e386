"""A story: the articles of different publishers that tell the same thing, and why we think so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class DecidedBy(StrEnum):
    """What settled the story of an article: the score, that it repeats another one's text or has the very words of
    one, an editor, or nothing (no other article was near enough)."""

    SCORE = "score"
    COPY = "copy"
    SAME_WORDS = "same words"
    EDITOR = "editor"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What decided that an article is in its story.

    By score: `similarity` is the average score between the `together` articles that were looked at as one (this one
    among them) and the rest of the story, at the weakest of the merges that made the story; it is the sum of `terms`,
    and reached `threshold`. By copy: the share of its text. `runner_up` is the id of the next best story and
    `runner_up_similarity` the article's score there. `names` and `numbers` are what it shares with the story. By an
    editor: `decision` names the decision, and nothing else counts.
    """

    similarity: float | None = None
    threshold: float | None = None
    runner_up: str | None = None
    runner_up_similarity: float | None = None
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    terms: Mapping[str, float] = field(default_factory=dict)
    decided_by: DecidedBy = DecidedBy.NOTHING
    together: int = 1
    decision: str | None = None

    def holds(self) -> bool:
        """Decide again, from these figures alone: whether they say that the article is where it is."""
        if self.decision is not None:
            return True
        if self.decided_by is DecidedBy.NOTHING:
            return self.runner_up_similarity is None or self.runner_up_similarity < (self.threshold or 0.0)
        if self.decided_by in (DecidedBy.EDITOR, DecidedBy.SAME_WORDS):
            return True
        reached = self.similarity is not None and self.threshold is not None and self.similarity >= self.threshold
        adds_up = not self.terms or abs(sum(self.terms.values()) - (self.similarity or 0.0)) < 1e-6
        return reached and adds_up

    def as_json(self) -> dict[str, object]:
        """The receipt as the filters and the API print it; `decision` only where there is one."""
        return {
            "decidedBy": str(self.decided_by),
            "together": self.together,
            "similarity": self.similarity,
            "threshold": self.threshold,
            "runnerUp": self.runner_up,
            "runnerUpSimilarity": self.runner_up_similarity,
            "names": list(self.names),
            "numbers": list(self.numbers),
            "terms": dict(self.terms),
            **({"decision": self.decision} if self.decision else {}),
        }


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """What the story engine needs of an article. `published` is UTC; `id` is any stable string."""

    id: str
    title: str
    published: datetime
    url: str = ""
    excerpt: str = ""
    text: str = ""
    provider_domain: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """The engine's word on one article. `copy_of` is the id of the article whose text it repeats, `shared_text`
    the share (0 to 1) of its words in common with that one."""

    article_id: str
    story_id: str
    receipt: Receipt
    copy_of: str | None = None
    shared_text: float | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """An article in a published story, with what a reader of the story page is shown. `record` is its file's path.

    `adds` is one clause on what this report adds to the head, None where nothing can be said with certainty.
    """

    record: str
    title: str
    url: str
    provider_name: str
    provider_domain: str
    published: datetime
    receipt: Receipt
    excerpt: str | None = None
    language: str | None = None
    type: str = "article"
    quality: int = 0
    is_head: bool = False
    copy_of: str | None = None
    shared_text: float | None = None
    adds: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A publisher changed what it had said. `before` and `after` are the sentences or titles that differ; UTC."""

    record: str
    at: datetime
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Story:
    """A story as it is filed in `_stories/<id>.json` and shown at `/stories/<id>/`.

    `id` is permanent. `members` are ordered: the head, then by time. `heat_terms` are the terms that add up to
    `heat` ([name, points] pairs), `head_reasons` why the head is the head, each a short sentence. `reachable` says of
    one that readers are not shown any more that they were given its address, which holds for ever.
    """

    id: str
    title: str
    heat: int
    published: bool
    members: tuple[Member, ...]
    topics: tuple[str, ...] = ()
    heat_terms: tuple[tuple[str, int], ...] = ()
    head_reasons: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    reachable: bool = False

    @property
    def head(self) -> Member:
        """The member that stands for the story; that none does is a programming error."""
        for member in self.members:  # the first, as a rule: a generator for it would take four times as long
            if member.is_head:
                return member
        raise ValueError(f"the story {self.id} has no head")

    @property
    def independent(self) -> tuple[Member, ...]:
        """The members that are nobody's copy."""
        return tuple(m for m in self.members if m.copy_of is None)

    @property
    def copies(self) -> tuple[Member, ...]:
        """The members that repeat another one's text."""
        return tuple(m for m in self.members if m.copy_of is not None)


@dataclass(frozen=True, slots=True)
class Moved:
    """A story without reports, which are elsewhere now: its address leads to `into`, where its last head is."""

    id: str
    into: str


def by_editor(decision: str | None) -> Receipt:
    """The receipt of an article that an editor's decision put where it is."""
    return Receipt(decided_by=DecidedBy.EDITOR, decision=decision)


def receipt_from_json(row: Mapping[str, Any]) -> Receipt:
    """The receipt that `Receipt.as_json` wrote."""
    return Receipt(
        similarity=row.get("similarity"),
        threshold=row.get("threshold"),
        runner_up=row.get("runnerUp"),
        runner_up_similarity=row.get("runnerUpSimilarity"),
        names=tuple(row.get("names") or ()),
        numbers=tuple(row.get("numbers") or ()),
        terms=row.get("terms") or {},
        decided_by=DecidedBy(row["decidedBy"]) if "decidedBy" in row else _as_it_was(row),
        together=row.get("together", 1),
        decision=row.get("decision"),
    )


def _as_it_was(row: Mapping[str, Any]) -> DecidedBy:
    """What decided, in receipts from before that was said."""
    if row.get("decision"):
        return DecidedBy.EDITOR
    return DecidedBy.NOTHING if row.get("similarity") is None else DecidedBy.SCORE
