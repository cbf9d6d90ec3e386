"""The children of a feed's or an entry's element, by our names, and the few questions that are asked of them."""

from datetime import datetime
from itertools import islice

from lxml import etree

from broadsheet.formats.instants import parse_instant
from broadsheet.stages.sources.feeds.links import joined_base
from broadsheet.stages.sources.feeds.media import with_groups
from broadsheet.stages.sources.feeds.names import BASE, LANG, Names
from broadsheet.stages.sources.feeds.text import Wrapping, html_of, raw_text, title_of

_MOST_CHILDREN = 2_000


class Elements:
    """What an element holds. `names` is shared by all of a feed; `base` is what its links are relative to."""

    __slots__ = ("element", "found", "names", "wrapping")

    def __init__(self, element: etree._Element, names: Names, wrapping: Wrapping) -> None:
        self.element = element
        self.names = names
        base = element.get(BASE)
        self.wrapping = Wrapping(wrapping.is_atom, joined_base(wrapping.base, base)) if base else wrapping
        self.found: dict[str, list[etree._Element]] = {}
        for child in islice(element, _MOST_CHILDREN):
            self.found.setdefault(names[child.tag], []).append(child)
        groups = self.found.get("media:group", []) + self.found.get("media:content", [])
        for name, inner in with_groups(groups, names) if groups else ():
            self.found.setdefault(name, []).append(inner)

    @property
    def base(self) -> str | None:
        """The address that relative links are resolved against."""
        return self.wrapping.base

    @property
    def has_own_base(self) -> bool:
        """Whether the document itself says what its links are relative to."""
        return self.element.get(BASE) is not None or any(e.get(BASE) for e in self.element.iterancestors())

    @property
    def last_modified(self) -> datetime | None:
        """From the attribute that CDF has for it."""
        when = self.element.get("LASTMOD") or self.element.get("lastmod")
        return parse_instant(when) if when else None

    @property
    def language(self) -> str | None:
        """From `xml:lang`, None where it is absent."""
        return (self.element.get(LANG) or "").strip()[:35] or None

    def all(self, *names: str) -> list[etree._Element]:
        """The children of these names, those of the first name first."""
        found = self.found
        return [element for name in names if name in found for element in found[name]]

    def text(self, *names: str) -> str | None:
        """The first that has any text."""
        return next((text for element in self.all(*names) if (text := raw_text(element))), None)

    def title(self, *names: str) -> str | None:
        """The first that says something, as plain text on one line."""
        return next((text for element in self.all(*names) if (text := title_of(element, self.wrapping))), None)

    def html(self, *names: str) -> str | None:
        """The first that says something, as sanitised HTML."""
        return next((text for element in self.all(*names) if (text := html_of(element, self.wrapping))), None)

    def instant(self, *names: str) -> datetime | None:
        """The first that can be read."""
        return next((when for element in self.all(*names) if (when := parse_instant(raw_text(element)))), None)
