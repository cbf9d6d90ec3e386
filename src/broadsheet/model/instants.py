"""Instants: aware datetimes in UTC inside, ISO 8601 with `Z` outside."""

from datetime import UTC, datetime


def iso(when: datetime | None) -> str | None:
    """`2026-11-22T10:00:00Z`: whole seconds, UTC; None stays None. A naive datetime is a programming error."""
    if when is None:
        return None
    if when.tzinfo is None:
        raise ValueError("an instant without a zone")
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when.year >= 1000 else _early(when)


def _early(when: datetime) -> str:
    """`strftime` drops the leading zeros of years before 1000 on Linux."""
    return when.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def from_iso(text: str) -> datetime:
    """The instant of a string that `iso` wrote, UTC. Raises ValueError for anything without a zone."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return when.astimezone(UTC)
