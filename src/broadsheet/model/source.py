"""A source: something that Broadsheet watches for a publication."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


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
    its `tags`. A `private` one is not told to readers.
    """

    url: str
    kind: SourceKind = SourceKind.FEED
    name: str | None = None
    official: bool = False
    tags: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a source's newest entries appeared, ascending, in seconds since 1970, and by which `keys` we know again
    what it listed last; and how much patience its feed asked for: `ttl_minutes`, the hours (0 to 23) and days (0 is
    Monday) of UTC in which nobody need ask."""

    times: tuple[int, ...] = ()
    keys: tuple[int, ...] = ()
    ttl_minutes: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()

    def as_json(self) -> dict[str, object]:
        """What the store keeps: lists and numbers by name."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def rhythm_from_json(row: Mapping[str, Any]) -> Rhythm:
    """The rhythm that `Rhythm.as_json` wrote."""
    known: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}
    return Rhythm(**known)


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the store remembers of a source between polls. Instants are UTC.

    `etag` and `last_modified` are the validators of the last good answer; `failures` counts those since then;
    `moved_to` is where the last good answer came from, if every redirect on the way was permanent;
    `moved_since` is when it first did, `moved_polls` how often in a row; `last_error` is None when the last poll went
    well; `interval_seconds` is the mean distance of the polls that are planned, `price` what a poll cost then, in
    seconds of waiting.
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
    moved_since: datetime | None = None
    moved_polls: int = 0
    rhythm: Rhythm = Rhythm()
    price: float = 350.0
    retired: bool = False
