"""What becomes of an item whose page could not be had."""

from datetime import UTC, datetime

import pytest

from broadsheet.errors import GoneForGood, ItemError, Rejected, RetryLater
from broadsheet.model.feed import Entry
from broadsheet.model.kept import Item
from broadsheet.stages.fetch.verdict import Delay, Drop, TakeEntry, Verdict, verdict_on


def item(attempts: int = 0, title: str | None = "A weir") -> Item:
    entry = Entry(title=title)
    return Item("k", "https://a.example/1", "s", entry, "f", datetime(2026, 11, 22, tzinfo=UTC), attempts)


@pytest.mark.parametrize(
    ("given", "error", "verdict"),
    [
        (item(), GoneForGood("404"), Drop()),
        (item(), Rejected("robots.txt"), TakeEntry()),
        (item(title=None), Rejected("robots.txt"), Drop()),
        (item(), RetryLater("503"), Delay(300)),
        (item(attempts=2), RetryLater("503"), Delay(4800)),
        (item(), RetryLater("429", after_seconds=3600), Delay(3600)),
        (item(), RetryLater("429", after_seconds=10**9), Delay(86400)),
        (item(attempts=4), RetryLater("503"), TakeEntry()),
        (item(attempts=4, title=" "), RetryLater("503"), Drop()),
    ],
)
def test_verdicts(given: Item, error: ItemError, verdict: Verdict) -> None:
    assert verdict_on(given, error, max_attempts=5) == verdict
