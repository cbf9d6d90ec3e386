"""`broadsheet feed`: feeds in, a line of JSON for each out."""

from collections.abc import Iterator
from contextlib import ExitStack

import click

from broadsheet.cli._lines import print_lines
from broadsheet.errors import BroadsheetError, Rejected
from broadsheet.model.exchange import Purpose, Request
from broadsheet.model.feed import Feed
from broadsheet.ports import Http
from broadsheet.stages.sources.feeds import read_feed


@click.command(epilog='Example: broadsheet feed news.xml https://example.org/feed | jq ".entries[].title"')
@click.argument("sources", nargs=-1, required=True, metavar="FILE-OR-URL...")
@click.pass_context
def command(context: click.Context, sources: tuple[str, ...]) -> None:
    """Read feeds (RSS, Atom, RDF, JSON Feed; .gz too) and print a line of JSON for each.

    `-` is standard input. What can't be read gives a line with `source` and `error`, and the exit code 1; the others
    are read all the same.
    """
    with ExitStack() as stack:
        context.exit(print_lines(_rows(sources, stack)))


def _rows(sources: tuple[str, ...], stack: ExitStack) -> Iterator[dict[str, object]]:
    http: Http | None = None
    for source in sources:
        try:
            if not source.startswith(("http://", "https://")):
                yield {"source": source} | _from_file(source).as_json()
                continue
            if http is None:
                http = _live(stack)
            yield {"source": source} | _from_web(source, http).as_json()
        except BroadsheetError as error:
            yield {"source": source, "error": str(error)}


def _live(stack: ExitStack) -> Http:
    """Only those who fetch pay for the HTTP client."""
    from broadsheet.app.network import live_http

    http = live_http()
    stack.callback(http.close)
    return http


def _from_file(source: str) -> Feed:
    try:
        with click.open_file(source, "rb") as file:
            body = file.read()
    except (OSError, ValueError) as error:
        raise Rejected(f"can't be read: {getattr(error, 'strerror', None) or error}") from error
    return read_feed(body)


def _from_web(source: str, http: Http) -> Feed:
    response = http.get(Request(source, Purpose.FEED))
    return read_feed(response.body, url=response.final_url, content_type=response.content_type)
