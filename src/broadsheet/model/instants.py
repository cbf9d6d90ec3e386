"""Instants: aware datetimes in UTC inside, ISO 8601 with `Z` outside."""

from datetime import UTC, datetime


def iso(when: datetime | None) -> str | None:
    """`2026-11-22T10:00:00Z`: whole seconds, UTC; None stays None. A naive datetime is a programming error."""
    if when is None:
        return None
    if when.tzinfo is None:
        raise ValueError("an instant without a zone")
    utc = when if when.tzinfo is UTC else when.astimezone(UTC)
    return utc.isoformat(timespec="seconds")[:-6] + "Z"  # without its `+00:00`


def from_iso(text: str) -> datetime:
    """The instant of a string that `iso` wrote, UTC. Raises ValueError for anything without a zone."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return when.astimezone(UTC)
