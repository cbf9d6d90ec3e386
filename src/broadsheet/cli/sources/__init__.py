"""`broadsheet sources`: what a publication watches, and how that goes. One command a module."""

import click

from broadsheet.cli._modules import Modules


@click.group(cls=Modules, package=__name__)
def command() -> None:
    """Sources and their health."""
