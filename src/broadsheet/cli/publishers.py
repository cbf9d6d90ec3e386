"""`broadsheet publishers`: rules for what the general way of reading a page gets wrong, and their golden tests."""

import json
import re
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from broadsheet.cli._lines import print_line, print_lines, shown
from broadsheet.errors import Rejected, StorageError, UsageError
from broadsheet.formats.files import write_whole
from broadsheet.formats.urls import registrable_domain
from broadsheet.formats.warc import read_responses
from broadsheet.model.exchange import Request, Response
from broadsheet.model.instants import iso
from broadsheet.stages.extract import extract_article
from broadsheet.stages.extract.golden import Golden, differences, read_golden
from broadsheet.stages.extract.page import read_page
from broadsheet.stages.extract.publishers import Publisher, bundled_publishers, page_day, read_publishers, sketch

_RULES, _TESTS = Path("_data/publishers"), "tests"

rules_option = click.option(
    "--rules",
    type=click.Path(path_type=Path, file_okay=False),
    default=_RULES,
    show_default=True,
    help="The folder of the rules; tests lie in `tests` within it.",
)
tests_option = click.option(
    "--tests", type=click.Path(path_type=Path, file_okay=False), help="Another folder for tests."
)


@click.group()
def command() -> None:
    """Publishers' own rules, one small file a publisher."""


@command.command()
@click.argument("page")
@click.option("--url", help="The page's address, where PAGE is a file; in a WARC which of its pages.")
@rules_option
@tests_option
def new(page: str, url: str | None, rules: Path, tests: Path | None) -> None:
    """Makes a publisher's file and its golden test from PAGE: an address, an HTML file, or a WARC archive.

    The file begins with what the general way finds and all the places that say something else; the test is the page
    with the article that is expected of it. Correct both, then run `broadsheet publishers check`.

    \b
    Example:
      broadsheet publishers new https://example.com/news/42
      broadsheet publishers new page.html --url https://example.com/news/42
    """
    response = _response(page, url)
    name = re.sub(r"[^a-z0-9-]+", "-", (registrable_domain(response.final_url) or "publisher").lower()).strip("-")
    article = extract_article(response)
    file, golden = rules / f"{name}.toml", (tests or rules / _TESTS) / f"{name}.json"
    if not file.exists():
        seen = read_page(response)
        _write(file, sketch(seen, article, page_day(seen, response.fetched_at)).encode("utf-8", "replace"))
    number = 2
    while golden.exists():
        golden, number = golden.with_name(f"{name}-{number}.json"), number + 1
    _write(golden.with_suffix(".html"), response.body)
    expected = {
        k: v for k, v in article.as_json().items() if k in ("title", "authors", "text", "publishedDateTime", "images")
    }
    expected["images"] = [i.as_json() for i in article.images[:1]]
    test = {"url": response.final_url, "fetchedAt": iso(response.fetched_at), "expected": expected}
    _write(golden, (json.dumps(test, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))
    click.echo(
        f"Correct {shown(str(file))} and what {shown(str(golden))} expects, then: broadsheet publishers check", err=True
    )


@command.command()
@rules_option
@tests_option
def check(rules: Path, tests: Path | None) -> None:
    """Reads every page of the golden tests by the rules, and says what differs. Exit code 1 if anything does.

    \b
    Example:
      broadsheet publishers check
    """
    own = read_publishers(rules)
    found = sorted((tests or rules / _TESTS).glob("*.json"))
    rows = ({"test": path.name, **_verdict(read_golden(path), own)} for path in found)
    sys.exit(print_lines(rows))


@command.command("list")
@rules_option
def list_(rules: Path) -> None:
    """Every publisher with rules of its own: those of the folder, then those that come with Broadsheet.

    \b
    Example:
      broadsheet publishers list
    """
    bundled = {p.name: p for p in bundled_publishers().values()}
    for origin, publishers in (("own", read_publishers(rules)), ("bundled", tuple(bundled.values()))):
        for publisher in publishers:
            told = sorted({f for rule in publisher.rules for f in (*rule.fields, *(("text",) if rule.text else ()))})
            print_line({"name": publisher.name, "hosts": list(publisher.hosts), "fields": told, "from": origin})


def _verdict(golden: Golden, own: tuple[Publisher, ...]) -> dict[str, object]:
    try:
        wrong = differences(golden, own)
    except Rejected as error:
        return {"error": str(error)}
    return {"error": "; ".join(wrong)} if wrong else {"ok": True}


def _response(page: str, url: str | None) -> Response:
    """Raises UsageError and the errors of fetching."""
    if page.startswith(("http://", "https://")):
        from broadsheet.app.network import live_http

        with closing(live_http()) as http:
            return http.get(Request(page))
    if page.endswith((".warc", ".warc.gz", ".warc.zst")):
        for response in read_responses(Path(page)):
            if url in (None, response.url):
                return response
        raise UsageError(f"{page} holds no page {url or ''}".rstrip())
    if not url:
        raise UsageError("A file needs its address", hint="Add --url https://...")
    try:
        return Response(url, url, 200, Path(page).read_bytes(), datetime.now(UTC).replace(microsecond=0))
    except OSError as error:
        raise UsageError(f"{page}: {error.strerror}") from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}") from error
