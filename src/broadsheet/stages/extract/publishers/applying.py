"""Reads a page by its publisher's rule. What the rule doesn't find is left to the general way."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from broadsheet.formats.instants import parse_instant
from broadsheet.formats.urls import host_of
from broadsheet.stages.extract.address import absolute
from broadsheet.stages.extract.blocks import split_blocks
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.images import sized_image
from broadsheet.stages.extract.page import Page, fold
from broadsheet.stages.extract.publishers.model import Place, Publisher, Rule, Wanted
from broadsheet.stages.extract.publishers.reading import bundled_publishers, by_host
from broadsheet.stages.extract.structured import text_of
from broadsheet.stages.extract.title import without_site
from broadsheet.stages.extract.written_dates import read_date

_MAX_NODES, _MAX_VALUE, _MAX_AUTHORS = 50, 2000, 30
_WHOLE = frozenset({"html", "head", "body"})
_NO_TEXT = ("script", "style", "noscript", "figure", "form", "iframe")
_WIDTHS = re.compile(r"(?:^|[\s,])([^\s,]\S*)\s+(\d{2,5})w(?=\s*(?:,|$))")
_SIDE = re.compile(r"[1-9][0-9]{0,4}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Own:
    """What a rule found, by the names of the finders; `drop` are selectors of what is no text."""

    found: Mapping[str, Found[Any]] = field(default_factory=dict)
    drop: tuple[str, ...] = ()


def rule_for(page: Page, fetched_at: datetime, own: tuple[Publisher, ...] = ()) -> Rule | None:
    """The rule of the page's publisher for its day: that on which it says it was published, else that of the fetch.
    `own` go before those that come with Broadsheet."""
    host, day = host_of(page.url), page_day(page, fetched_at)
    for publishers in (by_host(own), bundled_publishers()):
        publisher = _of_host(host, publishers)
        for rule in publisher.rules if publisher else ():
            if rule.holds_on(day):
                return rule
    return None


def page_day(page: Page, fetched_at: datetime) -> date:
    """The day by which a rule is chosen."""
    said = page.meta("article:published_time", "date", "datepublished")
    found = _DAY.match(page.linked.first("datePublished") or (said[1] if said else ""))
    try:
        return date.fromisoformat(found.group()) if found else fetched_at.date()
    except ValueError:
        return fetched_at.date()


def _of_host(host: str, publishers: Mapping[str, Publisher]) -> Publisher | None:
    """By the host or the nearest one above it."""
    while "." in host:
        if host in publishers:
            return publishers[host]
        host = host.partition(".")[2]
    return None


def read_own(rule: Rule, page: Page) -> Own:
    """The values that the rule finds on the page."""
    found: dict[str, Found[Any]] = {}
    for name, wanted in rule.fields.items():
        for place in wanted.places:
            values = [v for raw in _raw(place, page) if (v := _trimmed(raw, wanted))]
            value = _READERS[name](values, wanted, page) if values else None
            if value:
                found[name] = Found(value, f"publisher's rule: {place}")
                break
    if text := _text(rule, page):
        found["text"] = Found(text, "publisher's rule")
    return Own(found, rule.drop)


def _raw(place: Place, page: Page) -> Iterator[str]:
    """What stands at a place, as it stands there."""
    if place.kind == "meta":
        yield from page.metas.get(place.name, ())
    elif place.kind == "json":
        value = page.linked.article.get(place.name)
        for item in value if isinstance(value, list) else [value]:
            yield text_of(page.linked.resolve(item))
    elif place.kind == "title":
        yield without_site(page.title_tag, page)
    elif place.kind == "address":
        yield page.url
    else:
        for node in page.tree.css(place.name)[:_MAX_NODES]:
            value = node.attributes.get(place.attribute) or "" if place.attribute else _shown(node)
            yield _largest(value) or value if place.attribute.endswith("srcset") else value


def _shown(node: LexborNode) -> str:
    """The text of an element, or the address of a picture."""
    if node.tag in ("img", "amp-img", "source"):
        return _picture(node)
    return node.text(separator=" ", skip_empty=True)


def _picture(node: LexborNode) -> str:
    attributes = node.attributes
    if largest := _largest(attributes.get("srcset") or attributes.get("data-srcset") or ""):
        return largest
    plain = attributes.get("src") or ""
    return plain if plain and not plain.startswith("data:") else attributes.get("data-src") or ""


def _largest(several: str) -> str:
    """The widest of a `srcset`, empty if it names no widths."""
    sizes = [(int(width), url) for url, width in _WIDTHS.findall(several)]
    return max(sizes)[1] if sizes else ""


def _trimmed(raw: str, wanted: Wanted) -> str:
    text = fold(raw[:_MAX_VALUE])
    if wanted.only is not None:
        found = wanted.only.search(text)
        text = (next((g for g in found.groups() if g), "") if found.groups() else found.group()) if found else ""
    if wanted.without is not None:
        text = wanted.without.sub("", text)
    return text.strip(" ,;|·•-–—")


def _title(values: list[str], _wanted: Wanted, _page: Page) -> str:
    return values[0]


def _authors(values: list[str], wanted: Wanted, _page: Page) -> tuple[str, ...]:
    names = [part for value in values for part in (wanted.split.split(value) if wanted.split else [value])]
    return tuple(dict.fromkeys(n for name in names if (n := (name or "").strip(" ,;|"))))[:_MAX_AUTHORS]


def _instant(values: list[str], _wanted: Wanted, _page: Page) -> str | None:
    """In the form of the page, where that is ISO 8601; other forms as they are understood."""
    for value in values:
        if _ISO.fullmatch(value) and parse_instant(value) is not None:
            return value
        if written := read_date(value):
            return written
    return None


def _image(values: list[str], wanted: Wanted, page: Page) -> Any:
    url = next((url for value in values if (url := absolute(page, value))), None)
    return sized_image(page, url, _spelt_size(url, wanted) or _drawn_size(page, values[0], wanted)) if url else None


def _spelt_size(url: str, wanted: Wanted) -> tuple[int, int] | None:
    found = wanted.size.search(url) if wanted.size else None
    said = {
        name: int(value) for name, value in (found.groupdict() if found else {}).items() if _SIDE.fullmatch(value or "")
    }
    if "width" not in said:
        return None
    height = said.get("height") or round(said["width"] * said.get("y", 0) / said.get("x", 1))
    return (said["width"], height) if height else None


def _drawn_size(page: Page, shown: str, wanted: Wanted) -> tuple[int, int] | None:
    """The sides that its element gives the picture, as large as the widest of its `srcset`."""
    for place in wanted.places:
        for node in page.tree.css(place.name)[:_MAX_NODES] if place.kind == "css" and not place.attribute else ():
            sides = [node.attributes.get(side) or "" for side in ("width", "height")]
            if _shown(node) == shown and all(map(_SIDE.fullmatch, sides)):
                width, height = map(int, sides)
                widest = max((int(w) for _, w in _WIDTHS.findall(node.attributes.get("srcset") or "")), default=width)
                return widest, round(widest * height / width)
    return None


_READERS = {"title": _title, "authors": _authors, "published": _instant, "updated": _instant, "image": _image}


def _text(rule: Rule, page: Page) -> str:
    """The paragraphs in the elements that `text` selects, in the order of the page, without what `drop` selects."""
    if not rule.text:
        return ""
    nodes = _outermost(page.tree.css(", ".join(rule.text)))
    blocks = [split_blocks(_without(node, rule.drop)).texts for node in nodes]
    return "\n\n".join(dict.fromkeys(text for texts in blocks for text in texts))


def _without(node: LexborNode, drop: tuple[str, ...]) -> str:
    for selector in (*drop, *_NO_TEXT):
        take_out(node, selector)
    return node.html or ""


def take_out(tree: LexborHTMLParser | LexborNode, selector: str) -> None:
    """Takes away what `selector` finds. What lies in another goes with it, and must not be touched after it."""
    whole = None if isinstance(tree, LexborHTMLParser) else tree.mem_id
    found = [node for node in tree.css(selector) if node.tag not in _WHOLE and node.mem_id != whole]
    for node in _outermost(found):
        node.decompose()


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Those that no other of them holds."""
    known = {node.mem_id for node in nodes}
    return [node for node in nodes if not any(above.mem_id in known for above in _above(node))]


def _above(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent
