"""When a picture that failed is asked for again."""

from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.errors import GoneForGood, ItemError, Rejected, RetryLater
from broadsheet.model.pictures import KeptPicture, mark_of
from broadsheet.model.publication import PublishedImage
from broadsheet.stages.publish.asking_again import MONTH, had, mark_had, mark_missed, missed

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PICTURE = PublishedImage((("pictures/00/a-336.webp", 336),), 336, 224)
KEPT = KeptPicture("https://ledger.example/a.jpg")


def waits(error: ItemError) -> list[timedelta | None]:
    kept, found = KEPT, list[timedelta | None]()
    for _ in range(8):
        kept = missed(kept, error, NOW)
        found.append(kept.not_before - NOW if kept.not_before else None)
    assert kept.attempts == 8
    assert kept.reason == str(error)
    return found


def test_passing_trouble_is_asked_again_soon_then_later_then_never() -> None:
    hours = [1, 6, 24, 96, 336]
    assert waits(RetryLater("busy")) == [*(timedelta(hours=h) for h in hours), None, None, None]


@pytest.mark.parametrize("error", [GoneForGood("404"), Rejected("not a picture")])
def test_what_is_gone_or_refused_is_asked_again_less_often(error: ItemError) -> None:
    days = [1, 4, 14]
    assert waits(error) == [*(timedelta(days=d) for d in days), *[None] * 5]


def test_whoever_asks_us_to_wait_longer_is_obeyed() -> None:
    assert waits(RetryLater("busy", after_seconds=86_000))[0] == timedelta(seconds=86_000)
    assert waits(RetryLater("busy", after_seconds=60))[0] == timedelta(hours=1)


def test_success_ends_it() -> None:
    assert had(missed(KEPT, RetryLater("busy"), NOW), PICTURE) == KeptPicture(KEPT.url, PICTURE)


def test_marks_are_looked_at_once_a_month_for_ever() -> None:
    home = KeptPicture(mark_of("ledger.example"), address="https://ledger.example/")
    kept = mark_had(home, PICTURE, NOW)
    assert kept.not_before is not None
    assert MONTH <= kept.not_before - NOW <= MONTH + timedelta(days=6)
    for _ in range(9):
        kept = mark_missed(kept, GoneForGood("404"), NOW)
        assert (kept.picture, kept.address) == (PICTURE, home.address)
        assert kept.not_before is not None
    assert kept.not_before - NOW == MONTH
