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
_LARGE_OF_PAGES = 1024 * 1024
_KEPT_OF_PAGES = 4 * 1024 * 1024


def give_memory_back() -> None:
    """Few heaps for all threads, and large blocks returned when they are freed. Does nothing where the C library has no
    such settings; what the environment sets (MALLOC_ARENA_MAX and others) was read before, and is overruled."""
    _set((_M_ARENA_MAX, _ARENAS), (_M_MMAP_THRESHOLD, _LARGE), (_M_TRIM_THRESHOLD, _KEPT))


def give_back_of_large_pages() -> None:
    """For a process that reads one page after the other: what the largest took is returned. What an ordinary page takes
    is kept for the next, because to ask the system for it again would cost a tenth of the time."""
    _set((_M_MMAP_THRESHOLD, _LARGE_OF_PAGES), (_M_TRIM_THRESHOLD, _KEPT_OF_PAGES))


def _set(*options: tuple[int, int]) -> None:
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        for option, value in options:
            library.mallopt(option, value)
