"""Large bodies one after the other: what many strangers send at the same time must fit into memory together."""

import threading

from broadsheet.adapters.http.connection import Deadline
from broadsheet.errors import RetryLater

LARGE = 1024 * 1024
"""From so many bytes on a body is large."""
AT_ONCE = 2


class LargeBodies:
    """Lets few large bodies be received at once, however many requests are under way. Safe from several threads."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(AT_ONCE)

    def watch(self, deadline: Deadline) -> "Growth":
        """For one body; use it with `with`."""
        return Growth(self._free, deadline)


class Growth:
    """Hears how a body grows; where it becomes large it waits for its turn, which it gives back at the end."""

    def __init__(self, free: threading.BoundedSemaphore, deadline: Deadline) -> None:
        self._free = free
        self._deadline = deadline
        self._has_turn = False

    def __enter__(self) -> "Growth":
        return self

    def __exit__(self, *_: object) -> None:
        if self._has_turn:
            self._free.release()

    def __call__(self, size: int) -> None:
        """The body has so many bytes now. Raises RetryLater where its turn does not come in time."""
        if size < LARGE or self._has_turn:
            return
        if not self._free.acquire(timeout=self._deadline.left()):
            raise RetryLater("other large answers were in the way")
        self._has_turn = True
