"""Sitemaps (https://www.sitemaps.org/protocol.html): of pages, of sitemaps, of news and of images; XML or text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from lxml import etree

from broadsheet.errors import Rejected
from broadsheet.formats.instants import parse_instant
from broadsheet.formats.markup import plain_text
from broadsheet.model.feed import Entry
from broadsheet.model.images import Image
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.feeds.decoding import text_of_feed, unpacked
from broadsheet.stages.sources.feeds.links import absolute, web_address
from broadsheet.stages.sources.feeds.names import Names, namespace
from broadsheet.stages.sources.feeds.text import LONGEST_TITLE, raw_text
from broadsheet.stages.sources.feeds.tree import parse_tree

# The protocol's own limit.
MOST_ADDRESSES = 50_000
_MAPS = frozenset({"urlset", "sitemapindex"})
_FEEDS = frozenset({"rss", "feed", "rdf:rdf"})
_MOST_IMAGES = 20
_MOST_KEYWORDS = 50


@dataclass(frozen=True, slots=True)
class Sitemap:
    """`entries` are pages, in the order of the file; `children` the addresses of further sitemaps, `changed` when each
    of them last was, where the index says so."""

    entries: tuple[Entry, ...] = ()
    children: tuple[str, ...] = ()
    changed: Mapping[str, datetime] = field(default_factory=dict)


def read_sitemap(body: bytes, *, url: str) -> Sitemap:
    """The sitemap in `body` (gzip is unpacked); `url` is where it was fetched, for relative addresses.

    Of a page the address, the last change and what Google's news and image extensions say of it are read. A feed in
    a sitemap's place is taken for one, as the protocol has it. At most 50,000 addresses. Raises Rejected.
    """
    body = unpacked(body)
    if b"<" not in body[:1000].replace(b"\0", b""):
        return _from_text(body, url)
    root = parse_tree(body, "", _MAPS | _FEEDS, "sitemap")
    names = Names(namespace(root.tag))
    if names[root.tag] not in _MAPS:
        return Sitemap(entries=read_feed(body, url=url).entries)
    pages = (_entry(e, names, url) for e in root.iterchildren() if names[e.tag] == "url")
    children = dict(islice(_children(root, names, url), MOST_ADDRESSES))
    return Sitemap(
        tuple(islice((page for page in pages if page), MOST_ADDRESSES)),
        tuple(children),
        {address: when for address, when in children.items() if when is not None},
    )


def _children(root: etree._Element, names: Names, base: str) -> Iterator[tuple[str, datetime | None]]:
    for element in root.iterchildren():
        address = _address(element, names, base) if names[element.tag] == "sitemap" else None
        if address is not None:
            said = next((raw_text(child) for child in element if names[child.tag] == "lastmod"), None)
            yield address, parse_instant(said[:64]) if said else None


def _from_text(body: bytes, url: str) -> Sitemap:
    """One address a line."""
    lines = (line.strip() for line in text_of_feed(body).splitlines())
    found = tuple(
        Entry(url=line) for line in islice(lines, MOST_ADDRESSES) if absolute(line) and web_address(line, url)
    )
    if not found:
        raise Rejected("not a sitemap: neither XML nor lines of addresses")
    return Sitemap(entries=found)


def _address(element: etree._Element, names: Names, base: str) -> str | None:
    location = next((raw_text(child) for child in element if names[child.tag] == "loc"), None)
    return absolute(web_address(location, base))


def _entry(page: etree._Element, names: Names, base: str) -> Entry | None:
    address = _address(page, names, base)
    if address is None:
        return None
    said = {name: text for name, text in _said(page, names) if text}
    published, updated = said.get("news:publication_date"), said.get("lastmod")
    title = plain_text(said.get("news:title", "")[: 4 * LONGEST_TITLE])[:LONGEST_TITLE]
    keywords = (" ".join(word.split())[:200] for word in said.get("news:keywords", "")[:5_000].split(","))
    return Entry(
        url=address,
        title=title or None,
        published=parse_instant(published) if published else None,
        updated=parse_instant(updated) if updated else None,
        categories=tuple(dict.fromkeys(word for word in keywords if word))[:_MOST_KEYWORDS],
        images=tuple(islice(_images(page, names, base), _MOST_IMAGES)),
        language=said.get("news:language", "")[:35] or None,
        publication=plain_text(said.get("news:name", "")[:500])[:200] or None,
    )


def _said(page: etree._Element, names: Names) -> Iterator[tuple[str, str]]:
    """The texts of the page's own elements and of those of its `news:news`."""
    for child in page:
        name = names[child.tag]
        if name == "news:news":
            for inner in child.iterdescendants():
                yield names[inner.tag], raw_text(inner)
        elif not len(child):
            yield name, raw_text(child)


def _images(page: etree._Element, names: Names, base: str) -> Iterator[Image]:
    for child in page:
        if names[child.tag] == "image:image":
            for inner in child:
                address = absolute(web_address(raw_text(inner), base)) if names[inner.tag] == "image:loc" else None
                if address:
                    yield Image(address)
