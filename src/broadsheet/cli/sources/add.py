"""`broadsheet sources add`: one more source."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from broadsheet.cli._lines import shown
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.cli.sources._writing import append
from broadsheet.errors import Rejected, UsageError
from broadsheet.model.source import Source, SourceKind
from broadsheet.settings import Settings
from broadsheet.steps.discover import Found, discover, look

_ON_DISK = (SourceKind.WARC, SourceKind.FOLDER)


@click.command()
@publication_option
@click.argument("url")
@click.option(
    "--kind", type=click.Choice([k.value for k in SourceKind]), help="What is there (default: it is found out)."
)
@click.option("--name", default="", help="What to call it (default: what the feed calls itself).")
@click.option("--official", is_flag=True, help="It is the subject's own voice.")
@click.option("--tag", "tags", multiple=True, help="A tag for its articles; may be given several times.")
@click.option("--unchecked", is_flag=True, help="Add it without asking it first.")
def command(folder: Path, url: str, **said: Any) -> None:
    """Finds what can be watched at an address, adds it to broadsheet.toml, and lists its publisher as trusted.

    Without --kind the address may be a home page, a channel or a profile: its feed is looked for, and what was taken
    is told. With --kind it is asked once for just that.

    \b
    Example:
      broadsheet sources add https://example.com/ --name "The Example"
    """
    settings = settings_of(folder)
    found = _found(settings, url, said["kind"], said["unchecked"])
    known = {s.url for s in settings.sources}
    if found.source.url in known:
        raise UsageError(f"{found.source.url} is a source already")
    name = said["name"] or found.source.name
    source = replace(found.source, name=name, official=said["official"], tags=tuple(said["tags"]))
    append(settings, [source])
    if source.url != url:
        click.echo(f"Took {shown(source.url)}: {shown(found.why)}", err=True)
    what = f" ({source.kind.value}, {found.entries} entries)" if found.entries else ""
    click.echo(f"Added {shown(source.name or source.url)}{what}", err=True)


def _found(settings: Settings, url: str, kind: str | None, unchecked: bool) -> Found:
    """What is to be added. Raises ItemError where it can't be read, or where nothing can be watched."""
    from broadsheet.app.network import live_http

    given = Source(url, SourceKind(kind or SourceKind.FEED))
    if unchecked or given.kind in _ON_DISK:
        return Found(given, 0, "")
    with closing(live_http(settings)) as http:
        if kind is not None:
            return look(http, given)
        found = next(discover(http, url), None)
    if found is None:
        hint = "Name its feed, or add it as it is with --unchecked"
        raise Rejected(f"{url}: no feed, no sitemap and no list of articles was found there", hint=hint)
    return found
