"""Writing a file so that a reader sees the old bytes or the new ones, never half."""

import os
import stat
from contextlib import suppress
from pathlib import Path

NEW = ".new"


def write_whole(path: Path, body: bytes) -> None:
    """Puts the bytes there at once, making folders as needed; also after a kill at any instant. Raises OSError.

    The new bytes go to a hidden file beside it, `.<name>.new`, that takes its place by a rename. The name is always the
    same, so that what a kill left behind is used up by the next try. A link by that name, left by somebody else, is not
    followed. The permissions of a file that was there stay.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name[:200]}{NEW}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644), "wb") as file:
            file.write(body)
            if path.exists():
                os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):  # the first error is the one to tell
            temporary.unlink()
        raise
