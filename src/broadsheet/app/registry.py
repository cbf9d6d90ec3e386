"""What a publication says about its topics, its organizations and the pages of publishers."""

from collections.abc import Mapping

from broadsheet.model.taxonomy import Organization, Topic
from broadsheet.settings import Settings
from broadsheet.stages.enrich.registry import read_organizations, read_topics


def read_registry(settings: Settings) -> tuple[tuple[Topic, ...], Mapping[str, Organization]]:
    """Topics and organizations of a publication. Raises SettingsError naming file and line."""
    data = settings.folder / "_data"
    return read_topics(data / "topics"), read_organizations(data / "organizations")
