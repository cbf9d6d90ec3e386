"""Secret words that a publication makes for itself."""

import os
import secrets
from contextlib import suppress

from broadsheet.errors import SettingsError, StorageError
from broadsheet.settings import Settings

SHORTEST_SECRET = 16


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
