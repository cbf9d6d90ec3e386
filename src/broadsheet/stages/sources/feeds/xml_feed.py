"""A feed in XML: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, CDF."""

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from broadsheet.model.feed import Feed, Person
from broadsheet.stages.sources.feeds.elements import Elements
from broadsheet.stages.sources.feeds.entries import entry_of, link_of
from broadsheet.stages.sources.feeds.links import absolute, joined_base
from broadsheet.stages.sources.feeds.media import image_of
from broadsheet.stages.sources.feeds.names import BASE, LANG, URI_OF_PREFIX, Names, namespace
from broadsheet.stages.sources.feeds.people import person_of, unique
from broadsheet.stages.sources.feeds.rhythm import minutes_to_live, skip_days, skip_hours, update_seconds
from broadsheet.stages.sources.feeds.text import Wrapping
from broadsheet.stages.sources.feeds.tree import parse_tree

MOST_ENTRIES = 10_000
_ROOTS = frozenset({"rss", "rdf:rdf", "feed", "channel", "rdf", "entry"})
_ITEMS = {"item", "entry"}
_SUBTITLE = ("subtitle", "tagline", "description", "dc:description", "itunes:subtitle", "itunes:summary", "abstract")
_UPDATED = ("updated", "modified", "lastbuilddate", "dc:date", "dcterms:modified")


def read_xml(body: bytes, url: str | None, content_type: str) -> Feed:
    """The feed in the bytes, `url` where it was fetched. Raises Rejected."""
    root = parse_tree(body, content_type, _ROOTS)
    uri = namespace(root.tag)
    names = Names("" if uri == URI_OF_PREFIX["rdf"] else uri)
    is_atom = names[root.tag] in {"feed", "entry"}
    channel = next((c for c in root if names[c.tag] == "channel"), root)
    head = Elements(channel, names, Wrapping(is_atom, joined_base(url or _own_address(root), root.get(BASE))))
    link = link_of(head)
    wrapping = _wrapping_of_entries(head, link)
    authors = _authors(head)
    inherited = authors if is_atom else ()
    items = islice(_items(root, channel, names), MOST_ENTRIES)
    entries = tuple(entry_of(Elements(item, names, wrapping), inherited) for item in items)
    beside = Elements(root, names, head.wrapping) if root is not channel else head
    return Feed(
        feed_url=head.related("self"),
        title=head.title("title", "dc:title", "itunes:title"),
        subtitle=head.html(*_SUBTITLE),
        link=link,
        id=head.text("id", "guid", "dc:identifier"),
        language=_language(root, head),
        authors=authors,
        published=head.instant("pubdate", "published", "dcterms:issued", "dcterms:created", "issued"),
        updated=head.instant(*_UPDATED) or head.last_modified,
        image=_image(head) or _image(beside),
        ttl=minutes_to_live(head),
        update_seconds=update_seconds(head),
        skip_hours=skip_hours(head),
        skip_days=skip_days(head),
        hub=head.related("hub"),
        older=head.related("prev-archive") or head.related("next"),
        entries=entries,
    )  # fmt: skip


def _own_address(root: etree._Element) -> str | None:
    """What the feed says of itself, for want of anything better: its `self` link."""
    for element in islice(root.iter("{*}link"), 20):
        if element.get("rel", "").lower() == "self":
            return absolute(element.get("href"))
    return None


def _authors(head: Elements) -> tuple[Person, ...]:
    names = ("author", "managingeditor", "dc:creator", "dc:author", "itunes:author", "itunes:owner", "webmaster")
    return unique(person_of(element, head.names) for element in head.all(*names))


def _wrapping_of_entries(head: Elements, link: str | None) -> Wrapping:
    """RSS says nothing of relative links; its feeds mean them relative to the site. Atom means the document."""
    site = absolute(link)
    if head.wrapping.is_atom or head.has_own_base:
        return Wrapping(head.wrapping.is_atom, head.base or site)
    return Wrapping(is_atom=False, base=site or head.base)


def _items(root: etree._Element, channel: etree._Element, names: Names) -> Iterator[etree._Element]:
    """In the channel (RSS), beside it (RDF), or in an `items` (some old forms)."""
    if names[root.tag] == "entry":
        yield root
    for holder in (channel, root) if channel is not root else (channel,):
        for child in holder:
            if names[child.tag] in _ITEMS:
                yield child
            elif names[child.tag] in {"items", "channel"} and child is not channel:
                yield from (c for c in child if names[c.tag] in _ITEMS)


def _language(root: etree._Element, head: Elements) -> str | None:
    found = head.text("language", "dc:language") or head.language or root.get(LANG)
    return found.strip()[:35] or None if found else None


def _image(head: Elements) -> str | None:
    names = ("image", "itunes:image", "googleplay:image", "logo", "media:thumbnail", "media:content", "icon")
    pictures = list(head.all(*names)) + [e for e in head.all("itunes:link") if e.get("rel", "").lower() == "image"]
    images = (image_of(element, head.base, head.names) for element in pictures)
    return next((image.url for image in images if image), None)
