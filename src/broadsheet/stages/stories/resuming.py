"""The state of the engine as bytes, and back: what can't be read off the articles again.

Who is together with whom, backgrounds as they were read, the rows of condensed units, and which word has which column.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.describing import Describer
from broadsheet.stages.stories.levels import Surroundings
from broadsheet.stages.stories.snapshots import pack, rows_as_arrays, rows_from_arrays, unpack
from broadsheet.stages.stories.units import Array, Floats, Ints, Standing, Units
from broadsheet.stages.stories.window import Entry, Window

FORM = 2
FEWEST_DEAD = 2_000
LIVING_FOR_ONE_DEAD = 4
NOTHING = np.zeros(0, dtype=np.int64)


def pack_state(mark: str, newest: datetime | None, window: Window, describer: Describer, around: Surroundings) -> bytes:
    """The state as bytes; `mark` says which options and which model it belongs to."""
    alive = window.units.alive
    places = {unit: place for place, unit in enumerate(alive.tolist())}
    condensed = np.array([unit for unit in places if not window.is_described(unit)], dtype=np.int64)
    standing = window.units.standing(alive)
    facts: dict[str, Any] = {
        "form": FORM,
        "mark": mark,
        "newest": newest.isoformat() if newest else None,
        "describer": describer.state(),
        "around": around.state(),
        "window": window.state(places),
        "condensed": [places[unit] for unit in condensed.tolist()],
    }
    arrays: dict[str, Array] = {
        "weight": standing.weight, "level": standing.level, "group": standing.group, "epoch": standing.epoch,
        **rows_as_arrays("condensed", window.units.rows(condensed)),
    }  # fmt: skip
    if around.groups is not None:
        arrays |= rows_as_arrays("around", around.groups)
    return pack(facts, arrays)


class State:
    """What `pack_state` packed, opened. Raises ValueError for anything else, and where `mark` is another."""

    def __init__(self, data: bytes, mark: str) -> None:
        self._facts, self._arrays = unpack(data)
        if self._facts.get("form") != FORM or self._facts.get("mark") != mark:
            raise ValueError("a state of the story engine that belongs to other settings")
        newest = self._facts.get("newest")
        self.newest = datetime.fromisoformat(newest) if newest else None

    @property
    def articles(self) -> list[str]:
        """The ids of the articles in the window, in the order of their arrival."""
        return [str(row["id"]) for row in self._facts["window"]["entries"]]

    def fill(
        self,
        window: Window,
        describer: Describer,
        around: Surroundings,
        articles: Mapping[str, StoryArticle],
        meaning: Mapping[str, Floats],
    ) -> list[Entry]:
        """Put everything back; `meaning` has the language model's rows. The entries in the order of their arrival.
        Raises ValueError where an article is missing, or something of the state."""
        try:
            return self._fill(window, describer, around, articles, meaning)
        except (KeyError, IndexError, TypeError) as error:
            raise ValueError(f"a state of the story engine that lacks something: {error!r}") from error

    def _fill(
        self,
        window: Window,
        describer: Describer,
        around: Surroundings,
        articles: Mapping[str, StoryArticle],
        meaning: Mapping[str, Floats],
    ) -> list[Entry]:
        describer.restore(self._facts["describer"])
        groups = rows_from_arrays("around", self._arrays, {"x": describer.widths["x"]}) if self._has_groups else None
        around.restore(self._facts["around"], groups)
        entries = window.restore(self._facts["window"], articles)
        self._fill_units(window, describer, meaning)
        return entries

    @property
    def _has_groups(self) -> bool:
        return "around.meaning" in self._arrays

    def _fill_units(self, window: Window, describer: Describer, meaning: Mapping[str, Floats]) -> None:
        weight: Array = self._arrays["weight"]
        condensed = self._facts["condensed"]
        described = sorted(set(range(len(weight))) - set(condensed))
        sources = [window.source_of(unit) for unit in described]
        rows = describer.describe(
            [entry.described for entry in sources],
            np.array([meaning[entry.id] for entry in sources], dtype=np.float32).reshape(
                len(sources), window.units.dimensions
            ),
        )
        widths = describer.widths
        loose = Units(widths, window.units.dimensions)
        for some in (rows, rows_from_arrays("condensed", self._arrays, widths)):
            loose.extend(some, np.ones(len(some)), np.zeros(len(some)), 0)
        order = np.argsort(np.array([*described, *condensed], dtype=np.int64))
        window.units.widths = widths
        numbers = window.units.extend(loose.rows(order), np.ones(len(weight)), np.zeros(len(weight)), 0)
        said = [self._arrays[name] for name in ("level", "group", "epoch")]
        window.units.stand(numbers, Standing(weight, *said))


def clear_away(window: Window, describer: Describer, around: Surroundings, fewest: int = FEWEST_DEAD) -> None:
    """Drop the units that are dead, and the words that nobody has any more, once there is one for four living ones (and
    not fewer than `fewest`)."""
    units = window.units
    alive = units.alive
    if len(units) - len(alive) <= max(fewest, len(alive) / LIVING_FOR_ONE_DEAD):
        return
    rows = units.rows(alive)
    standing = units.standing(alive)
    far = around.groups.sparse["x"].indices if around.groups is not None else NOTHING
    words = _used(units.widths["x"], rows.sparse["x"].indices, far)
    phrases = _used(units.widths["phrases"], rows.sparse["phrases"].indices)
    describer.keep(words, phrases)
    window.units = Units(describer.widths, units.dimensions)
    for kind, matrix in rows.sparse.items():
        _renumber(matrix.indices, {"phrases": phrases}.get(kind, words), describer.counts(kind))
    if around.groups is not None:
        _renumber(far, words, True)
    numbers = window.units.extend(rows, standing.weight, standing.level, 0)
    window.units.stand(numbers, standing)
    window.renumbered(alive)


def _used(width: int, *columns: Ints) -> Ints:
    """Which of so many columns are among these, ascending."""
    used = np.zeros(width, dtype=bool)
    for some in columns:
        used[some] = True
    return np.flatnonzero(used)


def _renumber(columns: Ints, kept: Ints, wanted: bool) -> None:
    if wanted and len(kept):
        places = np.empty(int(kept[-1]) + 1, dtype=columns.dtype)
        places[kept] = np.arange(len(kept))
        columns[:] = places[columns]
