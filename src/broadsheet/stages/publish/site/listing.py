"""Pages that list stories: the front, topics with their older pages, days, and the archive."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from broadsheet.model.publication import OutputFile
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.publish.site.edition import DAYS, ON_THE_FRONT, DayCount, Front, edition_stories, plan_front
from broadsheet.stages.publish.site.links import topic_path
from broadsheet.stages.publish.site.theme import Theme, site_feeds
from broadsheet.stages.publish.site.views import Chip, CorrectionView, StoryView
from broadsheet.stages.publish.site.words import Words

Corrected = Sequence[tuple[StoryView, CorrectionView]]

PER_PAGE = 40
NEWEST = 12  # among so many newest stories of a topic, the hottest is set large
COUNTED = 30  # so many newest stories of a topic say who reports it first


@dataclass(frozen=True, slots=True)
class First:
    """How often a publisher reported a topic, and how often before the others."""

    chip: Chip
    reports: int
    first: int


@dataclass(frozen=True, slots=True)
class Group:
    """Stories under one heading. `dated` where each line must say its day."""

    heading: str
    path: str
    views: tuple[StoryView, ...]
    dated: bool


def front_page(
    theme: Theme, views: Sequence[StoryView], newest: datetime | None, days: Sequence[DayCount], corrections: Corrected
) -> OutputFile:
    """The newest edition. `newest` is the newest instant of the records, None where there are none."""
    front = plan_front(edition_stories(views, newest) if newest else ())
    return theme.page(
        "front.html",
        "",
        front=front,
        newest=newest,
        today=newest.date() if newest else None,
        edition_counts=_counts(front, theme.words),
        days=tuple(reversed(days[:DAYS])),
        corrections=corrections[:3],
        shown=ON_THE_FRONT,
        description=theme.description or theme.words("how_short"),
    )


def _counts(front: Front, words: Words) -> str:
    return words(
        "edition_counts_copies" if front.copies else "edition_counts",
        reports=words("reports", n=front.reports),
        publishers=words("publishers", n=front.publishers),
        stories=words("stories", n=front.stories),
        copies=words("copies", n=front.copies),
    )


def topic_pages(theme: Theme, topic: Topic, views: Sequence[StoryView]) -> Iterator[OutputFile]:
    """A topic's page and its older ones.

    `views` are the topic's, newest day first. Older pages are counted from the oldest story and are full, so that a
    new story changes the first page only: that one holds between one and two pages' worth.
    """
    full = max(0, len(views) // PER_PAGE - 1)
    newest = len(views) - full * PER_PAGE
    yield _topic_page(theme, topic, views[:newest], page=None, pages=full)
    for page in range(full, 0, -1):
        start = newest + (full - page) * PER_PAGE
        yield _topic_page(theme, topic, views[start : start + PER_PAGE], page=page, pages=full)


def _topic_page(theme: Theme, topic: Topic, views: Sequence[StoryView], *, page: int | None, pages: int) -> OutputFile:
    lead, pair, rest = _topic_heads(views) if page is None else (None, [], list(views))
    name = topic.name
    older = (pages if page is None else page - 1) or None
    return theme.page(
        "topic.html",
        topic_path(topic.id, page),
        heading=name if page is None else theme.words("topic_page", topic=name, n=page),
        name=name,
        deck=topic.description,
        description=topic.description or theme.words("topic_description", topic=name, title=theme.title),
        topic_id=topic.id,
        topic_path=topic_path(topic.id),
        lead=lead,
        pair=pair,
        groups=_by_day_or_month(rest, theme.words),
        page=page,
        older=topic_path(topic.id, older) if older else None,
        newer=None if page is None else topic_path(topic.id, page + 1 if page < pages else None),
        firsts=_firsts(views[:COUNTED]) if page is None else (),
        counted=min(COUNTED, len(views)),
        feeds=site_feeds(name, topic_path(topic.id)),
    )


def _by_day_or_month(views: Sequence[StoryView], words: Words) -> list[Group]:
    """The stories by day, hottest first; by month where most days would have one or two."""
    views = sorted(views, key=lambda v: (v.day, v.story.heat), reverse=True)
    if len({v.day for v in views}) * 3 > len(views):
        months = groupby(views, key=lambda v: v.day.replace(day=1))
        return [Group(words.month(month), f"days/#m{month:%Y-%m}", tuple(group), dated=True) for month, group in months]
    days = groupby(views, key=lambda v: v.day)
    return [Group(words.day(day), f"days/{day}/", tuple(group), dated=False) for day, group in days]


def _topic_heads(views: Sequence[StoryView]) -> tuple[StoryView | None, list[StoryView], list[StoryView]]:
    """The hottest of the newest, the next two, and the others as they came."""
    newest = sorted(views[:NEWEST], key=lambda v: -v.story.heat)
    lead = newest[0] if newest else None
    pair = newest[1:3] if len(newest) > 3 else []
    placed = {id(v) for v in (lead, *pair)}
    return lead, pair, [v for v in views if id(v) not in placed]


def _firsts(views: Sequence[StoryView]) -> tuple[First, ...]:
    reports = Counter(r.chip for v in views for r in v.independent)
    firsts = Counter(min(v.independent or v.reports, key=lambda r: (r.at, r.title)).chip for v in views)
    ranked = sorted(reports, key=lambda chip: (-firsts[chip], -reports[chip], chip.name))
    return tuple(First(chip, reports[chip], firsts[chip]) for chip in ranked[:5])


def day_pages(theme: Theme, views: Sequence[StoryView]) -> Iterator[OutputFile]:
    """A page for each day on which a story began. `views` come ranked."""
    by_day: dict[date, list[StoryView]] = {}
    for view in views:
        by_day.setdefault(view.day, []).append(view)
    order = sorted(by_day)
    for at, day in enumerate(order):
        before = order[at - 1] if at else None
        yield _day_page(theme, by_day[day], before, order[at + 1] if at + 1 < len(order) else None)


def _day_page(theme: Theme, views: Sequence[StoryView], before: date | None, after: date | None) -> OutputFile:
    words, day = theme.words, views[0].day
    stories, reports = words("stories", n=len(views)), words("reports", n=sum(len(v.reports) for v in views))
    return theme.page(
        "day.html",
        f"days/{day.isoformat()}/",
        heading=words.day(day),
        description=words("day_counts", stories=stories, reports=reports),
        counts=words("day_counts", stories=stories, reports=reports),
        day=day,
        lead=views[0],
        pair=views[1:3],
        rest=views[3:],
        before=before,
        after=after,
    )


def archive_page(theme: Theme, days: Sequence[DayCount]) -> OutputFile:
    """Every day with stories, by month, newest first."""
    months = [(month, list(group)) for month, group in groupby(days, key=lambda d: d.day.replace(day=1))]
    return theme.page(
        "days.html",
        "days/",
        heading=theme.words("archive"),
        description=theme.words("days_note"),
        months=months,
    )
