"""Prints a publication as it lies in its folder."""

from dataclasses import replace
from pathlib import Path

from broadsheet.app.publications import read_frame
from broadsheet.settings import Settings
from broadsheet.steps.print_shop import PrintReport, PrintShop


def print_publication(settings: Settings, out: Path) -> PrintReport:
    """Builds the publication, as it lies in its folder, into `out`."""
    frame, failures = read_frame(settings)
    printed = PrintShop(settings.folder, out).print(frame)
    return replace(printed, failures=failures + printed.failures)
