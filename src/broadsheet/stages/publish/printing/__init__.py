"""Printing a publication: what it holds (`catalogue`), what must be printed anew when something changed (`printer`)."""

from broadsheet.stages.publish.printing.printed import Gone, Printed
from broadsheet.stages.publish.printing.printer import Printer
from broadsheet.stages.publish.printing.sheets import Sheet, lone_sheet, sheets_of

__all__ = ["Gone", "Printed", "Printer", "Sheet", "lone_sheet", "sheets_of"]
