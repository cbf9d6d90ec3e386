"""`broadsheet sources check`: how the sources are."""

import sys
from pathlib import Path

import click

from broadsheet.cli._lines import print_line
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.cli.sources._asking import response_of
from broadsheet.errors import ItemError
from broadsheet.model.source import Source, SourceKind
from broadsheet.settings import Settings
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.sitemaps import read_sitemap


@click.command()
@publication_option
def command(folder: Path) -> None:
    """Asks every source now and says what it gave; nothing is kept. Exit code 1 if any failed.

    \b
    Example:
      broadsheet sources check -C my-paper
    """
    settings = settings_of(folder)
    failed = 0
    for source in settings.sources:
        try:
            print_line({"source": source.url, "entries": _count(settings, source)})
        except ItemError as error:
            failed = 1
            print_line({"source": source.url, "error": str(error)})
    sys.exit(failed)


def _count(settings: Settings, source: Source) -> int:
    """How many entries the source has now. Raises ItemError if it can't be read."""
    from broadsheet.app import open_archive

    if source.kind is SourceKind.WARC:
        return len(open_archive(settings, source.url).addresses())
    response = response_of(settings, source)
    if source.kind is SourceKind.SITEMAP:
        sitemap = read_sitemap(response.body, url=response.final_url)
        return len(sitemap.entries) + len(sitemap.children)
    return len(read_feed(response.body, url=response.final_url, content_type=response.content_type).entries)
