"""Printing a publication: what it holds (`catalogue`), what must be printed anew when something changed (`printer`)."""

from broadsheet.stages.publish.printing.entries import Entry
from broadsheet.stages.publish.printing.printed import Gone, Printed
from broadsheet.stages.publish.printing.printer import Printer
from broadsheet.stages.publish.printing.sheets import Sheet, lone_sheet, sheets_of
from broadsheet.stages.publish.printing.stories import StoryPrinter

__all__ = ["Entry", "Gone", "Printed", "Printer", "Sheet", "StoryPrinter", "lone_sheet", "sheets_of"]
