"""The contract of the `Engine` port, on every engine, and what only processes promise: that they can be killed."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from broadsheet.adapters.engine.forks import ForkEngine
from broadsheet.adapters.engine.local import InlineEngine, ThreadEngine
from broadsheet.adapters.engine.processes import Limits, ProcessEngine
from broadsheet.errors import GoneForGood, Rejected, RetryLater, TooCostly
from broadsheet.ports import Engine

PROCESSES = ProcessEngine(2)
STRICT = ProcessEngine(2, Limits(cpu_seconds=0.4, seconds=60, memory_mb=256))


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Iterator[None]:
    yield
    PROCESSES.close()
    STRICT.close()


@pytest.fixture(
    params=[InlineEngine(), ThreadEngine(2), ThreadEngine(8), PROCESSES, ForkEngine(2)],
    ids=["inline", "two threads", "eight threads", "two processes", "two forks"],
)
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


# What runs in other processes is found there by its name.


def square(n: int) -> int:
    return n * n


def fails_at_fifty(n: int) -> int:
    if n == 50:
        raise ZeroDivisionError
    return n


def work_for_ever(_item: object) -> None:
    while True:
        pass


def search_for_ever(_item: object) -> None:
    """In C, where no signal handler of Python is ever called."""
    re.match(r"(a|aa)+$", "a" * 90 + "b")


def wait_for_ever(_item: object) -> None:
    time.sleep(3600)


def take_memory(megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


def end_itself(number: int) -> None:
    os.kill(os.getpid(), number)


def leave(code: int) -> None:
    os._exit(code)


def refuse(error: Exception) -> None:
    raise error


def what_cannot_travel(_item: object) -> object:
    return threading.Lock()


HOSTILE = {7: work_for_ever, 11: search_for_ever, 13: leave}


def hostile_or_square(n: int) -> int:
    if n in HOSTILE:
        HOSTILE[n](n)
    return n * n


def number_of_process(_item: object) -> int:
    return os.getpid()


# --- every engine ---------------------------------------------------------------------------------------------------


def test_results_come_in_the_order_of_the_items(engine: Engine) -> None:
    assert list(engine.map(square, range(100))) == [n * n for n in range(100)]
    assert list(engine.map(str, [])) == []


def test_a_fault_stops_the_map(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError):
        list(engine.map(fails_at_fifty, range(1000)))
    assert list(engine.map(square, [3])) == [9]


def test_the_items_are_taken_as_they_are_needed() -> None:
    for engine in (ThreadEngine(2), PROCESSES):
        taken: list[int] = []
        results = engine.map(square, _counted(taken))
        assert next(results) == 0
        assert len(taken) < 100


def _counted(taken: list[int]) -> Iterator[int]:
    gate = threading.Lock()
    for n in range(10_000):
        with gate:
            taken.append(n)
        yield n


# --- processes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("work", "item", "reason"),
    [
        (work_for_ever, None, "took more than 0.4 s of the processor"),
        (search_for_ever, None, "took more than 0.4 s of the processor"),
        (take_memory, 2000, "needs more than 256 MB of memory"),
        (end_itself, signal.SIGSEGV, "SIGSEGV"),
        (end_itself, signal.SIGABRT, "SIGABRT"),
        (leave, 5, "exit code 5"),
    ],
)
def test_what_costs_too_much_is_stopped_with_a_reason(work: object, item: object, reason: str) -> None:
    with pytest.raises(TooCostly, match=reason):
        STRICT.call(work, item)  # type: ignore[arg-type]
    assert STRICT.call(square, 4) == 16


def test_work_that_waits_for_ever_is_stopped_by_the_clock() -> None:
    engine = ProcessEngine(1, Limits(seconds=0.3))
    with pytest.raises(TooCostly, match=r"not done after 0\.3 seconds"):
        engine.call(wait_for_ever, None)
    engine.close()


def test_who_was_killed_from_outside_may_be_tried_again() -> None:
    with pytest.raises(RetryLater, match="killed from outside"):
        PROCESSES.call(end_itself, signal.SIGKILL)
    assert PROCESSES.call(square, 4) == 16


def test_the_others_go_on() -> None:
    def kept(n: int) -> int | str:
        try:
            return STRICT.call(hostile_or_square, n)
        except Rejected as error:
            return str(error)[:10]

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(kept, range(40)))
    assert [n for n, value in enumerate(found) if isinstance(value, str)] == list(HOSTILE)
    assert [v for v in found if not isinstance(v, str)] == [n * n for n in range(40) if n not in HOSTILE]


def test_errors_come_back_as_they_were_raised() -> None:
    with pytest.raises(Rejected) as caught:
        PROCESSES.call(refuse, Rejected("too strange", hint="Look at it"))
    assert (type(caught.value), caught.value.message, caught.value.hint) == (Rejected, "too strange", "Look at it")
    with pytest.raises(RetryLater) as later:
        PROCESSES.call(refuse, RetryLater("busy", after_seconds=9))
    assert later.value.after_seconds == 9
    with pytest.raises(GoneForGood):
        PROCESSES.call(refuse, GoneForGood("gone"))


def test_what_cannot_travel_is_an_error_of_its_item() -> None:
    with pytest.raises(TypeError):
        PROCESSES.call(what_cannot_travel, None)
    with pytest.raises(TypeError):
        PROCESSES.call(square, threading.Lock())  # type: ignore[arg-type]
    assert PROCESSES.call(square, 4) == 16


def test_a_process_serves_many_items_and_none_outlives_the_engine() -> None:
    engine = ProcessEngine(2)
    numbers = set(engine.map(number_of_process, range(50)))
    assert 1 <= len(numbers) <= 2
    engine.close()
    for number in numbers:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)
    assert engine.call(square, 5) == 25
    engine.close()


# --- forks ----------------------------------------------------------------------------------------------------------

FORKS = """
import os, signal, sys, threading
from broadsheet.adapters.engine.forks import ForkEngine
from broadsheet.errors import BroadsheetError, Rejected

def number(_item):
    return os.getpid()

def refuse_the_third(n):
    if n == 3:
        raise Rejected("too strange", hint="Look at it")
    return n

def end_at_five(n):
    if n == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return n

def told(work, items):
    seen = []
    try:
        for result in ForkEngine(2).map(work, items):
            seen.append(result)
    except BroadsheetError as error:
        return f"{seen} then {type(error).__name__}: {error.message}"
    return str(seen)

{body}
"""


def in_a_process_of_its_own(body: str) -> list[str]:
    """What a script prints, in a process that has no other threads, as the one of these tests may have."""
    done = subprocess.run(
        [sys.executable, "-c", FORKS.replace("{body}", body)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the work is done in the process itself")
def test_forks_share_the_work_and_none_outlives_the_map() -> None:
    body = "numbers = list(ForkEngine(2).map(number, range(6))); print(os.getpid(), *numbers)"
    own, *others = in_a_process_of_its_own(body)[0].split()
    assert len(set(others)) == 2
    assert own not in others
    assert others[::2] == others[:1] * 3
    for number in set(others):
        with pytest.raises(ProcessLookupError):
            os.kill(int(number), 0)


def test_a_process_with_threads_is_not_copied() -> None:
    body = """
threading.Thread(target=threading.Event().wait, daemon=True).start()
print(set(ForkEngine(2).map(number, range(6))) == {os.getpid()})
"""
    assert in_a_process_of_its_own(body) == ["True"]


def test_what_a_fork_raises_is_raised_here_after_the_results_before_it() -> None:
    assert in_a_process_of_its_own("print(told(refuse_the_third, range(9)))") == [
        "[0, 1, 2] then Rejected: too strange"
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the work is done in the process itself")
def test_a_fork_that_was_ended_from_outside_is_an_error_not_a_gap() -> None:
    said = in_a_process_of_its_own("print(told(end_at_five, range(20)))")[0]
    assert said.endswith("was ended from outside")
    assert "StorageError" in said


def test_a_map_that_is_given_up_ends_its_forks() -> None:
    body = """
results = ForkEngine(2).map(number, range(100_000))
first = {next(results), next(results)}
results.close()
for process in first - {os.getpid()}:
    try:
        os.kill(process, 0)
        print("still there")
    except ProcessLookupError:
        pass
print("done")
"""
    assert in_a_process_of_its_own(body) == ["done"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the work is done in the process itself")
def test_what_cannot_travel_from_a_fork_is_an_error() -> None:
    body = """
try:
    list(ForkEngine(2).map(lambda _n: threading.Lock(), range(4)))
except TypeError:
    print("TypeError")
"""
    assert in_a_process_of_its_own(body) == ["TypeError"]
