"""Dates as people and machines write them on pages, turned into ISO 8601 without adding a time or a zone."""

import re
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

from broadsheet.formats.months import month_number
from broadsheet.formats.zones import zone_by_name, zone_by_offset

_ISO = re.compile(
    r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})"
    r"(?:(?:T|\s{1,3}|\sat\s)(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,9})?)?\s{0,2}"
    r"(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?(?!\d)",
    re.I,
)
_CLOCK = (
    r"(?:\D{1,12}?(\d{1,2})[:.h](\d{2})(?::(\d{2}))?\s{0,2}([ap]\.?\s?m\b\.?)?\s{0,2}"
    r"\(?((?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?(?!\d)|[A-Z]{1,5}\b)?)?"
)
_DAY_MONTH_YEAR = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.|er|º)?\s{0,2}(?:de\s)?[-\s]?([^\W\d_]{3,14})\.?,?[-\s]{1,3}"
    r"(?:de\s|del\s)?(\d{4})(?!\d)" + _CLOCK,
    re.I,
)
_MONTH_DAY_YEAR = re.compile(
    r"([^\W\d_]{3,14})\.?\s{1,2}(\d{1,2})(?:st|nd|rd|th)?,?\s{1,2}(\d{4})(?!\d)" + _CLOCK, re.I
)
_NUMERIC = re.compile(r"(?<![\d.,/-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d|[./-]\d)" + _CLOCK, re.I)
_CJK = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")


def read_date(text: str, *, month_first: bool = False) -> str | None:
    """The first date in `text` as ISO 8601, with time and zone only where they are given; None where there is none.

    `month_first` decides numeric dates that could be read both ways (3/4/2024).
    """
    return _read(text[:200].strip(), month_first)


@lru_cache(maxsize=512)
def _read(text: str, month_first: bool) -> str | None:
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if (found := _ISO.search(text)) and (found.start() == 0 or "-" in found.group()):
        return _iso(*found.groups())
    if found := _CJK.search(text):
        return _iso(*found.groups())
    return _named(text) or _numeric(text, month_first=month_first)


def _named(text: str) -> str | None:
    """With the month's name: `4 March 2024`, `March 4, 2024`."""
    for pattern, month_at, day_at in ((_DAY_MONTH_YEAR, 2, 1), (_MONTH_DAY_YEAR, 1, 2)):
        for found in pattern.finditer(text):
            if month := month_number(found.group(month_at)):
                return _clocked(found.group(3), month, found.group(day_at), found.groups()[3:])
    return None


def _numeric(text: str, *, month_first: bool) -> str | None:
    found = _NUMERIC.search(text)
    if not found:
        return None
    first, separator, second, year = found.groups()[:4]
    day, month = (second, first) if month_first and separator == "/" else (first, second)
    if int(month) > 12:
        day, month = month, day
    if len(year) == 2:
        year = f"20{year}"
    return _clocked(year, int(month), day, found.groups()[4:])


def _clocked(year: str, month: int, day: str, clock: tuple[str | None, ...]) -> str | None:
    hour, minute, second, half, zone = clock
    if not second and zone and zone[0] in "+-":
        zone = None  # `10:00-11:30` is a span of time, not a zone
    if hour and half:
        hour = str(int(hour) % 12 + (12 if half.lower().startswith("p") else 0))
    return _iso(year, str(month), day, hour, minute, second, zone)


def _iso(year: str, month: str, day: str, *clock: str | None) -> str | None:
    try:
        text = date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
    hour, minute, second, zone = (*(clock or (None,) * 4),)
    if hour is None or minute is None or int(hour) > 23 or int(minute) > 59:
        return text
    return f"{text}T{int(hour):02}:{int(minute):02}:{min(int(second or 0), 59):02}{_zone(zone)}"


def _zone(zone: str | None) -> str:
    """`Z`, `+01:00` or nothing. Words that are no names of zones often follow a time."""
    if not zone:
        return ""
    if zone.upper() in {"Z", "UTC", "GMT"}:
        return "Z"
    known = zone_by_offset(zone.upper().removeprefix("UTC").removeprefix("GMT")) or _abbreviated(zone)
    offset = known.utcoffset(None) if known else None
    if offset is None:
        return ""
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _abbreviated(zone: str) -> tzinfo | None:
    """Small letters and single ones are words; `ET` and its like are not the same zone all the year."""
    return zone_by_name(zone) if len(zone) > 2 and zone.isupper() else None
