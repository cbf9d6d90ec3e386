"""`broadsheet sources export`: the feeds for another reader."""

import sys
from pathlib import Path

import click

from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.formats.opml_writing import write_opml


@click.command()
@publication_option
def command(folder: Path) -> None:
    """The feeds as OPML, to standard output.

    \b
    Example:
      broadsheet sources export -C my-paper > subscriptions.opml
    """
    settings = settings_of(folder)
    sys.stdout.write(write_opml(settings.site.title, settings.sources).decode())
