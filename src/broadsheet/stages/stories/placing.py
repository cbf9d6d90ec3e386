"""The editor's word in the window: who is put where, who is free again, and what is grouped anew for that."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence

import numpy as np

from broadsheet.stages.stories.candidates import Links
from broadsheet.stages.stories.describing import Describer
from broadsheet.stages.stories.grouping import Grouping
from broadsheet.stages.stories.levels import Surroundings
from broadsheet.stages.stories.units import Ints
from broadsheet.stages.stories.window import NO_UNIT, Entry, Window


class Placing:
    """Articles of one placed story are one group, since whatever brings one of them brings the group of the others
    into the same problem (`bound`), and there the score of such a pair is above all others."""

    def __init__(self, window: Window, grouping: Grouping, surroundings: Surroundings, describer: Describer) -> None:
        self._window, self._grouping = window, grouping
        self._surroundings, self._describer = surroundings, describer

    def bound(self, links: Links, placed: Sequence[str | None]) -> Links:
        """The links of new rows, with those to what was put into the same stories."""
        wanted = [[story] if story is not None else [] for story in placed]
        return self._linked(links, [self._groups_of(stories) for stories in wanted], placed)

    def put(self, moved: Sequence[Entry], placed: Mapping[str, str]) -> None:
        """Put some articles where `placed` says, or set them free, and group what they leave and what they come to."""
        seated = [entry for entry in moved if entry.unit != NO_UNIT]
        left = {entry.number: int(self._window.units.group[entry.unit]) for entry in seated}
        votes = {entry.number: self._vote(entry, placed.get(entry.id)) for entry in moved}
        # Before any vote makes a group of its own, so that these are the groups that others are in.
        targets = {entry.number: self._groups_of([votes[entry.number]]) for entry in seated}
        near: dict[int, set[int]] = defaultdict(set)
        for entry in moved:
            if entry.unit == NO_UNIT:
                self._seat(entry, placed.get(entry.id), votes[entry.number])
            else:
                self._set(entry, placed.get(entry.id))
                near[entry.unit] |= {left[entry.number], *targets[entry.number]}
                self._window.new_group([entry.unit], votes[entry.number])
        self._regroup(near)

    def reunite(self, roots: Iterable[int]) -> set[int]:
        """Brings those together that turned out to repeat one text, but for what an editor placed; the numbers of the
        articles that came elsewhere by that."""
        came: set[int] = set()
        for root in dict.fromkeys(roots):
            home = self._window.home_of_text(root)
            family = [entry for entry in self._window.family_of(root) if entry.placed is None]
            strays = [entry for entry in family if home is not None and entry.unit != home]
            for entry in strays:
                if entry.unit != NO_UNIT:
                    self._window.detach(entry)
                self._window.attach(entry, home if home is not None else NO_UNIT)
                came.add(entry.number)
        return came

    def leave(self, closed: Container[str]) -> set[int]:
        """Groups whose story was closed get another one; so do those that stand alone. The numbers of the latter."""
        groups = {g for g, story in self._window.stories.items() if story in closed}
        renamed = [units for units in self._window.units_of(groups).values() if not self._is_placed(units)]
        self._grouping.solve(renamed)
        alone = [entry for entry in self._window if entry.story and entry.placed is None and entry.story in closed]
        for entry in alone:
            self._window.seat(entry, self._grouping.new_story([entry]))
        return {entry.number for entry in alone}

    def _is_placed(self, units: Iterable[int]) -> bool:
        return any(unit in self._window.placed for unit in units)

    def _vote(self, entry: Entry, story: str | None) -> str:
        """The story that an article asks for: where it is put; else where it was before, or where it is."""
        now = self._window.story_of(entry)
        if story is not None:
            entry.before = entry.before if entry.placed is not None else now
            return story
        before, entry.before = entry.before, ""
        return before or now

    def _seat(self, entry: Entry, story: str | None, vote: str) -> None:
        """One without a unit; set free, it may not stay with those who were put where it was."""
        self._window.unseat(entry)
        entry.placed = story
        if story is None and self._grouping.is_taken(vote):
            vote = self._grouping.new_story([entry])
        self._window.seat(entry, vote)

    def _set(self, entry: Entry, story: str | None) -> None:
        """Note the word, and take the article out of what it shares with others."""
        window, unit = self._window, entry.unit
        entry.placed = story
        window.mark(unit)
        is_free = story is None and unit not in window.placed and not window.is_condensed(unit)
        if len(window.members[unit]) > 1 and not is_free:
            self._stand_apart(entry)

    def _stand_apart(self, entry: Entry) -> None:
        """The article becomes a unit of its own, with the meaning of the one that it was part of."""
        window, units = self._window, self._window.units
        old = entry.unit
        row = self._describer.describe([entry.described], units.rows(np.array([old])).meaning)
        units.widths = self._describer.widths
        level = self._surroundings.levels(row, units.widths)
        [unit] = units.extend(row, np.ones(1), level, self._surroundings.epoch)
        window.detach(entry)
        window.mark(old)
        window.attach(entry, unit)
        window.keep_row(unit)

    def _regroup(self, near: Mapping[int, set[int]]) -> None:
        """Groups units that were just put somewhere with what is near them, in any sense."""
        if not near:
            return
        numbers = np.array(sorted(near), dtype=np.int64)
        units = self._window.units
        self._surroundings.refresh(units, numbers)
        own = units.group[numbers]
        links = self._grouping.links(units.rows(numbers), units.level[numbers])
        others = ~np.isin(links.groups, own)
        free = Links(links.count, links.rows[others], links.groups[others], links.ones, links.others)
        wanted = [near[unit] - set(own.tolist()) for unit in numbers.tolist()]
        self._grouping.asked.update(numbers.tolist())
        placed = [self._window.placed.get(unit) for unit in numbers.tolist()]
        self._grouping.regroup(numbers.tolist(), self._linked(free, wanted, placed))

    def _groups_of(self, stories: Iterable[str]) -> set[int]:
        found = (self._window.group_of(story) for story in stories)
        return {group for group in found if group is not None}

    def _linked(self, links: Links, wanted: Sequence[Iterable[int]], placed: Sequence[str | None]) -> Links:
        """The links, with those to the wanted groups of each row, and among rows that are put into one story."""
        pairs = [(row, group) for row, groups in enumerate(wanted) for group in sorted(groups)]
        first: dict[str, int] = {}
        among = [(first.setdefault(story, row), row) for row, story in enumerate(placed) if story is not None]
        among = [(one, other) for one, other in among if one != other]
        return Links(
            links.count,
            _more(links.rows, [row for row, _ in pairs]),
            _more(links.groups, [group for _, group in pairs]),
            _more(links.ones, [one for one, _ in among]),
            _more(links.others, [other for _, other in among]),
        )


def _more(numbers: Ints, others: Sequence[int]) -> Ints:
    return np.concatenate([numbers, np.array(others, dtype=np.int64)])
