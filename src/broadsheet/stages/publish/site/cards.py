"""What lists show of a story: a card. Cards of all stories are kept in memory, views of few."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from broadsheet.stages.publish.site.views import Chip, Picture, StoryView, TopicLink

ALSO = 5
_AT_AND_TITLE = attrgetter("at", "title")


class Headline(NamedTuple):
    """The report that a story is listed by. Times are UTC."""

    chip: Chip
    url: str | None
    at: datetime
    lang: str | None


class Newest(NamedTuple):
    """A story's newest independent report, as Just in tells of it."""

    title: str
    at: datetime
    chip: Chip


class Telling(NamedTuple):
    """A report besides the head, as a card that is set large names it: what it adds, or else its headline."""

    chip: Chip
    at: datetime
    adds: str | None
    title: str
    lang: str | None


class Card(NamedTuple):
    """A story as lists show it: a `StoryView` without its reports.

    `reports`, `independent`, `copies` and `coverage` know only how many there are; `also` are the first `ALSO` of the
    independent reports besides the head, which is what a list shows of them where it sets a story large.
    `chips` are the publishers of the independent reports, the first to tell it first; `domains` those of all reports.
    """

    id: str
    path: str
    title: str
    deck: str
    heat: int
    step: int
    head: Headline
    topics: tuple[TopicLink, ...]
    picture: Picture | None
    reports: range
    independent: range
    copies: range
    coverage: range
    also: tuple[Telling, ...]
    began: datetime
    latest: datetime
    told: datetime
    newest: Newest
    chips: tuple[Chip, ...]
    domains: tuple[str, ...]
    points: int

    @property
    def kicker(self) -> TopicLink | None:
        """The first of its topics, None where it has only the site's own."""
        return self.topics[0] if self.topics else None

    @property
    def day(self) -> date:
        """The day in the archive, UTC."""
        return self.began.date()

    @property
    def by_heat(self) -> tuple[int, float, str]:
        """A sort key: hottest first, then newest, then by id."""
        return -self.points, -self.latest.timestamp(), self.id

    @property
    def by_age(self) -> tuple[datetime, str]:
        """A sort key: the story that began first comes first."""
        return self.began, self.id

    @property
    def by_rank(self) -> tuple[float, float, str]:
        """A sort key of the front page: a story falls behind by a point for each hour since it was last told."""
        return -self.told.timestamp() / 3600 - self.heat, -self.latest.timestamp(), self.id


_counted = lru_cache(maxsize=1_000)(range)
"""What has so many things in it: cards of all stories are kept in memory, so one range serves them all."""


def card_of(view: StoryView) -> Card:
    """The card of a story."""
    head, reports, independent = view.head, view.reports, view.independent
    told = reports if len(reports) == 1 else sorted(independent or reports, key=_AT_AND_TITLE)
    last = told[-1]
    return Card(
        id=view.story.id,
        path=view.path,
        title=view.title,
        deck=view.deck,
        heat=view.heat,
        step=view.step,
        head=Headline(head.chip, head.url, head.at, head.lang),
        topics=view.topics,
        picture=view.picture,
        reports=_counted(len(reports)),
        independent=_counted(len(independent)),
        copies=_counted(len(view.copies)),
        coverage=_counted(len(view.coverage)),
        also=tuple([Telling(r.chip, r.at, r.member.adds, r.title, r.lang) for r in view.coverage[:ALSO]]),
        began=view.began,
        latest=view.latest,
        told=last.at,
        newest=Newest(last.title, last.at, last.chip),
        chips=tuple([r.chip for r in told]),
        domains=tuple(dict.fromkeys([r.chip.domain for r in reports])),
        points=view.story.heat,
    )


def hottest_first(cards: Iterable[Card]) -> Sequence[Card]:
    """The cards by heat."""
    return sorted(cards, key=lambda card: card.by_heat)
