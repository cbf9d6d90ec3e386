"""The links of an HTML page with what stands around them, read in one pass over its tags; no tree is built, so that no
nesting of a stranger's costs more than its length."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from broadsheet.formats.charsets import decode_html
from broadsheet.formats.instants import parse_instant
from broadsheet.stages.sources.feeds.links import absolute, web_address

MAX_BYTES = 3_000_000
MOST_LINKS = 5_000
_DEEPEST = 150
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})((?:[^<>"']++|"[^"]{0,8000}"|'[^']{0,8000}')*+)>""")
_ATTRIBUTE = re.compile(r"""([a-zA-Z][a-zA-Z0-9_:-]{0,40})\s*+=\s*+("[^"]*"|'[^']*'|[^\s"'>]+)""")
_RAW = frozenset({"script", "style", "template", "svg", "noscript", "textarea", "select", "iframe"})
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CHROME = frozenset({"nav", "footer", "aside", "form", "dialog"})
_CONTENT = frozenset({"html", "body", "main", "article"})
_CHROME_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|footer|breadcrumbs?|pagination|pager|share|sharing|social|cookies?|sidebar|"
    r"login|newsletter|comments?|skip-link)(?:$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Link:
    """A link as it stands in the page. `blocks` are numbers of the elements around it, the nearest last; `shape` are
    the nearest of them by tag and class."""

    url: str
    text: str = ""
    in_heading: bool = False
    in_chrome: bool = False
    rel: str = ""
    blocks: tuple[int, ...] = ()
    shape: tuple[str, ...] = ()


@dataclass(slots=True)
class PageLinks:
    """What one pass finds: the links, the `<link>` elements of its head by relation, type, address and title, and the
    instants of `<time>` elements with the numbers of the elements around them."""

    links: list[Link] = field(default_factory=list)
    heads: list[tuple[str, str, str, str]] = field(default_factory=list)
    times: list[tuple[datetime, tuple[int, ...]]] = field(default_factory=list)
    title: str = ""


@dataclass(slots=True)
class _Open:
    tag: str
    number: int
    shape: str
    chrome: bool


def read_links(body: bytes, *, url: str, content_type: str = "") -> PageLinks:
    """The links of a page; the first 5,000, of its first three megabytes."""
    return _Reader(_without_comments(decode_html(body[:MAX_BYTES], content_type)), url).read()


def _without_comments(markup: str) -> str:
    """The markup without its comments; one that is never closed takes all that follows."""
    first, *rest = markup.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)


class _Reader:
    def __init__(self, markup: str, url: str) -> None:
        self.markup = markup
        self.base = url
        self.found = PageLinks()
        self.stack: list[_Open] = []
        self.number = 0
        self.link: Link | None = None
        self.pieces: list[str] = []

    def read(self) -> PageLinks:
        at = 0
        for found, end in self._tags():
            self._text(at, found.start())
            at = end
            closing, tag, said = found[1], found[2].lower(), found[3]
            if closing:
                self._close(tag)
            elif tag not in _RAW:
                self._open(tag, said)
            if len(self.found.links) >= MOST_LINKS:
                break
        self._end_link()
        return self.found

    def _tags(self) -> Iterator[tuple[re.Match[str], int]]:
        """The tags, each with where what follows it begins; what is no markup inside of an element is skipped."""
        at = 0
        while found := _TAG.search(self.markup, at):
            at = found.end()
            if not found[1] and found[2].lower() in _RAW and not found[3].endswith("/"):
                end = re.compile(f"</{found[2]}", re.IGNORECASE).search(self.markup, at)
                at = end.start() if end else len(self.markup)
            yield found, at

    def _text(self, start: int, end: int) -> None:
        if end > start and (self.link is not None or (self.stack and self.stack[-1].tag == "title")):
            text = html.unescape(self.markup[start : min(end, start + 2_000)])
            if self.link is not None:
                self.pieces.append(text)
            elif not self.found.title:
                self.found.title = " ".join(text.split())

    def _open(self, tag: str, said: str) -> None:
        attributes = {
            n.lower(): html.unescape(v[1:-1] if v[0] in "\"'" else v) for n, v in _ATTRIBUTE.findall(said[:8_000])
        }
        if tag == "base" and (base := absolute(web_address(attributes.get("href"), self.base))):
            self.base = base
        if tag == "link":
            self._head(attributes)
        if tag == "time":
            self._time(attributes.get("datetime", ""))
        if tag in _HEADINGS and self.link is not None:
            self.link.in_heading = True
        if tag == "a":
            self._begin_link(attributes)
        if tag in _VOID or said.endswith("/") or len(self.stack) >= _DEEPEST:
            return
        self.number += 1
        names = " ".join(attributes.get(name, "") for name in ("class", "id", "role"))
        first = attributes.get("class", "").split()
        self.stack.append(_Open(tag, self.number, f"{tag}.{first[0]}" if first else tag, self._is_chrome(tag, names)))

    def _is_chrome(self, tag: str, names: str) -> bool:
        if tag in _CHROME:
            return True
        if tag == "header":
            return not any(o.tag in {"article", "li", "section"} for o in self.stack)
        return tag not in _CONTENT and _CHROME_CLASS.search(names) is not None

    def _close(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        for depth in range(len(self.stack) - 1, max(-1, len(self.stack) - 30), -1):
            if self.stack[depth].tag == tag:
                del self.stack[depth:]
                return

    def _head(self, attributes: dict[str, str]) -> None:
        address = absolute(web_address(attributes.get("href"), self.base))
        if address and len(self.found.heads) < MOST_LINKS:
            relation, kind = attributes.get("rel", "").lower(), attributes.get("type", "").lower()
            self.found.heads.append((relation, kind, address, attributes.get("title", "")))

    def _time(self, said: str) -> None:
        when = parse_instant(said[:64]) if said else None
        if when is not None and len(self.found.times) < MOST_LINKS:
            self.found.times.append((when, tuple(o.number for o in self.stack[-8:])))

    def _begin_link(self, attributes: dict[str, str]) -> None:
        self._end_link()
        address = absolute(web_address(attributes.get("href"), self.base))
        if address is None:
            return
        self.link = Link(
            url=address,
            text=attributes.get("aria-label") or attributes.get("title") or "",
            in_heading=any(o.tag in _HEADINGS for o in self.stack[-4:]),
            in_chrome=any(o.chrome for o in self.stack),
            rel=attributes.get("rel", "").lower(),
            blocks=tuple(o.number for o in self.stack[-8:]),
            shape=tuple(o.shape for o in self.stack[-3:]),
        )
        self.pieces = []

    def _end_link(self) -> None:
        if self.link is not None:
            own = " ".join(" ".join(self.pieces).split())
            self.link.text = (own or " ".join(self.link.text.split()))[:500]
            self.found.links.append(self.link)
            self.link = None
