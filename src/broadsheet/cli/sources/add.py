"""`broadsheet sources add`: one more source."""

from dataclasses import replace
from pathlib import Path

import click

from broadsheet.cli._lines import shown
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.cli.sources._asking import response_of
from broadsheet.cli.sources._writing import append
from broadsheet.errors import UsageError
from broadsheet.formats.markup import plain_text
from broadsheet.model.source import Source, SourceKind
from broadsheet.settings import Settings
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.sitemaps import read_sitemap


@click.command()
@publication_option
@click.argument("url")
@click.option("--kind", type=click.Choice([k.value for k in SourceKind]), default="feed", help="What is there.")
@click.option("--name", default="", help="What to call it (default: what the feed calls itself).")
@click.option("--official", is_flag=True, help="It is the subject's own voice.")
@click.option("--unchecked", is_flag=True, help="Add it without asking it first.")
def command(folder: Path, url: str, kind: str, name: str, official: bool, unchecked: bool) -> None:
    """Asks a source once, adds it to broadsheet.toml, and lists its publisher as trusted.

    \b
    Example:
      broadsheet sources add https://example.com/feed.xml --name "The Example"
    """
    settings = settings_of(folder)
    source = Source(url, SourceKind(kind), name or None, official)
    if source.url in {s.url for s in settings.sources}:
        raise UsageError(f"{url} is a source already")
    if not unchecked and source.kind is not SourceKind.WARC:
        source = _asked(settings, source)
    append(settings, [source])
    click.echo(f"Added {shown(source.name or source.url)}", err=True)


def _asked(settings: Settings, source: Source) -> Source:
    """The source with the name that its feed gives. Raises ItemError if it can't be read."""
    response = response_of(settings, source)
    if source.kind is SourceKind.SITEMAP:
        read_sitemap(response.body, url=response.final_url)
        return source
    feed = read_feed(response.body, url=response.final_url, content_type=response.content_type)
    return replace(source, name=source.name or plain_text(feed.title or "") or None)
