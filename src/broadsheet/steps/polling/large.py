"""Large answers are read one after the other: a feed of ten thousand entries must not take all memory and all time from
the hundreds that are asked beside it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LARGE = 256 * 1024
"""From so many bytes on an answer waits for its turn; nine of ten feeds are smaller."""

_TURN = threading.BoundedSemaphore(1)


@contextmanager
def in_turn(body: bytes) -> Iterator[None]:
    """Inside it no other large answer is worked on. Nobody may ask the network in here."""
    if len(body) < LARGE:
        yield
        return
    with _TURN:
        yield
