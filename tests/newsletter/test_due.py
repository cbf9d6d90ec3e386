"""When a letter is drafted."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from tests.newsletter.conftest import LETTER, make_paper

from broadsheet.adapters.clocks import FixedClock
from broadsheet.app.letters import open_letter_desk
from broadsheet.errors import UsageError
from broadsheet.settings import read_settings
from broadsheet.steps.newsletter import LetterDesk, is_due


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_paper(tmp_path, 1)
    (tmp_path / LETTER.path).unlink()
    return tmp_path


def desks(folder: Path, keys: str, *instants: str) -> Iterator[LetterDesk]:
    file = folder / "broadsheet.toml"
    file.write_text(file.read_text("utf-8").replace('every = "daily"', keys), "utf-8")
    for instant in instants:
        with open_letter_desk(read_settings(folder), FixedClock(datetime.fromisoformat(instant))) as desk:
            yield desk


@pytest.mark.parametrize(
    ("keys", "instant", "due"),
    [
        ('every = "daily"', "2026-03-12T10:59:00+00:00", False),
        ('every = "daily"', "2026-03-12T11:00:00+00:00", True),
        ('every = "daily"', "2026-03-12T23:59:00+00:00", True),
        ('every = "off"', "2026-03-12T12:00:00+00:00", False),
        ('every = "weekly"', "2026-03-12T12:00:00+00:00", False),
        ('every = "weekly"', "2026-03-13T12:00:00+00:00", True),
        ('every = "weekly"\nday = "thursday"', "2026-03-12T12:00:00+00:00", True),
        ('every = "daily"\nzone = "Asia/Tokyo"', "2026-03-12T02:00:00+00:00", True),
        ('every = "daily"\nzone = "America/New_York"', "2026-03-12T14:59:00+00:00", False),
        ('every = "daily"\nhour = 0', "2026-03-12T00:00:00+00:00", True),
    ],
)
def test_the_hour_in_the_zone_of_the_paper(folder: Path, keys: str, instant: str, due: bool) -> None:
    for desk in desks(folder, keys, instant):
        assert is_due(desk) is due


def test_once_a_day(folder: Path) -> None:
    for desk in desks(folder, 'every = "daily"', "2026-03-12T12:00:00+00:00"):
        desk.store.letters.keep("weir-every-day-2026-03-12", desk.clock.now(), ["s1"])
        assert not is_due(desk)
    for desk in desks(folder, 'every = "daily"', "2026-03-13T12:00:00+00:00"):
        assert is_due(desk)
        desk.store.journal.keep_fact("letter passed over", "weir-every-day-2026-03-13")
        assert not is_due(desk)


def test_a_letter_that_lies_there_is_not_made_again_by_a_clone(folder: Path) -> None:
    (folder / "_newsletters" / "weir-every-day-2026-03-12.html").write_text("---\n", "utf-8")
    for desk in desks(folder, 'every = "daily"', "2026-03-12T12:00:00+00:00"):
        assert not is_due(desk)


def test_a_zone_that_is_none_is_told(folder: Path) -> None:
    for desk in desks(folder, 'every = "daily"\nzone = "Atlantis/North"', "2026-03-12T12:00:00+00:00"):
        with pytest.raises(UsageError, match="zone: 'Atlantis/North' is not known"):
            is_due(desk)
