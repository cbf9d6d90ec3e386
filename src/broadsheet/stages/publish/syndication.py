"""The feeds: RSS 2.0, Atom 1.0 (RFC 4287) and JSON Feed 1.1, for the site and for each topic.

What is newest is in the feed itself, what is older in archived pages (RFC 5005) in Atom's form, which RSS names too.
A JSON Feed has one address to go on reading at, and no form for an archive: it ends with what is newest.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring as quoted

from broadsheet.model.instants import iso
from broadsheet.model.publication import OutputFile, Site
from broadsheet.stages.publish.feed_items import (
    FeedItem,
    atom_entry,
    feed_item,
    json_item,
    rfc822,
    rss_item,
    xml_attribute,
    xml_escaped,
)
from broadsheet.stages.publish.site.cards import Card
from broadsheet.stages.publish.site.links import links_of
from broadsheet.stages.publish.site.words import words_for
from broadsheet.stages.publish.xml_files import xml_text

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
_DECLARED = '<?xml version="1.0" encoding="utf-8"?>\n'
_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is of: the site, or the topic whose page is at `path`. `newest_closed` is its newest archived page,
    0 where there is none."""

    title: str
    path: str
    newest_closed: int


class _Item:
    """A story in the three formats, each made into text when it is asked for: archives have Atom only."""

    __slots__ = ("_atom", "_item", "_json", "_rss", "card")

    def __init__(self, card: Card, item: FeedItem) -> None:
        self.card, self._item = card, item
        self._rss = self._atom = self._json = ""

    @property
    def rss(self) -> str:
        self._rss = self._rss or rss_item(self._item)
        return self._rss

    @property
    def atom(self) -> str:
        self._atom = self._atom or atom_entry(self._item)
        return self._atom

    @property
    def json(self) -> str:
        self._json = self._json or json_item(self._item)
        return self._json


class FeedWriter:
    """Writes the feeds of one site. An item is made once and put into every feed that has it. `hubs` are the
    addresses of the WebSub hubs that are told of changes."""

    def __init__(self, site: Site, hubs: Sequence[str] = ()) -> None:
        self._site, self._hubs = site, tuple(hubs)
        self._links, self._words = links_of(site), words_for(site.locale)
        self._items: OrderedDict[str, _Item] = OrderedDict()

    def feeds(self, feed: Feed, cards: Sequence[Card]) -> Iterator[OutputFile]:
        """The three feeds with what is newest: `feed.xml`, `atom.xml` and `feed.json`."""
        items = [self._item(card) for card in sorted(cards, key=_latest_first)]
        yield OutputFile(f"{feed.path}feed.xml", self._rss(feed, items))
        yield OutputFile(f"{feed.path}atom.xml", self._atom(feed, items, None))
        yield OutputFile(f"{feed.path}feed.json", self._json(feed, items))

    def archive(self, feed: Feed, number: int, cards: Sequence[Card]) -> OutputFile:
        """An archived page, which stays as it is: an archive document of RFC 5005, section 4."""
        items = [self._item(card) for card in sorted(cards, key=_latest_first)]
        return OutputFile(archive_path(feed.path, number), self._atom(feed, items, number))

    def _item(self, card: Card) -> _Item:
        known = self._items.get(card.id)
        if known is None or known.card is not card:
            known = self._items[card.id] = _Item(card, feed_item(card, self._links, self._words))
            if len(self._items) > _KEPT:
                self._items.popitem(last=False)
        self._items.move_to_end(card.id)
        return known

    def _rss(self, feed: Feed, items: Sequence[_Item]) -> bytes:
        folder = self._links.full(feed.path)
        links = [(f"{folder}feed.xml", "self", "application/rss+xml"), *((hub, "hub", "") for hub in self._hubs)]
        if feed.newest_closed:
            links.append((self._archived(feed, feed.newest_closed), "prev-archive", "application/atom+xml"))
        lines = "".join(f"    <atom:link{_attributes(*link)}/>\n" for link in links)
        updated = _updated(items)
        built = f"    <lastBuildDate>{rfc822(updated)}</lastBuildDate>\n" if updated else ""
        return _file(
            f'<rss xmlns:atom="{ATOM}" xmlns:dc="{DC}" version="2.0">\n  <channel>\n'
            f"    <title>{_escaped(feed.title)}</title>\n    <link>{_escaped(folder)}</link>\n"
            f"    <description>{_escaped(self._description)}</description>\n"
            f"    <language>{self._words.language}</language>\n{built}{lines}"
            f"{''.join([item.rss for item in items])}  </channel>\n</rss>\n"
        )

    def _atom(self, feed: Feed, items: Sequence[_Item], number: int | None) -> bytes:
        """The feed itself, or its archived page of this number."""
        folder = self._links.full(feed.path)
        own = f"{folder}atom.xml" if number is None else self._archived(feed, number)
        links = [(own, "self", "application/atom+xml")]
        if older := feed.newest_closed if number is None else number - 1:
            links.append((self._archived(feed, older), "prev-archive", "application/atom+xml"))
        if number is None:
            links += [(hub, "hub", "") for hub in self._hubs]
        else:
            links.append((f"{folder}atom.xml", "current", "application/atom+xml"))
        links.append((folder, "alternate", "text/html"))
        lines = "".join(f"  <link{_attributes(*link)}/>\n" for link in links)
        name = folder if "://" in folder else f"urn:broadsheet:feed:{feed.path or 'all'}"
        archived = "" if number is None else "  <fh:archive/>\n"
        return _file(
            f'<feed xmlns="{ATOM}" xmlns:fh="{HISTORY}" xml:lang="{self._words.language}">\n'
            f"  <title>{_escaped(feed.title)}</title>\n  <subtitle>{_escaped(self._description)}</subtitle>\n"
            f"  <id>{_escaped(name)}</id>\n"
            f"  <updated>{iso(_updated(items)) or '1970-01-01T00:00:00Z'}</updated>\n{lines}"
            f"  <generator>Broadsheet</generator>\n{archived}{''.join([item.atom for item in items])}</feed>\n"
        )

    def _json(self, feed: Feed, items: Sequence[_Item]) -> bytes:
        folder = self._links.full(feed.path)
        values = [
            ("version", "https://jsonfeed.org/version/1.1"),
            ("title", xml_text(feed.title)),
            ("home_page_url", folder),
            ("feed_url", f"{folder}feed.json"),
            ("description", xml_text(self._description)),
            ("language", self._words.language),
        ]
        lines = [f'"{key}": {quoted(value)}' for key, value in values]
        if self._hubs:
            hubs = ",\n    ".join(f'{{"type": "WebSub", "url": {quoted(hub)}}}' for hub in self._hubs)
            lines.append(f'"hubs": [\n    {hubs}\n  ]')
        shown = ",\n    ".join([item.json for item in items])
        lines.append(f'"items": [\n    {shown}\n  ]' if items else '"items": []')
        return ("{\n  " + ",\n  ".join(lines) + "\n}\n").encode("utf-8", "replace")

    @property
    def _description(self) -> str:
        return self._site.description or self._site.title

    def _archived(self, feed: Feed, number: int) -> str:
        return self._links.full(archive_path(feed.path, number))


def archive_path(path: str, number: int) -> str:
    """`archive/<n>/atom.xml`, below the page of the topic where it is one's."""
    return f"{path}archive/{number}/atom.xml"


def _latest_first(card: Card) -> tuple[float, str]:
    return -card.head.at.timestamp(), card.id


def _updated(items: Sequence[_Item]) -> datetime | None:
    return max((item.card.latest for item in items), default=None)


def _attributes(href: str, rel: str, kind: str) -> str:
    typed = f' type="{kind}"' if kind else ""
    return f' rel="{rel}"{typed} href="{xml_attribute(xml_text(href))}"'


def _escaped(text: str) -> str:
    return xml_escaped(xml_text(text))


def _file(xml: str) -> bytes:
    return (_DECLARED + xml).encode("utf-8", "replace")
