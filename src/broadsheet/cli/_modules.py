"""A group of commands, one a module of a package, each loaded only when it is called."""

import ast
import importlib
import pkgutil
from importlib.abc import InspectLoader
from importlib.util import find_spec
from typing import Any

import click


class Modules(click.Group):
    """Finds its commands as modules of `package`, each with a `command`, so that one never imports what another needs.

    Modules that begin with an underscore are no commands; one underscore at the end parts a name from Python's own
    words (`import_.py` is `import`). A list of the commands reads what they say of themselves in their sources.
    """

    def __init__(self, *, package: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.package = package

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """The names of the modules."""
        return sorted(self._modules())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The `command` of the module by that name."""
        module = self._modules().get(cmd_name)
        if module is None:
            return None
        command = importlib.import_module(module).command
        assert isinstance(command, click.Command)  # noqa: S101 - a module of ours that is wrongly built
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """A line for each command, as click writes it; to load them all would take a second."""
        said = [click.Command(name, help=_help_of(module)) for name, module in sorted(self._modules().items())]
        width = formatter.width - 6 - max(len(command.name or "") for command in said)
        with formatter.section("Commands"):
            formatter.write_dl([(command.name or "", command.get_short_help_str(width)) for command in said])

    def _modules(self) -> dict[str, str]:
        """The modules by the names of their commands."""
        found = pkgutil.iter_modules(importlib.import_module(self.package).__path__)
        return {m.name.removesuffix("_"): f"{self.package}.{m.name}" for m in found if not m.name.startswith("_")}


def _help_of(module: str) -> str | None:
    """What the function `command` of a module says of itself, read without running it."""
    spec = find_spec(module)
    source = spec.loader.get_source(module) if spec and isinstance(spec.loader, InspectLoader) else None
    functions = (node for node in ast.parse(source or "").body if isinstance(node, ast.FunctionDef))
    return next((ast.get_docstring(function) for function in functions if function.name == "command"), None)
