"""Why each report is in its story, in words first: what it shares with the others and how close it is to them."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from broadsheet.model.story import DecidedBy, Receipt
from broadsheet.stages.publish.site.views import Part, Report, StoryView, parted
from broadsheet.stages.publish.site.words import Words

VERY, CLEARLY = 0.2, 0.08
"""By how much a report must exceed what was needed to be called very close, and close."""
RIVAL = 0.1  # another story that is less than this behind is worth telling
SHORTEST_SCALE = 0.5
SHOWN = 6
ROWS = 10
LEAST_SHOWN = 0.005  # a smaller part of a sum would be shown as nought
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


class Row(NamedTuple):
    """A report's receipt. `bar`, `needed` and `other` are places on one scale from 0 to 100, each None where nothing
    is known: only what was decided by score has a bar. `sum` are the named parts of the score, then come the `score`,
    the `threshold` that was needed and that of the next story, `company` is with how many others the report was
    looked at."""

    report: Report
    names: str
    figures: str
    wording: str
    closeness: str
    bar: int | None
    needed: int | None
    other: int | None
    sum: tuple[tuple[str, str], ...]
    score: str
    threshold: str
    runner_up: str
    company: str


class Receipts(NamedTuple):
    """The receipts of a story's reports. `rivalled` where another story's mark stands on any of the scales, `counted`
    are those with a sum behind them."""

    all: tuple[Row, ...]
    rivalled: bool
    counted: tuple[Row, ...]

    @property
    def parts(self) -> tuple[Part[Row], ...]:
        """The rows that are shown, and those that are folded."""
        return parted(self.all, ROWS)


def receipts(view: StoryView, words: Words) -> Receipts | None:
    """The receipts of a story of several reports, where the engine or an editor decided on any of them."""
    if len(view.reports) < 2 or all(r.member.receipt.decided_by is DecidedBy.NOTHING for r in view.reports):
        return None
    names = {name.casefold() for r in view.reports for name in r.member.receipt.names[:SHOWN]}
    spelling = _spelling([*[r.title for r in view.reports], *[r.member.excerpt or "" for r in view.reports]], names)
    scale = max(SHORTEST_SCALE, *(_closeness(r.member.receipt) for r in view.reports if _is_scored(r)), 0.0)
    teller = _Teller(words, scale, spelling, {r.member.record: r.chip.name for r in view.reports})
    rows = tuple([teller.row(report) for report in view.reports])
    rivalled = any(row.other is not None for row in rows)
    return Receipts(rows, rivalled, tuple([row for row in rows if row.bar is not None]))


def _closeness(receipt: Receipt) -> float:
    return receipt.similarity or 0.0


def _is_scored(report: Report) -> bool:
    receipt = report.member.receipt
    return receipt.decided_by is DecidedBy.SCORE and receipt.similarity is not None


@dataclass(frozen=True, slots=True)
class _Teller:
    """Writes the rows of one story: `scale` is the score at the end of a bar, `publishers` who wrote each record."""

    words: Words
    scale: float
    spelling: Mapping[str, str]
    publishers: Mapping[str, str]

    def row(self, report: Report) -> Row:
        receipt, words, scale = report.member.receipt, self.words, self.scale
        scored, together = _is_scored(report), receipt.together
        names, numbers = receipt.names[:SHOWN], receipt.numbers[:SHOWN]
        rivalled = scored and _is_rivalled(receipt)
        return Row(
            report=report,
            names=words.listed(*[self.spelling.get(name.casefold(), name) for name in names]) if names else "",
            figures=words("in_common_figures", n=len(numbers), figures=words.listed(*numbers)) if numbers else "",
            wording=self._wording(receipt) if scored and not names and not numbers else "",
            closeness=_in_words(receipt, words) if scored else self._decision(report),
            bar=_place(_closeness(receipt), scale) if scored else None,
            needed=_place(receipt.threshold, scale) if scored else None,
            other=_place(receipt.runner_up_similarity, scale) if rivalled else None,
            sum=tuple([(words.part(n), _two(v)) for n, v in receipt.terms.items() if abs(v) >= LEAST_SHOWN]),
            score=_two(receipt.similarity),
            threshold=_two(receipt.threshold),
            runner_up=_two(receipt.runner_up_similarity),
            company=words("looked_at", n=together - 1) if scored and together > 1 else "",
        )

    def _wording(self, receipt: Receipt) -> str:
        return self.words("in_common_meaning" if "meaning" in receipt.terms else "in_common_words")

    def _decision(self, report: Report) -> str:
        """What settled it other than a score."""
        member, words = report.member, self.words
        if member.receipt.decided_by is DecidedBy.COPY:
            original = self.publishers.get(member.copy_of or "")
            return words("by_copy", publisher=original) if original else words("is_copy")
        settled = {DecidedBy.EDITOR: "by_editor", DecidedBy.SAME_WORDS: "by_same_words"}
        return words(settled.get(member.receipt.decided_by, "by_nothing"))


def _place(value: float | None, longest: float) -> int | None:
    """Where on a scale from 0 to 100 a value stands; what is below nought stands at nought."""
    return None if value is None else round(100 * min(max(value, 0.0), longest) / longest)


def _is_rivalled(receipt: Receipt) -> bool:
    second = receipt.runner_up_similarity
    return second is not None and second > 0 and _closeness(receipt) - second < RIVAL


def _in_words(receipt: Receipt, words: Words) -> str:
    above = _closeness(receipt) - (receipt.threshold or 0.0)
    key = "close_very" if above >= VERY else "close_clearly" if above >= CLEARLY else "close_just"
    said = words(key if above >= 0 else "close_no_more")
    return words.listed(said, words("close_rival")) if _is_rivalled(receipt) else said


def _spelling(texts: Iterable[str], needed: Container[str]) -> dict[str, str]:
    """Each word of the reports that is needed as it is written there, with a capital where one of them has it."""
    found: dict[str, str] = {}
    words = list(dict.fromkeys(_WORD.findall(" \n ".join(texts))))
    for word, folded in zip(words, map(str.casefold, words), strict=True):
        if folded in needed:
            known = found.setdefault(folded, word)
            if known == known.lower() and word != known:
                found[folded] = word
    return found


def _two(value: float | None) -> str:
    """Two places, with a true minus sign; empty where there is nothing."""
    if value is None:
        return ""
    return f"{value:.2f}" if value > 0 else f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")
