"""`broadsheet newsletter bounces`: who can't be reached any more."""

from pathlib import Path

import click

from broadsheet.cli._lines import print_line
from broadsheet.cli._publication import publication_option, settings_of


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@publication_option
def command(paths: tuple[Path, ...], folder: Path) -> None:
    """Reads reports of failed deliveries from PATHS: folders, Maildirs, mbox files, single messages.

    An address that fails for good, or five times in a month, or whose owner called a letter unwanted, gets no more
    mail. A report counts only if it names a copy that we sent. Prints {item, what, address, reason}.

    \b
    Example:
      broadsheet newsletter bounces ~/Maildir/.bounces
    """
    from broadsheet.app.clocks import SystemClock
    from broadsheet.app.letters import letter_signer
    from broadsheet.app.stores import open_store
    from broadsheet.steps.bounces import hear_bounces

    settings = settings_of(folder)
    with open_store(settings) as store:
        for heard in hear_bounces(store, letter_signer(settings), paths, SystemClock().now()):
            row = {"item": heard.item, "what": heard.what, "address": heard.address, "reason": heard.reason}
            print_line({name: value for name, value in row.items() if value})
