"""The engine: each article gets its story at once; what it touches, and only that, is grouped anew."""

import hashlib
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from broadsheet.model.collector import nothing_collected
from broadsheet.model.story import Assignment, DecidedBy, Receipt, StoryArticle
from broadsheet.stages.stories.copies import Copy, CopyFinder, sketch
from broadsheet.stages.stories.describing import Describer
from broadsheet.stages.stories.grouping import TOGETHER, Grouping
from broadsheet.stages.stories.identity import story_id
from broadsheet.stages.stories.levels import Surroundings
from broadsheet.stages.stories.likeness import COPY_SHARE, EXTENDED_SHARE
from broadsheet.stages.stories.options import StoryOptions
from broadsheet.stages.stories.placing import Placing
from broadsheet.stages.stories.receipts import with_shared
from broadsheet.stages.stories.resuming import FEWEST_DEAD, State, clear_away, pack_state
from broadsheet.stages.stories.spans import earlier, later, window_of
from broadsheet.stages.stories.terms import general_frequencies
from broadsheet.stages.stories.units import Floats, Rows, Units
from broadsheet.stages.stories.window import NO_UNIT, Entry, Window, described

SLICE = 100
LONGEST_SLICE = timedelta(days=1)
LARGEST_FUTURE = timedelta(days=1)
"""Clocks and zones are wrong by this at most; who claims to be later than that was published now."""


class StoryEngine:
    """Follows the stories of a window.

    `add` takes articles as they arrive. What is near a new article is grouped anew, exactly (average link); the rest is
    left alone. The close middle of a large group is one unit in that, so that the work does not grow with the story.
    `dimensions` is the length of the language model's rows, 0 without one, and `model` its name.

    Of what an editor decided, `placed` maps ids of articles to the story that they are in (those of one are always
    together, those of different ones never; others may join them), and the ids of stories that are `closed` (what
    they had was moved elsewhere) are never given to a group again. Both are no part of the `state`: an engine that
    goes on is told them again by `obey`.
    """

    fewest_dead = FEWEST_DEAD

    def __init__(self, options: StoryOptions, dimensions: int = 0, model: str = "") -> None:
        self._options, self._dimensions = options, dimensions
        scoring = options.scoring(with_model=bool(dimensions))
        self._describer = Describer(general_frequencies())
        self._window = Window(Units(self._describer.widths, dimensions))
        self._surroundings = Surroundings(scoring)
        self._grouping = Grouping(self._window, self._surroundings, scoring)
        self._placing = Placing(self._window, self._grouping, self._surroundings, self._describer)
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
        closed: Container[str] = frozenset(),
        now: datetime | None = None,
    ) -> list[Assignment]:
        """The stories of new articles, and those of others that changed by them.

        `embeddings` has a row for each article (none is read without a model). What was published before the window
        began stands alone. One that is in the window already is replaced; of two with the same id the last one counts.
        With `now`, what claims to be more than a day later is taken as published then, so that it can't end the
        stories of all others. Raises ValueError where the embeddings are not as many, or not as long, as they must be.
        """
        rows = self._checked(embeddings, len(articles))
        self._hear(placed or {}, closed)
        last = {article.id: number for number, article in enumerate(articles)}
        dated = {number: _dated(articles[number], now) for number in last.values()}
        order = sorted(dated, key=lambda number: (dated[number].published, dated[number].id))
        found: dict[str, Assignment] = {}
        for numbers in _slices(order, dated, min(LONGEST_SLICE, window_of(self._options))):
            told = self._take([dated[number] for number in numbers], rows[numbers], placed or {})
            found |= {assignment.article_id: assignment for assignment in told}
        return list(found.values())

    def adopt(
        self,
        articles: Sequence[StoryArticle],
        stories: Mapping[str, str],
        embeddings: NDArray[np.float32] | None = None,
        placed: Mapping[str, str] | None = None,
    ) -> None:
        """Begin with articles whose stories are known, where no `state` is left: they stand together by story (where
        an editor placed them: there). Those from before the window of the newest are passed over. Raises ValueError
        where there are articles already."""
        if self._window.entries:
            raise ValueError("only a new engine can begin with articles whose stories are known")
        rows = self._checked(embeddings, len(articles))
        at = {article.id: number for number, article in enumerate(articles)}
        self._hear(placed or {}, frozenset())
        if at:
            self._move_on(max(articles[number].published for number in at.values()))
            known = {**stories, **(placed or {})}
            taken = [number for number in at.values() if not self._is_late(articles[number])]
            taken.sort(key=lambda number: (articles[number].published, articles[number].id))
            entries = [self._enter(articles[number], (placed or {}).get(articles[number].id)) for number in taken]
            self._adopt(entries, known, rows[taken])

    def _adopt(self, entries: Sequence[Entry], stories: Mapping[str, str], rows: NDArray[np.float32]) -> None:
        given = set(stories.values())
        for entry in entries:
            entry.founded = int(story_id(entry.id) in given)
        fresh = self._by_story(entries, stories)
        row_of = {entry.number: row for entry, row in zip(entries, rows, strict=True)}
        units = self._join(fresh, *self._described(fresh, np.array([row_of[some[0].number] for some in fresh])))
        groups: dict[str, list[int]] = {}
        for unit, some in zip(units, fresh, strict=True):
            groups.setdefault(stories[some[0].id], []).append(unit)
        for story, members in groups.items():
            self._window.new_group(members, story)
            self._grouping.shrink(members)
        self._surroundings.renew(self._window.units, len(units))
        self._touched.clear()

    def _by_story(self, entries: Sequence[Entry], stories: Mapping[str, str]) -> list[list[Entry]]:
        """Copies, and those with the same words, are one unit where they are in one story."""
        fresh: list[list[Entry]] = []
        homes: dict[object, list[Entry]] = {}
        for entry in entries:
            story, words = stories[entry.id], entry.described.words
            home = None if entry.placed else homes.get((story, entry.root)) or homes.get((story, words))
            if home is None and self._window.says_little(entry):
                self._window.seat(entry, story)
            elif home is not None:
                home.append(entry)
            else:
                fresh.append([entry])
                homes[story, entry.root] = homes[story, words] = fresh[-1]
        return fresh

    def freeze(self) -> None:
        """From now on articles may join the groups that there are, and nothing else changes."""
        self._grouping.frozen = True

    def obey(self, placed: Mapping[str, str], closed: Container[str] = frozenset()) -> list[Assignment]:
        """Put the articles of the window where an editor put them, and say what changed by that. `placed` has all
        placements that hold: what is in it no more is free again, and goes back to its story where it still belongs."""
        self._hear(placed, closed)
        moved = [entry for entry in self._window if entry.placed != placed.get(entry.id)]
        for at in range(0, len(moved), SLICE):
            self._placing.put(moved[at : at + SLICE], placed)
        self._touched |= self._placing.reunite(entry.root for entry in moved if entry.placed is None)
        self._touched |= self._placing.leave(closed)
        return self._told(moved)

    def _hear(self, placed: Mapping[str, str], closed: Container[str]) -> None:
        self._grouping.closed, self._grouping.reserved = closed, frozenset(placed.values())

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
        with nothing_collected():
            return cls(options, dimensions, model)._resume(state, articles, embed)

    def _resume(
        self,
        state: bytes,
        articles: Callable[[Sequence[str]], Sequence[StoryArticle]],
        embed: Callable[[Sequence[StoryArticle]], NDArray[np.float32]] | None,
    ) -> "StoryEngine":
        opened = State(state, self._mark)
        there = articles(opened.articles)
        rows = self._checked(embed(there) if embed else None, len(there))
        by_id = {article.id: article for article in there}
        meaning = dict(zip((article.id for article in there), rows, strict=True))
        entries = opened.fill(self._window, self._describer, self._surroundings, by_id, meaning)
        self._newest = opened.newest
        for entry in entries:
            article = replace(by_id[entry.id], published=entry.published)
            copy = Copy(entry.root, entry.share) if entry.share is not None else None
            self._copies.restore(entry.number, article, sketch(article.text), copy)
        return self

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
        for article in articles:
            self._replace(article.id)
        self._move_on(articles[-1].published)
        late = [article for article in articles if self._is_late(article)]
        entries = [self._enter(article, placed.get(article.id)) for article in articles[len(late) :]]
        rows = {entry.number: row for entry, row in zip(entries, meaning[len(late) :], strict=True)}
        fresh = self._settled(entries)
        clear_away(self._window, self._describer, self._surroundings, self.fewest_dead)
        self._surroundings.renew(self._window.units, len(entries))
        if fresh:
            self._compare(fresh, np.array([rows[some[0].number] for some in fresh]))
        self._touched |= self._placing.reunite(self._window.numbered(number).root for number in sorted(self._touched))
        return [*(self._alone(article, placed.get(article.id)) for article in late), *self._told(entries)]

    def _is_late(self, article: StoryArticle) -> bool:
        return self.edge is not None and article.published < self.edge

    def _alone(self, article: StoryArticle, placed: str | None) -> Assignment:
        """One that comes too late: it is never in the window."""
        entry = Entry(article.id, NO_UNIT, article.published, described(article), root=NO_UNIT, placed=placed)
        story = placed or self._grouping.new_story([entry])
        return Assignment(article.id, story, self._receipt(entry, {}))

    def _replace(self, article: str) -> None:
        """What is known of an article goes, since it arrives once more."""
        there = self._window.entries.get(article)
        if there is not None:
            self._window.remove(there)
            self._copies.forget(there.number)

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
            home = None if entry.placed else self._home_of(entry, homes)
            if isinstance(home, list):
                home.append(entry)
            elif home is not None:
                self._window.attach(entry, home)
            elif self._window.says_little(entry):
                self._seat(entry)
            else:
                fresh.append([entry])
                homes[entry.root] = homes[entry.described.words] = fresh[-1]
        return fresh

    def _home_of(self, entry: Entry, homes: Mapping[object, list[Entry]]) -> list[Entry] | int | None:
        """What has the entry's text, else its words: a unit, or others that arrive with it."""
        unit = self._window.home_of_text(entry.root)
        if unit is not None or entry.root in homes or self._window.says_little(entry):
            return unit if unit is not None else homes.get(entry.root)
        words = entry.described.words
        unit = self._window.home_of_words(words)
        return unit if unit is not None else homes.get(words)

    def _seat(self, entry: Entry) -> None:
        """One that says little is with those whose text it repeats, else alone."""
        kin = (other.story for other in self._window.family_of(entry.root) if other.story and other.placed is None)
        story = entry.placed or next(kin, "") or self._grouping.new_story([entry])
        self._window.seat(entry, story)

    def _compare(self, fresh: Sequence[Sequence[Entry]], meaning: NDArray[np.float32]) -> None:
        """New units, grouped with what they are near, and with what an editor put where they are put."""
        rows, levels = self._described(fresh, meaning)
        links = self._placing.bound(self._grouping.links(rows, levels), [some[0].placed for some in fresh])
        self._grouping.regroup(self._join(fresh, rows, levels), links)

    def _described(self, fresh: Sequence[Sequence[Entry]], meaning: NDArray[np.float32]) -> tuple[Rows, Floats]:
        meaning = meaning.reshape(len(fresh), self._dimensions)
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
        scored = [told[number] for number in self._grouping.changed if told[number].unit != NO_UNIT]
        company = self._grouping.company(scored)
        found = [self._assignment(told[number], company) for number in sorted(told)]
        self._grouping.forget_changes()
        self._touched.clear()
        return found

    def _assignment(self, entry: Entry, company: Mapping[int, Sequence[Entry]]) -> Assignment:
        window = self._window
        return Assignment(
            entry.id,
            window.story_of(entry),
            self._receipt(entry, company),
            copy_of=entry.copy_of,
            shared_text=entry.share,
        )

    def _receipt(self, entry: Entry, company: Mapping[int, Sequence[Entry]]) -> Receipt:
        if entry.placed is not None:
            return Receipt(decided_by=DecidedBy.EDITOR)
        if entry.share is not None:
            threshold = COPY_SHARE if entry.share >= COPY_SHARE else EXTENDED_SHARE
            return Receipt(decided_by=DecidedBy.COPY, similarity=entry.share, threshold=threshold)
        if entry.unit == NO_UNIT:
            return Receipt(decided_by=DecidedBy.NOTHING)
        receipt = self._grouping.changed.get(entry.number)
        if receipt is None or (receipt.similarity or 0.0) > TOGETHER / 2:
            return Receipt(decided_by=DecidedBy.SAME_WORDS)
        near = company.get(int(self._window.units.group[entry.unit]), ())
        return with_shared(receipt, entry.described, (other.described for other in near if other is not entry))


def _dated(article: StoryArticle, now: datetime | None) -> StoryArticle:
    """The article, published `now` if it claims to be from the future."""
    if now is None or article.published <= later(now, LARGEST_FUTURE):
        return article
    return replace(article, published=now)


def _slices(order: Sequence[int], articles: Mapping[int, StoryArticle], longest: timedelta) -> Iterator[Sequence[int]]:
    """Runs of at most SLICE articles and a day, so that a slice never reaches beyond its window."""
    start = 0
    for at in range(1, len(order) + 1):
        if (
            at == len(order)
            or at - start == SLICE
            or articles[order[at]].published - articles[order[start]].published >= longest
        ):
            yield order[start:at]
            start = at
