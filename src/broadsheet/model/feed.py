"""A feed and its entries after normalisation, whatever the format was (RSS, Atom, RDF, JSON Feed)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from broadsheet.model.images import Image
from broadsheet.model.instants import from_iso, iso


@dataclass(frozen=True, slots=True)
class Person:
    """An author as the feed names them."""

    name: str | None = None
    email: str | None = None
    url: str | None = None

    def as_json(self) -> dict[str, object]:
        """`{name, email, url}`."""
        return {"name": self.name, "email": self.email, "url": self.url}


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that belongs to an entry; `length` in bytes."""

    url: str
    type: str | None = None
    length: int | None = None

    def as_json(self) -> dict[str, object]:
        """`{url, type, length}`."""
        return {"url": self.url, "type": self.type, "length": self.length}


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed or sitemap. `title` is plain text (the first words where the feed has
    none), `summary` and `content` are sanitised HTML; instants are
    UTC."""

    id: str | None = None
    url: str | None = None
    title: str | None = None
    summary: str | None = None
    content: str | None = None
    authors: tuple[Person, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    images: tuple[Image, ...] = ()
    comments: str | None = None
    language: str | None = None
    publication: str | None = None

    def as_json(self) -> dict[str, object]:
        """The entry as `broadsheet feed` prints it."""
        return {
            "id": self.id,
            "url": self.url,
            "title": self.title,
            "summary": self.summary,
            "content": self.content,
            "authors": [a.as_json() for a in self.authors],
            "published": iso(self.published),
            "updated": iso(self.updated),
            "categories": list(self.categories),
            "enclosures": [e.as_json() for e in self.enclosures],
            "images": [i.as_json() for i in self.images],
            "comments": self.comments,
            "language": self.language,
            "publication": self.publication,
        }


@dataclass(frozen=True, slots=True)
class Feed:
    """A whole feed. `ttl` in minutes, `hub` the WebSub hub, `image` the address of its picture.

    `update_seconds` is how often the syndication module says that it changes, `skip_hours` the hours of UTC (0 to 23)
    and `skip_days` the days of UTC (0 is Monday) in which nobody need ask. `older` is the address of the page before
    this one (RFC 5005: `prev-archive`, or `next` of a paged feed).
    """

    feed_url: str | None = None
    title: str | None = None
    subtitle: str | None = None
    link: str | None = None
    id: str | None = None
    language: str | None = None
    authors: tuple[Person, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    image: str | None = None
    ttl: int | None = None
    update_seconds: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    hub: str | None = None
    older: str | None = None
    entries: tuple[Entry, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The feed as `broadsheet feed` prints it (without `source`, which only the command knows)."""
        return {
            "feedUrl": self.feed_url,
            "title": self.title,
            "subtitle": self.subtitle,
            "link": self.link,
            "id": self.id,
            "language": self.language,
            "authors": [a.as_json() for a in self.authors],
            "published": iso(self.published),
            "updated": iso(self.updated),
            "image": self.image,
            "ttl": self.ttl,
            "updateSeconds": self.update_seconds,
            "skipHours": list(self.skip_hours),
            "skipDays": list(self.skip_days),
            "hub": self.hub,
            "older": self.older,
            "entries": [e.as_json() for e in self.entries],
        }


def entry_from_json(row: Mapping[str, Any]) -> Entry:
    """The entry that `Entry.as_json` wrote."""
    return Entry(
        id=row.get("id"),
        url=row.get("url"),
        title=row.get("title"),
        summary=row.get("summary"),
        content=row.get("content"),
        authors=tuple(Person(**a) for a in row.get("authors") or ()),
        published=from_iso(row["published"]) if row.get("published") else None,
        updated=from_iso(row["updated"]) if row.get("updated") else None,
        categories=tuple(row.get("categories") or ()),
        enclosures=tuple(Enclosure(**e) for e in row.get("enclosures") or ()),
        images=tuple(Image(**i) for i in row.get("images") or ()),
        comments=row.get("comments"),
        language=row.get("language"),
        publication=row.get("publication"),
    )
