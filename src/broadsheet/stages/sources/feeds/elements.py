"""The children of a feed's or an entry's element, by our names, and the few questions that are asked of them."""

from datetime import datetime
from itertools import islice

from lxml import etree

from broadsheet.formats.instants import parse_instant
from broadsheet.stages.sources.feeds.links import joined_base, web_address
from broadsheet.stages.sources.feeds.media import with_groups
from broadsheet.stages.sources.feeds.names import BASE, LANG, Names
from broadsheet.stages.sources.feeds.text import Wrapping, html_of, raw_text, title_of

_MOST_CHILDREN = 2_000


class Elements:
    """What an element holds. `names` is shared by all of a feed; `base` is what its links are relative to."""

    __slots__ = ("_present", "_relations", "element", "found", "names", "wrapping")

    def __init__(self, element: etree._Element, names: Names, wrapping: Wrapping) -> None:
        self.element = element
        self.names = names
        base = element.get(BASE)
        self.wrapping = Wrapping(wrapping.is_atom, joined_base(wrapping.base, base)) if base else wrapping
        self.found = found = dict[str, list[etree._Element]]()
        for child in islice(element, _MOST_CHILDREN):
            name = names[child.tag]
            if name in found:
                found[name].append(child)
            else:
                found[name] = [child]
        if "media:group" in found or "media:content" in found:
            for name, inner in with_groups(found.get("media:group", []) + found.get("media:content", []), names):
                found.setdefault(name, []).append(inner)
        self._present = names.present_in(tuple(found))
        self._relations: dict[str, list[etree._Element]] | None = None

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
        present = self._present.get(names)
        if present is None:
            present = self._present[names] = tuple(name for name in names if name in self.found)
        if not present:
            return []
        found = self.found
        return found[present[0]] if len(present) == 1 else [element for name in present for element in found[name]]

    @property
    def relations(self) -> dict[str, list[etree._Element]]:
        """The links by their `rel`, in lower case; `alternate` where there is none."""
        if self._relations is None:
            self._relations = {}
            for element in self.found.get("link", ()):
                self._relations.setdefault(element.get("rel", "alternate").lower(), []).append(element)
        return self._relations

    def related(self, relation: str) -> str | None:
        """The first address that is linked with this `rel`."""
        for element in self.relations.get(relation, ()):
            if address := web_address(element.get("href"), self.base):
                return address
        return None

    def text(self, *names: str) -> str | None:
        """The first that has any text."""
        for element in self.all(*names):
            if text := raw_text(element):
                return text
        return None

    def title(self, *names: str) -> str | None:
        """The first that says something, as plain text on one line."""
        for element in self.all(*names):
            if text := title_of(element, self.wrapping):
                return text
        return None

    def html(self, *names: str) -> str | None:
        """The first that says something, as sanitised HTML."""
        for element in self.all(*names):
            if text := html_of(element, self.wrapping):
                return text
        return None

    def instant(self, *names: str) -> datetime | None:
        """The first that can be read."""
        for element in self.all(*names):
            if when := parse_instant(raw_text(element)):
                return when
        return None
