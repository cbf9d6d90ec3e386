"""Python's collector of garbage, told what it need not look at.

It goes over all objects again and again while many are made: where these are to stay, that finds nothing and takes a
fifth of the time. What dies by itself is freed all the same; only rings of objects wait.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nothing_collected() -> Iterator[None]:
    """The collector rests, for work that makes a million objects and hardly any garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def set_aside() -> None:
    """All that is there now is to stay, and is not looked at any more."""
    gc.collect()
    gc.freeze()


def take_back() -> None:
    """What was set aside may be garbage again."""
    gc.unfreeze()
