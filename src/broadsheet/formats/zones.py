"""Zones as feeds name them: abbreviations, offsets and IANA names."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Minutes east of Greenwich. Where an abbreviation means several zones, the one that feeds mean: the American ones of
# RFC 822 first, then the European; IST is India's.
_MINUTES = {
    "utc": 0, "ut": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "met": 60, "mez": 60,
    "cest": 120, "mest": 120, "mesz": 120, "eet": 120, "eest": 180, "sast": 120, "msk": 180, "msd": 240, "trt": 180,
    "ist": 330, "pkt": 300, "npt": 345, "ict": 420, "wib": 420, "sgt": 480, "hkt": 480, "pht": 480, "awst": 480,
    "jst": 540, "kst": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    "nst": -210, "ndt": -150, "ast": -240, "adt": -180, "at": -240, "est": -300, "edt": -240, "et": -300,
    "cst": -360, "cdt": -300, "ct": -360, "mst": -420, "mdt": -360, "mt": -420, "pst": -480, "pdt": -420, "pt": -480,
    "akst": -540, "akdt": -480, "hst": -600, "brt": -180, "art": -180, "clt": -240, "cot": -300, "pet": -300,
    "a": -60, "m": -720, "n": 60, "y": 720,
}  # fmt: skip
_ZONES = {name: timezone(timedelta(minutes=minutes)) if minutes else UTC for name, minutes in _MINUTES.items()}
_OFFSET = re.compile(r"([+\-\u2212])(\d{1,2}):?(\d{2})?")
_IANA = re.compile(r"[A-Z][A-Za-z_]{1,20}(?:/[A-Z][A-Za-z_+\-]{1,20}){1,2}")


def zone_by_name(name: str) -> tzinfo | None:
    """The zone of an abbreviation (`EST`) or an IANA name (`America/Los_Angeles`), None if it is neither."""
    known = _ZONES.get(name.lower())
    if known is None and _IANA.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None
    return known


def zone_by_offset(text: str) -> timezone | None:
    """The zone of `+0100`, `+01:00`, `-5`; None for anything else and for a day or more."""
    found = _OFFSET.fullmatch(text)
    if not found:
        return None
    sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(offset if sign == "+" else -offset) if offset < timedelta(days=1) else None
