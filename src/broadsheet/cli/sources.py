"""`broadsheet sources`: what a publication watches, and how that goes."""

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from broadsheet.cli._lines import marked, print_line, shown
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import ItemError, StorageError, UsageError
from broadsheet.formats.files import write_whole
from broadsheet.formats.markup import plain_text
from broadsheet.formats.urls import registrable_domain
from broadsheet.model.exchange import Purpose, Request, Response
from broadsheet.model.instants import iso
from broadsheet.model.source import Source, SourceKind, SourceState
from broadsheet.settings import FILE, Settings
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.listing import organization_file, with_sources
from broadsheet.stages.sources.opml import read_opml, write_opml
from broadsheet.stages.sources.sitemaps import read_sitemap


@click.group()
def command() -> None:
    """Sources and their health."""


@command.command()
@publication_option
@click.argument("url")
@click.option("--kind", type=click.Choice([k.value for k in SourceKind]), default="feed", help="What is there.")
@click.option("--name", default="", help="What to call it (default: what the feed calls itself).")
@click.option("--official", is_flag=True, help="It is the subject's own voice.")
@click.option("--unchecked", is_flag=True, help="Add it without asking it first.")
def add(folder: Path, url: str, kind: str, name: str, official: bool, unchecked: bool) -> None:
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
    _append(settings, [source])
    click.echo(f"Added {shown(source.name or source.url)}", err=True)


@command.command("list")
@publication_option
def list_(folder: Path) -> None:
    """Every source with its last poll, its next, and what is wrong with it.

    \b
    Example:
      broadsheet sources list -C my-paper
    """
    settings = settings_of(folder)
    states = _states(settings)
    if not sys.stdout.isatty():
        for state in states:
            print_line(_row(state))
        return
    table = Table("source", "state", "last success", "next poll", box=None)
    for state in states:
        table.add_row(
            marked(state.source.name or state.source.url), _health(state), iso(state.last_success), iso(state.next_due)
        )
    Console().print(table)


@command.command()
@publication_option
def check(folder: Path) -> None:
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


@command.command("import")
@publication_option
@click.argument("opml", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_(folder: Path, opml: Path) -> None:
    """Adds the feeds of an OPML file that are not there yet, without asking them.

    \b
    Example:
      broadsheet sources import subscriptions.opml -C my-paper
    """
    settings = settings_of(folder)
    known = {s.url for s in settings.sources}
    new = [s for s in read_opml(opml.read_bytes(), name=str(opml)) if s.url not in known]
    _append(settings, new)
    click.echo(f"Added {len(new)} sources", err=True)


@command.command()
@publication_option
def export(folder: Path) -> None:
    """The feeds as OPML, to standard output.

    \b
    Example:
      broadsheet sources export -C my-paper > subscriptions.opml
    """
    settings = settings_of(folder)
    sys.stdout.write(write_opml(settings.site.title, settings.sources).decode())


def _states(settings: Settings) -> list[SourceState]:
    """What is known of each source, in the order of the settings; nothing yet of one that no run has seen."""
    from broadsheet.app import has_store, look_into_store

    known: dict[str, SourceState] = {}
    if has_store(settings):
        with look_into_store(settings) as store:
            known = {state.source.url: state for state in store.sources.all()}
    return [known.get(source.url, SourceState(source)) for source in settings.sources]


def _asked(settings: Settings, source: Source) -> Source:
    """The source with the name that its feed gives. Raises ItemError if it can't be read."""
    response = _response(settings, source)
    if source.kind is SourceKind.SITEMAP:
        read_sitemap(response.body, url=response.final_url)
        return source
    feed = read_feed(response.body, url=response.final_url, content_type=response.content_type)
    return replace(source, name=source.name or plain_text(feed.title or "") or None)


def _count(settings: Settings, source: Source) -> int:
    """How many entries the source has now. Raises ItemError if it can't be read."""
    from broadsheet.app import open_archive

    if source.kind is SourceKind.WARC:
        return len(open_archive(settings, source.url).addresses())
    response = _response(settings, source)
    if source.kind is SourceKind.SITEMAP:
        sitemap = read_sitemap(response.body, url=response.final_url)
        return len(sitemap.entries) + len(sitemap.children)
    return len(read_feed(response.body, url=response.final_url, content_type=response.content_type).entries)


def _response(settings: Settings, source: Source) -> Response:
    from broadsheet.app import live_http

    with closing(live_http(settings)) as http:
        purpose = Purpose.FEED if source.kind is SourceKind.FEED else Purpose.SITEMAP
        return http.get(Request(source.url, purpose))


def _append(settings: Settings, sources: Sequence[Source]) -> None:
    """Writes them into the settings, and each publisher that is not listed yet into the registry."""
    if settings.file.name != FILE:
        raise UsageError(
            f"{settings.folder} has no {FILE}", hint=f'Write one that begins with: title = "{settings.site.title}"'
        )
    registry = settings.folder / "_data" / "organizations"
    try:
        text = settings.file.read_text("utf-8")
        for source in sources:
            domain = registrable_domain(source.url)
            file = registry / f"{domain}.md"
            if source.kind is not SourceKind.WARC and not file.exists():
                write_whole(file, organization_file(source.name or domain, domain).encode())
        write_whole(settings.file, with_sources(text, sources).encode())
    except OSError as error:
        raise StorageError(f"{settings.folder}: {error.strerror}") from error


def _row(state: SourceState) -> dict[str, object]:
    return {
        "source": state.source.url,
        "kind": state.source.kind.value,
        "name": state.source.name,
        "state": _health(state),
        "lastSuccess": iso(state.last_success),
        "nextPoll": iso(state.next_due),
        "movedTo": state.moved_to,
        "failures": state.failures,
        "lastError": state.last_error,
    }


def _health(state: SourceState) -> str:
    if state.retired:
        return "gone"
    if state.failures:
        return f"failing ({state.failures})"
    return "healthy" if state.last_success else "not asked yet"
