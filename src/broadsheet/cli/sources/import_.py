"""`broadsheet sources import`: the feeds of another reader."""

from pathlib import Path

import click

from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.cli.sources._writing import append
from broadsheet.formats.opml_reading import read_opml


@click.command()
@publication_option
@click.argument("opml", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def command(folder: Path, opml: Path) -> None:
    """Adds the feeds of an OPML file that are not there yet, without asking them.

    \b
    Example:
      broadsheet sources import subscriptions.opml -C my-paper
    """
    settings = settings_of(folder)
    known = {s.url for s in settings.sources}
    new = [s for s in read_opml(opml.read_bytes(), name=str(opml)) if s.url not in known]
    append(settings, new)
    click.echo(f"Added {len(new)} sources", err=True)
