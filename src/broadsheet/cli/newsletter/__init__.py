"""`broadsheet newsletter`: the letter to readers, and who gets it. One command a module."""

import click

from broadsheet.cli._modules import Modules


@click.group(cls=Modules, package=__name__)
def command() -> None:
    """The letter to readers: made from the stories, looked at, sent; and who gets it."""
