"""Spans of time that never run over the ends of the calendar."""

from datetime import UTC, datetime, timedelta

from broadsheet.stages.stories.options import StoryOptions

LONGEST_WINDOW = timedelta(days=36_500)
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def window_of(options: StoryOptions) -> timedelta:
    """The window, a century at most."""
    return timedelta(days=min(options.window_days, LONGEST_WINDOW.days))


def earlier(when: datetime, span: timedelta) -> datetime:
    """That long before, or the beginning of the calendar."""
    return when - span if when - _FIRST > span else _FIRST


def later(when: datetime, span: timedelta) -> datetime:
    """That long after, or the end of the calendar."""
    return when + span if _LAST - when > span else _LAST
