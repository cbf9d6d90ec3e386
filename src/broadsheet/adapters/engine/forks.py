"""Work shared among copies of this process, which know all that it knows: nothing but results goes through a pipe.

Only where a copy is safe: on Linux, in a process without other threads. Elsewhere the work is done here, one item after
the other, to the same results.
"""

import gc
import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO, NoReturn, TypeVar

from broadsheet.errors import StorageError

Item = TypeVar("Item")
Result = TypeVar("Result")

_LARGE_PIPE = 1024 * 1024
_SIZE = struct.Struct("<Q")
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ of fcntl(2), which Python names from 3.10 on, on Linux only


class ForkEngine:
    """Implements the `Engine` port over forks of this process, made anew for each `map`.

    Whatever `work` changes, it changes in a copy: only its results, which must be picklable, come back. Item number n
    is the affair of the copy number n modulo `processes`, and the results are read in that order, so that no copy is
    ever far ahead of the others. An exception of `work` stops the map, and so does a result that can't be pickled.
    """

    def __init__(self, processes: int) -> None:
        self.processes = processes

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results in the order of the items. Raises StorageError where a copy can't be made, or was ended."""
        known = list(items)
        copies = min(self.processes, len(known))
        if copies < 2 or not _can_fork():
            yield from map(work, known)
            return
        crew = _Crew()
        try:
            for number in range(copies):
                crew.start(work, known[number::copies])
            for number in range(len(known)):
                yield crew.result(number % copies)
        finally:
            crew.dismiss()


class _Crew:
    """The copies that are at work, and the pipes from them."""

    def __init__(self) -> None:
        self._members: list[tuple[int, BinaryIO]] = []

    def start(self, work: Callable[[Any], Any], items: Sequence[Any]) -> None:
        """One more copy, which works on these."""
        here, there = os.pipe()
        _widen(there)
        try:
            process = os.fork()
        except OSError as error:
            os.close(here)
            os.close(there)
            raise StorageError(f"no process can be started: {error.strerror}") from error
        if not process:
            os.close(here)
            for _, pipe in self._members:
                os.close(pipe.fileno())
            _serve(there, work, items)
        os.close(there)
        self._members.append((process, os.fdopen(here, "rb", _LARGE_PIPE)))

    def result(self, number: int) -> Any:
        """The next result of a copy. Raises what its work raised."""
        process, pipe = self._members[number]
        try:
            (size,) = _SIZE.unpack(pipe.read(_SIZE.size))
            done, value = pickle.loads(pipe.read(size))  # noqa: S301 - from a copy of this process
        except (struct.error, EOFError, pickle.UnpicklingError):
            raise StorageError(
                f"a process that shared the work ({process}) was ended from outside",
                hint="Was the machine out of memory? Run again, or with fewer processes.",
            ) from None
        if not done:
            raise value
        return value

    def dismiss(self) -> None:
        """Ends all; those that are done have ended by themselves."""
        for process, pipe in self._members:
            pipe.close()
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _serve(there: int, work: Callable[[Any], Any], items: Sequence[Any]) -> NoReturn:
    """The life of a copy. It leaves by the back door: whatever it has inherited is the other's to close."""
    code = 1
    try:
        gc.disable()  # to look over what is shared would make a copy of it
        with os.fdopen(there, "wb", _LARGE_PIPE) as pipe:
            _answer(pipe, work, items)
        code = 0
    except (BrokenPipeError, KeyboardInterrupt):  # nobody waits for the rest any more
        pass
    finally:
        os._exit(code)


def _answer(pipe: BinaryIO, work: Callable[[Any], Any], items: Sequence[Any]) -> None:
    for item in items:
        try:
            done, answer = True, pickle.dumps((True, work(item)), protocol=5)
        except Exception as error:  # noqa: BLE001 - it is raised where somebody can do something about it
            done, answer = False, _trouble(error)
        pipe.write(_SIZE.pack(len(answer)))
        pipe.write(answer)
        if not done:
            return


def _trouble(error: Exception) -> bytes:
    try:
        told = pickle.dumps((False, error))
        pickle.loads(told)  # noqa: S301 - to see whether it arrives
        return told
    except Exception:  # noqa: BLE001 - whatever an exception may hold that can't go through a pipe
        return pickle.dumps((False, StorageError(f"{type(error).__name__}: {error}")))


def _widen(pipe: int) -> None:
    """Room for many results, so that a copy need not wait for the other; it works without."""
    import fcntl  # there is none on every system; `_can_fork` has seen to that

    try:
        fcntl.fcntl(pipe, _SET_PIPE_SIZE, _LARGE_PIPE)
    except OSError:  # more than the system allows this user
        return


def _can_fork() -> bool:
    """Whether this process may be copied: a lock that another thread holds would stay locked in the copy for ever."""
    if sys.platform != "linux":
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False
