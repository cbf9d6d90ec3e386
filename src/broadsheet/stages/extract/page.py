"""A page, parsed once: the tree, its head as lists of values, and the guards against hostile markup.

Parsers of HTML are linear on honest pages and quadratic on dishonest ones: thousands of nested elements, formatting
elements left open before thousands of paragraphs, thousands of attributes on one element. `calm` takes those apart
before the parser sees them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from broadsheet.errors import Rejected
from broadsheet.formats.charsets import decode_html
from broadsheet.model.exchange import Response
from broadsheet.stages.extract.structured import Linked, read_linked

MAX_CHARS = 3_000_000  # of markup; the longest honest pages have about a third of that
_MAX_HEAD = 1000
_RELATIONS = {"canonical", "amphtml", "image_src"}
_MAX_LINKED = 60

_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"OggS", b"\x00\x00\x00")
_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|article|main|div|p|h[1-6]|script|span|a|table)\b", re.I
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
    html: str

    def meta(self, *names: str) -> tuple[str, str] | None:
        """The first of `names` that has a value, as (name, value)."""
        for name in names:
            for value in self.metas.get(name, ()):
                return name, value
        return None

    @cached_property
    def site_names(self) -> tuple[str, ...]:
        """What the page says its site is called, as written."""
        found = [*self.metas.get("og:site_name", ()), *self.metas.get("application-name", ()), *self.linked.site_names]
        return tuple(dict.fromkeys(found))


def read_page(response: Response) -> Page:
    """Decodes and parses. Raises Rejected for what is no HTML page."""
    html = _markup_of(response)
    tree = LexborHTMLParser(calm(html))
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
        html=html,
    )


def fold(text: str | None) -> str:
    """White space folded to single spaces; invisible characters gone."""
    return " ".join((text or "").replace("\u200b", "").replace("\u00ad", "").replace("\ufeff", "").split())


def _markup_of(response: Response) -> str:
    body = response.body
    kind = response.content_type.split(";")[0].strip().lower()
    if not body.strip():
        raise Rejected(f"{response.final_url}: the page is empty")
    if kind and not ("html" in kind or "xml" in kind or kind in {"text/plain", "application/octet-stream"}):
        raise Rejected(f"{response.final_url}: not an HTML page but {kind[:60]}")
    if body.startswith(_MAGIC):
        raise Rejected(f"{response.final_url}: not an HTML page but a file of another kind")
    html = decode_html(body[: 4 * MAX_CHARS], response.content_type)[:MAX_CHARS]
    if "\x00" in html:
        html = html.replace("\x00", "")
    if not _MARKUP.search(html):
        raise Rejected(f"{response.final_url}: there is no HTML in it")
    return html


class _Head:
    """What the head of a page lists, collected in one walk over the tree (some pages put it into the body)."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.metas: dict[str, list[str]] = {}
        self.image_metas: list[tuple[str, str]] = []
        self.links: dict[str, list[str]] = {}
        self.scripts: list[str] = []
        self.title: str | None = None
        for node in tree.css('meta, title, link[rel], script[type*="ld+json" i]')[:_MAX_HEAD]:
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


# --- guards ---------------------------------------------------------------------------------------------------------

_FORMATTING = re.compile(r"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>/])", re.I)
_FORMATTING_TAG = re.compile(r"</?(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?:\s[^<>]*)?>", re.I)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s<>/]*)[^<>]*>")
_NAME = re.compile(r"<[a-zA-Z][^\s/>]*+")
_ATTRIBUTE = re.compile(r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?""")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_MAX_TAGS = 150_000
_FEW_TAGS, _MANY_TAGS, _MAX_OPEN_FORMATS, _MAX_DEPTH = 800, 8000, 300, 400
_STEP, _MAX_ATTRIBUTES = 1000, 1000


def calm(html: str) -> str:
    """The same markup where it is honest; else without what would take a parser quadratic time."""
    tags = html.count("<")
    if tags > _MAX_TAGS:
        html = "<".join(html.split("<", _MAX_TAGS)[:-1])
    if tags > _FEW_TAGS:
        marks = _FORMATTING.findall(html)
        if len(marks) - 2 * marks.count("/") > _MAX_OPEN_FORMATS:
            html = _FORMATTING_TAG.sub("", html)
    if tags > _MANY_TAGS:
        html = _shallow(html)
    return _few_attributes(html)


def _shallow(html: str) -> str:
    """Without the elements that lie deeper than `_MAX_DEPTH`, counted roughly; what stands in them stays."""
    depth = 0

    def keep(found: re.Match[str]) -> str:
        nonlocal depth
        closing, name = found.groups()
        if name.lower() in _VOID:
            return found.group()
        if closing:
            depth = max(0, depth - 1)
            return found.group() if depth < _MAX_DEPTH else ""
        depth += 1
        return found.group() if depth <= _MAX_DEPTH else ""

    return _TAG.sub(keep, html)


def _few_attributes(html: str) -> str:
    """Looking for an attribute of the same name makes an element with many attributes quadratic.

    Only long tags can have many. They are found by looking every `_STEP` characters how far the next tag is.
    """
    kept, done, at = [], 0, 0
    while at < len(html):
        following = html.find("<", at)
        following = len(html) if following < 0 else following
        if following - at < _STEP:
            at += _STEP
            continue
        start = html.rfind("<", done, at + 1)
        at = following + 1
        name = _NAME.match(html, start) if start >= 0 else None
        end, count = _attributes(html, name.end()) if name else (0, 0)
        at = max(at, end)
        if name and count > _MAX_ATTRIBUTES:
            kept += [html[done:start], f"{name.group()}>"]
            done = end
    return "".join([*kept, html[done:]]) if kept else html


def _attributes(html: str, at: int) -> tuple[int, int]:
    """Where the tag ends whose name ends at `at`, and how many attributes it has."""
    count = 0
    while found := _ATTRIBUTE.match(html, at):
        at = found.end()
        count += 1
    return min(at + 1, len(html)), count
