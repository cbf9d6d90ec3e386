"""`broadsheet newsletter export`: the subscribers as CSV."""

import csv
import sys
from pathlib import Path

import click

from broadsheet.cli._publication import publication_option, settings_of


@click.command()
@publication_option
def command(folder: Path) -> None:
    """All subscribers as CSV, to standard output: address, name, state, and when they asked, confirmed and ended.

    \b
    Example:
      broadsheet newsletter export > subscribers.csv
    """
    from broadsheet.app.stores import open_store
    from broadsheet.steps.subscribers import csv_rows

    with open_store(settings_of(folder)) as store:
        csv.writer(sys.stdout, lineterminator="\n").writerows(csv_rows(store.subscribers.all()))
