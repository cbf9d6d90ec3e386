"""Groups anew what new units are near, gives groups their stories, and says what changed and why."""

import heapq
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

import numpy as np
from scipy import sparse

from broadsheet.model.story import Receipt
from broadsheet.stages.stories.candidates import Links, find_links
from broadsheet.stages.stories.identity import carried_ids, story_id
from broadsheet.stages.stories.levels import Surroundings
from broadsheet.stages.stories.profiles import Averages
from broadsheet.stages.stories.receipts import MOST_COMPARED, Block, Decisions, Solved, against
from broadsheet.stages.stories.scoring import Scoring, cap_other_figures, cap_thin, scores
from broadsheet.stages.stories.solving import Demand, Problem, groups_of, solve
from broadsheet.stages.stories.units import Floats, Ints, Rows
from broadsheet.stages.stories.window import Entry, Window

MOST_UNITS_OF_A_GROUP = 48
UNITS_OF_A_LARGE_GROUP = 24
LARGEST_BLOCK = 1_000
LARGEST_PROBLEM = 1_500
ALMOST_NOTHING = 0.001
TOGETHER = 1_000.0
"""The score of two units that belong together by an editor's word: no sum of other parts comes near it."""


class Grouping:
    """`changed` has, since `forget_changes`, the receipts of the entries (by number) that came into another story than
    they were in, or are `asked` for. With `frozen` groups new units may join them, and nothing else changes. Ids that
    are `closed` are given to no group any more, those that are `reserved` by an editor to no new one."""

    def __init__(self, window: Window, surroundings: Surroundings, scoring: Scoring) -> None:
        self._window, self._surroundings, self._scoring = window, surroundings, scoring
        self._demand = Demand(scoring.threshold, scoring.size_weight, scoring.size_power)
        self._least_of_two = float(scoring.threshold + 2 * self._demand.penalty(np.ones(1))[0])
        self._averages = Averages()
        self.changed: dict[int, Receipt] = {}
        self.asked: set[int] = set()
        self.frozen = False
        self.closed: Container[str] = frozenset()
        self.reserved: Container[str] = frozenset()

    def forget_changes(self) -> None:
        """What changed so far has been told."""
        self.changed.clear()
        self.asked.clear()

    def links(self, rows: Rows, levels: Floats) -> Links:
        """What rows that are no units yet are near."""
        return find_links(self._averages.look(self._window.units), rows, levels, self._scoring, self._demand)

    def regroup(self, new: Sequence[int], links: Links) -> None:
        """New units, and what they are near by `links` (in the order of `new`), are grouped from their units up."""
        large: list[list[int]] = []
        problems = []
        pieces = links.pieces()
        there = self._window.units_of({group for _, groups in pieces for group in groups})
        for rows, groups in pieces:
            units = [new[row] for row in rows] + [unit for group in groups for unit in there[group]]
            if len(units) <= LARGEST_PROBLEM:
                problems.append(units)
            else:
                large.append(rows)
        self.solve(problems)
        for rows in large:
            self._one_by_one(rows, new, links)

    def _one_by_one(self, rows: Sequence[int], new: Sequence[int], links: Links) -> None:
        """What would be too large to be grouped at once; each row meets the groups that there are by then."""
        units = self._window.units
        # Groups are numbered anew by every solution, and units die: who is in them tells which they are by then.
        near = {row: self._some_of(links.groups_near(row)) for row in rows}
        for place, row in enumerate(rows):
            before = [new[other] for other in links.rows_near(row) if other in rows[:place]]
            met = [*self._some_of(units.group[before].tolist()), *near[row]]
            groups = {int(units.group[entry.unit]) for entry in met}
            self.solve([sorted({new[row], *self._units_of(groups)})])

    def _some_of(self, groups: Iterable[int]) -> list[Entry]:
        """One article of each unit of some groups."""
        return [self._window.members[unit][0] for unit in self._units_of(groups)]

    def _units_of(self, groups: Iterable[int]) -> list[int]:
        return [unit for units in self._window.units_of(groups).values() for unit in units]

    def solve(self, problems: Sequence[Sequence[int]]) -> None:
        """Group the units of each problem, all from the beginning."""
        ordered = [np.array(sorted(units), dtype=np.int64) for units in problems]
        for chosen in _runs(ordered):
            self._solve_some(chosen)

    def _solve_some(self, problems: Sequence[Ints]) -> None:
        units = self._window.units
        numbers = np.unique(np.concatenate(problems))
        self._surroundings.refresh(units, numbers)
        rows = units.rows(numbers).narrowed()
        terms = self._scoring.terms(rows, units.level[numbers])
        total = scores(terms)
        if self._surroundings.is_young:
            cap_thin(total, rows, self._least_of_two - ALMOST_NOTHING)
        else:
            cap_other_figures(total, rows, self._least_of_two - ALMOST_NOTHING)
        self._constrain(total, numbers)
        block = Block(numbers, units.weight[numbers], terms, total)
        places = [np.searchsorted(numbers, problem) for problem in problems]
        asked = [Problem(total[at[:, None], at], block.sizes[at]) for at in places]
        merges = solve(asked, self._demand)
        self._take_over(
            block, [Solved(at, some, groups_of(len(at), some)) for at, some in zip(places, merges, strict=True)]
        )

    def _constrain(self, total: Floats, units: Ints) -> None:
        """What has been decided elsewhere: an editor's word, and with frozen groups all that was there before."""
        if self.frozen:
            marks = self._window.units.group[units].tolist()
        else:
            marks = [self._window.placed.get(unit, -1) for unit in units.tolist()]
        names = {mark: number for number, mark in enumerate(dict.fromkeys(m for m in marks if m != -1))}
        if names:
            codes = np.array([names.get(mark, -1) for mark in marks])
            both = (codes[:, None] >= 0) & (codes[None, :] >= 0)
            same = codes[:, None] == codes[None, :]
            total[both & same] = TOGETHER
            total[both & ~same] = -np.inf

    def _take_over(self, block: Block, solutions: Sequence[Solved]) -> None:
        """Make the groups, and note what changed by that."""
        decisions = Decisions(block, self._demand)
        noted: dict[int, Receipt] = {}
        groups: list[Ints] = []
        stories: list[str] = []
        for solved in solutions:
            own = [solved.places[group] for group in solved.groups]
            changed = self._regroup(block, own, stories)
            at = {int(place): number for number, place in enumerate(solved.places)}
            receipts = decisions.receipts(solved, [at[place] for place in changed])
            noted |= {int(solved.places[unit]): receipt for unit, receipt in receipts.items()}
            groups += own
        self._note(block, decisions, noted, groups, stories)
        self._melt([cluster for solved in solutions for cluster in _close_middles(block, solved)])

    def _regroup(self, block: Block, groups: Sequence[Ints], stories: list[str]) -> list[int]:
        """Makes these groups (places in the block) and gives the places of the units that are in another story than
        before; `stories` gets those of the groups."""
        numbers = [block.numbers[group].tolist() for group in groups]
        before = [[self._story_of(unit) for unit in units] for units in numbers]
        changed = []
        for group, units, held, story in zip(groups, numbers, before, self._name(numbers, before), strict=True):
            self._window.new_group(units, story)
            stories.append(story)
            told = zip(group, units, held, strict=True)
            changed += [int(place) for place, unit, old in told if old != story or unit in self.asked]
        return changed

    def _story_of(self, unit: int) -> str | None:
        return self._window.stories.get(int(self._window.units.group[unit]))

    def _note(
        self,
        block: Block,
        decisions: Decisions,
        receipts: Mapping[int, Receipt],
        groups: Sequence[Ints],
        stories: Sequence[str],
    ) -> None:
        """The receipts, complete with the runner-up, for all articles of the units (by place)."""
        if not receipts:
            return
        wanted = np.array(sorted(receipts), dtype=np.int64)
        best, values = decisions.runners_up(groups, wanted)
        for place, second, value in zip(wanted.tolist(), best.tolist(), values.tolist(), strict=True):
            receipt = receipts[place] if second < 0 else against(receipts[place], stories[second], value)
            for entry in self._window.members[int(block.numbers[place])]:
                self.changed[entry.number] = receipt

    def _name(self, groups: Sequence[Sequence[int]], before: Sequence[Sequence[str | None]]) -> list[str]:
        """The story of each group; `before` are those that its units were in."""
        window, votes, reserved = self._window, [], {}
        for number, (group, held) in enumerate(zip(groups, before, strict=True)):
            count: dict[str, float] = defaultdict(float)
            for unit, story in zip(group, held, strict=True):
                if story and story not in self.closed:
                    count[story] += float(window.units.weight[unit])
                if unit in window.placed:
                    reserved[number] = window.placed[unit]
            votes.append(count)
        given = carried_ids(votes, reserved)
        return [given.get(number) or self._found(group) for number, group in enumerate(groups)]

    def _found(self, group: Sequence[int]) -> str:
        return self.new_story([entry for unit in group for entry in self._window.members[unit]])

    def new_story(self, entries: Sequence[Entry]) -> str:
        """A new id, from the first of these articles whose own is free."""
        ordered = sorted(entries, key=lambda e: (e.published, e.id))
        while True:
            founder = next((entry for entry in ordered if not entry.founded), ordered[0])
            founder.founded += 1
            story = story_id(founder.id, founder.founded - 1)
            if not self.is_taken(story):
                return story

    def is_taken(self, story: str) -> bool:
        """Whether a new story can't have this id."""
        return story in self.closed or story in self.reserved or self._window.is_open(story)

    def company(self, entries: Iterable[Entry]) -> dict[int, list[Entry]]:
        """Some articles of the story that each of these entries is in, by its group."""
        window = self._window
        groups = {int(window.units.group[entry.unit]) for entry in entries}
        found: dict[int, list[Entry]] = {}
        for group, units in window.units_of(groups).items():
            some = (heapq.nsmallest(MOST_COMPARED, window.members[unit], _number) for unit in units[-MOST_COMPARED:])
            found[group] = [entry for few in some for entry in few]
        return found

    def shrink(self, units: Sequence[int]) -> None:
        """A group that was not made here becomes one of few enough units to be grouped with others."""
        size = -(-len(units) // LARGEST_BLOCK)
        clusters = (list(units[at : at + size]) for at in range(0, len(units) if size > 1 else 0, size))
        self._melt([cluster for cluster in clusters if len(cluster) > 1])

    def _melt(self, clusters: Sequence[list[int]]) -> None:
        """Each cluster of units becomes one unit, its row their mean."""
        if not clusters:
            return
        units = self._window.units
        chosen = np.concatenate(clusters)
        of = np.repeat(np.arange(len(clusters)), [len(cluster) for cluster in clusters])
        weights = np.bincount(of, weights=units.weight[chosen])
        shares = units.weight[chosen] / weights[of]
        levels = np.bincount(of, weights=shares * units.level[chosen])
        groups = units.group[[cluster[0] for cluster in clusters]]
        means = sparse.csr_matrix((shares.astype(np.float32), (of, np.arange(len(of)))))
        numbers = units.extend(units.rows(chosen).means(means), weights, levels, self._surroundings.epoch)
        units.group[numbers] = groups
        for cluster, unit in zip(clusters, numbers, strict=True):
            self._window.melt(cluster, unit)


def _close_middles(block: Block, solved: Solved) -> Iterator[list[int]]:
    """The close middle of a large group, by the merges that came first, in clusters that are to become few units."""
    numbers = block.numbers[solved.places].tolist()
    for places in solved.groups:
        if len(places) > MOST_UNITS_OF_A_GROUP:
            clusters = {place: [numbers[place]] for place in places}
            own = [merge for merge in solved.merges if merge.one in clusters]
            for merge in own[: len(places) - UNITS_OF_A_LARGE_GROUP]:
                clusters[merge.one] += clusters.pop(merge.other)
            yield from (cluster for cluster in clusters.values() if len(cluster) > 1)


def _number(entry: Entry) -> int:
    return entry.number


def _runs(problems: Sequence[Ints]) -> Iterator[list[Ints]]:
    """Problems of at most LARGEST_BLOCK units together, or a single one."""
    run: list[Ints] = []
    size = 0
    for problem in problems:
        if run and size + len(problem) > LARGEST_BLOCK:
            yield run
            run, size = [], 0
        run.append(problem)
        size += len(problem)
    if run:
        yield run
