"""The editor's word: decisions about stories, and what follows from all of them together.

A decision names articles as well as stories: the ids of stories come from the engine, articles are found again by
whoever begins anew. Here articles are named by any text that is the same for the same article.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    """What was decided."""

    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"
    PIN = "pin"
    UNPIN = "unpin"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision; `name` is its file's, without the ending, `at` UTC.

    `story` ends in a merge (all it has goes `into` another) and is divided by a split. `articles` are those that leave
    (split: `into` a new story), are moved (`into` another), or are the head (pin) or no longer (unpin). `members` are
    the articles of each story that is concerned as they were at that time, its head first. `decision` is the name of
    the one that is undone.
    """

    name: str
    at: datetime
    by: str
    what: What
    why: str = ""
    story: str = ""
    into: str = ""
    articles: tuple[str, ...] = ()
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Placements:
    """What all decisions say together.

    `stories` maps an article to the story that it is in for ever: articles of one are always together, articles of
    different ones never. `merged` maps a story that ended in a merge to the one that takes all it has, also what no
    decision names. `moved` maps a story without articles to where its head is: so its address leads there. What
    `merged` leads to was not merged, and what `moved` leads to has not moved. `last_heads` are the heads of those that
    moved, as the decisions name them. `pinned` are the articles that are heads wherever they are; of two in one story
    the later. `was` is the story of an article before anybody decided. `undone` are names of decisions; `problems` says
    by name why a decision has no effect, `decided` by which one an article is in its story.
    """

    stories: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    pinned: tuple[str, ...] = ()
    last_heads: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)
    undone: frozenset[str] = frozenset()
    problems: Mapping[str, str] = field(default_factory=dict)
    decided: Mapping[str, str] = field(default_factory=dict)

    def head_of(self, articles: Iterable[str]) -> str | None:
        """The one among these articles of a story that an editor chose as its head."""
        there = set(articles)
        return next((article for article in reversed(self.pinned) if article in there), None)

    def story_of(self, article: str, otherwise: str) -> str:
        """The article's story, where without any decision it would be `otherwise`."""
        return self.stories.get(article) or self.merged.get(otherwise, otherwise)


def in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """By time, then name: the order in which they hold."""
    return sorted(decisions, key=lambda d: (d.at, d.name))


def resolve(decisions: Iterable[Decision]) -> Placements:
    """What follows from the decisions, given in any order, each name once. Later ones win over earlier ones."""
    ordered = in_order(decisions)
    undone, problems = _undone(ordered)
    board = _Board()
    for decision in ordered:
        board.hear(decision)
        if decision.name not in undone:
            board.take(decision)
    return board.placements(undone, problems)


def _undone(ordered: Sequence[Decision]) -> tuple[frozenset[str], dict[str, str]]:
    """From the last to the first, since what undoes may be undone itself; it reaches only what came before it."""
    position = {decision.name: number for number, decision in enumerate(ordered)}
    undone: set[str] = set()
    problems: dict[str, str] = {}
    for number in range(len(ordered) - 1, -1, -1):
        decision = ordered[number]
        if decision.what is not What.UNDO or decision.name in undone:
            continue
        target = position.get(decision.decision)
        if target is None or target >= number:
            when = "is there" if target is None else "is earlier than it"
            problems[decision.name] = f"no decision {decision.decision} {when}"
            continue
        undone.add(decision.decision)
    return frozenset(undone), problems


class _Board:
    """Takes decisions one after the other. An article's label may be a story that was merged since: `_end` follows."""

    def __init__(self) -> None:
        self._label: dict[str, str] = {}
        self._leads: dict[str, str] = {}
        self._pinned: dict[str, None] = {}
        self._was: dict[str, str] = {}
        self._anchor: dict[str, str] = {}
        self._decided: dict[str, str] = {}

    def hear(self, decision: Decision) -> None:
        """Notes what was, and by which article each story's address is followed; also of what was undone since."""
        for story, members in decision.members.items():
            for article in members:
                self._was.setdefault(article, story)
            stay = (a for a in members if decision.what in (What.MERGE, What.PIN) or a not in decision.articles)
            anchor = next(stay, members[0] if members else None)
            if anchor is not None:
                self._anchor[story] = anchor
        if decision.what in (What.SPLIT, What.MOVE):
            for article in decision.articles:
                self._was.setdefault(article, decision.story or decision.into)
                self._anchor.setdefault(decision.into, article)

    def take(self, decision: Decision) -> None:
        """Does what a decision in force says."""
        if decision.what is What.PIN:
            for article in decision.articles:
                self._pinned.pop(article, None)
                self._pinned[article] = None
        elif decision.what is What.UNPIN:
            for article in decision.articles:
                self._pinned.pop(article, None)
        elif decision.what is What.MERGE:
            self._merge(decision)
        elif decision.what is not What.UNDO:
            self._keep_together(decision, but=frozenset(decision.articles))
            self._label.update(dict.fromkeys(decision.articles, decision.into))
            self._decided.update(dict.fromkeys(decision.articles, decision.name))

    def _merge(self, decision: Decision) -> None:
        source, target = self._end(decision.story), self._end(decision.into)
        if source != target:
            self._leads[source] = target
        self._keep_together(decision, but=frozenset())
        self._decided.update(dict.fromkeys(decision.members.get(decision.story, ()), decision.name))

    def _keep_together(self, decision: Decision, but: frozenset[str]) -> None:
        """Who is only named as being there stays where an earlier decision put it."""
        for story, members in decision.members.items():
            for article in members:
                if article not in but:
                    self._label.setdefault(article, story)

    def _end(self, story: str) -> str:
        """Where a story is after all merges; a lead is only ever given to one that has none, so there is no ring."""
        end = story
        while end in self._leads:
            end = self._leads[end]
        while story != end:
            self._leads[story], story = end, self._leads[story]
        return end

    def placements(self, undone: frozenset[str], problems: Mapping[str, str]) -> Placements:
        """The sum. An article that no decision in force places is taken to be where it was."""
        stories = {article: self._end(label) for article, label in self._label.items()}
        homes = {article: self._end(story) for article, story in self._was.items()} | stories
        alive = set(homes.values())
        merged = {story: self._end(story) for story in self._leads}
        moved = {s: homes[a] for s, a in self._anchor.items() if s not in alive}
        last_heads = {s: self._anchor[s] for s in moved}
        for story, end in merged.items():
            moved.setdefault(story, moved.get(end, end))
        return Placements(
            stories=stories,
            merged=merged,
            moved=moved,
            pinned=tuple(self._pinned),
            last_heads=last_heads,
            was=self._was,
            undone=undone,
            problems=problems,
            decided=self._decided,
        )
