"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), with whatever its authors get wrong."""

import html
import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from broadsheet.errors import Rejected
from broadsheet.formats.instants import parse_instant
from broadsheet.formats.markup import plain_text
from broadsheet.model.feed import Enclosure, Entry, Feed, Person
from broadsheet.model.images import Image
from broadsheet.stages.sources.feeds.decoding import text_of_feed
from broadsheet.stages.sources.feeds.links import absolute, web_address
from broadsheet.stages.sources.feeds.media import each_once, once
from broadsheet.stages.sources.feeds.people import unique
from broadsheet.stages.sources.feeds.text import LONGEST_TITLE, first_words, safe_html

MOST_ENTRIES = 10_000
_LONGEST_ID = 4_096
Json = dict[str, object]


def read_json(body: bytes, url: str | None, content_type: str) -> Feed:
    """The feed in the bytes, `url` where it was fetched. Raises Rejected."""
    feed = _parsed(text_of_feed(body, content_type))
    home = web_address(_text(feed, "home_page_url"))
    base = absolute(home) or url
    authors = _authors(feed)
    return Feed(
        feed_url=web_address(_text(feed, "feed_url"), base),
        title=_line(feed, "title"),
        subtitle=_line(feed, "description"),
        link=home,
        id=None,
        language=_text(feed, "language"),
        authors=authors,
        image=web_address(_text(feed, "icon") or _text(feed, "favicon"), base),
        hub=next((h for hub in _objects(feed, "hubs") if (h := web_address(_text(hub, "url"), base))), None),
        older=web_address(_text(feed, "next_url"), base),
        entries=tuple(_entry(item, base, authors) for item in islice(_objects(feed, "items"), MOST_ENTRIES)),
    )


def _parsed(text: str) -> Json:
    try:
        feed = json.loads(text, strict=False)  # some servers send raw line breaks inside strings
    except RecursionError as error:
        raise Rejected("JSON nested too deeply") from error
    except ValueError as error:
        raise Rejected(f"not a feed: begins like JSON, but is none ({error})") from error
    if not isinstance(feed, dict) or not (
        "jsonfeed" in str(feed.get("version"))[:100] or isinstance(feed.get("items"), list)
    ):
        raise Rejected("not a feed: JSON, but not JSON Feed")
    return feed


def _entry(item: Json, base: str | None, inherited: tuple[Person, ...]) -> Entry:
    url = web_address(_text(item, "url") or _text(item, "external_url"), base)
    plain = _text(item, "content_text")
    markup = _text(item, "content_html") or (html.escape(plain, quote=False) if plain else None)
    summary = _text(item, "summary")
    text = safe_html(markup, url or base) if markup else None
    short = safe_html(html.escape(summary, quote=False), base) if summary else None
    return Entry(
        id=(_text(item, "id") or url or "")[:_LONGEST_ID] or None,
        url=url,
        title=_line(item, "title") or first_words(short or text),
        summary=short,
        content=text,
        authors=_authors(item) or inherited,
        published=_instant(item, "date_published"),
        updated=_instant(item, "date_modified"),
        categories=tuple(dict.fromkeys(tag for tag in _texts(item, "tags"))),
        enclosures=each_once(_attachment(a, base) for a in _objects(item, "attachments")),
        images=once(Image(u) for key in ("image", "banner_image") if (u := web_address(_text(item, key), base))),
        language=_text(item, "language"),
    )


def _attachment(attachment: Json, base: str | None) -> Enclosure | None:
    url, size = web_address(_text(attachment, "url"), base), attachment.get("size_in_bytes")
    length = int(size) if isinstance(size, (int, float)) and 0 <= size < 2**53 else None
    return Enclosure(url, _text(attachment, "mime_type"), length) if url else None


def _authors(holder: Json) -> tuple[Person, ...]:
    """Version 1.1 has `authors`, version 1 `author`."""
    people = [*_objects(holder, "authors"), *_objects(holder, "author")]
    return unique(
        Person(name, url=url)
        for person in people
        for name, url in [(_line(person, "name"), web_address(_text(person, "url")))]
        if name or url
    )


def _objects(holder: Json, key: str) -> Iterator[Json]:
    found = holder.get(key)
    items = found if isinstance(found, list) else [found]
    return (item for item in items if isinstance(item, dict))


def _texts(holder: Json, key: str) -> list[str]:
    found = holder.get(key)
    words = [
        " ".join(word.split())[:500] for word in (found if isinstance(found, list) else ()) if isinstance(word, str)
    ]
    return [word for word in words if word][:100]


def _text(holder: Json, key: str) -> str | None:
    """A string; numbers are taken for their digits, since ids are often numbers."""
    found = holder.get(key)
    if isinstance(found, (int, float)) and not isinstance(found, bool):
        found = str(found) if abs(found) < 10**18 else ""
    return found.encode("utf-8", "replace").decode().strip() or None if isinstance(found, str) else None


def _line(holder: Json, key: str) -> str | None:
    """A text for people on one line; titles are plain text by the format, but escaped in practice."""
    text = _text(holder, key)
    return plain_text(text[: 4 * LONGEST_TITLE])[:LONGEST_TITLE] or None if text else None


def _instant(holder: Json, key: str) -> datetime | None:
    text = _text(holder, key)
    return parse_instant(text) if text else None
