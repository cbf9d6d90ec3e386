"""The keys of sealed payloads."""

import os

from broadsheet.adapters.keys.file import KeyFile
from broadsheet.settings import Settings

KEY_FILE, KEY_FILE_VARIABLE = "keys.json", "BROADSHEET_KEY_FILE"


def open_key_file(settings: Settings) -> KeyFile:
    """Where the keys of sealed payloads lie: in the file that BROADSHEET_KEY_FILE names, else beside the store."""
    named = os.environ.get(KEY_FILE_VARIABLE)
    return KeyFile(settings.folder / named if named else settings.state_folder / KEY_FILE)
