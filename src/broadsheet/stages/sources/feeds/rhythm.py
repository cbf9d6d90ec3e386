"""When a feed says that it changes, and when nobody need ask: `ttl`, the syndication module, `skipHours`, `skipDays`.

RSS 2.0 (https://www.rssboard.org/rss-specification) and RSS 1.0's module (https://web.resource.org/rss/1.0/modules/syndication/).
"""

from collections.abc import Iterator
from itertools import islice

from broadsheet.stages.sources.feeds.elements import Elements
from broadsheet.stages.sources.feeds.media import whole_number
from broadsheet.stages.sources.feeds.text import raw_text

_SECONDS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST = 48


def minutes_to_live(head: Elements) -> int | None:
    """`ttl`, in minutes."""
    return whole_number(head.text("ttl"))


def update_seconds(head: Elements) -> int | None:
    """The syndication module's period, parted by its frequency; None where it says no period."""
    period = _SECONDS.get((head.text("sy:updateperiod") or "").lower())
    if period is None:
        return None
    return max(1, period // max(1, whole_number(head.text("sy:updatefrequency")) or 1))


def skip_hours(head: Elements) -> tuple[int, ...]:
    """Hours of UTC, 0 to 23, in order; 24 means midnight, as RSS 0.92 has it."""
    hours = {hour % 24 for text in _inside(head, "skiphours", "hour") if (hour := whole_number(text)) is not None}
    return tuple(sorted(hours)) if len(hours) < 24 else ()


def skip_days(head: Elements) -> tuple[int, ...]:
    """Days of UTC, Monday 0 to Sunday 6, in order."""
    days = {_DAYS.index(day) for text in _inside(head, "skipdays", "day") if (day := text[:3].lower()) in _DAYS}
    return tuple(sorted(days)) if len(days) < 7 else ()


def _inside(head: Elements, holder: str, name: str) -> Iterator[str]:
    for element in head.all(holder):
        yield from (raw_text(child) for child in islice(element, _MOST) if head.names[child.tag] == name)
