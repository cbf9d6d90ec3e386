"""Pages that list stories: the front, topics with their older pages, days, and the archive."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from broadsheet.model.publication import OutputFile
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.publish.site.cards import Card
from broadsheet.stages.publish.site.edition import ON_THE_FRONT, DayCount, Front
from broadsheet.stages.publish.site.links import topic_path
from broadsheet.stages.publish.site.theme import Theme, site_feeds
from broadsheet.stages.publish.site.views import Chip, CorrectionView
from broadsheet.stages.publish.site.words import Words

Corrected = Sequence[tuple["Titled", CorrectionView]]

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
    views: tuple[Card, ...]
    dated: bool


@dataclass(frozen=True, slots=True)
class Titled:
    """A story as a list of corrections names it."""

    path: str
    title: str
    head: "Spoken"


@dataclass(frozen=True, slots=True)
class Spoken:
    """The language of a headline, None where it is the site's."""

    lang: str | None


@dataclass(frozen=True, slots=True)
class TopicPart:
    """A page of a topic: `page` is its number, None for the topic's own, which shows what is newest; `older` is the
    number of the page that goes on, None where there is none."""

    topic: Topic
    page: int | None
    older: int | None
    newest_closed: int


def front_page(
    theme: Theme, front: Front, newest: datetime | None, days: Sequence[DayCount], corrections: Corrected
) -> OutputFile:
    """The newest edition. `newest` is the newest instant that readers see, None where there is none."""
    return theme.page(
        "front.html",
        "",
        front=front,
        newest=newest,
        today=newest.date() if newest else None,
        edition_counts=_counts(front, theme.words),
        days=days,
        corrections=corrections,
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


def topic_page(theme: Theme, part: TopicPart, cards: Sequence[Card]) -> OutputFile:
    """A page of a topic; `cards` are its stories, the one that began last first."""
    topic, page = part.topic, part.page
    lead, pair, rest = _topic_heads(cards) if page is None else (None, [], list(cards))
    return theme.page(
        "topic.html",
        topic_path(topic.id, page),
        heading=topic.name if page is None else theme.words("topic_page", topic=topic.name, n=page),
        name=topic.name,
        deck=topic.description,
        description=topic.description or theme.words("topic_description", topic=topic.name, title=theme.title),
        topic_id=topic.id,
        topic_path=topic_path(topic.id),
        lead=lead,
        pair=pair,
        groups=_by_day_or_month(rest, theme.words),
        page=page,
        older=topic_path(topic.id, part.older) if part.older else None,
        newer=None if page is None else topic_path(topic.id, page + 1 if page < part.newest_closed else None),
        firsts=_firsts(cards[:COUNTED]) if page is None else (),
        counted=min(COUNTED, len(cards)),
        feeds=site_feeds(topic.name, topic_path(topic.id)),
    )


def _by_day_or_month(cards: Sequence[Card], words: Words) -> list[Group]:
    """The stories by day, hottest first; by month where most days would have one or two."""
    cards = sorted(cards, key=lambda c: (c.day, c.points), reverse=True)
    if len({c.day for c in cards}) * 3 > len(cards):
        months = groupby(cards, key=lambda c: c.day.replace(day=1))
        return [Group(words.month(month), f"days/#m{month:%Y-%m}", tuple(group), dated=True) for month, group in months]
    days = groupby(cards, key=lambda c: c.day)
    return [Group(words.day(day), f"days/{day}/", tuple(group), dated=False) for day, group in days]


def _topic_heads(cards: Sequence[Card]) -> tuple[Card | None, list[Card], list[Card]]:
    """The hottest of the newest, the next two, and the others as they came."""
    newest = sorted(cards[:NEWEST], key=lambda c: -c.points)
    lead = newest[0] if newest else None
    pair = newest[1:3] if len(newest) > 3 else []
    placed = {c.id for c in (lead, *pair) if c}
    return lead, pair, [c for c in cards if c.id not in placed]


def _firsts(cards: Sequence[Card]) -> tuple[First, ...]:
    chips = {(chip.domain, chip.name): chip for card in reversed(cards) for chip in reversed(card.chips)}
    reports = Counter([(chip.domain, chip.name) for card in cards for chip in card.chips])
    firsts = Counter([(card.chips[0].domain, card.chips[0].name) for card in cards])
    ranked = sorted(reports, key=lambda key: (-firsts[key], -reports[key], key[1]))
    return tuple([First(chips[key], reports[key], firsts[key]) for key in ranked[:5]])


def day_page(theme: Theme, cards: Sequence[Card], before: date | None, after: date | None) -> OutputFile:
    """A day on which stories began. `cards` are these, hottest first; `before` and `after` the days beside it."""
    words, day = theme.words, cards[0].day
    stories, reports = words("stories", n=len(cards)), words("reports", n=sum(len(c.reports) for c in cards))
    return theme.page(
        "day.html",
        f"days/{day.isoformat()}/",
        heading=words.day(day),
        description=words("day_counts", stories=stories, reports=reports),
        counts=words("day_counts", stories=stories, reports=reports),
        day=day,
        lead=cards[0],
        pair=cards[1:3],
        rest=cards[3:],
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
