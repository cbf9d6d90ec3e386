"""The folder in which a publication keeps what is this machine's own: its files, its lock, its secrets."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from broadsheet.errors import AlreadyRunning, SettingsError, StorageError
from broadsheet.settings import Settings

STORE_FILE = "state.sqlite"
BLOBS_FOLDER = "blobs"
WARC_FOLDER = "warc"
LOCK_FILE = "run.lock"
SHORTEST_SECRET = 16


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


@contextmanager
def alone(settings: Settings, name: str = LOCK_FILE, doing: str = "at work on") -> Iterator[None]:
    """The lock of a run; the system frees it when its holder dies, however it dies."""
    make_state_folder(settings.state_folder)
    lock = FileLock(settings.state_folder / name, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        hint = "Wait until it is done, or stop it"
        raise AlreadyRunning(f"another run is {doing} {settings.folder}", hint=hint) from error
    except OSError as error:
        raise StorageError(f"{settings.state_folder}: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()


def secret(settings: Settings, name: str) -> str:
    """A secret word in a file of the state folder, made at first need; only the owner can read it."""
    file = settings.state_folder / name
    try:
        with (
            suppress(FileExistsError),
            os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new,
        ):
            new.write(secrets.token_urlsafe(32) + "\n")
        token = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"{file}: can't be read or written") from error
    if len(token) < SHORTEST_SECRET:
        raise SettingsError(
            f"{file}: is shorter than {SHORTEST_SECRET} characters", hint="Delete it: a new one is made"
        )
    return token
