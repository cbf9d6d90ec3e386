"""`broadsheet newsletter import`: subscribers from elsewhere."""

import sys
from pathlib import Path
from typing import TextIO

import click

from broadsheet.cli._lines import print_lines
from broadsheet.cli._publication import publication_option, settings_of


@click.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="replace"))
@publication_option
@click.option("--consented", metavar="DAY", help="The day on which all of them asked for the letter.")
def command(file: TextIO, folder: Path, consented: str | None) -> None:
    """Takes subscribers over: CSV with address, name and confirmed named in its first line, or an address a line.

    Each needs the day on which its owner asked, in the column confirmed or by --consented. Who left, or whose mail
    comes back, stays out. Prints {address}, or {address, error}.

    \b
    Example:
      broadsheet newsletter import subscribers.csv --consented 2026-01-31
    """
    from broadsheet.app.clocks import SystemClock
    from broadsheet.app.stores import open_store
    from broadsheet.formats.instants import parse_instant
    from broadsheet.steps.subscribers import bring_in

    day = parse_instant(consented) if consented else None
    if consented and day is None:
        raise click.UsageError(f"--consented {consented}: is no day, such as 2026-01-31")
    with open_store(settings_of(folder)) as store:
        brought = bring_in(store, file, day, SystemClock().now())
        failed = print_lines({"address": b.address, **({"error": b.reason} if b.reason else {})} for b in brought)
    sys.exit(failed)
