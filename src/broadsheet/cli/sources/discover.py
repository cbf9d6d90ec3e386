"""`broadsheet sources discover`: what can be watched at an address."""

from contextlib import closing
from itertools import chain

import click

from broadsheet.cli._lines import print_line
from broadsheet.errors import Rejected


@click.command()
@click.argument("url")
def command(url: str) -> None:
    """Finds feeds, sitemaps and listings at an address, a line of JSON each, the best first; nothing is added.

    A home page, a channel of YouTube, a subreddit, a repository, a profile: each is asked, and so is every feed that it
    names or that its form tells of.

    \b
    Example:
      broadsheet sources discover https://example.com/
    """
    from broadsheet.app.network import live_http
    from broadsheet.steps.discover import discover

    with closing(live_http()) as http:
        found = discover(http, url)
        first = next(found, None)
        if first is None:
            raise Rejected(f"{url}: no feed, no sitemap and no list of articles was found there")
        for one in chain([first], found):
            source = one.source
            print_line(
                {
                    "url": source.url,
                    "kind": source.kind.value,
                    "name": source.name,
                    "entries": one.entries,
                    "why": one.why,
                }
            )
