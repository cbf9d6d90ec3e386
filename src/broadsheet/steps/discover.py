"""Finds what can be watched at an address that a person gives: the feed of a home page, of a channel, of a profile."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlsplit

from broadsheet.errors import ItemError, Rejected
from broadsheet.formats.markup import plain_text
from broadsheet.model.exchange import Purpose, Request, Response
from broadsheet.model.source import Source, SourceKind
from broadsheet.ports import Http
from broadsheet.stages.sources.aggregators import is_hit_list, read_hits
from broadsheet.stages.sources.article_links import article_links
from broadsheet.stages.sources.discovery import Guess, by_address, in_page, sitemaps_of, usual
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.sitemaps import read_sitemap

MOST_ASKED = 12
MOST_USUAL = 8
MOST_MAPS = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Something that can be watched: the source, what it listed when it was asked, and how it was found."""

    source: Source
    entries: int
    why: str


def discover(http: Http, url: str) -> Iterator[Found]:
    """Everything at this address that can be watched, the best first, each asked before it is named: itself if it is a
    feed or a sitemap; the feeds that follow from its form or that the page names; where none does, those in the usual
    places; where there is none, sitemaps of news, the page itself, if it lists articles, and other sitemaps. Raises
    ItemError where the address itself can't be had and its form tells nothing."""
    known = by_address(url)
    try:
        response = http.get(Request(url, Purpose.PAGE))
    except ItemError:
        found = list(_those(http, known))
        if not found:
            raise
        yield from found
        return
    itself = _itself(response, url)
    if itself is not None:
        yield itself
        return
    named = in_page(response.body, url=response.final_url, content_type=response.content_type)
    found = list(_those(http, [*known, *named]))
    found = found or list(_those(http, islice(usual(response.final_url), MOST_USUAL)))
    maps = [] if found else sitemaps_of(_robots(http, response.final_url))
    yield from found
    yield from _maps(http, [address for address in maps if "news" in address.lower()])
    yield from _listing(response, url)
    yield from _maps(http, [address for address in maps if "news" not in address.lower()])


def look(http: Http, source: Source) -> Found:
    """The source asked once for what its settings call it, with the name that it gives itself. Raises ItemError."""
    if source.kind is SourceKind.FEED:
        response = http.get(Request(source.url, Purpose.FEED))
        title, entries = read_any_feed(response.body, response.final_url, response.content_type)
        return Found(replace(source, name=source.name or title or None), entries, "it is a feed")
    if source.kind is SourceKind.SITEMAP:
        response = http.get(Request(source.url, Purpose.SITEMAP))
        sitemap = read_sitemap(response.body, url=response.final_url)
        return Found(source, len(sitemap.entries) + len(sitemap.children), "it is a sitemap")
    response = http.get(Request(source.url, Purpose.PAGE))
    listed = article_links(response.body, url=response.final_url, content_type=response.content_type)
    return Found(source, len(listed), "the page lists articles")


def read_any_feed(body: bytes, url: str, content_type: str) -> tuple[str, int]:
    """Title and number of entries of a feed. Raises Rejected."""
    feed = read_hits(body) if is_hit_list(url) else read_feed(body, url=url, content_type=content_type)
    return plain_text(feed.title or ""), len(feed.entries)


def _those(http: Http, guesses: Iterable[Guess]) -> Iterator[Found]:
    for guess in islice(guesses, MOST_ASKED):
        try:
            response = http.get(Request(guess.url, Purpose.FEED))
            title, entries = read_any_feed(response.body, response.final_url, response.content_type)
        except ItemError:
            continue
        yield Found(Source(guess.url, name=title or None), entries, guess.why)


def _itself(response: Response, url: str) -> Found | None:
    try:
        title, entries = read_any_feed(response.body, response.final_url, response.content_type)
    except Rejected:
        return _sitemap(response, url)
    return Found(Source(url, name=title or None), entries, "it is a feed itself")


def _robots(http: Http, url: str) -> bytes:
    """The site's robots.txt; empty where it can't be had."""
    parts = urlsplit(url)
    try:
        return http.get(Request(f"{parts.scheme}://{parts.netloc}/robots.txt", Purpose.ROBOTS)).body
    except ItemError:
        return b""


def _maps(http: Http, addresses: Sequence[str]) -> Iterator[Found]:
    for address in addresses[:MOST_MAPS]:
        try:
            found = look(http, Source(address, SourceKind.SITEMAP))
        except ItemError:
            continue
        yield replace(found, why="robots.txt names it")


def _sitemap(response: Response, url: str) -> Found | None:
    if b"<html" in response.body[:5_000].lower():
        return None
    try:
        sitemap = read_sitemap(response.body, url=response.final_url)
    except Rejected:
        return None
    return Found(Source(url, SourceKind.SITEMAP), len(sitemap.entries) + len(sitemap.children), "it is a sitemap")


def _listing(response: Response, url: str) -> Iterator[Found]:
    try:
        entries = article_links(response.body, url=response.final_url, content_type=response.content_type)
    except Rejected:
        return
    yield Found(Source(url, SourceKind.PAGE), len(entries), "the page lists articles itself")
