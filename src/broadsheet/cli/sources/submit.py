"""`broadsheet sources submit`: single addresses, handed over."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from broadsheet.cli._lines import print_lines
from broadsheet.cli._publication import publication_option, settings_of


@click.command()
@publication_option
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
def command(folder: Path, urls: tuple[str, ...]) -> None:
    """Hands over addresses of articles: the next run reads them as if a source had listed them. `-` reads lines.

    \b
    Example:
      broadsheet sources submit https://example.com/news/1 -C my-paper
    """
    from broadsheet.app.stores import open_store
    from broadsheet.steps.submit import submit

    settings = settings_of(folder)
    addresses = [line for url in urls for line in (sys.stdin.read().splitlines() if url == "-" else [url])]
    with open_store(settings) as store:
        sys.exit(print_lines(submit(store, addresses, datetime.now(UTC))))
