"""`broadsheet sources check`: how the sources are."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from broadsheet.cli._lines import marked, print_line
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.cli.sources._asking import entries_of
from broadsheet.errors import ItemError
from broadsheet.model.instants import iso
from broadsheet.model.vitals import SourceHealth
from broadsheet.settings import Settings
from broadsheet.stages.sources.advice import advice_on, words_on

_COLOURS = {"healthy": "green", "slow": "yellow", "failing": "red", "paused": "dim", "not asked yet": "dim"}


@click.command()
@publication_option
@click.option("--now", is_flag=True, help="Ask every source now instead; nothing is kept.")
def command(folder: Path, now: bool) -> None:
    """Says how every source is by what its polls saw: silent, slow, moved, blocked, without dates, and the like.

    Each is judged by its own past. On a terminal a table, in a pipe a line a source: {source, name, state, findings:
    [{trouble, since, found, advice}], everySeconds, newest}. Sources that no run has asked yet are asked now. Exit code
    1 if anything is wrong.

    \b
    Example:
      broadsheet sources check -C my-paper
    """
    settings = settings_of(folder)
    rows = list(_asked_now(settings, {s.url for s in settings.sources}) if now else _known(settings))
    if sys.stdout.isatty():
        _print_table(rows)
    else:
        for row in rows:
            print_line(row)
    sys.exit(int(any(row["findings"] for row in rows)))


def _known(settings: Settings) -> Iterator[dict[str, object]]:
    """What the store knows; a source that it does not know is asked."""
    from broadsheet.app.stores import source_health_of

    health = source_health_of(settings) or ()
    yield from (_row(found) for found in health if found.asked)
    yield from _asked_now(settings, {s.url for s in settings.sources} - {h.url for h in health if h.asked})


def _row(health: SourceHealth) -> dict[str, object]:
    return {
        "source": health.url,
        "name": health.name,
        "state": health.state,
        "findings": [
            {"trouble": f.trouble.value, "since": iso(f.since), "found": words_on(f), "advice": advice_on(f)}
            for f in health.findings
        ],
        "everySeconds": health.every_seconds,
        "newest": iso(health.newest),
    }


def _asked_now(settings: Settings, urls: set[str]) -> Iterator[dict[str, object]]:
    for source in settings.sources:
        if source.url not in urls:
            continue
        row: dict[str, object] = {"source": source.url, "name": source.name or source.url}
        try:
            yield {**row, "state": "healthy", "findings": [], "entries": entries_of(settings, source)}
        except ItemError as error:
            found = {"trouble": "failing", "since": None, "found": error.message, "advice": error.hint}
            yield {**row, "state": "failing", "findings": [found]}


def _print_table(rows: list[dict[str, object]]) -> None:
    table = Table("source", "state", "since", "what is wrong, and what to do", box=None, pad_edge=False)
    for row in sorted(rows, key=lambda r: (not r["findings"], str(r["name"]))):
        state, findings = str(row["state"]), row["findings"]
        assert isinstance(findings, list)  # noqa: S101 - made above
        told = [f"{marked(f['found'])}. [bold]{marked(f['advice'])}[/bold]" for f in findings]
        since = [str(f["since"] or "")[:10] for f in findings]
        shown_state = f"[{_COLOURS[state]}]{state}[/{_COLOURS[state]}]"
        table.add_row(marked(str(row["name"])), shown_state, "\n".join(since[:1]), "\n".join(told))
    Console().print(table)
