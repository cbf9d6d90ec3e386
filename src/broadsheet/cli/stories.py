"""`broadsheet stories`: which articles tell the same story."""

import gzip
import io
import sys
from collections.abc import Iterable, Iterator
from typing import IO

import click

from broadsheet.app.models import open_embedder
from broadsheet.cli._lines import print_lines
from broadsheet.errors import UsageError
from broadsheet.model.story import Assignment, StoryArticle
from broadsheet.stages.stories import StoryOptions
from broadsheet.stages.stories.assign import follow
from broadsheet.stages.stories.heads import first_choices
from broadsheet.stages.stories.reading import read_articles


@click.command(name="stories")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), default="-")
@click.option("--batch", type=click.IntRange(1), default=100, show_default=True, help="Articles taken at a time.")
@click.option(
    "--model",
    default="auto",
    show_default=True,
    metavar="NAME",
    help="Language model: auto (what is installed), none, english, multilingual.",
)
@click.option("--first", is_flag=True, help="Print what was said of each article at once, before any revision.")
@click.option("--window-days", type=click.FloatRange(0, min_open=True), default=4.0, show_default=True,
              help="How long an article may be linked.")  # fmt: skip
def command(file: str, batch: int, model: str, first: bool, window_days: float) -> None:
    """Say which articles tell the same story.

    FILE has an article a line (JSON Lines, also gzipped; standard input without FILE): {id, url, title, excerpt, text,
    publishedDateTime, provider {name, domain}, language}, in any order; only the id must be there. They are taken in
    order of time, as a run would see them. A line out for each: {id, story, isHead, receipt}, and copyOf and
    sharedText where the text is another article's. A bad line gives {line, error} and exit code 1.

    \b
    Example:
      echo '{"id": "1", "title": "Rivers rise in Gelderland"}' | broadsheet stories
    """
    rows = list(_read(file))
    articles = [row for row in rows if isinstance(row, StoryArticle)]
    failures = [row for row in rows if isinstance(row, dict)]
    embedder = open_embedder(model)
    embed = embedder.embed if embedder else None
    said: dict[str, Assignment] = {}
    options = StoryOptions(window_days=window_days, model=embedder.name if embedder else "")
    for told in follow(articles, options, batch, embed):
        for assignment in told:
            if not first or assignment.article_id not in said:
                said[assignment.article_id] = assignment
    sys.exit(print_lines(_lines(articles, said.values(), failures)))


def _read(file: str) -> Iterator[StoryArticle | dict[str, object]]:
    try:
        with click.open_file(file, "rb") as raw:
            yield from read_articles(_unzipped(raw))
    except (OSError, EOFError) as error:
        raise UsageError(f"{file}: can't be read: {error}") from error


def _unzipped(raw: IO[bytes]) -> Iterable[bytes]:
    """The lines, gunzipped where the first bytes say that they are gzipped."""
    buffered = io.BufferedReader(raw)  # type: ignore[type-var]
    return gzip.open(buffered) if buffered.peek(2)[:2] == b"\x1f\x8b" else buffered


def _lines(
    articles: Iterable[StoryArticle], assignments: Iterable[Assignment], failures: Iterable[dict[str, object]]
) -> Iterator[dict[str, object]]:
    given = list(assignments)
    heads = first_choices(articles, given)
    yield from failures
    for assignment in given:
        yield _line(assignment, assignment.article_id in heads)


def _line(assignment: Assignment, is_head: bool) -> dict[str, object]:
    line: dict[str, object] = {
        "id": assignment.article_id,
        "story": assignment.story_id,
        "isHead": is_head,
        "receipt": assignment.receipt.as_json(),
    }
    if assignment.copy_of is not None:
        line |= {"copyOf": assignment.copy_of, "sharedText": assignment.shared_text}
    return line
