"""The letters that lie in a publication's folder, and where their readers are answered."""

from pathlib import Path

from broadsheet.errors import ItemError, Rejected
from broadsheet.model.failure import Failure
from broadsheet.model.letter import FOLDER, FiledLetter
from broadsheet.settings import Settings
from broadsheet.stages.publish.newsletter.filing import LARGEST, read_letter

LEAVE, CONFIRM, SUBSCRIBE = "/letter/leave", "/letter/confirm", "/letter/subscribe"


def subscribe_address(settings: Settings) -> str:
    """Where readers ask for the letter; empty where nobody would answer them."""
    ready = settings.newsletter.every != "off" and settings.newsletter.sender and settings.mail.host
    public = settings.serve.public_url.rstrip("/")
    return f"{public}{SUBSCRIBE}" if ready and public else ""


def read_letters(folder: Path, failures: list[Failure]) -> tuple[FiledLetter, ...]:
    """All letters of the publication in `folder`, by name; what can't be read is added to the failures."""
    found = []
    for path in sorted((folder / FOLDER).glob("*.html")):
        try:
            found.append(letter_at(path))
        except ItemError as error:
            failures.append(Failure("build", f"{FOLDER}/{path.name}", str(error)))
    return tuple(found)


def letter_at(path: Path) -> FiledLetter:
    """The letter in a file. Raises Rejected, also for what is no plain file."""
    if path.is_symlink() or not path.is_file():
        raise Rejected(f"{path}: is no plain file and not read", hint="A link could lead out of the publication")
    try:
        with path.open("rb") as file:
            return read_letter(file.read(LARGEST + 1), path=f"{FOLDER}/{path.name}")
    except OSError as error:
        raise Rejected(f"{path}: can't be read ({error.strerror})") from error
