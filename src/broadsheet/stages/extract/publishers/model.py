"""What a publisher's file says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

FIELDS = ("title", "authors", "published", "updated", "image")
"""The values of an article that a rule can name places for; `text` and `drop` are lists of selectors."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where on a page a value stands: `meta NAME`, `json KEY` (of the JSON-LD node about the article), `css SELECTOR`
    or `css SELECTOR @ATTRIBUTE`, `address` (the page's own), `title` (the title element, without the site's name)."""

    kind: Literal["meta", "json", "css", "address", "title"]
    name: str = ""
    attribute: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.name, f"@{self.attribute}" if self.attribute else "")))


@dataclass(frozen=True, slots=True)
class Wanted:
    """The places of one value, the first that has one wins. `only` keeps of the text found the group of this pattern
    (all of it, if it has none), `without` takes what matches out; `split` parts authors. `size` reads the sides of an
    image off its address: groups `width`, and `height` or else the proportions `x` and `y`."""

    places: tuple[Place, ...]
    only: re.Pattern[str] | None = None
    without: re.Pattern[str] | None = None
    split: re.Pattern[str] | None = None
    size: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for pages from the day `start` on and before `end` (None: no bound)."""

    start: date | None = None
    end: date | None = None
    fields: Mapping[str, Wanted] = field(default_factory=dict)
    text: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether a page of this day is read by it."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Publisher:
    """One file: hosts (those below belong to them) and rules, of which the first that holds is taken."""

    name: str
    hosts: tuple[str, ...]
    rules: tuple[Rule, ...]
