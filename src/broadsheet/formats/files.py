"""Writing a file so that a reader sees the old bytes or the new ones, never half."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, body: bytes) -> None:
    """Puts the bytes there at once, making folders as needed; also after a kill at any instant. Raises OSError.

    The new bytes go to a hidden file beside it (`.*.part`) that takes its place by a rename.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
