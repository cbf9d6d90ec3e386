"""The world as it was recorded: answers from WARC archives in the place of the network."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from broadsheet.adapters.http.answers import Answer, body_limit, follow, shown
from broadsheet.adapters.http.options import socket_name
from broadsheet.errors import GoneForGood, Rejected
from broadsheet.formats.urls import url_key
from broadsheet.formats.warc import OnBad, Unanswered, index_captures, read_recorded
from broadsheet.model.exchange import Letter, Purpose, Request, Response
from broadsheet.ports import Clock, Http

_MAX_REDIRECTS = 10


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """Where a capture lies, ordered by when it was made; of two at the same instant the later one in the file wins."""

    at: datetime
    archive: int
    offset: int
    part: int
    kind: str


class ReplayHttp:
    """Fills the `Http` port from archives. Safe from several threads.

    An address is answered by its latest capture that the clock has reached, so that a recorded week can be lived
    through again day by day; its status, redirects, Retry-After and validators are obeyed as the live client obeys
    them. Where the exact address was not recorded, one with the same `url_key` will do. What the archive doesn't have
    (or not yet) is Rejected; a robots.txt that it doesn't have counts as not existing. Where it was recorded that there
    was no answer there is none, with the same error.

    Only an index is kept in memory; it is built here, and raises StorageError where an archive can't be opened.
    `on_bad(url, reason)` hears of records that can't be read. Requests whose `host:port` (`[ip]:port` for IPv6) is in
    `through_hosts` go to `through` instead.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        clock: Clock,
        through: Http | None = None,
        through_hosts: frozenset[str] = frozenset(),
        *,
        on_bad: OnBad | None = None,
    ) -> None:
        self._paths = tuple(paths)
        self._clock = clock
        self._through = through
        self._through_hosts = through_hosts
        self._places: dict[str, list[_Place]] = {}
        self._parts: dict[str, list[_Place]] = {}
        for number, path in enumerate(self._paths):
            for c in index_captures(path, on_bad, everything=True):
                known = self._parts if c.kind == "part" else self._places
                known.setdefault(c.url, []).append(_Place(c.fetched_at, number, c.offset, c.part, c.kind))
        self._same: dict[str, list[_Place]] = {}
        for places in self._parts.values():
            places.sort()
        for url, places in self._places.items():
            places.sort()
            self._same.setdefault(url_key(url), []).extend(places)
        for places in self._same.values():
            places.sort()

    def get(self, request: Request) -> Response:
        """As the port says."""
        if self._through is not None and _host_and_port(request.url) in self._through_hosts:
            return self._through.get(request)
        return follow(request, lambda url: self._ask(url, request), _MAX_REDIRECTS)

    def post(self, letter: Letter) -> Response:
        """Only to `through_hosts`: what is past takes no letters, and a replay tells the world of nothing."""
        if self._through is not None and _host_and_port(letter.url) in self._through_hosts:
            return self._through.post(letter)
        raise Rejected(f"{shown(letter.url)}: nothing is posted while an archive stands for the web")

    def close(self) -> None:
        """Closes what stands behind it."""
        if self._through is not None:
            self._through.close()

    def urls(self) -> tuple[str, ...]:
        """Every recorded address, in the order of the archives."""
        return tuple(self._places)

    def _ask(self, url: str, request: Request) -> Answer:
        first = self._latest(self._parts.get(url)) if request.first_bytes is not None else None
        place = first or self._latest(self._places.get(url)) or self._latest(self._same.get(url_key(url)))
        if place is None:
            missing = GoneForGood if request.purpose is Purpose.ROBOTS else Rejected
            raise missing(f"{shown(url)}: not in the archive")
        return self._answer(self._recorded(place), request)

    def _recorded(self, place: _Place) -> Response:
        """What was answered; raises the error that the request ended in."""
        found = read_recorded(self._paths[place.archive], place.offset, place.part)
        if isinstance(found, Unanswered):
            raise found.error
        if isinstance(found, Response):
            return found
        url, at = found.earlier
        for earlier in self._places.get(url, ()):
            if (earlier.at, earlier.archive, earlier.kind) == (at, place.archive, "response"):
                return replace(found.response, body=self._recorded(earlier).body)
        raise Rejected(f"{shown(url)}: what the archive's revisit repeats is not in it")

    def _latest(self, places: list[_Place] | None) -> _Place | None:
        places = places or []
        reached = bisect_right(places, self._clock.now(), key=lambda place: place.at)
        return places[reached - 1] if reached else None

    def _answer(self, recorded: Response, request: Request) -> Answer:
        limit, cut = body_limit(request)
        body = recorded.body[:limit] if cut else recorded.body
        if len(body) > limit:
            raise Rejected(f"{shown(recorded.url)}: larger than {limit} bytes")
        status = 304 if recorded.status == 200 and _still_true(recorded, request) else recorded.status
        return Answer(status, recorded.headers, body, self._clock.now())


def _still_true(recorded: Response, request: Request) -> bool:
    """Whether the asker's validator is the recorded one; an ETag decides alone (RFC 9110, 13.2.2)."""
    if request.etag:
        return recorded.headers.get("etag", "").removeprefix("W/") == request.etag.removeprefix("W/")
    return bool(request.last_modified) and recorded.headers.get("last-modified") == request.last_modified


def _host_and_port(url: str) -> str:
    try:
        parts = urlsplit(url)
        return socket_name(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    except ValueError:
        return ""
