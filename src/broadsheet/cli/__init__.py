"""The command line: one command a module, loaded only when it is called. Each module has a `command`."""

import sys

import click

from broadsheet import __version__
from broadsheet.cli._modules import Modules
from broadsheet.cli._streams import abandon_output, prepare_streams
from broadsheet.errors import BroadsheetError, StorageError


@click.group(
    cls=Modules,
    package=__name__,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
@click.version_option(__version__, prog_name="broadsheet")
def broadsheet() -> None:
    """A newsroom that runs itself: from sources to stories to a publication.

    Each stage is also a filter: files or standard input in, JSON Lines out. Exit codes: 0 done, 1 some items failed
    and each was reported, 2 wrong usage or settings.
    """


def _call() -> None:
    """The command, with its output written to the end while an error can still be told."""
    try:
        broadsheet(prog_name="broadsheet")
    finally:
        sys.stdout.flush()


def main() -> None:
    """Run a command; an error of ours becomes one line on standard error and its exit code."""
    prepare_streams()
    try:
        _call()
    except OSError as error:
        abandon_output()
        if not isinstance(error, BrokenPipeError):  # whoever reads has enough, as `head` does
            what = error.filename or "the output"
            click.echo(f"broadsheet: {what} can't be used: {error.strerror or error}", err=True)
        sys.exit(StorageError.exit_code)
    except BroadsheetError as error:
        from broadsheet.cli._lines import shown

        click.echo(f"broadsheet: {shown(str(error))}", err=True)
        sys.exit(error.exit_code)
