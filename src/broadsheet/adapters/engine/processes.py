"""Work in processes that can be killed, so that one item can neither stop nor starve the others.

Each process has a pipe of its own and shares nothing with the others: whatever happens to one is its own affair. They
come from a fork server, which has imported what the work needs before it forks: a new one costs some milliseconds.
"""

import multiprocessing
import resource
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.reduction import ForkingPickler
from queue import LifoQueue
from typing import Any, TypeVar

from broadsheet.adapters.engine.local import ThreadEngine
from broadsheet.adapters.engine.processors import processors
from broadsheet.adapters.memory import give_back_of_large_pages
from broadsheet.errors import RetryLater, StorageError, TooCostly

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_PROCESSES = 8
ITEMS_A_PROCESS = 2000
"""After so many a process is replaced, so that no leak of a library can grow."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one item may use: processor seconds, seconds on the clock, and MB beyond what the process begins with.

    The processor's time is the limit that counts. That of the clock is for work that waits for something for ever; it
    is wide, because a busy machine is no fault of the item.
    """

    cpu_seconds: float = 1.0
    seconds: float = 60.0
    memory_mb: int = 1024


class ProcessEngine:
    """Implements the `Engine` port over processes; `work`, items and results must be picklable.

    `processes` is how many at most (0: as many as there are processors); they start when they are first needed.
    `preload` are modules that the fork server imports. Safe from several threads; close it at the end.
    """

    def __init__(self, processes: int = 0, limits: Limits | None = None, preload: Sequence[str] = ()) -> None:
        self.processes = processes or min(MOST_PROCESSES, processors())
        self.limits = limits or Limits()
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self._slots: LifoQueue[_Worker | None] = LifoQueue()
        for _ in range(self.processes):
            self._slots.put(None)

    def call(self, work: Callable[[Item], Result], item: Item) -> Result:
        """`work(item)`, once a process is free.

        Raises what `work` raises, TooCostly for an item beyond the limits or one that took its process down, and
        RetryLater where somebody else killed the process.
        """
        worker = self._slots.get()
        try:
            if worker is None:
                worker = _Worker(self._context, self.limits)
            done, value = worker.ask(work, item)
        finally:
            self._slots.put(worker if worker is not None and worker.is_fit() else None)
        if done:
            return value  # type: ignore[no-any-return]  # what `work` returned, through a pipe
        raise value

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results in the order of the items."""
        return ThreadEngine(self.processes).map(partial(self.call, work), items)

    def close(self) -> None:
        """Ends the processes that are idle; none is at work any more when the caller is done."""
        for worker in [self._slots.get() for _ in range(self.processes)]:
            if worker is not None:
                worker.stop()
            self._slots.put(None)


class _Worker:
    """One process, as the side that gives it work sees it."""

    def __init__(self, context: ForkServerContext, limits: Limits) -> None:
        self._limits = limits
        self._left = ITEMS_A_PROCESS
        try:
            self._pipe, theirs = context.Pipe()
            self._process: ForkServerProcess = context.Process(target=_serve, args=(theirs, limits), daemon=True)
            with _STARTING:
                self._process.start()
            theirs.close()
        except OSError as error:
            raise StorageError(f"no process can be started: {error.strerror or error}") from error

    def ask(self, work: Callable[[Any], Any], item: object) -> tuple[bool, Any]:
        """Whether it was done, and the result or else the error."""
        question = ForkingPickler.dumps((work, item))
        left, self._left = self._left - 1, 0  # whatever interrupts us here leaves an answer that nobody waits for
        try:
            self._pipe.send_bytes(question)
            if self._pipe.poll(self._limits.seconds):
                done, value = self._pipe.recv()
                self._left = 0 if isinstance(value, TooCostly) else left
                return done, value
        except (EOFError, OSError):
            self._process.join(self._limits.seconds)
            return False, self._why_it_ended(self._process.exitcode)
        self.stop()
        return False, TooCostly(f"was not done after {self._limits.seconds:g} seconds and was stopped")

    def is_fit(self) -> bool:
        """Whether it can take another item; if not, it is ended."""
        if self._left <= 0:
            self.stop()
        return self._left > 0

    def stop(self) -> None:
        """Ends the process at once."""
        self._left = 0
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _why_it_ended(self, code: int | None) -> TooCostly | RetryLater:
        if code == -signal.SIGPROF:
            return TooCostly(f"took more than {self._limits.cpu_seconds:g} s of the processor and was stopped")
        if code == -signal.SIGKILL:
            return RetryLater("its process was killed from outside", hint="Was the machine out of memory?")
        how = signal.Signals(-code).name if code is not None and -code in set(signal.Signals) else f"exit code {code}"
        return TooCostly(f"took its process down ({how})")


_STARTING = threading.Lock()  # the client of the fork server is not made for several threads


def _serve(pipe: Connection, limits: Limits) -> None:
    """The life of a process: ends when the other side hangs up, or by the signal of the timer that ran out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that gives the work
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the other side has gone
        work, item = pipe.recv()
        give_back_of_large_pages()
        _limit_memory(limits.memory_mb)
        while True:
            pipe.send_bytes(_outcome(work, item, limits))
            work, item = pipe.recv()


def _outcome(work: Callable[[Any], Any], item: object, limits: Limits) -> memoryview:
    """Whether it was done, and the result or the error, as bytes for the pipe."""
    signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds)
    try:
        return ForkingPickler.dumps((True, work(item)))
    except MemoryError:
        return ForkingPickler.dumps((False, TooCostly(f"needs more than {limits.memory_mb} MB of memory")))
    except Exception as error:  # noqa: BLE001 - it is raised again on the other side
        return ForkingPickler.dumps((False, error))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _limit_memory(megabytes: int) -> None:
    """Beyond what is used now. Where the system does not say what that is (macOS), only time is limited."""
    with suppress(FileNotFoundError), open("/proc/self/statm", encoding="ascii") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = used + megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
