"""`broadsheet extract`: pages in, an article a line out."""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path

import click

from broadsheet.app.extraction import open_extraction
from broadsheet.cli._lines import print_lines
from broadsheet.errors import ItemError, StorageError, TooCostly
from broadsheet.formats.warc import read_responses
from broadsheet.model.article import Article
from broadsheet.model.exchange import Request, Response
from broadsheet.stages.extract.publishers import read_publishers

Row = dict[str, object]


@click.command()
@click.argument("pages", nargs=-1, required=True, metavar="FILE, URL or WARC...")
@click.option("--url", help="The address of the page, where it is given as a file.")
@click.option(
    "--processes", type=click.IntRange(0, 256), default=0, help="How many at once (default: one a processor)."
)
@click.option(
    "--publishers",
    "rules",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of publishers' own rules, as a publication has in _data/publishers.",
)
def command(pages: tuple[str, ...], url: str | None, processes: int, rules: Path | None) -> None:
    """Main text, title, authors, dates, lead image and more of web pages, and where on the page each was found.

    PAGES are HTML files (`-` is standard input), http(s) addresses, or WARC archives (.warc, .warc.gz, .warc.zst), of
    which each recorded page gives a line, in the order of the file. What can't be read gives {"url", "error"}, and so
    does a page that takes more than a second of the processor: it is read in a process that can be killed.

    \b
    Example:
      broadsheet extract --url https://example.com/news/42 page.html
      broadsheet extract https://example.com/news/42 crawl.warc.gz > articles.jsonl
    """
    if url and len(pages) > 1:
        raise click.UsageError("--url names the address of one file, and there are several pages")
    own = read_publishers(rules) if rules else ()
    with open_extraction(processes, own) as (extract, engine):
        sys.exit(print_lines(engine.map(partial(_row, extract), chain.from_iterable(_pages(p, url) for p in pages))))


@dataclass(frozen=True, slots=True)
class _Unread:
    """What could not be got: where, and why."""

    url: str
    reason: str


def _pages(page: str, url: str | None) -> Iterator[Response | _Unread]:
    if page.startswith(("http://", "https://")):
        yield _fetched(page)
    elif page.endswith((".warc", ".warc.gz", ".warc.zst")):
        yield from _archived(Path(page))
    else:
        yield _local(Path(page), url or Path(page).name)


def _fetched(url: str) -> Response | _Unread:
    from broadsheet.app.network import live_http

    try:
        with closing(live_http()) as http:
            return replace(http.get(Request(url)), url=url)
    except ItemError as error:
        return _Unread(url, str(error))


def _archived(path: Path) -> Iterator[Response | _Unread]:
    bad: list[_Unread] = []
    try:
        for response in read_responses(path, lambda url, reason: bad.append(_Unread(url or str(path), reason))):
            yield from bad
            bad.clear()
            yield response
    except StorageError as error:
        bad.append(_Unread(str(path), str(error)))
    yield from bad


def _local(path: Path, url: str) -> Response | _Unread:
    try:
        with click.open_file(path, "rb") as file:
            return Response(url, url, 200, file.read(), datetime.now(UTC))
    except OSError as error:
        return _Unread(str(path), f"{path}: {error.strerror}")


def _row(extract: Callable[[Response], Article], page: Response | _Unread) -> Row:
    """The article as a line, under the very address by which it was asked for."""
    if isinstance(page, _Unread):
        return {"url": page.url, "error": page.reason}
    if page.status not in {200, 203, 206}:
        return {"url": page.url, "error": f"the server answered with status {page.status}"}
    try:
        return {**extract(page).as_json(), "url": page.url}
    except TooCostly as error:
        return {"url": page.url, "error": f"the page {error}"}
    except ItemError as error:
        return {"url": page.url, "error": str(error)}
