"""What brings the publication to its readers: places to deploy to, channels to announce on, and what is remembered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from broadsheet.model.outgoing import Announcement, Delivery, HeldFile


class Deployment(Protocol):
    """One place that the built publication is brought to. `name` is how people are told of it."""

    name: str

    def deliver(self, folder: Path, message: str) -> Delivery:
        """Makes the target hold exactly the files of `folder` that are for readers (`stages.publish.serving`), and
        sends only what changed since the last time; `message` says in words what did. What else lies at the target and
        was never sent there stays. Interrupted, the same call does the rest.

        Raises UsageError (the target or its rights are wrong, something of somebody else's is in the way), RetryLater
        (the network, another deployment at the same time) and StorageError (this machine).
        """
        ...


class DeployTable(Protocol):
    """What targets hold, by target and path, as far as it was sent from here."""

    def held(self, target: str) -> dict[str, HeldFile]:
        """All of a target's files."""
        ...

    def keep(self, target: str, files: Mapping[str, HeldFile | None]) -> None:
        """These are so from now on; None: it is gone. In one transaction."""
        ...

    def forget(self, target: str) -> None:
        """Nothing is known of this target any more."""
        ...


class Channel(Protocol):
    """Somebody who is told of stories. `most` is how many announcements one letter takes."""

    most: int

    def send(self, news: Sequence[Announcement], now: datetime) -> str:
        """Tells them, and returns what the other side calls it (an address, an id) or nothing. An announcement that was
        tried before must not be doubled where the protocol knows a way. Raises RetryLater, GoneForGood and Rejected as
        the `Http` port does, and SettingsError where a secret is missing."""
        ...


class OutboxTable(Protocol):
    """Announcements, one a channel and subject."""

    def known(self, channel: str, subjects: Collection[str]) -> dict[str, Announcement]:
        """Those of these subjects that the channel has."""
        ...

    def told(self, channel: str, records: Collection[str]) -> dict[str, str]:
        """Which of these records were in an announcement of the channel that is out, waits, or was passed over:
        record to subject."""
        ...

    def keep(self, announcements: Iterable[Announcement]) -> None:
        """So they are from now on; in one transaction."""
        ...

    def waiting(self, channel: str, now: datetime, most: int) -> list[Announcement]:
        """Those to be sent now, the hottest first, then by time."""
        ...

    def sent_since(self, channel: str, since: datetime) -> int:
        """How many went out since then."""
        ...

    def forget(self, ended_before: datetime) -> int:
        """Those that ended before then are forgotten; returns how many."""
        ...

    def newest(self, most: int) -> list[Announcement]:
        """The newest of all channels, newest first."""
        ...
