"""A story's own page, and what it shows besides the reports: timeline, folded copies, the sum of its heat."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish.site.links import Links
from broadsheet.stages.publish.site.reasons import reason
from broadsheet.stages.publish.site.receipts import receipts
from broadsheet.stages.publish.site.theme import Theme
from broadsheet.stages.publish.site.views import FULL_HEAT, Report, StoryView
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
_RELATED = re.compile(r"related coverage: (\d{1,6}) of other publishers")


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the timeline. `kind` is empty (independent), `c` (copies) or `k` (a correction)."""

    at: datetime
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SumTerm:
    """A term of the sum, as a bar that starts where the one above ended."""

    name: str
    points: int
    start: int
    width: int

    @property
    def signed(self) -> str:
        """`+42` or `−5`, with a true minus sign."""
        return f"+{self.points}" if self.points >= 0 else f"−{-self.points}"


@dataclass(frozen=True, slots=True)
class Sum:
    """The terms, what they add up to, and the length of the scale that the bars are drawn to."""

    terms: tuple[SumTerm, ...]
    total: int
    scale: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The moments by day. The first days, with `folded` moments, are folded where the whole would be long."""

    earlier: tuple[tuple[date, tuple[Moment, ...]], ...]
    days: tuple[tuple[date, tuple[Moment, ...]], ...]
    folded: int
    moments: int


def story_file(theme: Theme, links: Links, view: StoryView) -> OutputFile:
    """The page of one story: a function of its view and the site, so that stories can be printed in any order, in
    several processes, and one at a time."""
    moments = timeline(view, theme.words)
    return theme.page(
        "story.html",
        view.path,
        view=view,
        heading=view.title,
        description=view.deck[:300] or _counted(view, theme.words),
        og_type="article",
        og_image=view.picture if view.picture and links.origin else None,
        article=view,
        timeline=moments,
        reasons=[reason(sentence, theme.words) for sentence in view.story.head_reasons],
        aside=bool(view.story.head_reasons) or moments.moments > 1,
        shown=COVERAGE,
        first_day=view.day,
        copies=copy_sets(view),
        receipts=receipts(view, theme.words),
        sum=heat_sum(view, theme.words),
        permalink=links.full(view.path),
    )


def _counted(view: StoryView, words: Words) -> str:
    """What a story without a summary is described by."""
    return f"{view.head.chip.name}: {words('independent_reports', n=len(view.independent))}"


def timeline(view: StoryView, words: Words) -> Timeline:
    """What happened, day by day; of a long one the last days are shown that have 12 moments together."""
    moments = _moments(view, words)
    days = tuple((day, tuple(group)) for day, group in groupby(moments, key=lambda m: m.at.date()))
    cut, shown = len(days), 0
    while cut and (shown < MOMENTS or len(moments) <= MOMENTS + 3):
        cut -= 1
        shown += len(days[cut][1])
    return Timeline(days[:cut], days[cut:], len(moments) - shown, len(moments))


def _moments(view: StoryView, words: Words) -> tuple[Moment, ...]:
    """Reports and corrections by time; copies that follow one another are one line."""
    moments = [*_reports(view, words)]
    for c in view.corrections:
        text = words("corrects", publisher=c.publisher, field=words.field(c.correction.field))
        moments.append(Moment(c.at, text, "k"))
    return tuple(sorted(moments, key=lambda m: m.at))


def _reports(view: StoryView, words: Words) -> Iterator[Moment]:
    run: list[Report] = []
    said = "publishes_first"
    for report in sorted(view.reports, key=lambda r: (r.at, r.title)):
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
        start = min(total, total + points)
        terms.append(SumTerm(_term(name, words), points, max(0, start), abs(points)))
        total += points
        highest = max(highest, total, start + abs(points))
    exact = total == view.story.heat
    return Sum(tuple(terms) if exact else (), total, max(FULL_HEAT, highest))


def _term(name: str, words: Words) -> str:
    """What a term is called in the site's language; its own name where we have no word for it."""
    if related := _RELATED.fullmatch(name):
        return words("term_related", n=int(related[1]))
    known = _TERMS.get(name.lower())
    return words(known) if known else name[:1].upper() + name[1:]
