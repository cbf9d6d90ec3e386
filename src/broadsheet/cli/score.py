"""`broadsheet score`: quality and heat, and the terms that add up to them."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from broadsheet.cli._lines import print_lines
from broadsheet.errors import ItemError, Rejected, UsageError
from broadsheet.model.taxonomy import Organization, Topic
from broadsheet.settings import FILE, ORIGIN_FILE, read_settings
from broadsheet.stages.enrich.registry import read_organizations, read_topics
from broadsheet.stages.enrich.topics import match_topics
from broadsheet.stages.publish.records.filing import read_file, record_files
from broadsheet.stages.publish.records.reader import read_record
from broadsheet.stages.rank.comparison import Registered, compare
from broadsheet.stages.rank.heat import PUBLISHED_FROM, heat, is_published
from broadsheet.stages.rank.quality import Merits, quality

MAX_LINE = 16 * 1024 * 1024
Row = dict[str, object]


@click.command(name="score")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), default="-")
@click.option("-C", "folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path(),
              help="The publication whose topics and publishers count (default: this folder).")  # fmt: skip
@click.option(
    "--official",
    multiple=True,
    metavar="DOMAIN",
    help="A domain of the subject's own; may be repeated (default: those in the settings).",
)
@click.option("--records", type=click.Path(path_type=Path, file_okay=False, exists=True), metavar="DIR",
              help="Score the records of a publication anew instead.")  # fmt: skip
def command(file: str, folder: Path, official: tuple[str, ...], records: Path | None) -> None:
    """Score articles: quality, heat, whether readers would see them, and each term of the sum.

    FILE has an article a line as `broadsheet extract` prints it (JSON Lines; standard input without FILE), where it
    may also have an id, `topics` (a list of names, else those whose keywords stand in the title) and `related` (a
    number or a list). A line out for each: {url or id, quality, heat, published, terms: [{name, points, found}]}; the
    terms add up to the heat. A bad line gives {line, error} and exit code 1.

    With --records a line for each record instead: {path, recorded, computed}, both {topics, quality, heat, published},
    and `differs`, a list of reasons, where they are not the same.

    \b
    Example:
      echo '{"url": "https://example.com/1", "title": "Rivers rise"}' | broadsheet score
      broadsheet score --records . --official example.com
    """
    rows = _compared(records, official) if records else _scored(file, _rules_of(folder, official))
    sys.exit(print_lines(rows))


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a publication says that counts for a score."""

    topics: tuple[Topic, ...]
    organizations: Mapping[str, Organization]
    official: frozenset[str]
    threshold: int = PUBLISHED_FROM


def _rules_of(folder: Path, official: tuple[str, ...]) -> _Rules:
    """The registry of the folder; its settings too if it has them. Raises SettingsError."""
    data = folder / "_data"
    topics, organizations = read_topics(data / "topics"), read_organizations(data / "organizations")
    if not any((folder / name).is_file() for name in (FILE, ORIGIN_FILE)):
        return _Rules(topics, organizations, frozenset(map(str.lower, official)))
    publish = read_settings(folder).publish
    domains = frozenset(map(str.lower, official or publish.official))
    return _Rules(topics, organizations, domains, publish.threshold)


def _compared(folder: Path, official: tuple[str, ...]) -> Iterator[Row]:
    rules = _rules_of(folder if (folder / "_data").is_dir() else folder.resolve().parent, official)
    if not rules.topics:
        raise UsageError(f"{folder}: no topics", hint="they are read from _data/topics beside or above the records")
    registered = Registered(rules.organizations, rules.official, rules.threshold)
    for file in record_files(folder):
        try:
            record = read_record(read_file(file), path=str(file))
        except ItemError as error:
            yield {"path": str(file), "error": str(error)}
            continue
        found = compare(record, match_topics(record.title, rules.topics), registered)
        row: Row = {"path": str(file), "recorded": found.recorded.as_json(), "computed": found.computed.as_json()}
        yield row | ({"differs": list(found.differs)} if found.differs else {})


def _scored(file: str, rules: _Rules) -> Iterator[Row]:
    try:
        with click.open_file(file, "rb") as lines:
            for number, line in enumerate(iter(lambda: lines.readline(MAX_LINE + 1), b""), 1):
                try:
                    yield _score(_article(line), rules)
                except Rejected as error:
                    yield {"line": number, "error": error.message}
    except OSError as error:
        raise UsageError(f"{file}: can't be read: {error.strerror or error}") from error


def _article(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise Rejected(f"longer than {MAX_LINE // 1024 // 1024} MiB")
    try:
        article = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Rejected("not a line of JSON") from error
    if not isinstance(article, dict) or not isinstance(article.get("title"), str):
        raise Rejected(_why_no_article(article))
    return article


def _why_no_article(article: object) -> str:
    told = article.get("error") if isinstance(article, dict) else None
    return f"could not be extracted: {told}" if told else "not an article: it has no title"


def _score(article: dict[str, Any], rules: _Rules) -> Row:
    matches = match_topics(article["title"], rules.topics)
    provider = article.get("provider")
    domain = str(provider.get("domain") or "").lower() if isinstance(provider, dict) else ""
    given = article.get("topics")
    merits = Merits(
        title_length=len(article["title"]),
        topics=tuple(map(str, given)) if isinstance(given, list) else tuple(match.topic.name for match in matches),
        keywords=tuple(keyword for match in matches for keyword in match.keywords),
        has_image=bool(article.get("images")),
        has_amp=bool(article.get("ampWebUrl")),
        is_trusted=domain in rules.organizations or domain in rules.official,
        is_official=domain in rules.official,
        is_video=article.get("type") == "video",
    )
    return _named(article) | _sums(merits, _count(article.get("related")), rules.threshold)


def _named(article: dict[str, Any]) -> Row:
    key = "id" if "id" in article else "url"
    return {key: article.get(key)}


def _sums(merits: Merits, related: int, threshold: int) -> Row:
    points = quality(merits)
    warmth = heat(points.total, related)
    terms = (*points.terms, *warmth.terms[1:])
    return {
        "quality": points.total,
        "heat": warmth.total,
        "published": is_published(warmth.total, threshold),
        "terms": [term.as_json() for term in terms],
    }


def _count(related: object) -> int:
    """How many related items a line tells of: a number, or the items themselves."""
    if isinstance(related, list):
        return len(related)
    return related if isinstance(related, int) and not isinstance(related, bool) and 0 < related < 10_000 else 0
