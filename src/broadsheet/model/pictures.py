"""What is known of a picture, or of a publisher's mark, that was fetched for the site or waits for it."""

from dataclasses import dataclass
from datetime import datetime

from broadsheet.model.publication import PublishedImage

MARK = "mark:"


def mark_of(domain: str) -> str:
    """The key under which the mark of a publisher, a small square, stands among the pictures."""
    return MARK + domain


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """What we serve of a picture or a mark (`mark:<domain>`), or why there is nothing to serve.

    `address` is where it is asked for: the picture's own `url` where it is empty; for a mark the publisher's home page.
    `attempts` is how often that failed since it last did not, `not_before` (UTC) when to ask again, None for never.
    """

    url: str
    picture: PublishedImage | None = None
    reason: str = ""
    attempts: int = 0
    not_before: datetime | None = None
    address: str = ""
