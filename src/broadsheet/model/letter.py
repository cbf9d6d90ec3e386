"""The newsletter: a letter as it is filed, who gets it, and what became of each copy."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

FOLDER = "_newsletters"


@dataclass(frozen=True, slots=True)
class FiledLetter:
    """A letter as it lies in `_newsletters/<name>.html`: front matter in the origin's form, and an HTML mail.

    `title` is its subject, `excerpt` what a mailbox shows beside it, `published` when it was made, UTC, `web_url` its
    address on the site.
    """

    name: str
    title: str
    excerpt: str
    published: datetime
    web_url: str
    html: str
    type: str = "article"
    topics: tuple[str, ...] = ()
    secured: str | None = None

    @property
    def path(self) -> str:
        """Its place in the content repository."""
        return f"{FOLDER}/{self.name}.html"


@dataclass(frozen=True, slots=True)
class Evergreen:
    """What stays worth reading: `title` leads to `url`; shown, when its turn comes, from `starts` to `ends`, UTC."""

    id: str
    title: str
    text: str
    url: str
    starts: date | None = None
    ends: date | None = None

    def stands(self, on: date) -> bool:
        """Whether it may be shown on that day."""
        return (self.starts is None or self.starts <= on) and (self.ends is None or on <= self.ends)


class SubscriberState(StrEnum):
    """Asked and not confirmed yet; gets the letter; left; stopped, since mail to the address comes back."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    LEFT = "left"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who asked for the letter. `id` is random and says nothing of the address. Instants are UTC.

    `soft` counts passing failures in a row, the last of them at `soft_at`.
    """

    id: str
    address: str
    state: SubscriberState
    asked: datetime
    name: str = ""
    confirmed: datetime | None = None
    ended: datetime | None = None
    reason: str = ""
    soft: int = 0
    soft_at: datetime | None = None


class DeliveryState(StrEnum):
    """What became of one copy of a letter.

    `SENDING` is written before the server is asked, the others after it answered. A copy that is still `SENDING` when
    nobody sends any more becomes `UNKNOWN`: the server may have it, so it is never sent again. `LATER` was certainly
    not taken, and is tried again.
    """

    SENDING = "sending"
    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One copy of a letter, to one subscriber; `reason` is what the server said."""

    letter: str
    subscriber: str
    state: DeliveryState
    at: datetime
    reason: str = ""
