"""Reading the files of a publication's folder, in which anybody may have left anything."""

from pathlib import Path

from broadsheet.errors import Rejected
from broadsheet.formats.files import read_plain

LARGEST = 16 * 1024 * 1024


def plain_bytes(path: Path) -> bytes:
    """The bytes of a plain file, as far as one of ours can be long. Raises Rejected."""
    try:
        body = read_plain(path, LARGEST)
    except OSError as error:
        raise Rejected(f"{path}: can't be read ({error.strerror})") from error
    if body is None:
        raise Rejected(f"{path}: is no plain file and not read", hint="A link could lead out of the publication")
    return body
