"""Room for large bodies: what many strangers send at the same time must fit into memory together."""

import threading
import weakref

from broadsheet.adapters.http.connection import Deadline
from broadsheet.errors import RetryLater
from broadsheet.model.exchange import Response

MiB = 1024 * 1024
ROOM = 52 * MiB
"""So much is held of large bodies at once, from the first byte until nobody needs the response any more."""
SMALL = MiB
"""So much of every body is free: nearly all feeds and pages need no more."""
_STEP = MiB // 2
_VERY_LARGE = 16 * MiB


class LargeBodies:
    """The room, shared by all requests. Safe from several threads."""

    def __init__(self, room: int = ROOM) -> None:
        self._left = room
        self._changed = threading.Condition()

    def share(self, deadline: Deadline) -> "Share":
        """For the body of one request."""
        return Share(self, deadline)

    def take(self, more: int, held: int, deadline: Deadline) -> None:
        """Waits until there is room for `more`. Raises RetryLater where there is none in time; at once for who holds
        much already, so that the largest give way, and nobody waits in a circle."""
        with self._changed:
            while self._left < more:
                if held > _VERY_LARGE or not self._changed.wait(deadline.left()):
                    raise RetryLater("too many large answers came at once")
            self._left -= more

    def give_back(self, held: int) -> None:
        """Room for the others."""
        with self._changed:
            self._left += held
            self._changed.notify_all()


class Share:
    """What one body takes of the room. Used with `with`; what `belongs_to` a response is given back when it goes."""

    def __init__(self, bodies: LargeBodies, deadline: Deadline) -> None:
        self._bodies = bodies
        self._deadline = deadline
        self._held = 0

    def __enter__(self) -> "Share":
        return self

    def __exit__(self, *_: object) -> None:
        if self._held:
            self._bodies.give_back(self._held)
            self._held = 0

    def grows_to(self, size: int) -> None:
        """The body will have so many bytes. Raises RetryLater."""
        while self._held + SMALL < size:
            self._bodies.take(_STEP, self._held, self._deadline)
            self._held += _STEP

    def belongs_to(self, response: Response) -> None:
        """The body is in this response: its room is free when nobody holds it any more."""
        if self._held:
            weakref.finalize(response, self._bodies.give_back, self._held).atexit = False
            self._held = 0
