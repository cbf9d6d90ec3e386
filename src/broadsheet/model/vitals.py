"""How a source is: what its last polls looked like, the days on which it published, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from broadsheet.model.instants import from_iso, iso

FIELDS = ("dates", "titles", "links", "texts", "authors", "images")
"""What entries may have; `Look.having` and `Look.fresh_having` count them in this order."""


class Trouble(StrEnum):
    """What can be wrong with a source."""

    SILENT = "silent"
    SLOW = "slow"
    LOST_DATES = "lost_dates"
    LOST_TITLES = "lost_titles"
    LOST_LINKS = "lost_links"
    LOST_TEXTS = "lost_texts"
    LOST_AUTHORS = "lost_authors"
    LOST_IMAGES = "lost_images"
    EMPTIED = "emptied"
    NO_FEED = "no_feed"
    PARKED = "parked"
    REPLACED = "replaced"
    MOVED = "moved"
    GONE = "gone"
    MISSING = "missing"
    BLOCKED = "blocked"
    THROTTLED = "throttled"
    CERTIFICATE = "certificate"
    CERTIFICATE_ENDS = "certificate_ends"
    FAILING = "failing"
    GARBLED = "garbled"
    FUTURE = "future"
    SAME_DATES = "same_dates"
    CHURN = "churn"
    STALE = "stale"

    @property
    def is_loss(self) -> bool:
        """Whether nothing comes of the source while this lasts; else something comes, but not as it should."""
        return self in _LOSSES

    @property
    def is_in_answers(self) -> bool:
        """Whether it is seen in what the source answers; else in its not answering, or in where."""
        return self not in _WITHOUT_ANSWER


_LOSSES = frozenset(
    {
        *(Trouble.SILENT, Trouble.EMPTIED, Trouble.NO_FEED, Trouble.PARKED, Trouble.REPLACED, Trouble.GONE),
        *(Trouble.MISSING, Trouble.BLOCKED, Trouble.THROTTLED, Trouble.CERTIFICATE, Trouble.FAILING),
    }
)
_WITHOUT_ANSWER = frozenset(
    {
        *(Trouble.NO_FEED, Trouble.PARKED, Trouble.MOVED, Trouble.GONE, Trouble.MISSING, Trouble.BLOCKED),
        *(Trouble.THROTTLED, Trouble.CERTIFICATE, Trouble.FAILING),
    }
)


@dataclass(frozen=True, slots=True)
class Look:
    """What one poll saw. Times are in seconds since 1970, 0 where there is none.

    `error` is the trouble that the poll ended in, empty where it went well, and then nothing but `at` and `said` is
    known. `entries` is how many were listed, `having` how many of them have each of FIELDS, `fresh` and `fresh_having`
    the same of those that were not listed before. `lost` counts entries that were listed last time, are newer than all
    that is listed now, and are gone; `renamed` those that are the same under other ids. `strange` is whether not one
    entry, nor the feed's name, is as it was. `future` and `garbled` count entries whose date lies ahead, whose title is
    in broken letters; `same_dates` is whether all have one date. `seconds` is how long the answer took.
    """

    at: int
    error: str = ""
    said: str = ""
    seconds: float = 0.0
    entries: int = 0
    having: tuple[int, ...] = (0,) * len(FIELDS)
    fresh: int = 0
    fresh_having: tuple[int, ...] = (0,) * len(FIELDS)
    lost: int = 0
    renamed: int = 0
    strange: bool = False
    future: int = 0
    garbled: int = 0
    same_dates: bool = False
    certificate_ends: int = 0

    def as_json(self) -> dict[str, object]:
        """What is not as usual, by name."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) != _USUAL[name]}


_USUAL: dict[str, object] = {name: getattr(Look(at=-1), name) for name in Look.__slots__}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a source since an instant; `said` is what the other side said, or a number that
    tells how much. `told` is whether the webhook has heard of it; `ended` is set when it is over, until that is told.
    """

    trouble: Trouble
    since: datetime
    said: str = ""
    told: bool = False
    ended: datetime | None = None

    def as_json(self) -> dict[str, object]:
        """`{trouble, since, said, told, ended}`."""
        return {
            "trouble": self.trouble.value,
            "since": iso(self.since),
            "said": self.said,
            "told": self.told,
            "ended": iso(self.ended),
        }


@dataclass(frozen=True, slots=True)
class Day:
    """A day (days since 1970, UTC) on which a source published: how many entries, and the longest gap before one of
    them, as the two times (seconds since 1970) between which it lies."""

    day: int
    entries: int
    gap_from: int
    gap_to: int


@dataclass(frozen=True, slots=True)
class Known:
    """The entry of a source's last good poll: by its address, by its id, and its date."""

    key: int
    id: int
    at: int


@dataclass(frozen=True, slots=True)
class Vitals:
    """All that is remembered to judge how a source is: its last `looks`, its last `days`, when its newest entry
    appeared (`newest`), what its last good poll listed (`known`), under which `name` (a hash), and what is wrong."""

    looks: tuple[Look, ...] = ()
    days: tuple[Day, ...] = ()
    newest: int = 0
    known: tuple[Known, ...] = ()
    name: int = 0
    findings: tuple[Finding, ...] = field(default=())

    @property
    def open(self) -> tuple[Finding, ...]:
        """What is wrong now, what brings nothing first."""
        now = [f for f in self.findings if f.ended is None]
        return tuple(sorted(now, key=lambda f: (not f.trouble.is_loss, f.since, f.trouble)))

    def as_json(self) -> dict[str, object]:
        """What the store keeps."""
        return {
            "looks": [look.as_json() for look in self.looks],
            "days": [[d.day, d.entries, d.gap_from, d.gap_to] for d in self.days],
            "newest": self.newest,
            "known": [[k.key, k.id, k.at] for k in self.known],
            "name": self.name,
            "findings": [f.as_json() for f in self.findings],
        }


def vitals_from_json(row: Mapping[str, Any]) -> Vitals:
    """What `Vitals.as_json` wrote."""
    return Vitals(
        looks=tuple(_look(look) for look in row.get("looks", ())),
        days=tuple(Day(*day) for day in row.get("days", ())),
        newest=row.get("newest", 0),
        known=tuple(Known(*known) for known in row.get("known", ())),
        name=row.get("name", 0),
        findings=tuple(finding_from_json(f) for f in row.get("findings", ())),
    )


def finding_from_json(row: Mapping[str, Any]) -> Finding:
    """The finding that `Finding.as_json` wrote."""
    ended = from_iso(row["ended"]) if row.get("ended") else None
    return Finding(Trouble(row["trouble"]), from_iso(row["since"]), row["said"], row["told"], ended)


def _look(row: Mapping[str, Any]) -> Look:
    known: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}
    return Look(**known)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How one source is, for people: its name and address, what is open, how often it publishes (seconds between
    entries, None where too little is known) and when its newest entry appeared. `paused` is one that is gone and not
    asked any more, `asked` whether it was ever."""

    url: str
    name: str
    findings: tuple[Finding, ...] = ()
    every_seconds: int | None = None
    newest: datetime | None = None
    paused: bool = False
    asked: bool = True

    @property
    def state(self) -> str:
        """`failing` (nothing comes of it), `slow` (something is wrong), `paused`, `not asked yet` or `healthy`."""
        if self.paused:
            return "paused"
        if any(f.trouble.is_loss for f in self.findings):
            return "failing"
        if self.findings:
            return "slow"
        return "healthy" if self.asked else "not asked yet"
