"""A parser for feeds that are not well-formed XML: it takes what is there and never gives up.

End tags that nothing opened are ignored, missing ones are supplied, entities of HTML are known everywhere, prefixes
need no declaration, attributes no quotes. No DTD is ever read beyond the short entities that it spells out.
"""

import re
from html.entities import html5
from itertools import islice

from lxml import etree

from broadsheet.formats.markup import decode_entities
from broadsheet.stages.sources.feeds.names import URI_OF_PREFIX

_DEEPEST = 128
_MOST_ATTRIBUTES = 64
# Seventy tags and texts for each of ten thousand entries.
_MOST_TOKENS = 700_000
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TOKEN = re.compile(
    r"""<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)
      | <!--.*?(?:-->|\Z)
      | <[!?][^>]*+>?
      | </(?P<end>[A-Za-z_][\w.:-]*+)[^<>]*+>?
      | <(?P<start>[A-Za-z_][\w.:-]*+)(?P<attributes>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+)>
      | (?P<text>[^<]++|<)""",
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([A-Za-z_][\w.:-]*+)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]++))""")
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|([A-Za-z][A-Za-z0-9._-]{0,40}));")
_DOCTYPE = re.compile(
    r"\s*(?:<\?[^>]*+>\s*|<!--.*?-->\s*)*<!DOCTYPE[^\[>]*+\[(.{0,20000}?)\]\s*>", re.DOTALL | re.IGNORECASE
)
_DECLARED_ENTITY = re.compile(r"""<!ENTITY\s+([A-Za-z][\w.-]{0,40})\s+(?:"([^"<&%]{0,500})"|'([^'<&%]{0,500})')\s*>""")
_PREFIX = re.compile(r"[A-Za-z_][\w.-]*")


def parse_patiently(text: str) -> etree._Element:
    """A root of our own over everything that the text has, up to 700,000 tags and texts."""
    text = _ILLEGAL.sub("", text)
    builder = _Builder(_entities(text))
    for token in islice(_TOKEN.finditer(text), _MOST_TOKENS):
        builder.add(token)
    return builder.root


def _entities(text: str) -> dict[str, str]:
    """The internal entities of the document, only such as are plain text: none can name another."""
    doctype = _DOCTYPE.match(text)
    found = _DECLARED_ENTITY.findall(doctype[1]) if doctype else []
    return {name: double or single for name, double, single in found}


class _Builder:
    """The tree so far, and the elements that are open, each with the name as it was written."""

    def __init__(self, entities: dict[str, str]) -> None:
        self.root = etree.Element("document")
        self._entities = entities
        self._open: list[tuple[str, etree._Element]] = [("", self.root)]
        self._namespaces = {"": ""} | URI_OF_PREFIX
        self._last: etree._Element | None = None
        self._pieces: list[str] = []

    def add(self, token: re.Match[str]) -> None:
        """Takes the next token in."""
        kind = token.lastgroup
        if kind == "text":
            self._pieces.append(self._decoded(token["text"]))
        elif kind == "cdata":
            self._pieces.append(token["cdata"])
        elif kind == "end":
            self._end(token["end"].lower())
        elif kind == "attributes":
            self._start(token["start"], token["attributes"])

    def _start(self, name: str, rest: str) -> None:
        lowered = name.lower()
        if lowered in {"item", "entry"}:
            self._end(lowered)
        if len(self._open) >= _DEEPEST:
            return
        attributes = self._attributes(rest) if "=" in rest else {}
        self._flush()
        parent = self._open[-1][1]
        element = etree.SubElement(parent, self._qualified(name), attributes)
        self._last = element
        if not rest.endswith("/"):
            self._open.append((lowered, element))
            self._last = None

    def _end(self, name: str) -> None:
        names = [opened for opened, _ in self._open]
        if name in names:
            self._flush()
            at = len(names) - 1 - names[::-1].index(name)
            self._last = self._open[at][1]
            del self._open[at:]

    def _flush(self) -> None:
        """The text since the last tag goes behind the element that was closed last, or first into the open one."""
        text = "".join(self._pieces)
        self._pieces.clear()
        if not text:
            return
        if self._last is None:
            self._open[-1][1].text = (self._open[-1][1].text or "") + text
        else:
            self._last.tail = (self._last.tail or "") + text

    def _attributes(self, rest: str) -> dict[str, str]:
        attributes: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(rest):
            name, value = found[1], self._decoded(found[2] or found[3] or found[4] or "")
            if name == "xmlns" or name.startswith("xmlns:"):
                self._namespaces[name[6:].lower()] = value.strip()
            elif len(attributes) < _MOST_ATTRIBUTES:
                attributes.setdefault(self._qualified(name, attribute=True), value)
        return attributes

    def _qualified(self, name: str, *, attribute: bool = False) -> str:
        prefix, colon, local = name.rpartition(":")
        local = "".join(c for c in local if c.isascii() and (c.isalnum() or c in "._-")) or "x"
        if not (local[0].isalpha() or local[0] == "_"):
            local = f"x{local}"
        if attribute and not colon:
            return local
        uri = self._namespaces.get(prefix.lower(), "")
        if prefix.lower() == "xml":
            uri = "http://www.w3.org/XML/1998/namespace"
        if not uri or not uri.isascii() or any(c in "{}<>\"' \t\r\n" for c in uri):
            return (
                local
                if prefix.lower() in {"", "atom", "atom10", "a10", "rss"}
                else f"{{urn:x:{_plain(prefix)}}}{local}"
            )
        return f"{{{uri}}}{local}"

    def _decoded(self, text: str) -> str:
        return _ILLEGAL.sub("", _ENTITY.sub(self._entity, text)) if "&" in text else text

    def _entity(self, found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return decode_entities(found[0])
        declared = self._entities.get(name)
        return html5.get(f"{name};", found[0]) if declared is None else declared


def _plain(prefix: str) -> str:
    found = _PREFIX.match(prefix)
    return found[0] if found and found[0].isascii() else "x"
