"""Work that waits for others: many items at once, but few of one lane, so that a slow host delays only its own."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from queue import Queue
from typing import Generic, TypeVar

from broadsheet.ports import Engine

Item = TypeVar("Item")
Result = TypeVar("Result")


class OrderedLanes:
    """Implements the `Lanes` port over an engine: the results in the order of the items, for runs that must repeat."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def map(
        self,
        work: Callable[[Item], Result],
        items: Iterable[Item],
        lane: Callable[[Item], str],  # noqa: ARG002 - nobody is asked, so that nobody has to wait
    ) -> Iterator[Result]:
        """The results in the order of the items."""
        return self.engine.map(work, items)


class ThreadLanes:
    """Implements the `Lanes` port over threads. `at_once` items of a lane are under way together, lanes take turns.

    At most two results a thread wait for the reader, so that those of a long list never lie in memory together.
    """

    def __init__(self, threads: int, at_once: int) -> None:
        self.threads = threads
        self.at_once = at_once

    def map(
        self, work: Callable[[Item], Result], items: Iterable[Item], lane: Callable[[Item], str]
    ) -> Iterator[Result]:
        """The results as they come."""
        board = _Board(items, lane, self.at_once)
        results: Queue[tuple[Result | None, BaseException | None]] = Queue(2 * self.threads)
        count = min(self.threads, board.total)
        threads = [threading.Thread(target=_work, args=(board, work, results), daemon=True) for _ in range(count)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(board.total):
                result, error = results.get()
                if error is not None:
                    raise error
                yield result  # type: ignore[misc]  # a result may be None itself
        finally:
            board.stop()
            _end(threads, results)


@dataclass(slots=True)
class _Lane(Generic[Item]):
    """What waits in a lane, and how many turns it was promised."""

    waiting: deque[Item] = field(default_factory=deque)
    promised: int = 0


class _Board(Generic[Item]):
    """What is still to be done, lane by lane; a turn lies in `_ready` for each item that may be taken now."""

    def __init__(self, items: Iterable[Item], lane: Callable[[Item], str], at_once: int) -> None:
        lanes: dict[str, _Lane[Item]] = {}
        for item in items:
            lanes.setdefault(lane(item), _Lane()).waiting.append(item)
        self._changed = threading.Condition()
        self._ready: deque[_Lane[Item]] = deque()
        for turn in range(at_once):
            for waits in lanes.values():
                if len(waits.waiting) > turn:
                    self._promise(waits)
        self.total = self._left = sum(len(waits.waiting) for waits in lanes.values())

    def _promise(self, lane: _Lane[Item]) -> None:
        lane.promised += 1
        self._ready.append(lane)

    def take(self) -> tuple[_Lane[Item], Item] | None:
        """The next item and its lane; None when all are taken. Waits while only full lanes have any."""
        with self._changed:
            while self._left and not self._ready:
                self._changed.wait()
            if not self._left:
                return None
            self._left -= 1
            lane = self._ready.popleft()
            lane.promised -= 1
            if not self._left:
                self._changed.notify_all()
            return lane, lane.waiting.popleft()

    def free(self, lane: _Lane[Item]) -> None:
        """An item of this lane is done: the lane may have another turn."""
        with self._changed:
            if len(lane.waiting) > lane.promised:
                self._promise(lane)
                self._changed.notify()

    def stop(self) -> None:
        """Nobody wants the rest."""
        with self._changed:
            self._left = 0
            self._changed.notify_all()


def _work(
    board: _Board[Item], work: Callable[[Item], Result], results: "Queue[tuple[Result | None, BaseException | None]]"
) -> None:
    while (taken := board.take()) is not None:
        lane, item = taken
        try:
            results.put((work(item), None))
        except BaseException as error:  # noqa: BLE001 - it is raised again where the results are read
            results.put((None, error))
        finally:
            board.free(lane)


def _end(threads: list[threading.Thread], results: "Queue[tuple[Result | None, BaseException | None]]") -> None:
    """Waits for the threads; one that wants to hand a result over finds room until all have ended."""
    for thread in threads:
        while thread.is_alive():
            while not results.empty():
                results.get_nowait()
            thread.join(0.05)
