"""Keeps what the process holds near to what it uses.

The GNU C library gives each thread a heap of its own, and large blocks, once freed, stay in them: with dozens of
threads that read the files of strangers now and then, a run would hold several times the memory that it ever needs.
"""

import ctypes
from contextlib import suppress

# The names and numbers are those of malloc.h (mallopt(3)).
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_ARENAS = 2
_LARGE = 256 * 1024
_KEPT = 1024 * 1024


def give_memory_back() -> None:
    """Few heaps for all threads, and large blocks returned when they are freed. Does nothing where the C library has no
    such settings; what the environment sets (MALLOC_ARENA_MAX and others) was read before, and is overruled."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        for option, value in ((_M_ARENA_MAX, _ARENAS), (_M_MMAP_THRESHOLD, _LARGE), (_M_TRIM_THRESHOLD, _KEPT)):
            library.mallopt(option, value)
