"""The clock of the system, and one that stands still."""

from broadsheet.adapters.clocks import FixedClock, SystemClock

__all__ = ["FixedClock", "SystemClock"]
