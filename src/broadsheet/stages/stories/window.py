"""The articles that can still change their story, the units that they make up, and the groups of units."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.describing import Described
from broadsheet.stages.stories.units import Ints, Units
from broadsheet.stages.stories.words import Words, names_of, words_of

NO_UNIT = -1
CONDENSED = -1


@dataclass(slots=True)
class Entry:
    """An article in the window. `number` is its place in the order of arrival, `unit` what it is part of (NO_UNIT: it
    has no usable words, and stands alone in `story`), `root` the number of the article that it repeats with `share` of
    its text (of itself, if it is nobody's copy), `copy_of` the id of that one, `placed` the story that an editor put it
    in, `founded` how many stories were named by its id."""

    id: str
    number: int
    published: datetime
    described: Described
    root: int
    unit: int = NO_UNIT
    story: str = ""
    copy_of: str | None = None
    share: float | None = None
    placed: str | None = None
    founded: int = 0


class Window:
    """Who is there. `members` are the entries of each unit, `stories` the story of each group."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.entries: dict[str, Entry] = {}
        self.members: dict[int, list[Entry]] = {}
        self.stories: dict[int, str] = {}
        self.placed: dict[int, str] = {}
        self._numbered: dict[int, Entry] = {}
        self._families: dict[int, list[Entry]] = {}
        self._ids: dict[int, str] = {}
        self._by_words: dict[Words, int] = {}
        self._by_age: list[tuple[datetime, int, str]] = []
        self._sources: dict[int, int] = {}
        self._groups = 0
        self._arrived = 0

    def enter(self, entry: Entry) -> None:
        """An article arrives."""
        self.entries[entry.id] = self._numbered[entry.number] = entry
        self._ids[entry.number] = entry.id
        self._families.setdefault(entry.root, []).append(entry)
        self._arrived = max(self._arrived, entry.number + 1)
        heapq.heappush(self._by_age, (entry.published, entry.number, entry.id))

    @property
    def next_number(self) -> int:
        """The number of the next to arrive."""
        return self._arrived

    def numbered(self, number: int) -> Entry:
        """The article of this number."""
        return self._numbered[number]

    def relate(self, number: int, original: int, share: float) -> None:
        """An article turns out to repeat `share` of the text of another one, which may have left."""
        entry = self._numbered[number]
        self._part(entry)
        entry.root, entry.copy_of, entry.share = original, self._ids[original], share
        self._families.setdefault(original, []).append(entry)

    def _part(self, entry: Entry) -> None:
        family = self._families[entry.root]
        family.remove(entry)
        if not family:
            del self._families[entry.root]

    def home_of(self, entry: Entry) -> int | None:
        """The unit that an article is part of at once: of a text that it repeats, else of just its words."""
        for relative in self._families[entry.root]:
            if relative.unit != NO_UNIT:
                return relative.unit
        return self._by_words.get(entry.described.words) if entry.described.words.usable else None

    def leave(self, edge: datetime) -> list[Entry]:
        """Articles that were published before `edge` leave; they are given back."""
        gone = []
        while self._by_age and self._by_age[0][0] < edge:
            entry = self.entries.pop(heapq.heappop(self._by_age)[2])
            self._part(entry)
            del self._numbered[entry.number]
            if entry.unit != NO_UNIT:
                self._take_out(entry)
            gone.append(entry)
        return gone

    def attach(self, entry: Entry, unit: int) -> None:
        """The entry becomes part of a unit; a copy adds nothing to its weight."""
        entry.unit = unit
        self.members.setdefault(unit, []).append(entry)
        self._sources.setdefault(unit, entry.number)
        self._by_words.setdefault(entry.described.words, unit)
        if entry.copy_of is None and len(self.members[unit]) > 1:
            self.units.weight[unit] += 1
        if entry.placed is not None:
            self.placed[unit] = entry.placed

    def detach(self, entry: Entry) -> None:
        """Take an entry out of its unit; it is in none then."""
        self._take_out(entry)
        entry.unit = NO_UNIT

    def melt(self, units: list[int], into: int) -> None:
        """All entries of some units go over to the unit `into`; their own units die."""
        self._sources[into] = CONDENSED
        for unit in units:
            self._sources.pop(unit, None)
            for entry in self.members.pop(unit):
                entry.unit = into
                self.members.setdefault(into, []).append(entry)
                if self._by_words.get(entry.described.words) == unit:
                    self._by_words[entry.described.words] = into
            if unit in self.placed:
                self.placed[into] = self.placed.pop(unit)
        self.units.weight[units] = 0

    def new_group(self, units: Iterable[int], story: str) -> None:
        """These units are a group of their own from now on."""
        self.units.group[list(units)] = self._groups
        self.stories[self._groups] = story
        self._groups += 1

    def story_of(self, entry: Entry) -> str:
        """The story that an article is in; empty if it has none yet."""
        if entry.unit == NO_UNIT:
            return entry.story
        return self.stories.get(int(self.units.group[entry.unit]), "")

    def units_of(self, groups: Iterable[int]) -> dict[int, list[int]]:
        """The living units of some groups, by group."""
        wanted = np.array(sorted(groups), dtype=np.int64)
        alive = self.units.alive
        chosen = alive[np.isin(self.units.group[alive], wanted)]
        found: dict[int, list[int]] = defaultdict(list)
        for unit, group in zip(chosen.tolist(), self.units.group[chosen].tolist(), strict=True):
            found[group].append(unit)
        return found

    def _take_out(self, entry: Entry) -> None:
        unit = entry.unit
        rest = self.members[unit]
        rest.remove(entry)
        if not rest:
            self.units.weight[unit] = 0
            del self.members[unit]
            self.placed.pop(unit, None)
            self._sources.pop(unit, None)
        elif entry.copy_of is None:
            self.units.weight[unit] = max(1.0, self.units.weight[unit] - 1)
        words = entry.described.words
        if self._by_words.get(words) == unit and not any(e.described.words == words for e in rest):
            del self._by_words[words]

    def renumbered(self, kept: Ints) -> None:
        """Only these units are left, numbered anew in their order."""
        numbers = {int(old): new for new, old in enumerate(kept)}
        self.members = {numbers[unit]: entries for unit, entries in self.members.items()}
        for unit, entries in self.members.items():
            for entry in entries:
                entry.unit = unit
        self._sources = {numbers[unit]: source for unit, source in self._sources.items()}
        self.placed = {numbers[unit]: story for unit, story in self.placed.items()}
        self._by_words = {words: numbers[unit] for words, unit in self._by_words.items()}
        alive = set(self.units.group.tolist())
        self.stories = {group: story for group, story in self.stories.items() if group in alive}

    def is_described(self, unit: int) -> bool:
        """Whether the row of a unit can be made again from an article that is still here."""
        source = self._numbered.get(self._sources[unit])
        return source is not None and source.unit == unit

    def source_of(self, unit: int) -> Entry:
        """The article that the row of a described unit was made from."""
        return self._numbered[self._sources[unit]]

    def state(self, places: Mapping[int, int]) -> dict[str, Any]:
        """What is known beside the rows; `places` has the new numbers of the living units."""
        groups = {str(group): self.stories[group] for group in np.unique(self.units.group[list(places)]).tolist()}
        return {
            "entries": [_entry_state(entry, places) for entry in self],
            "stories": groups,
            "placed": {str(places[unit]): story for unit, story in self.placed.items()},
            "sources": [self._sources[unit] for unit in places],
            "groups": self._groups,
            "arrived": self._arrived,
        }

    def restore(self, state: Mapping[str, Any], articles: Mapping[str, StoryArticle]) -> list[Entry]:
        """Put everything back but the units' rows. Raises ValueError where an article is missing."""
        entries = [_entry(row, articles) for row in state["entries"]]
        for entry in entries:
            self.enter(entry)
            if entry.unit != NO_UNIT:
                self.members.setdefault(entry.unit, []).append(entry)
                self._by_words.setdefault(entry.described.words, entry.unit)
        self.stories = {int(group): story for group, story in state["stories"].items()}
        self.placed = {int(unit): story for unit, story in state["placed"].items()}
        self._sources = dict(enumerate(state["sources"]))
        self._groups, self._arrived = state["groups"], state["arrived"]
        return entries

    def __iter__(self) -> Iterator[Entry]:
        """The articles in the order of their arrival."""
        return iter(sorted(self.entries.values(), key=lambda e: e.number))


def _entry_state(entry: Entry, places: Mapping[int, int]) -> dict[str, Any]:
    unit = places[entry.unit] if entry.unit != NO_UNIT else NO_UNIT
    state: dict[str, Any] = {"id": entry.id, "number": entry.number, "unit": unit, "root": entry.root}
    more = {
        "story": entry.story, "copyOf": entry.copy_of, "share": entry.share, "placed": entry.placed,
        "founded": entry.founded,
    }  # fmt: skip
    return state | {name: value for name, value in more.items() if value}


def _entry(row: Mapping[str, Any], articles: Mapping[str, StoryArticle]) -> Entry:
    article = articles.get(row["id"])
    if article is None:
        raise ValueError(f"the article {row['id']} of the story engine's window is not there")
    return Entry(
        article.id, row["number"], article.published, described(article), root=row["root"], unit=row["unit"],
        story=row.get("story", ""), copy_of=row.get("copyOf"), share=row.get("share"), placed=row.get("placed"),
        founded=row.get("founded", 0),
    )  # fmt: skip


def described(article: StoryArticle) -> Described:
    """What the engine reads of an article."""
    return Described(words_of(article), names_of(article))
