"""`broadsheet newsletter status`: what became of the letters."""

from pathlib import Path

import click

from broadsheet.cli._lines import print_line
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.model.instants import iso


@click.command()
@click.argument("name", required=False)
@publication_option
def command(folder: Path, name: str | None) -> None:
    """A JSON line a letter: how many copies are in each state, and when the last one was sent.

    With a NAME, a line for each copy of it that was refused, came back, or of which nobody knows whether it arrived.

    \b
    Example:
      broadsheet newsletter status
    """
    from broadsheet.app.stores import open_store
    from broadsheet.model.letter import DeliveryState

    with open_store(settings_of(folder)) as store:
        for letter in [name] if name else store.letters.names():
            counts = {state.value: n for state, n in sorted(store.letters.counts(letter).items())}
            print_line({"letter": letter, **counts, "finished": iso(store.letters.finished(letter))})
        for state in (DeliveryState.UNKNOWN, DeliveryState.REFUSED, DeliveryState.BOUNCED, DeliveryState.LATER):
            for copy in store.letters.deliveries(name, state) if name else ():
                known = store.subscribers.by_id(copy.subscriber)
                address = known.address if known else ""
                print_line({"address": address, "state": state.value, "at": iso(copy.at), "reason": copy.reason})
