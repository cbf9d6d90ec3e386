"""One process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from broadsheet.app.state import make_state_folder
from broadsheet.errors import AlreadyRunning, StorageError
from broadsheet.settings import Settings

LOCK_FILE = "run.lock"


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
