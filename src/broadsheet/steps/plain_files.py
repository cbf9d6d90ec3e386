"""Reading the files of a publication's folder, in which anybody may have left anything."""

from pathlib import Path

from broadsheet.errors import Rejected
from broadsheet.formats.files import read_stamped

LARGEST = 16 * 1024 * 1024


def plain_bytes(path: str | Path) -> bytes:
    """The bytes of a plain file, as far as one of ours can be long. Raises Rejected."""
    return stamped_bytes(path)[1]


def stamped_bytes(path: str | Path) -> tuple[int, bytes]:
    """The same, with the stamp of the file as it was when it was read. Raises Rejected."""
    try:
        found = read_stamped(path, LARGEST)
    except OSError as error:
        raise Rejected(f"{Path(path)}: can't be read ({error.strerror})") from error
    if found is None:
        raise Rejected(f"{Path(path)}: is no plain file and not read", hint="A link could lead out of the publication")
    return found
