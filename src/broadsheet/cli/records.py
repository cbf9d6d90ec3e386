"""`broadsheet records`: check, put in order and take over record files."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import click

from broadsheet.cli._lines import print_line, shown
from broadsheet.errors import UsageError
from broadsheet.stages.publish.records.filing import NEWS, Imported, check_file, format_file, import_file, record_files
from broadsheet.stages.publish.records.problems import Problem, RecordProblems

Outcome = TypeVar("Outcome")

_paths = click.argument(
    "paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, path_type=Path)
)


@click.group(name="records")
def command() -> None:
    """Record files: say what is wrong with them, put them in order, take them over.

    PATH is a record, a folder of records, or a publication, of which it means the _news folder.
    """


@command.command()
@_paths
def check(paths: tuple[Path, ...]) -> None:
    """Say what is wrong with records: file, line, key and reason.

    On a terminal a readable line for each problem, in a pipe a JSON line {path, line, key, reason}; the key is null
    where the matter is not one of a key. All problems of a file are told, and the other files still looked at. Exit
    code 0 if all is well, 1 if not, 2 if there is nothing to look at.

    \b
    Example:
      broadsheet records check .
      broadsheet records check _news/2026-11-22-rivers-rise.md
    """
    files = _files(paths)
    wrong = 0
    for file in files:
        problems = check_file(file)
        wrong += bool(problems)
        _tell(problems)
    _sum_up(f"{_counted(len(files), 'record')} read, {wrong or 'none'} with problems")
    sys.exit(int(wrong > 0))


@command.command()
@_paths
def fmt(paths: tuple[Path, ...]) -> None:
    """Write records as Broadsheet writes them, in place.

    The order of keys, quotes, blank lines and ends of lines are put right; what is right already isn't touched. A
    record whose meaning is in doubt is told as by check, left as it is, and gives exit code 1.

    \b
    Example:
      broadsheet records fmt .
    """
    files = _files(paths)
    changed, broken = 0, 0
    for file, outcome in _each(files, format_file):
        changed += outcome is True
        broken += outcome is None
        if outcome is True:
            click.echo(f"{shown(str(file))}: rewritten", err=True)
    _sum_up(f"{_counted(len(files), 'record')} read, {changed} rewritten, {broken} left as they are")
    sys.exit(int(broken > 0))


@command.command(name="import")
@_paths
@click.option("--into", required=True, metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="The publication that gets the records.")  # fmt: skip
def import_(paths: tuple[Path, ...], into: Path) -> None:
    """File records in the origin's form into a publication's _news, byte for byte.

    A record keeps its file name. Nothing is overwritten: where another record has the name already, and where a
    record is broken, that is told as by check, and gives exit code 1.

    \b
    Example:
      broadsheet records import ../old-site/_news --into .
    """
    files = _files(paths)
    news = into if into.name == NEWS else into / NEWS
    filed, there, refused = 0, 0, 0
    for _, outcome in _each(files, lambda file: import_file(file, news)):
        filed += outcome is Imported.FILED
        there += outcome is Imported.ALREADY_THERE
        refused += outcome is None
    _sum_up(f"{_counted(len(files), 'record')} read, {filed} filed, {there} there already, {refused} refused")
    sys.exit(int(refused > 0))


def _files(paths: Iterable[Path]) -> list[Path]:
    try:
        files = [file for path in paths for file in record_files(path)]
    except OSError as error:
        raise UsageError(f"{error.filename}: can't be read: {error.strerror}") from error
    if not files and not any(path.name == NEWS or (path / NEWS).is_dir() for path in paths):
        raise UsageError("no record is there", hint="PATH is a record, a folder of records, or a publication")
    return files


def _each(files: Iterable[Path], work: Callable[[Path], Outcome]) -> Iterator[tuple[Path, Outcome | None]]:
    """The outcome for each file, None for a broken one, whose problems are told."""
    for file in files:
        try:
            yield file, work(file)
        except RecordProblems as error:
            _tell(error.problems)
            yield file, None


def _tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        if sys.stdout.isatty():
            click.echo(shown(str(problem)))
        else:
            print_line(problem.as_json())


def _sum_up(text: str) -> None:
    sys.stdout.flush()
    click.echo(text, err=True)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
