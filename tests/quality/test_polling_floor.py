"""How long entries of real feeds wait, within eleven polls a feed and day. Floors may rise, never fall."""

from pathlib import Path

from bench.polling import real_histories

from broadsheet.stages.sources.replay import replays


def test_entries_of_real_feeds_wait_half_an_hour_at_less_than_half_of_hourly_polls(shared: Path) -> None:
    rows = {row.rule: row for row in replays(real_histories(shared), days=7, budget=11)}
    ours = rows["adaptive"]
    assert ours.polls_a_day <= 11
    assert ours.mean_minutes <= 30
    assert ours.p90_minutes <= 60
    assert ours.mean_minutes < rows["hourly"].mean_minutes
    assert ours.p90_minutes < rows["square root"].p90_minutes / 2
