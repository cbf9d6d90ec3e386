"""The feeds: RSS 2.0, Atom 1.0 (RFC 4287) and JSON Feed 1.1, for the site and for each topic.

What is newest is in the feed itself, what is older in archived pages (RFC 5005) in Atom's form, which RSS names too.
A JSON Feed has one address to go on reading at, and no form for an archive: it ends with what is newest.

Readers are sent to the publisher: that is an item's link in RSS and Atom. JSON Feed has a word for it
(`external_url`), so there `url` is our story page. The id of an item is the story's permanent address everywhere.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from lxml import etree

from broadsheet.model.instants import iso
from broadsheet.model.publication import OutputFile, Site
from broadsheet.stages.publish.site.cards import Card
from broadsheet.stages.publish.site.links import links_of
from broadsheet.stages.publish.site.words import Words, words_for
from broadsheet.stages.publish.xml_files import namespaces, xml_file, xml_text

ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"


@dataclass(frozen=True, slots=True)
class _Item:
    """A story as all three formats say it. `url` is the publisher's page, ours where it has none."""

    id: str
    url: str
    page: str
    title: str
    author: str
    html: str
    text: str
    published: datetime
    updated: datetime
    topics: tuple[str, ...]
    language: str | None
    image: str | None


@dataclass(frozen=True, slots=True)
class _Channel:
    """A feed before it takes a format: `path` is the folder that its three files go to, `own` the address of the Atom
    form, `older` that of the archived page that goes on, `archived` whether this is one."""

    title: str
    path: str
    home: str
    folder: str
    description: str
    language: str
    updated: datetime | None
    items: tuple[_Item, ...]
    own: str
    older: str | None
    archived: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is of: the site, or the topic whose page is at `path`. `newest_closed` is its newest archived page,
    0 where there is none."""

    title: str
    path: str
    newest_closed: int


class FeedWriter:
    """Writes the feeds of one site."""

    def __init__(self, site: Site) -> None:
        self._site, self._links, self._words = site, links_of(site), words_for(site.locale)

    def feeds(self, feed: Feed, cards: Sequence[Card]) -> Iterator[OutputFile]:
        """The three feeds with what is newest: `feed.xml`, `atom.xml` and `feed.json`."""
        yield from _formats(self._channel(feed, cards, None))

    def archive(self, feed: Feed, number: int, cards: Sequence[Card]) -> OutputFile:
        """An archived page, which stays as it is: an archive document of RFC 5005, section 4."""
        channel = self._channel(feed, cards, number)
        return OutputFile(archive_path(feed.path, number), xml_file(_atom(channel)))

    def _channel(self, feed: Feed, cards: Sequence[Card], number: int | None) -> _Channel:
        items = tuple(self._item(card) for card in sorted(cards, key=_latest_first))
        older = (feed.newest_closed if number is None else number - 1) or None
        folder = self._links.full(feed.path)
        return _Channel(
            title=xml_text(feed.title),
            path=feed.path,
            home=folder,
            folder=folder,
            description=xml_text(self._site.description or self._site.title),
            language=self._words.language,
            updated=max((i.updated for i in items), default=None),
            items=items,
            own=self._links.full(archive_path(feed.path, number)) if number else f"{folder}atom.xml",
            older=self._links.full(archive_path(feed.path, older)) if older else None,
            archived=number is not None,
        )

    def _item(self, card: Card) -> _Item:
        page = self._links.full(card.path)
        deck = xml_text(card.deck)
        told = f'<p><a href="{escape(page)}">{_told(card, self._words)}</a></p>'
        return _Item(
            id=page if self._links.origin else f"urn:broadsheet:story:{card.id}",
            url=card.head.url or page,
            page=page,
            title=xml_text(card.title),
            author=xml_text(card.head.chip.name).strip() or xml_text(card.head.chip.domain) or "?",
            html=(f"<p>{escape(deck)}</p>" if deck else "") + told,
            text=deck,
            published=card.head.at,
            updated=card.latest,
            topics=tuple(xml_text(t.name) for t in card.topics),
            language=card.head.lang,
            image=card.picture.full if card.picture else None,
        )


def archive_path(path: str, number: int) -> str:
    """`archive/<n>/atom.xml`, below the page of the topic where it is one's."""
    return f"{path}archive/{number}/atom.xml"


def _latest_first(card: Card) -> tuple[float, str]:
    return -card.head.at.timestamp(), card.id


def _told(card: Card, words: Words) -> str:
    independent = words("independent_reports", n=len(card.independent))
    return escape(words.listed(independent, words("copies", n=len(card.copies)) if card.copies else ""))


def _formats(channel: _Channel) -> Iterator[OutputFile]:
    yield OutputFile(f"{channel.path}feed.xml", xml_file(_rss(channel)))
    yield OutputFile(f"{channel.path}atom.xml", xml_file(_atom(channel)))
    body = json.dumps(_json_feed(channel), ensure_ascii=False, indent=2) + "\n"
    yield OutputFile(f"{channel.path}feed.json", body.encode())


def _add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, tag, attributes)
    element.text = text
    return element


def _entry(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    return _add(parent, f"{{{ATOM}}}{tag}", text, **attributes)


def _rfc822(when: datetime) -> str:
    return format_datetime(when.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _rss(channel: _Channel) -> etree._Element:
    rss = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": ATOM, "dc": DC})
    top = etree.SubElement(rss, "channel")
    _add(top, "title", channel.title)
    _add(top, "link", channel.home)
    _add(top, "description", channel.description)
    _add(top, "language", channel.language)
    if channel.updated:
        _add(top, "lastBuildDate", _rfc822(channel.updated))
    _add(top, f"{{{ATOM}}}link", href=f"{channel.folder}feed.xml", rel="self", type="application/rss+xml")
    if channel.older:
        _add(top, f"{{{ATOM}}}link", href=channel.older, rel="prev-archive", type="application/atom+xml")
    for item in channel.items:
        _rss_item(top, item)
    return rss


def _rss_item(top: etree._Element, item: _Item) -> None:
    element = _add(top, "item")
    _add(element, "title", item.title)
    _add(element, "link", item.url)
    _add(element, "guid", item.id, isPermaLink="false" if item.id.startswith("urn:") else "true")
    _add(element, "pubDate", _rfc822(item.published))
    _add(element, f"{{{DC}}}creator", item.author)
    for topic in item.topics:
        _add(element, "category", topic)
    _add(element, "description", item.html)


def _atom(channel: _Channel) -> etree._Element:
    feed = etree.Element(f"{{{ATOM}}}feed", {LANG: channel.language}, nsmap=namespaces(ATOM, fh=HISTORY))
    _entry(feed, "title", channel.title)
    _entry(feed, "subtitle", channel.description)
    _entry(feed, "id", channel.home if "://" in channel.home else f"urn:broadsheet:feed:{channel.path or 'all'}")
    _entry(feed, "updated", iso(channel.updated) or "1970-01-01T00:00:00Z")
    _entry(feed, "link", rel="self", type="application/atom+xml", href=channel.own)
    if channel.older:
        _entry(feed, "link", rel="prev-archive", type="application/atom+xml", href=channel.older)
    if channel.archived:
        _entry(feed, "link", rel="current", type="application/atom+xml", href=f"{channel.folder}atom.xml")
        etree.SubElement(feed, f"{{{HISTORY}}}archive")
    _entry(feed, "link", rel="alternate", type="text/html", href=channel.home)
    _entry(feed, "generator", "Broadsheet")
    for item in channel.items:
        _atom_entry(feed, item)
    return feed


def _atom_entry(feed: etree._Element, item: _Item) -> None:
    entry = _entry(feed, "entry")
    if item.language:
        entry.set(LANG, item.language)
    _entry(entry, "title", item.title)
    _entry(entry, "id", item.id)
    _entry(entry, "link", rel="alternate", href=item.url)
    if item.url != item.page:
        _entry(entry, "link", rel="related", type="text/html", href=item.page)
    _entry(entry, "published", iso(item.published))
    _entry(entry, "updated", iso(item.updated))
    _entry(_entry(entry, "author"), "name", item.author)
    for topic in item.topics:
        _entry(entry, "category", term=topic)
    _entry(entry, "summary", item.html, type="html")


def _json_feed(channel: _Channel) -> dict[str, object]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": f"{channel.folder}feed.json",
        "description": channel.description,
        "language": channel.language,
        "items": [_json_item(item) for item in channel.items],
    }


def _json_item(item: _Item) -> dict[str, object]:
    values: dict[str, object] = {
        "id": item.id,
        "url": item.page,
        "external_url": item.url if item.url != item.page else None,
        "title": item.title,
        "content_html": item.html,
        "summary": item.text or None,
        "image": item.image,
        "date_published": iso(item.published),
        "date_modified": iso(item.updated),
        "authors": [{"name": item.author}],
        "tags": list(item.topics) or None,
        "language": item.language,
    }
    return {key: value for key, value in values.items() if value is not None}
