"""The articles that can still change their story, the units that they make up, and the groups of units."""

import heapq
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

import numpy as np

from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.describing import Described
from broadsheet.stages.stories.forms import Forms, form_of
from broadsheet.stages.stories.units import Ints, Units
from broadsheet.stages.stories.words import Words, names_of, words_of

NO_UNIT = -1
CONDENSED = -1
_NUMBER = attrgetter("number")


@dataclass(slots=True, eq=False)
class Entry:
    """An article in the window. `number` is its place in the order of arrival, `unit` what it is part of (NO_UNIT: it
    says too little, and stands alone in `story`), `root` the number of the article that it repeats with `share` of
    its text (of itself, if it is nobody's copy), `copy_of` the id of that one, `placed` the story that an editor put it
    in, `before` the one that it was in until then, `founded` how many stories were named by its id. `published` is
    when it counts as published."""

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
    before: str = ""


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
        self._originals: dict[int, str] = {}
        self._by_words: dict[Words, dict[int, int]] = {}
        self._own: dict[int, int] = {}
        self._open: dict[str, int] = {}
        self._seated: Counter[str] = Counter()
        self._by_age: list[tuple[datetime, int, str]] = []
        self._sources: dict[int, int] = {}
        self._forms = Forms()
        self._groups = 0
        self._arrived = 0

    def enter(self, entry: Entry) -> None:
        """An article arrives."""
        self.entries[entry.id] = self._numbered[entry.number] = entry
        self._originals.setdefault(entry.root, entry.copy_of or entry.id)
        self._families.setdefault(entry.root, []).append(entry)
        self._arrived = max(self._arrived, entry.number + 1)
        self._forms.enter(entry.described.form)
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
        if entry.copy_of is None and entry.unit != NO_UNIT:
            self._count(entry.unit, -1)
        original_id = self._originals[original]
        self._part(entry)
        entry.root, entry.copy_of, entry.share = original, original_id, share
        self._originals[original] = original_id
        insort(self._families.setdefault(original, []), entry, key=_NUMBER)

    def _part(self, entry: Entry) -> None:
        family = self._families[entry.root]
        del family[bisect_left(family, entry.number, key=_NUMBER)]
        if not family:
            del self._families[entry.root], self._originals[entry.root]

    def family_of(self, root: int) -> Sequence[Entry]:
        """All that repeat one text, in the order of their arrival."""
        return tuple(self._families.get(root, ()))

    def home_of_text(self, root: int) -> int | None:
        """The unit of those that repeat this text: of the original, else of the first that has one."""
        original = self._numbered.get(root)
        if original is not None and original.unit != NO_UNIT:
            return original.unit
        return next((some.unit for some in self._families.get(root, ()) if some.unit != NO_UNIT), None)

    def home_of_words(self, words: Words) -> int | None:
        """The unit of those that have just these words."""
        return min(self._by_words.get(words, ()), default=None) if words.usable else None

    def says_little(self, entry: Entry) -> bool:
        """Whether there is nothing to compare the entry by: no usable words, or a form that many fill in."""
        return not entry.described.words.usable or self._forms.is_filled_in(entry.described.form)

    def seat(self, entry: Entry, story: str) -> None:
        """An entry without a unit stands alone in this story."""
        self.unseat(entry)
        entry.story = story
        self._seated[story] += 1

    def unseat(self, entry: Entry) -> None:
        """The entry stands in no story of its own any more."""
        if entry.story:
            self._seated[entry.story] -= 1
            if not self._seated[entry.story]:
                del self._seated[entry.story]
            entry.story = ""

    def is_open(self, story: str) -> bool:
        """Whether anybody in the window is in this story."""
        group = self.group_of(story)
        return story in self._seated or (
            group is not None and bool(np.any((self.units.group == group) & (self.units.weight > 0)))
        )

    def group_of(self, story: str) -> int | None:
        """The group that got this story last; it may have nobody left."""
        return self._open.get(story)

    def leave(self, edge: datetime) -> list[Entry]:
        """Articles that were published before `edge` leave; they are given back."""
        gone = []
        while self._by_age and self._by_age[0][0] < edge:
            _, number, _ = heapq.heappop(self._by_age)
            entry = self._numbered.get(number)
            if entry is not None:
                self.remove(entry)
                gone.append(entry)
        return gone

    def remove(self, entry: Entry) -> None:
        """An article leaves."""
        del self.entries[entry.id], self._numbered[entry.number]
        self._forms.leave(entry.described.form)
        self._part(entry)
        if entry.unit != NO_UNIT:
            self._take_out(entry)
        self.unseat(entry)

    def attach(self, entry: Entry, unit: int) -> None:
        """The entry becomes part of a unit; a copy adds nothing to its weight."""
        self.unseat(entry)
        self._put(entry, unit)
        self._sources.setdefault(unit, entry.number)
        self._count(unit, int(entry.copy_of is None))
        if entry.placed is not None:
            self.placed[unit] = entry.placed

    def _put(self, entry: Entry, unit: int) -> None:
        entry.unit = unit
        self.members.setdefault(unit, []).append(entry)
        homes = self._by_words.setdefault(entry.described.words, {})
        homes[unit] = homes.get(unit, 0) + 1

    def _count(self, unit: int, more: int) -> None:
        """A unit weighs as much as it has articles that are nobody's copy, and one at least."""
        self._own[unit] = self._own.get(unit, 0) + more
        self.units.weight[unit] = max(1, self._own[unit])

    def detach(self, entry: Entry) -> None:
        """Take an entry out of its unit; it is in none then."""
        self._take_out(entry)
        entry.unit = NO_UNIT

    def mark(self, unit: int) -> None:
        """Read from its members where an editor put a unit."""
        story = next((entry.placed for entry in self.members[unit] if entry.placed is not None), None)
        if story is None:
            self.placed.pop(unit, None)
        else:
            self.placed[unit] = story

    def keep_row(self, unit: int) -> None:
        """The row of a unit is not what would be read off its article."""
        self._sources[unit] = CONDENSED

    def is_condensed(self, unit: int) -> bool:
        """Whether a unit is made of several others."""
        return self._sources[unit] == CONDENSED

    def melt(self, units: list[int], into: int) -> None:
        """All entries of some units go over to the unit `into`; their own units die."""
        self._sources[into] = CONDENSED
        for unit in units:
            self._sources.pop(unit, None)
            for entry in self.members.pop(unit):
                self._forget_words(entry.described.words, unit)
                self._put(entry, into)
            self._count(into, self._own.pop(unit))
            if unit in self.placed:
                self.placed[into] = self.placed.pop(unit)
        self.units.weight[units] = 0

    def new_group(self, units: Iterable[int], story: str) -> None:
        """These units are a group of their own from now on."""
        self.units.group[list(units)] = self._groups
        self.stories[self._groups] = story
        self._open[story] = self._groups
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
        self._forget_words(entry.described.words, unit)
        self._count(unit, -int(entry.copy_of is None))
        if not rest:
            self.units.weight[unit] = 0
            del self.members[unit], self._own[unit], self._sources[unit]
            self.placed.pop(unit, None)
        elif entry.placed is not None:
            self.mark(unit)

    def _forget_words(self, words: Words, unit: int) -> None:
        homes = self._by_words[words]
        homes[unit] -= 1
        if not homes[unit]:
            del homes[unit]
        if not homes:
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
        self._own = {numbers[unit]: count for unit, count in self._own.items()}
        self._by_words = {w: {numbers[u]: count for u, count in homes.items()} for w, homes in self._by_words.items()}
        alive = set(self.units.group.tolist())
        self.stories = {group: story for group, story in self.stories.items() if group in alive}
        self._open = {story: group for story, group in self._open.items() if group in alive}

    def is_described(self, unit: int) -> bool:
        """Whether the row of a unit can be made again from an article that is still here."""
        source = self._numbered.get(self._sources[unit])
        return source is not None and source.unit == unit

    def source_of(self, unit: int) -> Entry:
        """The article that the row of a described unit was made from."""
        return self._numbered[self._sources[unit]]

    def state(self, places: Mapping[int, int]) -> dict[str, Any]:
        """What is known beside the rows; `places` has the new numbers of the living units."""
        groups = sorted({int(self.units.group[unit]) for unit in places})
        return {
            "entries": [_entry_state(entry, places) for entry in self],
            "stories": {str(group): self.stories[group] for group in groups},
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
                self._put(entry, entry.unit)
                self._own[entry.unit] = self._own.get(entry.unit, 0) + int(entry.copy_of is None)
            elif entry.story:
                self._seated[entry.story] += 1
        self.stories = {int(group): story for group, story in state["stories"].items()}
        self._open = {story: group for group, story in sorted(self.stories.items())}
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
    state["published"] = entry.published.isoformat()
    more = {
        "story": entry.story, "copyOf": entry.copy_of, "share": entry.share, "placed": entry.placed,
        "founded": entry.founded, "before": entry.before,
    }  # fmt: skip
    return state | {name: value for name, value in more.items() if value}


def _entry(row: Mapping[str, Any], articles: Mapping[str, StoryArticle]) -> Entry:
    article = articles.get(row["id"])
    if article is None:
        raise ValueError(f"the article {row['id']} of the story engine's window is not there")
    published = datetime.fromisoformat(row["published"])
    return Entry(
        article.id, row["number"], published, described(article), root=row["root"], unit=row["unit"],
        story=row.get("story", ""), copy_of=row.get("copyOf"), share=row.get("share"), placed=row.get("placed"),
        founded=row.get("founded", 0), before=row.get("before", ""),
    )  # fmt: skip


def described(article: StoryArticle) -> Described:
    """What the engine reads of an article."""
    words = words_of(article)
    return Described(words, names_of(article), form_of(article, words.title))
