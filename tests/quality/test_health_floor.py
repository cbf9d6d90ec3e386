"""Trouble with sources is named in time, and hardly ever where there is none. Floors may rise, never fall."""

from pathlib import Path

from bench.health import false_alarms, injected, real_silences
from bench.polling import real_histories


def test_forty_injected_failures() -> None:
    found = list(injected(seed=1))
    in_time = [n for n in found if n.intervals is not None and n.intervals <= 2]
    assert len(found) == 40
    assert len(in_time) >= 38


def test_healthy_sources_are_left_alone() -> None:
    said, days = false_alarms(seed=1, sources=15, days=22)
    assert days >= 300
    assert said == []


def test_the_gaps_of_real_feeds_are_seldom_called_silence(shared: Path) -> None:
    alarms, days = real_silences(real_histories(shared))
    assert days > 100_000
    assert alarms / days <= 0.6 / 1000
