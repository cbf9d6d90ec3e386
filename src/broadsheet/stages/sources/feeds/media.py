"""Files and pictures of an entry: enclosures, Media RSS, pictures of podcasts."""

from collections.abc import Iterable, Iterator

from lxml import etree

from broadsheet.model.feed import Enclosure
from broadsheet.model.images import Image
from broadsheet.stages.sources.feeds.links import web_address
from broadsheet.stages.sources.feeds.names import RESOURCE, Names
from broadsheet.stages.sources.feeds.text import raw_text

_MOST = 100
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")


def whole_number(text: str | None) -> int | None:
    """A count of bytes or pixels (`640`, `640px`), None if it is none."""
    digits = (text or "").strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else None


def enclosure_of(element: etree._Element, base: str | None) -> Enclosure | None:
    """From `enclosure`, `media:content`, or a link of Atom."""
    url = web_address(element.get("url") or element.get("href") or element.get(RESOURCE), base)
    if url is None:
        return None
    length = element.get("length") or element.get("fileSize") or element.get("filesize")
    return Enclosure(url, (element.get("type") or "").strip()[:200] or None, whole_number(length))


def image_of(element: etree._Element, base: str | None, names: Names) -> Image | None:
    """From `media:thumbnail`, `media:content`, `itunes:image`, or an `image` with its address inside."""
    address = element.get("url") or element.get("href") or element.get(RESOURCE)
    if not address:
        inner = next((child for child in element if names[child.tag] in {"url", "link"}), None)
        address = raw_text(element if inner is None else inner)
    url = web_address(address, base)
    return Image(url, whole_number(element.get("width")), whole_number(element.get("height"))) if url else None


def is_picture(element: etree._Element) -> bool:
    """Whether a `media:content` or enclosure is an image, by what it says or by its name."""
    medium, kind = element.get("medium", "").lower(), element.get("type", "").lower()
    if medium or kind:
        return medium == "image" or kind.startswith("image")
    return (element.get("url") or "").split("?")[0].lower().endswith(_PICTURES)


def with_groups(elements: Iterable[etree._Element], names: Names) -> Iterator[tuple[str, etree._Element]]:
    """Everything of Media RSS below the elements: groups and contents hold further elements."""
    for element in elements:
        for inner in element.iterdescendants():
            if names[inner.tag].startswith("media:"):
                yield names[inner.tag], inner


def once(images: Iterable[Image | None]) -> tuple[Image, ...]:
    """Each address once, with the sizes that were said first."""
    found: dict[str, Image] = {}
    for image in images:
        if image:
            found.setdefault(image.url, image)
    return tuple(found.values())[:_MOST]


def each_once(enclosures: Iterable[Enclosure | None]) -> tuple[Enclosure, ...]:
    """Each address once, the one that says more."""
    found: dict[str, Enclosure] = {}
    for enclosure in enclosures:
        if enclosure and (enclosure.url not in found or (found[enclosure.url].type is None and enclosure.type)):
            found[enclosure.url] = enclosure
    return tuple(found.values())[:_MOST]
