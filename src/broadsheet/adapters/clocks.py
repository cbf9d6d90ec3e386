"""The time: the machine's, or one that stands where it is put."""

from datetime import UTC, datetime


class SystemClock:
    """Implements the `Clock` port with the machine's clock."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC)


class FixedClock:
    """Implements the `Clock` port with an instant that only its owner moves: replays, and runs that must repeat."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was put at, UTC."""
        return self.instant
