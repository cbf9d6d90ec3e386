"""What printing gives: files, and the paths of files that are no more."""

from typing import NamedTuple

from broadsheet.model.publication import OutputFile


class Gone(NamedTuple):
    """A file that is no longer part of the publication."""

    path: str


Printed = OutputFile | Gone
