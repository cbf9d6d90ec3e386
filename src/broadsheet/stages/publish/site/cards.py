"""What lists show of a story: a card. Cards of all stories are kept in memory, views of few."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from broadsheet.stages.publish.site.views import Chip, Picture, StoryView, TopicLink


@dataclass(frozen=True, slots=True)
class Headline:
    """The report that a story is listed by. Times are UTC."""

    chip: Chip
    url: str | None
    at: datetime
    lang: str | None


@dataclass(frozen=True, slots=True)
class Newest:
    """A story's newest independent report, as Just in tells of it."""

    title: str
    at: datetime
    chip: Chip


@dataclass(frozen=True, slots=True)
class Card:
    """A story as lists show it: a `StoryView` without its reports.

    `reports`, `independent` and `copies` know only how many there are; templates ask for nothing else in a list.
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


def card_of(view: StoryView) -> Card:
    """The card of a story."""
    told = sorted(view.independent or view.reports, key=lambda r: (r.at, r.title))
    last = told[-1]
    return Card(
        id=view.story.id,
        path=view.path,
        title=view.title,
        deck=view.deck,
        heat=view.heat,
        step=view.step,
        head=Headline(view.head.chip, view.head.url, view.head.at, view.head.lang),
        topics=view.topics,
        picture=view.picture,
        reports=range(len(view.reports)),
        independent=range(len(view.independent)),
        copies=range(len(view.copies)),
        coverage=range(len(view.coverage)),
        began=view.began,
        latest=view.latest,
        told=max((r.at for r in view.independent), default=view.latest),
        newest=Newest(last.title, last.at, last.chip),
        chips=tuple(r.chip for r in told),
        domains=tuple(dict.fromkeys(r.chip.domain for r in view.reports)),
        points=view.story.heat,
    )


def hottest_first(cards: Iterable[Card]) -> Sequence[Card]:
    """The cards by heat."""
    return sorted(cards, key=lambda card: card.by_heat)
