"""What a story's own page shows besides its reports: timeline, folded copies, receipts, the sum of its heat."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from broadsheet.stages.publish.site.views import FULL_HEAT, Report, StoryView
from broadsheet.stages.publish.site.words import Words


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the timeline. `kind` is empty (independent), `c` (copies) or `k` (a correction)."""

    at: datetime
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the receipts table."""

    label: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A report's receipt, a cell for each column."""

    report: Report
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipts:
    """The table; columns of which no report has anything are left out."""

    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()


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


def timeline(view: StoryView, words: Words) -> tuple[Moment, ...]:
    """Reports and corrections by time; copies that follow one another are one line."""
    moments = [*_reports(view, words)]
    for c in view.corrections:
        text = words("corrects", publisher=c.publisher, field=words.field(c.correction.field))
        moments.append(Moment(c.at, text, "k"))
    return tuple(sorted(moments, key=lambda m: m.at))


def _reports(view: StoryView, words: Words) -> Iterator[Moment]:
    run: list[Report] = []
    for report in sorted(view.reports, key=lambda r: (r.at, r.title)):
        if report.member.copy_of is not None:
            run.append(report)
            continue
        yield from _copies(run, words)
        run = []
        yield Moment(report.at, words("publishes", publisher=report.chip.name))
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


def receipts(view: StoryView, words: Words) -> Receipts:
    """Why each report is in the story, for those of which the engine kept a receipt."""
    scored = [r for r in view.reports if r.member.receipt.similarity is not None]
    if not scored:
        return Receipts()
    columns = [(column, tuple(cell(r) for r in scored)) for column, cell in _columns(words)]
    kept = [(column, cells) for column, cells in columns if any(cells)]
    rows = zip(scored, zip(*(cells for _, cells in kept), strict=True), strict=True)
    return Receipts(tuple(column for column, _ in kept), tuple(Row(report, cells) for report, cells in rows))


def _columns(words: Words) -> tuple[tuple[Column, Callable[[Report], str]], ...]:
    return (
        (Column(words("shared_names")), lambda r: ", ".join(r.member.receipt.names[:6])),
        (Column(words("shared_numbers")), lambda r: ", ".join(r.member.receipt.numbers[:6])),
        (Column(words("nearness"), number=True), lambda r: _nearness(r, words)),
        (Column(words("next_best"), number=True), lambda r: _next_best(r, words)),
        (Column(words("text_in_common"), number=True), lambda r: "" if r.shared is None else f"{r.shared}%"),
        (Column(words("further")), lambda r: ", ".join(f"{k} {_two(v)}" for k, v in r.member.receipt.terms.items())),
        (Column(words("verdict")), lambda r: words("is_independent" if r.member.copy_of is None else "is_copy")),
    )


def _nearness(report: Report, words: Words) -> str:
    receipt = report.member.receipt
    if receipt.similarity is None or receipt.threshold is None:
        return "" if receipt.similarity is None else _two(receipt.similarity)
    return words("needed", value=_two(receipt.similarity), threshold=_two(receipt.threshold))


def _next_best(report: Report, words: Words) -> str:
    value = report.member.receipt.runner_up_similarity
    return "" if value is None else words("next_best_value", value=_two(value))


def _two(value: float) -> str:
    """Two places, with a true minus sign."""
    return f"{value:.2f}".replace("-", "−")


def heat_sum(view: StoryView) -> Sum:
    """The sum of the story's heat; without terms where those that we have do not add up to it."""
    terms: list[SumTerm] = []
    total = highest = 0
    for name, points in view.story.heat_terms:
        start = min(total, total + points)
        terms.append(SumTerm(name[:1].upper() + name[1:], points, max(0, start), abs(points)))
        total += points
        highest = max(highest, total, start + abs(points))
    exact = total == view.story.heat
    return Sum(tuple(terms) if exact else (), total, max(FULL_HEAT, highest))
