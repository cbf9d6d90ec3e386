"""Work in this process: one after the other, or over threads."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class InlineEngine:
    """Implements the `Engine` port, one item after the other."""

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results in the order of the items."""
        return map(work, items)


class ThreadEngine:
    """Implements the `Engine` port over threads; at most four items a thread are ahead of the reader, so that the
    results of a long list never lie in memory together."""

    def __init__(self, threads: int) -> None:
        self.threads = threads

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results in the order of the items."""
        waiting = iter(items)
        with ThreadPoolExecutor(self.threads) as pool:
            ahead: deque[Future[Result]] = deque(pool.submit(work, i) for i in islice(waiting, 4 * self.threads))
            try:
                while ahead:
                    yield ahead.popleft().result()
                    ahead.extend(pool.submit(work, i) for i in islice(waiting, 1))
            finally:
                for future in ahead:
                    future.cancel()
