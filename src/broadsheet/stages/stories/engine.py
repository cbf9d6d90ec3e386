"""The engine: each article gets its story at once; what it touches, and only that, is grouped anew."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from broadsheet.model.story import Assignment, DecidedBy, Receipt, StoryArticle
from broadsheet.stages.stories.copies import Copy, CopyFinder, sketch
from broadsheet.stages.stories.describing import Describer
from broadsheet.stages.stories.grouping import Grouping
from broadsheet.stages.stories.identity import story_id
from broadsheet.stages.stories.levels import Surroundings
from broadsheet.stages.stories.likeness import COPY_SHARE
from broadsheet.stages.stories.options import StoryOptions
from broadsheet.stages.stories.receipts import with_shared
from broadsheet.stages.stories.resuming import State, clear_away, pack_state
from broadsheet.stages.stories.spans import earlier, window_of
from broadsheet.stages.stories.terms import general_frequencies
from broadsheet.stages.stories.units import Floats, Rows, Units
from broadsheet.stages.stories.window import NO_UNIT, Entry, Window, described

SLICE = 100
LONGEST_SLICE = timedelta(days=1)


class StoryEngine:
    """Follows the stories of a window.

    `add` takes articles as they arrive. What is near a new article is grouped anew, exactly (average link); the rest is
    left alone. The close middle of a large group is one unit in that, so that the work does not grow with the story.
    `dimensions` is the length of the language model's rows, 0 without one, and `model` its name.
    """

    def __init__(self, options: StoryOptions, dimensions: int = 0, model: str = "") -> None:
        self._options, self._dimensions = options, dimensions
        scoring = options.scoring(with_model=bool(dimensions))
        self._describer = Describer(general_frequencies())
        self._window = Window(Units(self._describer.widths, dimensions))
        self._surroundings = Surroundings(scoring)
        self._grouping = Grouping(self._window, self._surroundings, scoring)
        self._copies = CopyFinder(window_of(options))
        self._touched: set[int] = set()
        self._mark = hashlib.sha256(f"{options!r} {dimensions} {model}".encode()).hexdigest()[:16]
        self._newest: datetime | None = None

    @property
    def window_size(self) -> int:
        """How many articles are in the window."""
        return len(self._window.entries)

    @property
    def edge(self) -> datetime | None:
        """What was published before this has left the window; None while there is nothing."""
        return None if self._newest is None else earlier(self._newest, window_of(self._options))

    def add(
        self,
        articles: Sequence[StoryArticle],
        embeddings: NDArray[np.float32] | None = None,
        placed: Mapping[str, str] | None = None,
    ) -> list[Assignment]:
        """The stories of new articles, and those of others that changed by them.

        `embeddings` has a row for each article (none is read without a model); `placed` maps ids of articles to the
        story that an editor put them in. What was published before the window began can only stand alone.
        """
        order = sorted(range(len(articles)), key=lambda i: (articles[i].published, articles[i].id))
        rows = self._checked(embeddings, len(articles))
        found: dict[str, Assignment] = {}
        for chosen in _slices([articles[i] for i in order]):
            numbers = [order[i] for i in chosen]
            arrived = self._take([articles[i] for i in numbers], rows[numbers], placed or {})
            found |= {assignment.article_id: assignment for assignment in arrived}
        return list(found.values())

    def adopt(
        self,
        articles: Sequence[StoryArticle],
        stories: Mapping[str, str],
        embeddings: NDArray[np.float32] | None = None,
        placed: Mapping[str, str] | None = None,
    ) -> None:
        """Take in articles whose stories are known, where no `state` is left: they stand together by story."""
        rows = self._checked(embeddings, len(articles))
        order = sorted(range(len(articles)), key=lambda i: (articles[i].published, articles[i].id))
        if not order:
            return
        self._move_on(articles[order[-1]].published)
        entries = [self._enter(articles[i], (placed or {}).get(articles[i].id)) for i in order]
        at = dict(zip((entry.id for entry in entries), order, strict=True))
        self._adopt(entries, stories, rows, at)
        self._touched.clear()

    def _adopt(
        self,
        entries: Sequence[Entry],
        stories: Mapping[str, str],
        rows: NDArray[np.float32],
        at: Mapping[str, int],
    ) -> None:
        known = set(stories.values())
        groups: dict[str, list[int]] = {}
        alone = [entry for entry in entries if not entry.described.words.usable]
        usable = [entry for entry in entries if entry.described.words.usable]
        units = self._found_units([[entry] for entry in usable], rows[[at[entry.id] for entry in usable]])
        for unit, entry in zip(units, usable, strict=True):
            groups.setdefault(stories[entry.id], []).append(unit)
        for entry in entries:
            entry.founded = int(story_id(entry.id) in known)
        for entry in alone:
            entry.story = stories[entry.id]
        for story, members in groups.items():
            self._window.new_group(members, story)
        self._surroundings.renew(self._window.units, len(units))

    def freeze(self) -> None:
        """From now on articles may join the groups that there are, and nothing else changes."""
        self._grouping.frozen = True

    def obey(self, placed: Mapping[str, str]) -> list[Assignment]:
        """Put the articles of the window where an editor put them (`placed` has all placements that hold, so that what
        is in it no more is free again), group their surroundings anew, and say what changed by that."""
        moved = [entry for entry in self._window if entry.placed != placed.get(entry.id)]
        for entry in moved:
            entry.placed = placed.get(entry.id)
            self._stand_apart(entry)
        if moved:
            self._grouping.solve(self._around(moved))
        return self._told(moved)

    def _stand_apart(self, entry: Entry) -> None:
        """An article that an editor spoke of is a unit of its own: it may share one with others."""
        window = self._window
        if entry.unit == NO_UNIT:
            entry.story = entry.placed or entry.story or self._grouping.new_story([entry])
            return
        window.placed.pop(entry.unit, None)
        if len(window.members[entry.unit]) > 1:
            group = int(window.units.group[entry.unit])
            row = window.units.rows(np.array([entry.unit]))
            window.detach(entry)
            [unit] = self._found_units([[entry]], row.meaning)
            window.units.group[unit] = group
        elif entry.placed is not None:
            window.placed[entry.unit] = entry.placed

    def _around(self, moved: Sequence[Entry]) -> list[list[int]]:
        """The units that an editor's words are about: for all of them one problem, the stories that they left and those
        that they came to."""
        window = self._window
        targets = {entry.placed for entry in moved if entry.placed is not None}
        groups = {int(window.units.group[entry.unit]) for entry in moved if entry.unit != NO_UNIT}
        groups |= {group for group, story in window.stories.items() if story in targets}
        units = [unit for some in window.units_of(groups).values() for unit in some]
        return [units] if units else []

    def state(self) -> bytes:
        """Everything that a new engine needs, beside the articles of the window, to go on exactly like this one."""
        return pack_state(self._mark, self._newest, self._window, self._describer, self._surroundings)

    @classmethod
    def resumed(
        cls,
        options: StoryOptions,
        state: bytes,
        articles: Callable[[Sequence[str]], Sequence[StoryArticle]],
        embed: Callable[[Sequence[StoryArticle]], NDArray[np.float32]] | None = None,
        dimensions: int = 0,
        model: str = "",
    ) -> "StoryEngine":
        """The engine that had this `state`; `articles` gives those of some ids, `embed` their rows of the model.

        Raises ValueError where the state is none, or is another options' or model's, or an article is gone.
        """
        engine = cls(options, dimensions, model)
        opened = State(state, engine._mark)
        there = articles(opened.articles)
        rows = embed(there) if embed else np.zeros((len(there), 0), dtype=np.float32)
        by_id = {article.id: article for article in there}
        meaning = dict(zip(by_id, rows, strict=True))
        entries = opened.fill(engine._window, engine._describer, engine._surroundings, by_id, meaning)
        engine._newest = opened.newest
        for entry in entries:
            copy = Copy(entry.root, entry.share) if entry.share is not None else None
            engine._copies.restore(entry.number, by_id[entry.id], sketch(by_id[entry.id].text), copy)
        return engine

    def _checked(self, embeddings: NDArray[np.float32] | None, count: int) -> NDArray[np.float32]:
        if not self._dimensions:
            return np.zeros((count, 0), dtype=np.float32)
        if embeddings is None or embeddings.shape != (count, self._dimensions):
            raise ValueError(f"a row of {self._dimensions} figures is needed for each of {count} articles")
        return embeddings.astype(np.float32, copy=False)

    def _take(
        self, articles: Sequence[StoryArticle], meaning: NDArray[np.float32], placed: Mapping[str, str]
    ) -> list[Assignment]:
        """One slice: who arrives, what it is near, and what that changes."""
        self._move_on(articles[-1].published)
        rows = {article.id: row for article, row in zip(articles, meaning, strict=True)}
        entries = [self._enter(article, placed.get(article.id)) for article in articles]
        fresh = self._settled(entries)
        clear_away(self._window, self._describer, self._surroundings)
        self._surroundings.renew(self._window.units, len(articles))
        if fresh:
            self._compare(fresh, np.array([rows[some[0].id] for some in fresh]))
        return self._told(entries)

    def _move_on(self, newest: datetime) -> None:
        """The window moves to its new end, and what is too old leaves it."""
        self._newest = newest if self._newest is None else max(self._newest, newest)
        for gone in self._window.leave(earlier(self._newest, window_of(self._options))):
            self._copies.forget(gone.number)

    def _enter(self, article: StoryArticle, placed: str | None) -> Entry:
        """The article takes its place among those of the window; whose copy it is is seen here."""
        number = self._window.next_number
        entry = Entry(article.id, number, article.published, described(article), root=number, placed=placed)
        self._window.enter(entry)
        copy = self._copies.add(number, article, sketch(article.text))
        if copy is not None:
            self._window.relate(number, copy.original, copy.share)
        for other, found in self._copies.revised().items():
            self._window.relate(other, found.original, found.share)
            self._touched.add(other)
        return entry

    def _settled(self, entries: Sequence[Entry]) -> list[list[Entry]]:
        """Settles those that are part of a unit at once: they repeat the text of one, or have the same words, or none.
        Gives the others, those that belong together in one list."""
        fresh: list[list[Entry]] = []
        homes: dict[object, list[Entry]] = {}
        for entry in entries:
            words = entry.described.words
            unit = None if entry.placed else self._window.home_of(entry)
            home = None if entry.placed else homes.get(entry.root) or homes.get(words)
            if unit is not None:
                self._window.attach(entry, unit)
            elif home is not None:
                home.append(entry)
            elif not words.usable:
                entry.story = entry.placed or self._grouping.new_story([entry])
            else:
                fresh.append([entry])
                homes[entry.root] = homes[words] = fresh[-1]
        return fresh

    def _compare(self, fresh: Sequence[Sequence[Entry]], meaning: NDArray[np.float32]) -> None:
        """New units, grouped with what they are near."""
        rows, levels = self._described(fresh, meaning)
        links = self._grouping.links(rows, levels)
        self._grouping.regroup(self._join(fresh, rows, levels), links)

    def _found_units(self, fresh: Sequence[Sequence[Entry]], meaning: NDArray[np.float32]) -> list[int]:
        """New units, in no group yet; their numbers."""
        return self._join(fresh, *self._described(fresh, meaning))

    def _described(self, fresh: Sequence[Sequence[Entry]], meaning: NDArray[np.float32]) -> tuple[Rows, Floats]:
        rows = self._describer.describe([some[0].described for some in fresh], meaning)
        self._window.units.widths = self._describer.widths
        self._surroundings.begin(rows)
        return rows, self._surroundings.levels(rows, self._describer.widths)

    def _join(self, fresh: Sequence[Sequence[Entry]], rows: Rows, levels: Floats) -> list[int]:
        numbers = self._window.units.extend(rows, np.ones(len(fresh)), levels, self._surroundings.epoch)
        for unit, some in zip(numbers, fresh, strict=True):
            for entry in some:
                self._window.attach(entry, unit)
        return numbers

    def _told(self, entries: Sequence[Entry]) -> list[Assignment]:
        """What there is to say of the new articles, and of those that they changed."""
        told = {entry.number: entry for entry in entries}
        for number in {*self._grouping.changed, *self._touched}:
            told[number] = self._window.numbered(number)
        found = [self._assignment(told[number]) for number in sorted(told)]
        self._grouping.forget_changes()
        self._touched.clear()
        return found

    def _assignment(self, entry: Entry) -> Assignment:
        window = self._window
        return Assignment(
            entry.id, window.story_of(entry), self._receipt(entry), copy_of=entry.copy_of, shared_text=entry.share
        )

    def _receipt(self, entry: Entry) -> Receipt:
        if entry.placed is not None:
            return Receipt(decided_by=DecidedBy.EDITOR)
        if entry.share is not None:
            return Receipt(decided_by=DecidedBy.COPY, similarity=entry.share, threshold=COPY_SHARE)
        if entry.unit == NO_UNIT:
            return Receipt(decided_by=DecidedBy.NOTHING)
        receipt = self._grouping.changed.get(entry.number)
        if receipt is None:
            return Receipt(decided_by=DecidedBy.SAME_WORDS)
        return with_shared(receipt, entry.described, self._grouping.company(entry))


def _slices(ordered: Sequence[StoryArticle]) -> Iterator[range]:
    """Runs of at most SLICE articles and a day, so that a slice never reaches beyond its window."""
    start = 0
    for at in range(1, len(ordered) + 1):
        if (
            at == len(ordered)
            or at - start == SLICE
            or ordered[at].published - ordered[start].published >= LONGEST_SLICE
        ):
            yield range(start, at)
            start = at
