"""What the pipeline needs of the world, each need a protocol with its errors. `adapters/` has what fills them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar

from broadsheet.model.exchange import Request, Response

Item = TypeVar("Item")
Result = TypeVar("Result")


class Clock(Protocol):
    """The time. A fixed clock makes a run reproducible."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        ...


class Http(Protocol):
    """The one door to other people's bytes. Safe from several threads.

    Raises RetryLater (time-outs, connection trouble, 408, 425, 429, 5xx), GoneForGood (404, 410) and Rejected (an
    address that is not public, a scheme that is not http(s), too many redirects, too large, other 4xx).
    """

    def get(self, request: Request) -> Response:
        """Fetch it, redirects followed and each address checked."""
        ...

    def close(self) -> None:
        """Give the connections back."""
        ...


class Engine(Protocol):
    """Runs the same function over many items: inline, in threads, in processes, on a cluster."""

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results in the order of the items. `work` must not raise; an exception of it stops the map."""
        ...


class Blobs(Protocol):
    """Bytes by name; the name is chosen by the caller and may hold `/`."""

    def put(self, name: str, body: bytes) -> None:
        """Store it whole or not at all. Raises StorageError."""
        ...

    def get(self, name: str) -> bytes | None:
        """The bytes, None where there are none. Raises StorageError."""
        ...

    def names(self, prefix: str = "") -> Iterator[str]:
        """The stored names that begin with `prefix`, sorted."""
        ...
