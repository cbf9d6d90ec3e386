"""One entry, of RSS, RDF, Atom or CDF alike: their elements hardly overlap, and feeds mix them freely."""

import re
from collections.abc import Iterator
from html import unescape

from lxml import etree

from broadsheet.model.feed import Enclosure, Entry, Person
from broadsheet.model.images import Image
from broadsheet.stages.sources.feeds.elements import Elements
from broadsheet.stages.sources.feeds.links import absolute, web_address
from broadsheet.stages.sources.feeds.media import each_once, enclosure_of, image_of, is_picture, once, whole_number
from broadsheet.stages.sources.feeds.names import ABOUT
from broadsheet.stages.sources.feeds.people import person_of, unique
from broadsheet.stages.sources.feeds.text import first_words, raw_text

_LONGEST_ID = 4_096
_MOST_CATEGORIES = 100
_PUBLISHED = ("pubdate", "published", "issued", "dcterms:issued", "dcterms:created", "created", "dc:date", "dc:created")
_UPDATED = ("updated", "modified", "dcterms:modified", "lastbuilddate", "dc:modified", "dcterms:date")
_SUMMARY = (
    "description", "summary", "dc:description", "itunes:summary", "media:description", "itunes:subtitle", "abstract",
)  # fmt: skip
_CONTENT = ("content:encoded", "content", "xhtml:body", "body", "fullitem", "xhtml:div")
_AUTHORS = ("author", "dc:creator", "dc:author", "itunes:author", "contributor")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# In HTML that we have sanitised, so that the form is known.
_PICTURE = re.compile(r"<img ([^<>]*)>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_COMMAS = re.compile(r"\s*,\s*")


def entry_of(item: Elements, inherited: tuple[Person, ...] = ()) -> Entry:
    """The entry of an `item` or `entry` element; `inherited` are the authors of one that names none."""
    summary = item.html(*_SUMMARY)
    content = item.html(*_CONTENT) or (item.html("summary") if "description" in item.found else None)
    return Entry(
        id=_id(item),
        url=link_of(item),
        title=item.title("title", "dc:title", "media:title", "itunes:title") or first_words(content or summary),
        summary=summary,
        content=content,
        authors=unique(person_of(element, item.names) for element in item.all(*_AUTHORS)) or inherited,
        published=item.instant(*_PUBLISHED),
        updated=item.instant(*_UPDATED) or item.last_modified,
        categories=_categories(item),
        enclosures=_enclosures(item),
        images=_images(item) or _first_picture(content or summary),
        comments=_comments(item),
        language=item.language or item.text("dc:language", "language"),
    )


def _id(item: Elements) -> str | None:
    found = (item.text("guid", "id", "dc:identifier") or item.element.get(ABOUT) or "").strip()
    if not 0 < len(found) <= _LONGEST_ID:
        return None
    if item.wrapping.is_atom and not _SCHEME.match(found) and item.has_own_base:
        return web_address(found, item.base) or found
    return found


def link_of(holder: Elements) -> str | None:
    """Where a reader goes: what the entry or feed itself links to, the page rather than another form of it."""
    original = holder.text("feedburner:origlink")
    if original and (address := absolute(web_address(original))):
        return address
    second = None
    for element in holder.all("link"):
        liked, address = _link(element, holder.base)
        if address and liked:
            return address
        second = second or address
    if second:
        return second
    guid = next(iter(holder.all("guid")), None)
    if guid is not None and guid.get("ispermalink", guid.get("isPermaLink", "true")).lower() != "false":
        address = web_address(raw_text(guid))
        if address and address.startswith(("http://", "https://")):
            return address
    named = absolute(holder.text("id")) if holder.wrapping.is_atom else None
    return named or web_address(holder.element.get("href") or holder.element.get("HREF"), holder.base)


def _link(element: etree._Element, base: str | None) -> tuple[bool, str | None]:
    """The address, and whether it is what we want: a page, or whatever stands between the tags."""
    href = element.get("href")
    if href is None:
        return True, web_address(raw_text(element), base)
    if element.get("rel", "alternate").lower() != "alternate":
        return False, None
    return "html" in element.get("type", "html"), web_address(href, base)


def _categories(item: Elements) -> tuple[str, ...]:
    words = [_category(e) for e in item.all("category", "dc:subject", "itunes:category", "media:category")]
    for element in item.all("itunes:keywords", "media:keywords", "keywords", "tags"):
        words += _COMMAS.split(raw_text(element)[:10_000])
    return tuple(dict.fromkeys(word for word in words if word))[:_MOST_CATEGORIES]


def _category(element: etree._Element) -> str:
    word = element.get("term") or element.get("text") or raw_text(element) or element.get("label") or ""
    return " ".join(word.split())[:500]


def _enclosures(item: Elements) -> tuple[Enclosure, ...]:
    def found() -> Iterator[Enclosure | None]:
        original = item.text("feedburner:origenclosurelink")
        if original:
            kinds = [element.get("type") for element in item.all("enclosure")]
            address = web_address(original, item.base)
            yield Enclosure(address, kinds[0] if kinds else None) if address else None
        for element in item.all("enclosure", "media:content", "media:peerlink"):
            yield enclosure_of(element, item.base)
        for element in item.relations.get("enclosure", ()):
            yield enclosure_of(element, item.base)

    return each_once(found())


def _images(item: Elements) -> tuple[Image, ...]:
    def found() -> Iterator[Image | None]:
        for element in item.all("media:content", "enclosure"):
            if is_picture(element):
                yield image_of(element, item.base, item.names)
        for element in item.all("media:thumbnail", "itunes:image", "googleplay:image", "image", "thumbnail"):
            yield image_of(element, item.base, item.names)

    return once(found())


def _first_picture(markup: str | None) -> tuple[Image, ...]:
    """The first picture in the text that is no mere counter of readers."""
    if not markup or "<img " not in markup:
        return ()
    for tag in _PICTURE.finditer(markup):
        attributes = dict(_ATTRIBUTE.findall(tag[1]))
        url = absolute(unescape(attributes.get("src", "")))
        width, height = whole_number(attributes.get("width")), whole_number(attributes.get("height"))
        if url and min(width or 100, height or 100) > 2:
            return (Image(url, width, height),)
    return ()


def _comments(item: Elements) -> str | None:
    plain = web_address(item.text("comments"), item.base)
    return plain or item.related("replies")
