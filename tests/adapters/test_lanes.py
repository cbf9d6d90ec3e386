"""The `Lanes` port: much at once, but little of one lane; what is slow delays only its own."""

import threading
from collections import Counter

import pytest

from broadsheet.adapters.engine.lanes import OrderedLanes, ThreadLanes
from broadsheet.adapters.engine.local import InlineEngine, ThreadEngine
from broadsheet.ports import Lanes


@pytest.mark.parametrize(
    "lanes", [OrderedLanes(InlineEngine()), OrderedLanes(ThreadEngine(3)), ThreadLanes(3, 1), ThreadLanes(40, 2)]
)
@pytest.mark.parametrize("count", [0, 1, 500])
def test_everything_is_done_once(lanes: Lanes, count: int) -> None:
    assert Counter(lanes.map(lambda n: n * n, range(count), lambda n: str(n % 7))) == Counter(
        n * n for n in range(count)
    )


def test_of_one_lane_few_are_under_way_together() -> None:
    under_way, most = Counter[str](), Counter[str]()
    lock = threading.Lock()

    def work(n: int) -> None:
        lane = str(n % 3)
        with lock:
            under_way[lane] += 1
            most[lane] = max(most[lane], under_way[lane])
        pause.wait(0.005)
        with lock:
            under_way[lane] -= 1

    pause = threading.Event()
    assert len(list(ThreadLanes(12, 2).map(work, range(60), lambda n: str(n % 3)))) == 60
    assert set(most.values()) == {2}


def test_a_lane_that_stands_still_delays_nobody_else() -> None:
    released = threading.Event()

    def work(n: int) -> int:
        if n < 50:
            released.wait(60)
        return n

    results = ThreadLanes(4, 2).map(work, range(150), lambda n: "slow" if n < 50 else str(n))
    first = [next(results) for _ in range(100)]
    released.set()
    assert set(first) == set(range(50, 150))
    assert set(results) == set(range(50))


def test_an_exception_of_the_work_stops_the_map() -> None:
    def work(n: int) -> int:
        if n == 20:
            raise ZeroDivisionError
        return n

    with pytest.raises(ZeroDivisionError):
        list(ThreadLanes(4, 2).map(work, range(1000), str))


def test_who_stops_listening_ends_the_work() -> None:
    done = Counter[str]()
    results = ThreadLanes(4, 2).map(lambda n: done.update(["one"]), range(10_000), str)
    next(results)
    results.close()  # type: ignore[attr-defined]  # it is a generator
    at_the_end = done["one"]
    assert at_the_end < 100
    assert threading.active_count() < 20
