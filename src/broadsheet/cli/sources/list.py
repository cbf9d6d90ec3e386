"""`broadsheet sources list`: what is watched."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from broadsheet.cli._lines import marked, print_line
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.cli.sources._states import states_of
from broadsheet.model.instants import iso
from broadsheet.model.source import SourceState


@click.command()
@publication_option
def command(folder: Path) -> None:
    """Every source with its last poll, its next, and what is wrong with it.

    \b
    Example:
      broadsheet sources list -C my-paper
    """
    settings = settings_of(folder)
    states = states_of(settings)
    if not sys.stdout.isatty():
        for state in states:
            print_line(_row(state))
        return
    table = Table("source", "state", "last success", "next poll", box=None)
    for state in states:
        table.add_row(
            marked(state.source.name or state.source.url), _health(state), iso(state.last_success), iso(state.next_due)
        )
    Console().print(table)


def _row(state: SourceState) -> dict[str, object]:
    return {
        "source": state.source.url,
        "kind": state.source.kind.value,
        "name": state.source.name,
        "state": _health(state),
        "lastSuccess": iso(state.last_success),
        "nextPoll": iso(state.next_due),
        "movedTo": state.moved_to,
        "failures": state.failures,
        "lastError": state.last_error,
    }


def _health(state: SourceState) -> str:
    if state.retired:
        return "gone"
    if state.failures:
        return f"failing ({state.failures})"
    return "healthy" if state.last_success else "not asked yet"
