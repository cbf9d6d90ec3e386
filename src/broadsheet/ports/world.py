"""What lies outside: time, the web, processes, files, a language model, git, and whoever watches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from broadsheet.model.exchange import Letter, Request, Response

if TYPE_CHECKING:  # loading numpy takes a tenth of a second, and only a language model needs it
    import numpy as np
    from numpy.typing import NDArray

Given = TypeVar("Given")
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

    def post(self, letter: Letter) -> Response:
        """Send it, the address checked as for any other request. Every 2xx is a success, whose body is read only as far
        as the letter wants an answer (longer: Rejected); a redirect is Rejected, since a letter goes to nobody but whom
        it is addressed to."""
        ...

    def close(self) -> None:
        """Give the connections back."""
        ...


class Archive(Http, Protocol):
    """A WARC file as a source: its pages by address."""

    def fingerprint(self) -> str:
        """A short text that changes when the file does. Raises Rejected if it can't be read."""
        ...

    def addresses(self) -> list[str]:
        """The addresses of its pages, each once, in the order of the file. Raises Rejected if it can't be read."""
        ...

    def is_complete(self) -> bool:
        """False if it holds pages that were captured later than the clock stands; they will come."""
        ...


class Engine(Protocol):
    """Runs the same function over many items: inline, in threads, in processes, on a cluster."""

    def map(self, work: Callable[[Given], Result], items: Iterable[Given]) -> Iterator[Result]:
        """The results in the order of the items. `work` must not raise; an exception of it stops the map."""
        ...


class Apart(Protocol):
    """Work on strangers' bytes in a process of its own, which is stopped when it takes too much."""

    def call(self, work: Callable[[Given], Result], item: Given) -> Result:
        """`work(item)`; raises what it raises, and TooCostly where it was stopped. Safe from several threads."""
        ...


class Lanes(Protocol):
    """Runs work that waits for other people's machines: much at once, but little of one lane (a host, a site)."""

    def map(
        self, work: Callable[[Given], Result], items: Iterable[Given], lane: Callable[[Given], str]
    ) -> Iterator[Result]:
        """The results as they come, in no order that anybody may rely on. An item waits only for others of its lane.
        `work` must not raise; an exception of it stops the map."""
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

    def remove(self, name: str) -> None:
        """It is no longer there; nothing happens if it wasn't. Raises StorageError."""
        ...

    def stamp(self, folder: str) -> str:
        """Differs from before when a name below the folder came or went since, and costs much less than all names."""
        ...


class Embedder(Protocol):
    """A language model that turns texts into directions: the closer, the more they mean the same.

    `name` tells model and version, and is part of the cache's key; `dimensions` is the length of a row.
    """

    name: str
    dimensions: int

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """A row of length 1 for each text, (len(texts), dimensions), or of zeros where the model can't read it: an
        empty text, a script that it does not know. Any string is taken, and the row of a text does not depend on the
        others (to within 1e-3 an element)."""
        ...


class Repository(Protocol):
    """The content repository of a publication."""

    def commit(self, paths: Sequence[str], message: str) -> bool:
        """Commits exactly these paths as they are on disk (also deletions); False if none differs from the last commit.
        Raises StorageError."""
        ...

    def ours(self, folders: Sequence[str]) -> set[str]:
        """The files of these folders that nobody touched since a commit of ours: not on disk, and in no later commit.
        Empty where there is no repository. Raises StorageError."""
        ...


class Progress(Protocol):
    """Somebody who watches a run: a terminal, a log, nobody."""

    def begin(self, stage: str, total: int) -> None:
        """A stage begins, with so many items ahead."""
        ...

    def advance(self) -> None:
        """One item is done."""
        ...

    def end(self, summary: str) -> None:
        """The stage is over; `summary` says in words what came of it."""
        ...
