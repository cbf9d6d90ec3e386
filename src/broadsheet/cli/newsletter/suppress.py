"""`broadsheet newsletter suppress`: addresses that never get mail."""

import sys
from pathlib import Path

import click

from broadsheet.cli._lines import print_line
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import Rejected


@click.command()
@click.argument("addresses", nargs=-1, required=True)
@publication_option
@click.option("--release", is_flag=True, help="The other way round: its owner wants to be able to ask again.")
def command(addresses: tuple[str, ...], folder: Path, release: bool) -> None:
    """These ADDRESSES never get mail again, also if somebody asks in their name or imports them anew.

    \b
    Example:
      broadsheet newsletter suppress somebody@paper.news
    """
    from broadsheet.app.clocks import SystemClock
    from broadsheet.app.stores import open_store
    from broadsheet.stages.publish.newsletter.mail import canonical_address
    from broadsheet.steps.subscribers import suppress

    failed = 0
    with open_store(settings_of(folder)) as store:
        for said in addresses:
            try:
                if release:
                    print_line({"address": said, "released": store.subscribers.release(canonical_address(said))})
                else:
                    suppress(store, said, "by the operator", SystemClock().now())
                    print_line({"address": said, "suppressed": True})
            except Rejected as error:
                print_line({"address": said, "error": error.message})
                failed = 1
    sys.exit(failed)
