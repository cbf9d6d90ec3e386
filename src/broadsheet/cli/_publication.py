"""The option that names the publication, and reading its settings."""

from pathlib import Path

import click

from broadsheet.settings import Settings, read_settings

publication_option = click.option(
    "-C",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The publication's folder (default: this one).",
)


def settings_of(folder: Path) -> Settings:
    """The settings of the publication in `folder`, made absolute. Raises SettingsError."""
    return read_settings(folder.resolve())
