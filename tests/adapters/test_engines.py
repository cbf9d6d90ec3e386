"""The contract of the `Engine` port, on every engine."""

import threading
from collections.abc import Iterator

import pytest

from broadsheet.adapters.engine.local import InlineEngine, ThreadEngine
from broadsheet.ports import Engine


@pytest.fixture(params=[InlineEngine(), ThreadEngine(2), ThreadEngine(8)], ids=["inline", "two", "eight"])
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


def test_results_come_in_the_order_of_the_items(engine: Engine) -> None:
    assert list(engine.map(lambda n: n * n, range(100))) == [n * n for n in range(100)]
    assert list(engine.map(str, [])) == []


def test_a_fault_stops_the_map(engine: Engine) -> None:
    def work(n: int) -> int:
        if n == 50:
            raise ZeroDivisionError
        return n

    with pytest.raises(ZeroDivisionError):
        list(engine.map(work, range(1000)))


def test_the_items_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []
    gate = threading.Lock()

    def items() -> Iterator[int]:
        for n in range(10_000):
            with gate:
                taken.append(n)
            yield n

    results = ThreadEngine(2).map(lambda n: n, items())
    assert next(results) == 0
    assert len(taken) < 100
