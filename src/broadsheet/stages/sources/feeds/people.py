"""Authors, as feeds name them: elements of Atom, or one line of RSS with name and address in any order."""

import re
from collections.abc import Iterable

from lxml import etree

from broadsheet.formats.markup import plain_text
from broadsheet.model.feed import Person
from broadsheet.stages.sources.feeds.links import web_address
from broadsheet.stages.sources.feeds.names import Names
from broadsheet.stages.sources.feeds.text import raw_text

_LONGEST = 500
_MOST = 50
_EMAIL = re.compile(r"(?:mailto:)?([A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8})")
_EDGES = " \t\r\n<>()[]\"',;"


def person_of(element: etree._Element, names: Names) -> Person | None:
    """The person that an element names, None if it names nobody."""
    if not len(element):
        return person_from(raw_text(element))
    parts = {names[child.tag].rpartition(":")[2]: raw_text(child)[:_LONGEST] for child in element}
    name = plain_text(parts.get("name") or "")
    email = parts.get("email") or None
    url = web_address(parts.get("uri") or parts.get("url") or parts.get("homepage"))
    if not (name or email or url):
        return person_from(raw_text(element))
    return Person(name or None, email, url)


def person_from(text: str) -> Person | None:
    """`Ann Other`, `ann@example.org`, `ann@example.org (Ann Other)`, `Ann Other <ann@example.org>`."""
    text = plain_text(text[:_LONGEST].replace("<", " <") if "@" not in text else _unbracketed(text[:_LONGEST]))
    found = _EMAIL.search(text)
    if not found:
        name = text.strip(" \t\r\n,;")
        return Person(name) if name else None
    name = f"{text[: found.start()].rstrip(_EDGES)} {text[found.end() :].lstrip(_EDGES)}".strip(_EDGES)
    return Person(" ".join(name.split()) or None, found[1])


def _unbracketed(text: str) -> str:
    """`<ann@example.org>` would be taken for a tag."""
    return re.sub(r"<([^<>@\s]{1,64}@[^<>\s]{1,255})>", r" (\1) ", text)


def unique(people: Iterable[Person | None]) -> tuple[Person, ...]:
    """Each person once, in order, at most fifty."""
    return tuple(dict.fromkeys(person for person in people if person))[:_MOST]
