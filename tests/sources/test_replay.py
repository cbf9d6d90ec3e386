"""The replay of publication times, and the price that keeps all sources to a budget."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.stages.sources.replay import fair_price, replays
from broadsheet.stages.sources.rhythm import LEAST_PRICE, LONGEST, MOST_PRICE, SHORTEST, next_price, wait_before_next

DAY = 86_400.0


def daily(seed: int, days: int = 40) -> list[float]:
    dice = random.Random(seed)
    return [d * DAY + 8 * 3600 + dice.gauss(0, 1200) for d in range(days)]


def test_our_rule_keeps_to_the_budget_and_waits_less_than_the_others() -> None:
    rows = {row.rule: row for row in replays([daily(seed) for seed in range(6)], days=10, budget=11)}
    assert rows["adaptive"].polls_a_day <= 11
    assert rows["adaptive"].mean_minutes < rows["hourly"].mean_minutes < 35
    assert rows["hourly"].polls_a_day == pytest.approx(24)
    assert len({row.entries for row in rows.values()}) == 1


def test_nothing_of_the_future_is_known() -> None:
    """What comes after the last poll before it changes no poll until then."""
    times = daily(1)
    early = [t for t in times if t < 35 * DAY]
    full = wait_before_next(early, 35 * DAY, 500.0)
    assert full == wait_before_next(early[:], 35 * DAY, 500.0)
    (one, *_) = replays([times], days=5)
    (other, *_) = replays([[*times[:-1], times[-1] + 60]], days=5)
    assert one.entries == other.entries


def test_a_source_without_two_times_is_left_out() -> None:
    assert [row.sources for row in replays([[], [5.0], [5.0, 5.0], daily(2)], days=3)] == [1, 1, 1]
    assert [row.sources for row in replays([])] == [0, 0, 0]


def test_the_price_follows_the_budget() -> None:
    known = [(daily(seed), 40 * DAY) for seed in range(5)]
    cheap, dear = fair_price(known, budget=20), fair_price(known, budget=4)
    assert cheap < dear
    assert fair_price([], budget=4) > 0


def test_the_price_settles_where_the_budget_is_kept() -> None:
    known, price = [(daily(seed), 40 * DAY) for seed in range(5)], 1.0
    for _ in range(60):
        price = next_price(price, [wait_before_next(times, now, price)[1] for times, now in known], 6.0, hours=6)
    planned = [DAY / wait_before_next(times, now, price)[1] for times, now in known]
    assert 5 <= sum(planned) / len(planned) <= 7


def test_the_price_moves_slowly_and_within_bounds() -> None:
    assert next_price(100, [600.0], 11, hours=6) == pytest.approx(200)
    assert next_price(100, [600.0], 11, hours=1) == pytest.approx(100 * 2 ** (1 / 6))
    assert next_price(100, [86_400.0], 11, hours=100) == pytest.approx(50)
    assert next_price(100, [], 11, hours=6) == 100
    assert next_price(LEAST_PRICE, [86_400.0], 11, hours=6) == LEAST_PRICE
    assert next_price(MOST_PRICE, [600.0], 11, hours=6) == MOST_PRICE


@settings(max_examples=60)
@given(st.lists(st.floats(0, 4e9), max_size=80), st.floats(0, 1e9), st.floats(LEAST_PRICE, MOST_PRICE))
def test_a_wait_is_always_within_its_limits(times: list[float], later: float, price: float) -> None:
    known = sorted(times)
    wait, interval = wait_before_next(known, (known[-1] if known else 0.0) + later, price)
    assert SHORTEST <= wait <= LONGEST
    assert SHORTEST <= interval <= LONGEST
