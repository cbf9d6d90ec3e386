"""`broadsheet newsletter list`: the subscribers."""

from collections import Counter
from pathlib import Path

import click

from broadsheet.cli._lines import print_line
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.model.instants import iso
from broadsheet.model.letter import SubscriberState


@click.command("list")
@publication_option
@click.option("--state", type=click.Choice([s.value for s in SubscriberState]), help="Only those in this state.")
@click.option("--count", is_flag=True, help="Only how many there are in each state.")
def command(folder: Path, state: str | None, count: bool) -> None:
    """A JSON line a subscriber: {address, name, state, asked, confirmed, ended, reason}.

    \b
    Example:
      broadsheet newsletter list --state confirmed
    """
    from broadsheet.app.stores import open_store

    with open_store(settings_of(folder)) as store:
        everybody = [s for s in store.subscribers.all() if state in (None, s.state.value)]
    if count:
        print_line(dict(sorted(Counter(s.state.value for s in everybody).items())))
        return
    for s in everybody:
        row = {"address": s.address, "name": s.name, "state": s.state.value, "asked": iso(s.asked)}
        row |= {"confirmed": iso(s.confirmed), "ended": iso(s.ended), "reason": s.reason}
        print_line({name: value for name, value in row.items() if value})
