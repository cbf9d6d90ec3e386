"""A WARC file as a source of its own."""

import hashlib
from functools import cached_property
from pathlib import Path

from broadsheet.adapters.http.replay import ReplayHttp
from broadsheet.errors import Rejected
from broadsheet.formats.warc import Capture, index_captures
from broadsheet.model.exchange import Letter, Request, Response
from broadsheet.ports import Clock

SAMPLE = 1 << 16


class WarcArchive:
    """Implements the `Archive` port. Of a page that was captured several times the latest counts; a capture that the
    clock has not reached is not there yet."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock

    def fingerprint(self) -> str:
        """Size, and a hash of the first and last 64 kB: enough to see that a file grew or was replaced."""
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(0)
                first = file.read(SAMPLE)
                file.seek(max(0, size - SAMPLE))
                return f"{size}-{hashlib.sha256(first + file.read(SAMPLE)).hexdigest()[:16]}"
        except OSError as error:
            raise Rejected(
                f"{self.path}: {error.strerror}", hint="Check the path; it begins at the publication"
            ) from error

    def addresses(self) -> list[str]:
        """The addresses of its captures up to now, each once, in the order of the file."""
        now = self.clock.now()
        return list(dict.fromkeys(c.url for c in self._captures if c.fetched_at <= now))

    def is_complete(self) -> bool:
        """Whether the clock has reached its last capture."""
        return all(c.fetched_at <= self.clock.now() for c in self._captures)

    def get(self, request: Request) -> Response:
        """The page as it was captured; errors as of the `Http` port."""
        return self._pages.get(request)

    def post(self, letter: Letter) -> Response:
        """An archive takes no letters."""
        return self._pages.post(letter)

    def close(self) -> None:
        """Nothing is held open."""

    @cached_property
    def _captures(self) -> list[Capture]:
        return list(index_captures(self.path))

    @cached_property
    def _pages(self) -> ReplayHttp:
        return ReplayHttp([self.path], self.clock)
