"""Why each report is in its story, in words first: what it shares with the others and how close it is to them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from broadsheet.model.story import Receipt
from broadsheet.stages.publish.site.views import Report, StoryView
from broadsheet.stages.publish.site.words import Words

VERY, CLEARLY = 0.2, 0.08
"""By how much a report must exceed what was needed to be called very close, and close."""
RIVAL = 0.1  # another story that is less than this behind is worth telling
SHORTEST_SCALE = 0.5
SHOWN = 6
ROWS = 10
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


@dataclass(frozen=True, slots=True)
class Row:
    """A report's receipt. `bar`, `needed` and `other` are places on one scale from 0 to 100, the latter two None where
    nothing is known. `raw` are the figures of the sum, a cell for each of the table's `parts` and three more."""

    report: Report
    names: str
    figures: str
    closeness: str
    bar: int
    needed: int | None
    other: int | None
    raw: tuple[str, ...]

    @property
    def rivalled(self) -> bool:
        """Whether another story's mark stands on the scale."""
        return self.other is not None


@dataclass(frozen=True, slots=True)
class Receipts:
    """The rows, of which `rows` are shown and `more` folded; `parts` are what the sums behind them are made of."""

    rows: tuple[Row, ...] = ()
    more: tuple[Row, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[Row, ...]:
        """Every row."""
        return self.rows + self.more


def receipts(view: StoryView, words: Words) -> Receipts:
    """The receipts of a story of several reports, for those of which the engine kept one."""
    scored = [r for r in view.reports if r.member.receipt.similarity is not None]
    if len(view.reports) < 2 or not scored:
        return Receipts()
    parts = tuple(dict.fromkeys(name for r in scored for name in r.member.receipt.terms))
    longest = max(SHORTEST_SCALE, *(_closeness(r.member.receipt) for r in scored))
    spelling = _spelling([*(r.title for r in view.reports), *(r.member.excerpt or "" for r in view.reports)])
    rows = tuple(_row(r, words, longest, spelling, parts) for r in scored)
    return Receipts(rows[:ROWS], rows[ROWS:], tuple(_part(name, words) for name in parts))


def _closeness(receipt: Receipt) -> float:
    return receipt.similarity or 0.0


def _row(report: Report, words: Words, longest: float, spelling: dict[str, str], parts: tuple[str, ...]) -> Row:
    receipt = report.member.receipt
    numbers = receipt.numbers[:SHOWN]
    return Row(
        report=report,
        names=words.listed(*(spelling.get(name.casefold(), name) for name in receipt.names[:SHOWN])),
        figures=words("in_common_figures", n=len(numbers), figures=words.listed(*numbers)) if numbers else "",
        closeness=_in_words(receipt, words),
        bar=_place(_closeness(receipt), longest) or 0,
        needed=_place(receipt.threshold, longest),
        other=_place(receipt.runner_up_similarity, longest) if _is_rivalled(receipt) else None,
        raw=_raw(receipt, parts),
    )


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


def _raw(receipt: Receipt, parts: tuple[str, ...]) -> tuple[str, ...]:
    values = (receipt.similarity, receipt.threshold, receipt.runner_up_similarity)
    return (*(_two(receipt.terms.get(part)) for part in parts), *(_two(value) for value in values))


def _part(name: str, words: Words) -> str:
    """What a part of the sum is called; its own name where we have no word for it."""
    return words(f"part_{name}") if f"part_{name}" in words.texts else name


def _spelling(texts: Iterable[str]) -> dict[str, str]:
    """Each word of the reports as it is written there, with a capital where one of them has it."""
    found: dict[str, str] = {}
    for word in (match.group() for text in texts for match in _WORD.finditer(text)):
        known = found.setdefault(word.casefold(), word)
        if known == known.lower() and word != known:
            found[word.casefold()] = word
    return found


def _two(value: float | None) -> str:
    """Two places, with a true minus sign; empty where there is nothing."""
    return "" if value is None else f"{value:.2f}".replace("-", "−")
