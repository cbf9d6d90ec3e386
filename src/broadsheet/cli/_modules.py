"""A group of commands, one a module of a package, each loaded only when it is called."""

import importlib
import pkgutil
from typing import Any

import click


class Modules(click.Group):
    """Finds its commands as modules of `package`, each with a `command`, so that one never imports what another needs.

    Modules that begin with an underscore are no commands; one underscore at the end parts a name from Python's own
    words (`import_.py` is `import`).
    """

    def __init__(self, *, package: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.package = package

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """The names of the modules."""
        path = importlib.import_module(self.package).__path__
        return sorted(m.name.removesuffix("_") for m in pkgutil.iter_modules(path) if not m.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The `command` of the module by that name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        path = importlib.import_module(self.package).__path__
        name = next(m.name for m in pkgutil.iter_modules(path) if m.name.removesuffix("_") == cmd_name)
        command = importlib.import_module(f"{self.package}.{name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - a module of ours that is wrongly built
        return command
