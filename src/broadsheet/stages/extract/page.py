"""A page, parsed once: the tree, and its head as lists of values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from broadsheet.errors import Rejected
from broadsheet.formats.charsets import html_as_utf8
from broadsheet.model.exchange import Response
from broadsheet.stages.extract.calm import calm
from broadsheet.stages.extract.structured import Linked, read_linked

MAX_BYTES = 3_000_000  # of markup; the longest honest pages have about a third of that
_MAX_HEAD = 1000
_RELATIONS = {"canonical", "amphtml", "image_src"}
_MAX_LINKED = 60
_IN_HEAD = ", ".join(
    ["meta", "title", 'script[type*="ld+json" i]', *(f'link[rel="{relation}" i]' for relation in sorted(_RELATIONS))]
)

_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"OggS", b"\x00\x00\x00")
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|article|main|div|p|h[1-6]|script|span|a|table)\b", re.I
)


@dataclass(frozen=True)
class Page:
    """What the finders of fields read. `metas` maps lower-case name, property or itemprop to its values in order."""

    url: str
    tree: LexborHTMLParser
    metas: Mapping[str, tuple[str, ...]]
    image_metas: tuple[tuple[str, str], ...]
    links: Mapping[str, tuple[str, ...]]
    title_tag: str
    language_tag: str
    is_amp: bool
    linked: Linked
    markup: bytes  # in UTF-8

    def meta(self, *names: str) -> tuple[str, str] | None:
        """The first of `names` that has a value, as (name, value)."""
        for name in names:
            for value in self.metas.get(name, ()):
                return name, value
        return None

    @cached_property
    def html(self) -> str:
        """The whole page as it came, scripts and all."""
        return self.markup.decode("utf-8", "replace")

    @cached_property
    def site_names(self) -> tuple[str, ...]:
        """What the page says its site is called, as written."""
        found = [*self.metas.get("og:site_name", ()), *self.metas.get("application-name", ()), *self.linked.site_names]
        return tuple(dict.fromkeys(found))


def read_page(response: Response) -> Page:
    """Decodes and parses. Raises Rejected for what is no HTML page."""
    markup = _markup_of(response)
    tree = LexborHTMLParser(calm(markup))
    root = tree.root
    head = _Head(tree)
    attributes = root.attributes if root is not None else {}
    return Page(
        url=response.final_url,
        tree=tree,
        metas={name: tuple(values) for name, values in head.metas.items()},
        image_metas=tuple(head.image_metas),
        links={rel: tuple(hrefs) for rel, hrefs in head.links.items()},
        title_tag=fold(head.title),
        language_tag=(attributes.get("lang") or attributes.get("xml:lang") or "").strip(),
        is_amp="amp" in attributes or "⚡" in attributes,
        linked=read_linked(head.scripts, response.final_url),
        markup=markup,
    )


def fold(text: str | None) -> str:
    """White space folded to single spaces; invisible characters gone."""
    text = text or ""
    if text.isprintable() and "  " not in text:  # no white space but single spaces, and nothing invisible
        return text.strip()
    if not text.isascii():
        text = text.replace("\u200b", "").replace("\u00ad", "").replace("\ufeff", "")
    return " ".join(text.split())


def _markup_of(response: Response) -> bytes:
    body = response.body
    kind = response.content_type.split(";")[0].strip().lower()
    if not body or body.isspace():
        raise Rejected(f"{response.final_url}: the page is empty")
    if kind and not ("html" in kind or "xml" in kind or kind in {"text/plain", "application/octet-stream"}):
        raise Rejected(f"{response.final_url}: not an HTML page but {kind[:60]}")
    if body.startswith(_MAGIC):
        raise Rejected(f"{response.final_url}: not an HTML page but a file of another kind")
    markup = html_as_utf8(_cut(body), response.content_type)
    if b"\x00" in markup:
        markup = markup.replace(b"\x00", b"")
    if not _MARKUP.search(markup):
        raise Rejected(f"{response.final_url}: there is no HTML in it")
    return markup


def _cut(body: bytes) -> bytes:
    """The first `MAX_BYTES`, and no half of a character at the end."""
    if len(body) <= MAX_BYTES:
        return body
    end = next((at for at in range(MAX_BYTES, MAX_BYTES - 4, -1) if body[at] & 0xC0 != 0x80), MAX_BYTES)
    return body[:end]


class _Head:
    """What the head of a page lists, collected in one walk over the tree (some pages put it into the body)."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.metas: dict[str, list[str]] = {}
        self.image_metas: list[tuple[str, str]] = []
        self.links: dict[str, list[str]] = {}
        self.scripts: list[str] = []
        self.title: str | None = None
        for node in tree.css(_IN_HEAD)[:_MAX_HEAD]:
            tag = node.tag
            if tag == "meta":
                self._add_meta(node.attributes)
            elif tag == "link":
                self._add_link(node.attributes)
            elif tag == "script":
                self.scripts += [node.text()] if len(self.scripts) < _MAX_LINKED else []
            elif self.title is None:
                self.title = node.text()

    def _add_meta(self, attributes: Mapping[str, str | None]) -> None:
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        value = fold(attributes.get("content"))
        if name and value:
            key = name.strip().lower()
            self.metas.setdefault(key, []).append(value)
            if key.startswith(("og:image", "twitter:image")):
                self.image_metas.append((key, value))

    def _add_link(self, attributes: Mapping[str, str | None]) -> None:
        rel, href = (attributes.get("rel") or "").lower(), (attributes.get("href") or "").strip()
        if href and rel in _RELATIONS:
            self.links.setdefault(rel, []).append(href)
