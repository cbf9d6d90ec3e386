"""The folder in which a publication keeps what is this machine's own."""

from pathlib import Path

from broadsheet.errors import StorageError
from broadsheet.settings import Settings

STORE_FILE = "state.sqlite"
BLOBS_FOLDER = "blobs"
WARC_FOLDER = "warc"


def has_store(settings: Settings) -> bool:
    """Whether a run has ever kept anything here."""
    return (settings.state_folder / STORE_FILE).is_file()


def make_state_folder(folder: Path) -> None:
    """What lies there is this machine's own and never committed, whatever the publication's .gitignore says."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
    except OSError as error:
        raise StorageError(
            f"{folder}: can't be written ({error.strerror})", hint="Check its owner and space"
        ) from error
