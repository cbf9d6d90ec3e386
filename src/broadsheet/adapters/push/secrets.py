"""Secrets of channels: from the environment, else from a file that only its owner can read."""

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from broadsheet.errors import SettingsError

FILE = "secrets.toml"
_NAME = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]{0,99})")


@dataclass(frozen=True, slots=True)
class Secrets:
    """Looks secrets up by the name that the settings give them. No error repeats a value."""

    file: Path

    def of(self, channel: str, name: str) -> str:
        """The secret that `$NAME` names. Raises SettingsError where there is none, or where it is written out."""
        found = _NAME.fullmatch(name)
        if not found:
            hint = 'Write secret = "$NAME", and put NAME into the environment or into ' + str(self.file)
            raise SettingsError(f"[[push]] {channel}: secret must be the name of one", hint=hint)
        value = os.environ.get(found[1]) or self._filed().get(found[1])
        if not isinstance(value, str) or not value.strip():
            hint = f"Put it into the environment, or into {self.file}"
            raise SettingsError(f"[[push]] {channel}: there is no {found[1]}", hint=hint)
        return value.strip()

    def _filed(self) -> dict[str, object]:
        try:
            if self.file.stat().st_mode & 0o077:
                raise SettingsError(f"{self.file} can be read by others", hint=f"Do: chmod 600 {self.file}")
            return tomllib.loads(self.file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SettingsError(f"{self.file} can't be read as TOML", hint='Write lines: NAME = "value"') from error
