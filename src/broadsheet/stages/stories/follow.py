"""Follows the stories through time: one grouping for each step, ids carried from step to step."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from broadsheet.model.story import Assignment, Receipt, StoryArticle
from broadsheet.stages.stories.copies import find_copies
from broadsheet.stages.stories.evidence import Evidence
from broadsheet.stages.stories.groups import agglomerate
from broadsheet.stages.stories.identity import carry_ids
from broadsheet.stages.stories.options import StoryOptions
from broadsheet.stages.stories.points import make_points
from broadsheet.stages.stories.receipts import Grouping, Verdicts, judge, merge_demand, shared_words, write_receipt
from broadsheet.stages.stories.spans import window_of
from broadsheet.stages.stories.surroundings import look_around
from broadsheet.stages.stories.terms import general_frequencies
from broadsheet.stages.stories.words import Words, words_of


@dataclass(frozen=True, slots=True)
class Step:
    """The articles (indices, ascending) that are grouped together at one point of time."""

    window: tuple[int, ...]


class Follower:
    """The state while the steps are gone through; used once."""

    def __init__(
        self,
        ordered: Sequence[StoryArticle],
        previous: Mapping[str, str],
        fixed: Container[str],
        options: StoryOptions,
    ) -> None:
        self._articles, self._fixed, self._options = ordered, fixed, options
        self._stories = dict(previous)
        self._used = set(previous.values())
        self._receipts: dict[int, Receipt] = {}
        self._copies = find_copies(ordered, window_of(options))

    def run(self, steps: Sequence[Step]) -> list[Assignment]:
        """Go through the steps and give what each article has in the end."""
        last = {index: number for number, step in enumerate(steps) for index in step.window}
        for number, step in enumerate(steps):
            final = {index for index in step.window if last[index] == number}
            self._take(step, final)
        return [self._assignment(index) for index in range(len(self._articles))]

    def _take(self, step: Step, final: set[int]) -> None:
        grouped = group([self._articles[i] for i in step.window], self._options)
        groups = [[step.window[position] for position in members] for members in grouped.groups]
        names = carry_ids([[self._articles[i].id for i in g] for g in groups], self._held(step), self._used)
        for members, name in zip(groups, names, strict=True):
            for index in members:
                self._give(index, name)
        for index in step.window:
            copy = self._copies.get(index)
            # The original has no story yet where it comes late itself; its own step is still ahead.
            if copy and (story := self._stories.get(self._articles[copy.original].id)):
                self._give(index, story)
        self._write(step, grouped, final)

    def _held(self, step: Step) -> dict[str, str]:
        """The stories that the window's articles have. Copies follow their original and have no say."""
        voters = (self._articles[i].id for i in step.window if i not in self._copies)
        return {article: self._stories[article] for article in voters if article in self._stories}

    def _give(self, index: int, story: str) -> None:
        article = self._articles[index].id
        if article not in self._fixed:
            self._stories[article] = story

    def _write(self, step: Step, grouped: "Grouped", final: set[int]) -> None:
        """Receipts of the articles that no later step will revise."""
        if not final:
            return
        stories: dict[str, list[int]] = defaultdict(list)
        for position, index in enumerate(step.window):
            stories[self._stories[self._articles[index].id]].append(position)
        receipts = grouped.receipts(stories, {p for p, i in enumerate(step.window) if i in final})
        self._receipts.update((step.window[position], receipt) for position, receipt in receipts.items())

    def _assignment(self, index: int) -> Assignment:
        article, copy = self._articles[index], self._copies.get(index)
        return Assignment(
            article.id,
            self._stories[article.id],
            self._receipts.get(index, Receipt()),
            copy_of=self._articles[copy.original].id if copy else None,
            shared_text=copy.share if copy else None,
        )


@dataclass(frozen=True, slots=True)
class Grouped:
    """One window grouped: `groups` of positions in it; `point_of` is -1 for an article without usable words."""

    articles: Sequence[StoryArticle]
    groups: list[list[int]]
    point_of: list[int]
    grouping: Grouping

    def receipts(self, stories: Mapping[str, Sequence[int]], wanted: Container[int]) -> dict[int, Receipt]:
        """The receipts of the wanted positions; `stories` has the positions of each story."""
        names = sorted(stories, key=lambda name: stories[name][0])
        labels = np.full(len(self.grouping.labels), -1)
        for number, name in enumerate(names):
            for position in stories[name]:
                if self.point_of[position] >= 0:
                    labels[self.point_of[position]] = number
        grouping, numbers = self._relabelled(labels)
        verdicts = judge(grouping)
        by_label = {label: names[number] for label, number in enumerate(numbers)}
        return {
            position: receipt
            for name in names
            for position, receipt in self._of_story(stories[name], wanted, grouping, verdicts, by_label)
        }

    def _relabelled(self, labels: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> tuple[Grouping, list[int]]:
        numbers, inverse = np.unique(labels, return_inverse=True)
        grouping = Grouping(self.grouping.points, self.grouping.backgrounds, inverse, self.grouping.options)
        return grouping, numbers.tolist()

    def _of_story(
        self,
        positions: Sequence[int],
        wanted: Container[int],
        grouping: Grouping,
        verdicts: Verdicts,
        by_label: Mapping[int, str],
    ) -> Iterable[tuple[int, Receipt]]:
        chosen = [p for p in positions if p in wanted]
        if not chosen:
            return
        shared = dict(zip(positions, shared_words([self.articles[p] for p in positions]), strict=True))
        for position in chosen:
            point = self.point_of[position]
            if point < 0:
                yield position, Receipt()
            else:
                alone = len(positions) == 1
                yield position, write_receipt(verdicts, point, grouping, by_label, None if alone else shared[position])


def group(articles: Sequence[StoryArticle], options: StoryOptions) -> Grouped:
    """Group a window. Articles with the same words are one point; those without usable words stand alone."""
    wordings: dict[Words, int] = {}
    point_of = []
    for words in map(words_of, articles):
        point_of.append(wordings.setdefault(words, len(wordings)) if words.usable else -1)
    sizes = [0] * len(wordings)
    for point in point_of:
        if point >= 0:
            sizes[point] += 1
    grouping = _grouped(list(wordings), sizes, options)
    groups: dict[int, list[int]] = defaultdict(list)
    for position, point in enumerate(point_of):
        groups[int(grouping.labels[point]) if point >= 0 else -1 - position].append(position)
    return Grouped(articles, list(groups.values()), point_of, grouping)


def _grouped(wordings: Sequence[Words], sizes: Sequence[int], options: StoryOptions) -> Grouping:
    points = make_points(wordings, sizes, general_frequencies(), options)
    around = look_around(points, options)
    few = around.groups < options.least_groups
    evidence = Evidence(wordings, options, everywhere=few)
    labels = agglomerate(points, around.levels, merge_demand(options), evidence.limit)
    return Grouping(points, around.levels, labels, options)
