"""Values in order, to which many come at once and few later."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

Value = TypeVar("Value", bound=Any)
_MANY = 16


class InOrder(Generic[Value]):
    """Values of which any two can be compared, smallest first. What was added is put in its place when they are asked
    for: all at once where that is less work."""

    __slots__ = ("_added", "_values")

    def __init__(self) -> None:
        self._values: list[Value] = []
        self._added: list[Value] = []

    def add(self, value: Value) -> None:
        """One more; it may be there already."""
        self._added.append(value)

    def remove(self, value: Value) -> None:
        """One of those that are this."""
        values = self._settled()
        del values[bisect_left(values, value)]

    def values(self) -> Sequence[Value]:
        """All of them."""
        return self._settled()

    def _settled(self) -> list[Value]:
        if len(self._added) > _MANY:
            self._values += self._added
            self._values.sort()
            self._added.clear()
        while self._added:
            insort(self._values, self._added.pop())
        return self._values
