"""The keys of a publication's sealed payloads, in a file that only its owner can read."""

import base64
import binascii
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from broadsheet.errors import SettingsError, StorageError
from broadsheet.formats.files import write_whole
from broadsheet.formats.sealing import KeyRing, SealingKey

OWNER_ONLY = 0o600


class KeyFile:
    """A JSON file: `seals` is the id of the key that seals, `keys` has all by id, in base64.

    It never lies in git: the state folder is kept out of it, and another place is the operator's choice.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> KeyRing:
        """The keys; none where there is no file. Raises SettingsError for a file that others can read, or that is
        none of ours. Nothing of a key is ever part of an error."""
        try:
            if stat.S_IMODE(self.path.stat().st_mode) & ~OWNER_ONLY:
                raise SettingsError(f"{self.path} can be read by others", hint=f"chmod 600 {self.path}")
            return _ring(json.loads(self.path.read_bytes()))
        except FileNotFoundError:
            return KeyRing()
        except OSError as error:
            raise SettingsError(f"{self.path}: can't be read ({error.strerror})") from error
        except (ValueError, TypeError, KeyError, AttributeError, binascii.Error):
            hint = "Put it back from your copy: without its keys their payloads stay closed"
            raise SettingsError(f"{self.path} is no file of keys", hint=hint) from None

    def write(self, ring: KeyRing) -> None:
        """Keeps these keys. Raises StorageError."""
        keys = {key.id: base64.b64encode(key.master).decode() for key in ring.keys.values()}
        body = json.dumps({"seals": ring.seals, "keys": keys}, indent=2) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Made empty and closed first: its bytes are never there for others to read, not for an instant.
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT, OWNER_ONLY))
            write_whole(self.path, body.encode())
        except OSError as error:
            raise StorageError(f"{self.path}: {error.strerror}") from error


def _ring(said: Mapping[str, Any]) -> KeyRing:
    keys = [SealingKey(base64.b64decode(master, validate=True)) for master in said["keys"].values()]
    ring = KeyRing({key.id: key for key in keys})
    return replace(ring, seals=ring.keys[said["seals"]].id if said["seals"] else None)
