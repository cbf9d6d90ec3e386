"""Exchanging two folders in one step, so that whoever looks sees the one or the other.

Linux has renameat2(2) with RENAME_EXCHANGE for it, macOS renamex_np(2) with RENAME_SWAP; Python has neither.
"""

import ctypes
import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

_AT_FDCWD = -100
_EXCHANGE = 2
"""RENAME_EXCHANGE of <linux/fs.h> and RENAME_SWAP of <sys/stdio.h>: the same bit."""


def exchange(one: Path, other: Path) -> None:
    """Lets two folders of one file system change their names. Raises OSError, of ENOSYS where the system can't."""
    call = _call()
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(one))
    names = os.fsencode(one), os.fsencode(other)
    failed = call(*names, _EXCHANGE) if sys.platform == "darwin" else _linux(call, *names)
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one))


def _linux(call: Any, one: bytes, other: bytes) -> int:
    return int(call(_AT_FDCWD, one, _AT_FDCWD, other, _EXCHANGE))


@cache
def _call() -> Any:
    """The system's function, None where there is none."""
    library = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    return getattr(library, "renamex_np" if sys.platform == "darwin" else "renameat2", None)
