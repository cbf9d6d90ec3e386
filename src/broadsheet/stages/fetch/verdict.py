"""What becomes of an item whose page could not be had: decided here, carried out by the step."""

from dataclasses import dataclass

from broadsheet.errors import GoneForGood, RetryLater
from broadsheet.model.kept import Item

FIRST_DELAY = 300.0
LONGEST_DELAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Drop:
    """There is no article: the page is gone, or neither page nor feed says anything."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Try again after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class TakeEntry:
    """The feed's own words must do."""


Verdict = Drop | Delay | TakeEntry


def verdict_on(item: Item, error: Exception, max_attempts: int) -> Verdict:
    """A page that is gone is no article. Passing trouble is tried again, each time after four times as long, and not
    before the other side asked for. After `max_attempts`, and where the page is refused for good (robots.txt, a wall),
    the feed's own words must do, if they have a title."""
    if isinstance(error, GoneForGood):
        return Drop()
    if isinstance(error, RetryLater) and item.attempts + 1 < max_attempts:
        asked = error.after_seconds or 0.0
        return Delay(min(LONGEST_DELAY, max(asked, FIRST_DELAY * 4**item.attempts)))
    return TakeEntry() if (item.entry.title or "").strip() else Drop()
