"""What one poll saw of a source: pure functions from the answer, or the error, to a `Look`."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from broadsheet.errors import GoneForGood, ItemError, Rejected
from broadsheet.model.exchange import Response
from broadsheet.model.feed import Entry
from broadsheet.model.vitals import FIELDS, Known, Look, Trouble, Vitals
from broadsheet.stages.sources.schedule import entry_key

KNOWN = 100
_AHEAD = timedelta(hours=14)  # no zone is farther from UTC: a date this far ahead is no mistake of zones
_ONE_DATE = 60
_ONE_DATE_ENTRIES = 4
# UTF-8 read as Latin-1 or Windows-1252 (https://www.w3.org/International/questions/qa-what-is-encoding), and what a
# decoder puts where it can't read on.
_BROKEN = re.compile(
    "\ufffd|\u00c3[\u0080-\u00bf\u0152-\u2122]|\u00e2\u20ac[\u0080-\u2122]|[\u00c2\u00d0\u00d1][\u0080-\u00bf]"
)
_FOR_SALE = re.compile(
    rb"domain (?:name )?(?:is|may be) (?:for sale|parked|available)|buy this domain|parked (?:free|domain|page)"
    rb"|this domain has expired|hugedomains|sedoparking|parkingcrew|bodis\.com|dan\.com|afternic",
    re.IGNORECASE,
)
_STATUS = re.compile(r"HTTP (\d{3})\b")
_CERTIFICATE = re.compile(r"\bcertificate\b", re.IGNORECASE)
_NO_FEED = re.compile(r"\bnot a (?:feed|sitemap)\b|\bno (?:feed|sitemap) in it\b")
_PARKED = "a domain that is for sale"


def instead_of_feed(error: Rejected, body: bytes) -> Rejected:
    """The refusal of a body that is no feed, which names a parked domain where it is one."""
    if _FOR_SALE.search(body[:200_000]):
        return Rejected(f"{_PARKED}, not a feed: {error.message}", hint=error.hint)
    return error


def look_at_error(at: datetime, error: Exception) -> Look:
    """What a poll saw that ended in an error."""
    said = error.message if isinstance(error, ItemError) else str(error)
    return Look(int(at.timestamp()), error=_trouble(error, said).value, said=said[:300])


def _trouble(error: Exception, said: str) -> Trouble:
    status = found[1] if (found := _STATUS.search(said)) else ""
    signs = (
        (status == "429", Trouble.THROTTLED),
        (status in {"401", "403", "451"} or bool(getattr(error, "blocked", "")), Trouble.BLOCKED),
        (isinstance(error, GoneForGood) and status == "410", Trouble.GONE),
        (isinstance(error, GoneForGood), Trouble.MISSING),
        (_PARKED in said, Trouble.PARKED),
        (isinstance(error, Rejected) and _NO_FEED.search(said) is not None, Trouble.NO_FEED),
        (_CERTIFICATE.search(said) is not None, Trouble.CERTIFICATE),
    )
    return next((trouble for sign, trouble in signs if sign), Trouble.FAILING)


def look_unchanged(before: Vitals, response: Response) -> Look | None:
    """What a poll saw that was told "not modified": the same as the last good one; None where there is none."""
    last = next((look for look in reversed(before.looks) if not look.error), None)
    if last is None:
        return None
    again = {name: getattr(last, name) for name in Look.__slots__}
    again |= {"at": int(response.fetched_at.timestamp()), "fresh": 0, "fresh_having": (0,) * len(FIELDS)}
    return Look(**again | {"certificate_ends": _seconds(response.certificate_ends), "seconds": response.seconds})


def look_at(
    before: Vitals, response: Response, entries: Sequence[Entry], name: str
) -> tuple[Look, tuple[Known, ...], int]:
    """What a good poll saw, the entries to know again, and the feed's name to know again."""
    now = response.fetched_at
    known = {k.key: k for k in before.known}
    listed = {entry_key(entry): entry for entry in entries}
    oldest = min((k.at for k in before.known if k.at), default=0)
    fresh = [e for key, e in listed.items() if key not in known and not 0 < _seconds(e.published) < oldest]
    now_known = tuple(Known(key, _hash(e.id), _seconds(e.published)) for key, e in list(listed.items())[:KNOWN])
    named = _hash(name)
    look = Look(
        at=int(now.timestamp()),
        seconds=response.seconds,
        entries=len(entries),
        having=_having(entries),
        fresh=len(fresh),
        fresh_having=_having(fresh),
        lost=_lost(before.known, listed, [k.at for k in now_known]),
        renamed=_renamed(known, now_known),
        strange=bool(known and listed and not known.keys() & listed.keys()) and named != before.name,
        future=sum(e.published is not None and e.published > now + _AHEAD for e in entries),
        garbled=sum(bool(_BROKEN.search(e.title or "")) for e in entries),
        same_dates=_same_dates(entries),
        certificate_ends=_seconds(response.certificate_ends),
    )
    return look, now_known, named


def _having(entries: Iterable[Entry]) -> tuple[int, ...]:
    has = [
        (
            entry.published is not None,
            bool(entry.title),
            bool(entry.url),
            bool(entry.content or entry.summary),
            bool(entry.authors),
            bool(entry.images) or any((e.type or "").startswith("image/") for e in entry.enclosures),
        )
        for entry in entries
    ]
    return tuple(sum(column) for column in zip(*has, strict=True)) or (0,) * len(FIELDS)


def _lost(before: Sequence[Known], listed: dict[int, Entry], dates: Sequence[int]) -> int:
    """How many of the entries listed before are gone although they are newer than all that are listed now."""
    newest = max(dates, default=0)
    return sum(k.key not in listed and k.at > newest > 0 for k in before)


def _renamed(known: dict[int, Known], now_known: Sequence[Known]) -> int:
    """How many entries have the same address, or the same date, and another id than before."""
    ids = {k.id for k in known.values()}
    dates = {k.at for k in known.values() if k.at}
    return sum(k.id not in ids and (k.key in known or k.at in dates) for k in now_known)


def _same_dates(entries: Sequence[Entry]) -> bool:
    dates = [_seconds(e.published) for e in entries if e.published is not None]
    return len(dates) >= _ONE_DATE_ENTRIES and max(dates) - min(dates) < _ONE_DATE


def _hash(text: str | None) -> int:
    return int.from_bytes(hashlib.blake2s((text or "").encode("utf-8", "replace"), digest_size=4).digest(), "big") >> 1


def _seconds(when: datetime | None) -> int:
    return int(when.timestamp()) if when else 0
