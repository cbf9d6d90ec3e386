"""A story's own page, and what it shows besides the reports: timeline, folded copies, the sum of its heat."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish.site.links import Links
from broadsheet.stages.publish.site.reasons import reason
from broadsheet.stages.publish.site.receipts import receipts
from broadsheet.stages.publish.site.theme import Theme
from broadsheet.stages.publish.site.views import FULL_HEAT, Part, Report, StoryView, parted
from broadsheet.stages.publish.site.words import Words

COVERAGE = 12
"""So many rows of coverage are shown, the others folded."""
MOMENTS = 12
_TERMS = {
    "quality": "term_quality",
    "quality of the head": "term_quality",
    "related reports": "term_related_reports",
    "attention": "term_attention",
}
_AT, _AT_AND_TITLE = attrgetter("at"), attrgetter("at", "title")
_RELATED = re.compile(r"related coverage: (\d{1,6}) of other publishers")


class Moment(NamedTuple):
    """A line of the timeline. `kind` is empty (independent), `c` (copies) or `k` (a correction)."""

    at: datetime
    text: str
    kind: str = ""


Day = tuple[date, tuple[Moment, ...]]


class Days(NamedTuple):
    """Some days of the timeline, each with its moments: with their names or not, and where they are `folded`, how many
    moments are in them."""

    days: tuple[Day, ...]
    named: bool
    folded: int = 0


class SumTerm(NamedTuple):
    """A term of the sum, as a bar that starts where the one above ended."""

    name: str
    points: int
    start: int
    width: int

    @property
    def signed(self) -> str:
        """`+42` or `−5`, with a true minus sign."""
        return f"+{self.points}" if self.points >= 0 else f"−{-self.points}"


class Sum(NamedTuple):
    """The terms, what they add up to, and the length of the scale that the bars are drawn to."""

    terms: tuple[SumTerm, ...]
    total: int
    scale: int


def story_file(theme: Theme, links: Links, view: StoryView) -> OutputFile:
    """The page of one story: a function of its view and the site, so that stories can be printed in any order, in
    several processes, and one at a time."""
    words, day = theme.words, view.day
    moments = timeline(view, words)
    reasons = [reason(sentence, words) for sentence in view.story.head_reasons]
    independent = words("independent_reports", n=len(view.independent))
    return theme.story_page(
        view.path,
        view=view,
        heading=view.title,
        description=view.deck[:300] or f"{view.head.chip.name}: {independent}",
        og_type="article",
        og_image=view.picture if view.picture and links.origin else None,
        article=view,
        timeline=moments,
        reasons=reasons,
        aside=bool(reasons or moments),
        independent=independent,
        coverage=_coverage(view.independent) if len(view.reports) > 1 else (),
        first_day=day,
        copies=copy_sets(view) if view.copies else (),
        receipts=receipts(view, words),
        sum=heat_sum(view, words),
        permalink=links.full(view.path),
        ad=theme.ads.story(day, view.topics),
    )


def _coverage(reports: tuple[Report, ...]) -> tuple[Part[Report], ...]:
    """The first rows of the coverage, and the others where they are worth a fold."""
    return parted(reports, COVERAGE if len(reports) > COVERAGE + 2 else len(reports))


def timeline(view: StoryView, words: Words) -> tuple[Days, ...]:
    """What happened, day by day, nothing where there is only one moment; of a long one the last days are shown that
    have 12 moments together."""
    if len(view.reports) == 1 and not view.corrections:  # as most stories
        return ()
    moments = _moments(view, words)
    if len(moments) < 2:
        return ()
    days = tuple([(day, tuple(group)) for day, group in groupby(moments, key=lambda m: m.at.date())])
    cut, shown = len(days), 0
    while cut and (shown < MOMENTS or len(moments) <= MOMENTS + 3):
        cut -= 1
        shown += len(days[cut][1])
    if cut:
        return Days(days[:cut], named=True, folded=len(moments) - shown), Days(days[cut:], named=True)
    return (Days(days, named=len(days) > 1 or days[0][0] != view.day),)


def _moments(view: StoryView, words: Words) -> tuple[Moment, ...]:
    """Reports and corrections by time; copies that follow one another are one line."""
    moments = list(_reports(view, words))
    for c in view.corrections:
        text = words("corrects", publisher=c.publisher, field=words.field(c.correction.field))
        moments.append(Moment(c.at, text, "k"))
    return tuple(sorted(moments, key=_AT))


def _reports(view: StoryView, words: Words) -> Iterator[Moment]:
    run: list[Report] = []
    said = "publishes_first"
    for report in sorted(view.reports, key=_AT_AND_TITLE):
        if report.member.copy_of is not None:
            run.append(report)
            continue
        yield from _copies(run, words)
        run = []
        yield Moment(report.at, words(said, publisher=report.chip.name))
        said = "publishes"
    yield from _copies(run, words)


def _copies(run: Sequence[Report], words: Words) -> Iterator[Moment]:
    if run:
        yield Moment(run[0].at, words("copies_begin", n=len(run), publisher=run[0].chip.name), "c")


def copy_sets(view: StoryView) -> tuple[tuple[str | None, tuple[Report, ...]], ...]:
    """The copies under the publisher of the report that each repeats, None where that report is not in the story."""
    by_record = {r.member.record: r for r in view.reports}
    sets: dict[str, list[Report]] = {}
    for copy in view.copies:
        sets.setdefault(copy.member.copy_of or "", []).append(copy)
    named = ((by_record[original].chip.name if original in by_record else None, original) for original in sets)
    return tuple((name, tuple(sets[original])) for name, original in named)


def heat_sum(view: StoryView, words: Words) -> Sum:
    """The sum of the story's heat; without terms where those that we have do not add up to it."""
    terms: list[SumTerm] = []
    total = highest = 0
    for name, points in view.story.heat_terms:
        start, width = min(total, total + points), abs(points)
        terms.append(SumTerm(_term(name, words), points, max(0, start), width))
        total += points
        highest = max(highest, total, start + width)
    exact = total == view.story.heat
    return Sum(tuple(terms) if exact else (), total, max(FULL_HEAT, highest))


def _term(name: str, words: Words) -> str:
    """What a term is called in the site's language; its own name where we have no word for it."""
    if known := _TERMS.get(name.lower()):
        return words(known)
    if related := _RELATED.fullmatch(name):
        return words("term_related", n=int(related[1]))
    return name[:1].upper() + name[1:]
