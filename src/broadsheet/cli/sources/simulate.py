"""`broadsheet sources simulate`: how long entries wait under our schedule, beside others."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from broadsheet.cli._lines import print_line, shown
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import ItemError, Rejected, UsageError
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.feeds.decoding import LARGEST
from broadsheet.stages.sources.replay import BUDGET, DAYS, Replayed, replays


@click.command()
@publication_option
@click.option("--days", type=click.FloatRange(0.5, 3650), default=DAYS, help="The last days of each source to replay.")
@click.option("--budget", type=click.FloatRange(0.1, 144), help="Polls a source and day (default: as set, or 11).")
@click.argument("feeds", nargs=-1, type=click.Path(path_type=Path, exists=True))
def command(folder: Path, days: float, budget: float | None, feeds: Sequence[Path]) -> None:
    """Lives through the times at which sources published, and says how long entries would have waited to be seen.

    With FEEDS (files of feeds, also gzipped, or folders of them) those; else the publication's own sources, by the
    times that runs have stored. Three rules are compared: our own within the budget of polls, the square-root rule
    (Cho and Garcia-Molina 2003), and asking every hour. A table on a terminal, in a pipe a line a rule: {rule, sources,
    entries, pollsPerDay, meanDelay, medianDelay, p90Delay}; delays in minutes.

    \b
    Example:
      broadsheet sources simulate -C my-paper
      broadsheet sources simulate --days 30 saved-feeds/
    """
    histories = [times for feed in _files(feeds) if (times := _times(feed))] if feeds else _stored(folder)
    if not any(len(set(times)) > 1 for times in histories):
        raise UsageError("no source has two entries with times", hint="Run: broadsheet run --once, or name some feeds")
    given = budget or (BUDGET if feeds else settings_of(folder).fetch.polls_per_day)
    _print(replays(histories, days, given))


def _print(rows: Iterator[Replayed]) -> None:
    if not sys.stdout.isatty():
        for row in rows:
            print_line(row.as_json())
        return
    names = ("rule", "sources", "entries", "polls a source and day", "mean delay", "median", "9 of 10 within")
    table = Table(*names, box=None, pad_edge=False)
    for row in rows:
        minutes = (row.mean_minutes, row.median_minutes, row.p90_minutes)
        counts = (str(row.sources), str(row.entries), f"{row.polls_a_day:.1f}")
        table.add_row(row.rule, *counts, *(f"{value:.0f} min" for value in minutes))
    Console().print(table)


def _stored(folder: Path) -> list[list[float]]:
    """The times of each source's stored entries."""
    from broadsheet.app.state import has_store
    from broadsheet.app.stores import look_into_store

    settings = settings_of(folder)
    if not has_store(settings):
        return []
    with look_into_store(settings) as store:
        return [list(times) for times in store.sources.entry_times().values()]


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def _times(file: Path) -> list[float]:
    """When a feed's entries were published; a file that is no feed is passed over, and said so."""
    try:
        with file.open("rb") as opened:
            body = opened.read(LARGEST + 1)
        feed = read_feed(body, url=file.name)
    except (ItemError, OSError) as error:
        said = error.message if isinstance(error, Rejected) else str(error)
        click.echo(f"{shown(str(file))}: {shown(said)}", err=True)
        return []
    return sorted(when.timestamp() for e in feed.entries if (when := e.published or e.updated) is not None)
