"""Reading articles out of pages, in processes that can be killed."""

from broadsheet.adapters.engine.extraction import open_extraction
from broadsheet.settings import Settings
from broadsheet.stages.extract.publishers import Publisher, read_publishers

__all__ = ["open_extraction", "read_own_publishers"]


def read_own_publishers(settings: Settings) -> tuple[Publisher, ...]:
    """The publication's own rules for publishers' pages. Raises SettingsError naming file and line."""
    return read_publishers(settings.folder / "_data" / "publishers")
