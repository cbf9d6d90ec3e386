"""A source: something that Broadsheet watches for a publication."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SourceKind(StrEnum):
    """What is at the source's address."""

    FEED = "feed"
    SITEMAP = "sitemap"
    WARC = "warc"
    PAGE = "page"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Source:
    """`url` is its identity: an http(s) address, or for a WARC and a folder a path that begins at the publication's.

    `official` marks the subject's own voice, for the ten points of quality that it brings. Articles that it lists have
    its `tags`.
    """

    url: str
    kind: SourceKind = SourceKind.FEED
    name: str | None = None
    official: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the store remembers of a source between polls. Instants are UTC.

    `etag` and `last_modified` are the validators of the last good answer; `failures` counts those since then;
    `moved_to` is where the last good answer came from, if every redirect on the way was permanent;
    `last_error` is None when the last poll went well; `interval_seconds` is the present distance between polls.
    """

    source: Source
    next_due: datetime | None = None
    last_polled: datetime | None = None
    last_success: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    interval_seconds: int = 3600
    failures: int = 0
    last_error: str | None = None
    moved_to: str | None = None
    retired: bool = False
