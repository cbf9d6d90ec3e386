"""Entries of places that talk about other people's articles: the article is the address, the talk is the comments."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from broadsheet.errors import Rejected
from broadsheet.formats.instants import parse_instant
from broadsheet.formats.urls import host_of, registrable_domain
from broadsheet.model.feed import Entry, Feed, Person
from broadsheet.stages.sources.feeds.links import absolute, web_address

_REDDIT_LINK = re.compile(r'<a\b[^<>]{0,300}href="([^"<>]{1,4000})"[^<>]{0,100}>\s*\[link\]', re.IGNORECASE)
_TALK = "https://news.ycombinator.com/item?id="


def unwrapped(feed: Feed, url: str) -> Feed:
    """The feed with the articles' own addresses, where its place is one that links others' articles."""
    if registrable_domain(url) != "reddit.com":
        return feed
    return replace(feed, entries=tuple(_of_reddit(entry) for entry in feed.entries))


def is_hit_list(url: str) -> bool:
    """Whether the address is of Hacker News' search, whose answers are JSON of its own (https://hn.algolia.com/api)."""
    return host_of(url) == "hn.algolia.com"


def read_hits(body: bytes) -> Feed:
    """The stories of a search of Hacker News; the points are kept among the categories. Raises Rejected."""
    try:
        said = json.loads(body)
        hits = said["hits"]
        entries = tuple(_of_hit(hit) for hit in hits[:1000] if isinstance(hit, dict) and hit.get("objectID"))
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise Rejected("not a list of stories as Hacker News' search gives them") from error
    return Feed(title="Hacker News", link="https://news.ycombinator.com/", entries=entries)


def _of_reddit(entry: Entry) -> Entry:
    found = _REDDIT_LINK.search((entry.content or entry.summary or "")[:100_000])
    target = absolute(web_address(html.unescape(found[1]))) if found else None
    if target is None or registrable_domain(target) in {"reddit.com", "redd.it"}:
        return entry
    # Its own words are who submitted it; the article has others.
    return replace(entry, url=target, comments=entry.comments or entry.url, content=None, summary=None, authors=())


def _of_hit(hit: Mapping[str, Any]) -> Entry:
    talk = f"{_TALK}{hit['objectID']}"
    points, created = hit.get("points"), hit.get("created_at")
    return Entry(
        id=talk,
        url=absolute(web_address(str(hit.get("url") or ""))) or talk,
        title=str(hit.get("title") or "")[:1000] or None,
        authors=(Person(str(hit["author"])[:200]),) if hit.get("author") and not hit.get("url") else (),
        published=parse_instant(str(created)[:64]) if created else None,
        categories=(f"points: {points}",) if isinstance(points, int) else (),
        comments=talk,
    )
