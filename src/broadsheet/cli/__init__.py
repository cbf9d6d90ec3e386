"""The command line: one command a module, loaded only when it is called. Each module has a `command`."""

import importlib
import pkgutil
import sys

import click

from broadsheet import __version__
from broadsheet.cli._streams import abandon_output, prepare_streams
from broadsheet.errors import BroadsheetError, StorageError


class Commands(click.Group):
    """Finds commands as modules of this package, so that `broadsheet feed` never imports what `run` needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """The modules of this package that do not begin with an underscore."""
        return sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The `command` of the module by that name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(f"{__name__}.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - a module of ours that is wrongly built
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
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
