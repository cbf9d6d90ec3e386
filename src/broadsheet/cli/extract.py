"""`broadsheet extract`: pages in, an article a line out."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from broadsheet.cli._lines import print_lines
from broadsheet.errors import ItemError, StorageError
from broadsheet.formats.warc import read_responses
from broadsheet.model.exchange import Request, Response
from broadsheet.stages.extract import extract_article

Row = dict[str, object]


@click.command()
@click.argument("pages", nargs=-1, required=True, metavar="FILE, URL or WARC...")
@click.option("--url", help="The address of the page, where it is given as a file.")
def command(pages: tuple[str, ...], url: str | None) -> None:
    """Main text, title, authors, dates, lead image and more of web pages, and where on the page each was found.

    PAGES are HTML files (`-` is standard input), http(s) addresses, or WARC archives (.warc, .warc.gz), of which each
    recorded page gives a line. What can't be read gives {"url", "error"}.

    \b
    Example:
      broadsheet extract --url https://example.com/news/42 page.html
      broadsheet extract https://example.com/news/42 crawl.warc.gz > articles.jsonl
    """
    if url and len(pages) > 1:
        raise click.UsageError("--url names the address of one file, and there are several pages")
    sys.exit(print_lines(row for page in pages for row in _rows(page, url)))


def _rows(page: str, url: str | None) -> Iterator[Row]:
    if page.startswith(("http://", "https://")):
        yield _fetched(page)
    elif page.endswith((".warc", ".warc.gz")):
        yield from _archived(Path(page))
    else:
        yield _local(Path(page), url or Path(page).name)


def _fetched(url: str) -> Row:
    from broadsheet.app import live_http

    try:
        http = live_http()
        try:
            return _row(http.get(Request(url)), url)
        finally:
            http.close()
    except ItemError as error:
        return {"url": url, "error": str(error)}


def _archived(path: Path) -> Iterator[Row]:
    bad: list[Row] = []
    try:
        for response in read_responses(path, lambda url, reason: bad.append({"url": url, "error": reason})):
            yield _row(response, response.url)
            yield from bad
            bad.clear()
    except StorageError as error:
        bad.append({"url": str(path), "error": str(error)})
    yield from bad


def _local(path: Path, url: str) -> Row:
    try:
        with click.open_file(path, "rb") as file:
            body = file.read()
    except OSError as error:
        return {"url": str(path), "error": f"{path}: {error.strerror}"}
    return _row(Response(url, url, 200, body, datetime.now(UTC)), url)


def _row(response: Response, url: str) -> Row:
    """The article as a line, under the very address by which it was asked for."""
    if response.status not in {200, 203, 206}:
        return {"url": url, "error": f"the server answered with status {response.status}"}
    try:
        return {**extract_article(response).as_json(), "url": url}
    except ItemError as error:
        return {"url": url, "error": str(error)}
