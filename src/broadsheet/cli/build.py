"""`broadsheet build`: records to a publication that a reader can open."""

import sys
from pathlib import Path

import click

from broadsheet.cli._lines import print_line
from broadsheet.cli._publication import publication_option, settings_of


@click.command()
@publication_option
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Where to (default: as the settings say)."
)
def command(folder: Path, out: Path | None) -> None:
    """Records to API, site, feeds and sitemaps. Only files that differ are written.

    Prints {written, unchanged, removed}, and a line for each record that could not be read and is left out.

    \b
    Example:
      broadsheet build -C my-paper --out /var/www/my-paper
    """
    from broadsheet.app.printing import print_publication

    settings = settings_of(folder)
    printed = print_publication(settings, out.resolve() if out else settings.out_folder)
    failures, report = printed.failures, printed.tree
    for failure in failures:
        print_line({"path": failure.item, "error": failure.reason})
    print_line({"written": report.written, "unchanged": report.unchanged, "removed": report.removed})
    sys.exit(int(bool(failures)))
