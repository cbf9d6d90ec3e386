"""The front page's plan: which stories are in the edition, and which size each takes by its rank."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nsmallest

from broadsheet.stages.publish.site.cards import Card, Newest
from broadsheet.stages.publish.site.views import TopicLink

WINDOW = timedelta(days=3)
ENOUGH = 12  # an edition with fewer stories than this is filled from the days before
FILLED_TO = 40
ON_THE_FRONT = 60
LEAD_HEAT = 60
SECTIONS = 6
PER_SECTION = 4
DAYS = 7
LINES = 7  # of Just in


@dataclass(frozen=True, slots=True)
class Section:
    """A topic on the front: its first story is set large, the others small."""

    topic: TopicLink
    first: Card
    rest: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class JustIn:
    """A line of the newest reports, whatever their heat. `joins` where the story was there before it."""

    view: Card
    report: Newest
    joins: bool


@dataclass(frozen=True, slots=True)
class DayCount:
    """A day with stories: how many, and the hottest."""

    day: date
    count: int
    top: Card


@dataclass(frozen=True, slots=True)
class Front:
    """The plan. `lead` is None where nothing is hot enough; `medium` then opens the page with two or three.

    `beside` are the stories in the column beside the lead: one, or two where the lead is short and the first has no
    picture, or where there is no third to fill a row with. Just in stands there too, or below the lead where that is
    short or has no picture beside a story that has one. `fit` is how many lines of `just_in` make the right column as
    long as the lead on the widest layout, `beside_rows` how many coverage rows of the first story beside do so.
    `opening` is how many of `medium` stand beside Just in where there is no lead.
    """

    lead: Card | None
    beside: tuple[Card, ...]
    just_in_below: bool
    medium: tuple[Card, ...]
    sections: tuple[Section, ...]
    rest: tuple[Card, ...]
    just_in: tuple[JustIn, ...]
    fit: int
    beside_rows: int
    opening: int
    stories: int
    reports: int
    publishers: int
    copies: int


def enough(recent: Sequence[Card], last: Iterable[Card]) -> Sequence[Card]:
    """The stories of the newest edition: those that got a report within `WINDOW` of the newest one; where they are
    too few, the `FILLED_TO` that did last."""
    return recent if len(recent) >= ENOUGH else list(last)


def plan_front(edition: Sequence[Card]) -> Front:
    """Ranks become sizes: the first L, up to six M, the first of each topic S, the rest XS.

    A story falls behind by a point for each hour since its newest independent report: what was told yesterday must be
    24 points hotter to stand above what is told today.
    """
    shown = nsmallest(ON_THE_FRONT, edition, key=lambda card: card.by_rank)
    lead = shown.pop(0) if shown and shown[0].heat >= LEAD_HEAT else None
    short = lead is not None and not lead.picture and len(lead.coverage) < 3
    pictured = bool(shown and shown[0].picture)
    beside = tuple(shown[: 2 if (short and not pictured) or len(shown) == 2 else 1]) if lead else ()
    below = short or (lead is not None and not lead.picture and bool(beside) and pictured)
    shown = shown[len(beside) :]
    medium = tuple(shown[: 4 if lead else 6])
    sections, rest = _sections(shown[len(medium) :])
    return Front(
        lead=lead,
        beside=beside,
        just_in_below=below,
        medium=medium,
        sections=sections,
        rest=rest,
        just_in=_just_in(edition),
        opening=3 if len(medium) == 3 else 2,
        fit=LINES if below else _lines_beside(lead, beside),
        beside_rows=_rows_beside(lead, beside, below=below) if lead else 1,
        stories=len(edition),
        reports=sum(len(v.reports) for v in edition),
        publishers=len({domain for v in edition for domain in v.domains}),
        copies=sum(len(v.copies) for v in edition),
    )


def _sections(views: Sequence[Card]) -> tuple[tuple[Section, ...], tuple[Card, ...]]:
    """Two, three or six topics that have two stories or more, so that rows are full; and what is left, by rank."""
    by_topic: dict[str, list[Card]] = {}
    for view in views:
        if view.kicker:
            by_topic.setdefault(view.kicker.id, []).append(view)
    groups = [group[:PER_SECTION] for group in by_topic.values() if len(group) > 1][:SECTIONS]
    if len(groups) != 2:
        groups = groups[: len(groups) - len(groups) % 3]
    used = {id(v) for group in groups for v in group}
    sections = tuple(Section(g[0].kicker, g[0], tuple(g[1:])) for g in groups if g[0].kicker)
    return sections, tuple(v for v in views if id(v) not in used)


def _just_in(edition: Sequence[Card]) -> tuple[JustIn, ...]:
    """The newest independent reports, at most one of a story."""
    newest = sorted(edition, key=lambda v: (v.newest.at, v.id), reverse=True)[:LINES]
    return tuple(JustIn(view, view.newest, view.newest.at > view.began) for view in newest)


def _lines_beside(lead: Card | None, beside: Sequence[Card]) -> int:
    """How many lines of Just in make the right column about as long as the lead beside it.

    In pixels of the widest layout: a picture is 410 at the left and 270 at the right, a coverage row 52, a head and
    its deck 240 at the left and 190 at the right, Just in's own head 50 and each of its lines 46.
    """
    if lead is None or not beside:
        return LINES
    left, right = _left(lead), _right(beside[0], _rows_beside(lead, beside, below=False))
    return max(2, min(LINES, -(-(left - right) // 46)))


def _left(lead: Card) -> int:
    rows = min(len(lead.coverage), 5)
    return 240 + (max(410, 52 * rows + 90) if lead.picture else 52 * -(-rows // 2))


def _right(second: Card, rows: int) -> int:
    return 190 + (270 if second.picture else 0) + 52 * min(rows, len(second.coverage)) + 50


def _rows_beside(lead: Card, beside: Sequence[Card], *, below: bool) -> int:
    """How many coverage rows the first story beside the lead shows: none where Just in below it would hang over the
    lead; where Just in stands below the lead, as many as make both columns about as long (a row being 62 there)."""
    if not below:
        hangs = bool(beside) and _right(beside[0], 1) + 2 * 46 > _left(lead) + 20
        return 0 if hangs else 1
    if len(beside) != 1:
        return 1
    left = 200 + 55 * -(-min(len(lead.coverage), 5) // 2) + 80 + 55 * -(-LINES // 2)
    right = 190 + (250 if beside[0].picture else 0)
    return max(1, min(4, (left - right) // 62))
