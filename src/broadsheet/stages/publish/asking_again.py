"""When to ask again for a picture, or a publisher's mark, that could not be had or may have changed."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2s

from broadsheet.errors import ItemError, RetryLater
from broadsheet.model.pictures import KeptPicture
from broadsheet.model.publication import PublishedImage

WAITS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=4), timedelta(days=14))
"""After each failure in turn; passing trouble begins with the first, what is gone or refused with the third."""
_FROM_REFUSED = 2
MONTH = timedelta(days=30)


def had(kept: KeptPicture, picture: PublishedImage) -> KeptPicture:
    """It is there, and not asked for again."""
    return KeptPicture(kept.url, picture, address=kept.address)


def missed(kept: KeptPicture, error: ItemError, now: datetime) -> KeptPicture:
    """It failed once more: asked for again after a while, that grows, and at last never again."""
    waits = WAITS if isinstance(error, RetryLater) else WAITS[_FROM_REFUSED:]
    again = now + _wait(waits[kept.attempts], error) if kept.attempts < len(waits) else None
    return replace(kept, reason=str(error), attempts=kept.attempts + 1, not_before=again)


def mark_had(kept: KeptPicture, mark: PublishedImage, now: datetime) -> KeptPicture:
    """Publishers change their marks rarely: looked at again after a month, not all on one day."""
    spread = timedelta(hours=blake2s(kept.url.encode(), digest_size=1).digest()[0] / 2)
    return KeptPicture(kept.url, mark, address=kept.address, not_before=now + MONTH + spread)


def mark_missed(kept: KeptPicture, error: ItemError, now: datetime) -> KeptPicture:
    """As for a picture, but for ever, once a month; the mark that we have stays."""
    after = missed(kept, error, now)
    return after if after.not_before is not None else replace(after, not_before=now + MONTH)


def _wait(wait: timedelta, error: ItemError) -> timedelta:
    asked = error.after_seconds if isinstance(error, RetryLater) else None
    return max(wait, timedelta(seconds=asked or 0.0))
