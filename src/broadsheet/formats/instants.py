"""Instants as feeds, sitemaps and pages write them: RFC 822, ISO 8601, and what people make of both.

The two standards have a fast path; everything else is taken apart word by word: time and zone first, then the date.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from broadsheet.formats.months import month_number
from broadsheet.formats.zones import zone_by_name, zone_by_offset

# Longer than any date with its comment; what is longer is not a date, and is not searched.
_LONGEST = 128
# `0001-01-01` is how some systems write "never"; a feed that dates an entry after 2200 means nothing by it.
_YEARS = range(100, 2201)
_KOREA = timezone(timedelta(hours=9))

_RFC822 = re.compile(
    r"(?:[A-Za-z]{3}, ?)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) "
    r"(?:([+-])(\d{2})(\d{2})|([A-Za-z]{1,5}))"
)
_ENGLISH = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905
}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:[Zz]|[+-]\d{2}:?\d{2})?)?")

_COMMENT = re.compile(r"\([^()]*\)|\\[nrt]")
_TIME = re.compile(
    r"(?<![\d:])(?P<before>오전|오후|午前|午後|上午|下午|ص|م)?\s*(?P<hour>\d{1,2})\s?[:h時시]\s?(?P<minute>\d{2})"
    r"(?:\s?[:分분]\s?(?P<second>\d{2})(?:[.,]\d+)?)?[分秒분초]?\s*"
    r"(?P<after>[ap]\.?m\b\.?)?(?:uhr\b|h\b)?"
    r"\s*(?P<zone>(?:(?:gmt|utc)?[+\-\u2212]\d{1,2}(?::?\d{2})?(?!\d|-\d))|[a-z]{1,5}(?![a-z/]))?",
    re.IGNORECASE,
)
_IANA_NAME = re.compile(r"[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_+\-]+)+")
_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.年년]\s?0?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/. ])\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?!\d)")
# ISO 8601 in its compact and shortened forms, by shape.
_SHAPES = {
    "0000": "%Y", "0000-00": "%Y-%m", "0000-000": "%Y-%j", "0000000": "%Y%j", "00000000": "%Y%m%d",
    "000000": "%y%m%d", "00-00-00": "%y-%m-%d", "00000": "%y%j", "00-000": "%y-%j",
    "-0000": "-%y%m", "-00-00": "-%y-%m",
    "000000000000": "%Y%m%d%H%M", "00000000000000": "%Y%m%d%H%M%S",
}  # fmt: skip
_DIGIT = re.compile(r"[0-9]")
_COMPACT = re.compile(r"[0-9]{8}T[0-9]{4}(?:[0-9]{2})?(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?", re.IGNORECASE)
_EPOCH = re.compile(r"\d{9,10}|\d{13}")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")


def parse_instant(text: str, *, default_zone: tzinfo | None = UTC) -> datetime | None:
    """The instant that the text names, in UTC; None if it can't be read or can't be (31 February).

    `default_zone` holds where the text names no zone; with None such a text is refused, since it is no instant.
    A bare date is its midnight. Two-digit years are those of 1969 to 2068, as POSIX has it.
    """
    text = text.strip()
    if not 2 < len(text) <= _LONGEST:
        return None
    try:
        return _fast(text, default_zone) or _slow(text, default_zone)
    except (ValueError, OverflowError):
        return None


def _fast(text: str, default_zone: tzinfo | None) -> datetime | None:
    if _ISO.fullmatch(text):
        return _sane(datetime.fromisoformat(text.upper()), default_zone) if text[11:13] != "24" else None
    found = _RFC822.fullmatch(text)
    if not found:
        return None
    day, name, year, hour, minute, second, sign, zone_hours, zone_minutes, zone_name = found.groups()
    month = _ENGLISH.get(name.lower())
    if month is None or int(year) not in _YEARS or hour >= "24" or second > "59":
        return None
    when = datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    if sign:
        offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
        return when - offset if sign == "+" else when + offset
    zone = zone_by_name(zone_name)
    return None if zone is None else when.replace(tzinfo=zone).astimezone(UTC)


def _sane(when: datetime, default_zone: tzinfo | None) -> datetime | None:
    """In UTC, or None where the zone is missing or the year absurd."""
    if when.tzinfo is None:
        if default_zone is None:
            return None
        when = when.replace(tzinfo=default_zone)
    return when.astimezone(UTC) if when.year in _YEARS else None


def _slow(text: str, default_zone: tzinfo | None) -> datetime | None:
    text = _COMMENT.sub(" ", text).strip()
    whole = _digits_only(text, default_zone)
    if whole is not None:
        return whole
    zone: tzinfo | None = None
    iana = _IANA_NAME.search(text)
    if iana:
        zone = zone_by_name(iana[0])
        text = text.replace(iana[0], " ")
    time = _TIME.search(text)
    rest = text if time is None else f"{text[: time.start()]} {text[time.end() :]}"
    since_midnight = timedelta() if time is None else _time_of_day(time)
    zone = zone or (_zone_of(time["zone"]) if time and time["zone"] else None) or _zone_among(rest)
    date = _date(rest if time is None or _zone_of(time["zone"] or "") else f"{rest} {time['zone'] or ''}")
    if date is None or since_midnight is None:
        return None
    return _sane(date.replace(tzinfo=zone or _zone_of_language(text)) + since_midnight, default_zone)


def _digits_only(text: str, default_zone: tzinfo | None) -> datetime | None:
    """Forms without words: seconds or milliseconds since 1970, and ISO 8601's compact and shortened ones."""
    if _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return _sane(datetime.fromtimestamp(seconds, UTC), default_zone)
    if _COMPACT.fullmatch(text):
        return _sane(datetime.fromisoformat(text.upper()), default_zone)
    shape = _SHAPES.get(_DIGIT.sub("0", text))
    return _sane(datetime.strptime(text, shape), default_zone) if shape else None


def _time_of_day(found: re.Match[str]) -> timedelta | None:
    """The time since midnight; 24:00 and a leap second run over into the next day and minute."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    half = (found["after"] or found["before"] or "").lower()
    if half:
        afternoon = half[0] == "p" or half in {"오후", "午後", "下午", "م"}
        hour = hour % 12 + (12 if afternoon else 0) if hour <= 12 else hour
    if hour > 24 or (hour == 24 and (minute or second)) or minute > 59 or second > 60:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _zone_of(text: str) -> tzinfo | None:
    """The zone of `EST`, `+0100`, `GMT-01:01`."""
    lowered = text.lower()
    if lowered[:3] in {"gmt", "utc"} and len(lowered) > 3:
        return zone_by_offset(lowered[3:])
    return zone_by_offset(lowered) or zone_by_name(lowered)


def _zone_among(rest: str) -> tzinfo | None:
    """A zone's name that stands away from the time; single letters are not believed there."""
    zones = (zone_by_name(word) for word in _WORD.findall(rest) if len(word) > 2)
    return next((zone for zone in zones if zone is not None), None)


def _zone_of_language(text: str) -> tzinfo | None:
    """Korea has one zone, and its feeds leave it out."""
    return _KOREA if any("가" <= c <= "힣" for c in text) else None


def _date(text: str) -> datetime | None:
    """Midnight of the day that the text names, without zone."""
    found = _YEAR_FIRST.search(text)
    if found:
        return datetime(int(found[1]), int(found[2]), int(found[3]))
    # The weekday comes before the month, and French Tuesdays and Spanish ones look like March: the last one counts.
    months = [(m, number) for m in _WORD.finditer(text) if (number := month_number(m[0])) is not None]
    if months:
        word, month = months[-1]
        return _date_with_month(text[: word.start()], month, text[word.end() :])
    found = _YEAR_LAST.search(text)
    return _date_of_numbers(found) if found else None


def _date_with_month(before: str, month: int, after: str) -> datetime | None:
    """`3 June 2025`, `June 3, 2025`, `2025 June 3`, `June 2025`."""
    numbers = _NUMBER.findall(before)[-2:] + _NUMBER.findall(after)
    years = [n for n in numbers if len(n) == 4]
    if years:
        numbers.remove(years[0])
        day = numbers[0] if numbers else "1"
        return datetime(int(years[0]), month, int(day))
    if len(numbers) < 2:
        return None
    return datetime(_century(int(numbers[1])), month, int(numbers[0]))


def _date_of_numbers(found: re.Match[str]) -> datetime | None:
    """Three numbers, the year last, or two-digit and first with hyphens. With strokes the American order comes first,
    else the European; what is impossible in one order is read in the other."""
    first, second, last = int(found[1]), int(found[3]), int(found[4])
    year = last if len(found[4]) == 4 else _century(last)
    orders: list[Callable[[], datetime]] = [
        lambda: datetime(year, second, first),
        lambda: datetime(year, first, second),
    ]
    if found[2] == "/":
        orders.reverse()
    if found[2] == "-" and len(found[4]) == 2:
        orders.insert(0, lambda: datetime(_century(first), second, last))
    for order in orders:
        try:
            return order()
        except ValueError:
            continue
    return None


def _century(year: int) -> int:
    if year >= 100:
        return year
    return year + (1900 if year >= 69 else 2000)
