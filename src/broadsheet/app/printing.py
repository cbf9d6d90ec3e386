"""Prints a publication as it lies in its folder."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from broadsheet.adapters.engine.forks import ForkEngine
from broadsheet.adapters.engine.processors import processors
from broadsheet.app.publications import read_frame
from broadsheet.settings import Settings
from broadsheet.steps.print_shop import PrintReport, PrintShop

if TYPE_CHECKING:  # the ports name the types of all stages, which printing does not need
    from broadsheet.ports import Engine

MOST_PROCESSES = 8


def print_publication(settings: Settings, out: Path) -> PrintReport:
    """Builds the publication, as it lies in its folder, into `out`."""
    frame, failures = read_frame(settings)
    printed = PrintShop(settings.folder, out, printing_engine(settings)).print(frame)
    return replace(printed, failures=failures + printed.failures)


def printing_engine(settings: Settings) -> "Engine":
    """What all of a publication is printed with: as many processes as the settings say, or as there are processors."""
    return ForkEngine(settings.publish.processes or min(MOST_PROCESSES, processors()))
