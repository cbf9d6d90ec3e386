"""Pictures are decoded in processes that can be killed: a few kilobytes can ask for minutes of work."""

from broadsheet.adapters.engine.extraction import PRELOADED
from broadsheet.adapters.engine.processes import Limits, ProcessEngine

MOST_PROCESSES = 2
LIMITS = Limits(cpu_seconds=8.0, seconds=90.0, memory_mb=1024)
"""The largest pictures that are allowed (40 megapixels) take about one second and half of the memory."""


def open_decoding() -> ProcessEngine:
    """Starts with the first picture; close it at the end."""
    return ProcessEngine(MOST_PROCESSES, LIMITS, PRELOADED)
