"""Manners: not too many requests to one publisher, not too fast, and none while it asked us to stay away.

Wrapped around any `Http`, so that they hold for feeds, pages, robots.txt and images alike.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from broadsheet.adapters.http.answers import Throttled, shown
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.errors import RetryLater
from broadsheet.formats.urls import registrable_domain
from broadsheet.model.exchange import Letter, Purpose, Request, Response
from broadsheet.ports import Http
from broadsheet.stages.fetch import RobotsRules

_LEAST_PAUSE = 10.0
_MAX_PLACES = 10_000


class _Place:
    """What is going on at one publisher. Times are those of the `tick` clock, in seconds."""

    def __init__(self, concurrency: int, delay: float) -> None:
        self.free = threading.BoundedSemaphore(concurrency)
        self.delay = delay
        self.next_start = 0.0
        self.closed_until = 0.0
        self.visitors = 0


class PoliteHttp:
    """An `Http` that waits its turn at each publisher. Safe from several threads, which it makes wait.

    A publisher is a registrable domain with its port. Requests to it begin at least `per_host_delay_seconds` apart
    (or its robots.txt's Crawl-delay, up to `max_crawl_delay_seconds`), at most `per_host_concurrency` at a time.
    After a 429 all requests to it end in RetryLater until the time it named has passed. Addresses of
    `HttpOptions.allow` are one's own machines: no delay, but 429 is obeyed.

    `tick` gives seconds that only grow; `sleep` waits for a number of them.
    """

    def __init__(
        self,
        http: Http,
        options: HttpOptions,
        *,
        tick: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = http
        self._options = options
        self._tick = tick
        self._sleep = sleep
        self._places: dict[str, _Place] = {}
        self._lock = threading.Lock()

    def get(self, request: Request) -> Response:
        """As the port says, when it is our turn."""
        with self._turn(request.url) as place:
            response = self._http.get(request)
            if request.purpose is Purpose.ROBOTS:
                self._slow_down(place, response)
            return response

    def post(self, letter: Letter) -> Response:
        """As the port says, when it is our turn."""
        with self._turn(letter.url):
            return self._http.post(letter)

    def close(self) -> None:
        """Closes what it wraps."""
        self._http.close()

    @contextmanager
    def _turn(self, url: str) -> Iterator[_Place]:
        """Waits for our turn at the address's publisher; whoever is told there to slow down tells it here."""
        with self._visit(_place_name(url)) as place:
            self._wait(place, url)
            try:
                yield place
            except Throttled as error:
                self._stay_away(place, error.after_seconds)
                raise

    @contextmanager
    def _visit(self, name: str) -> Iterator[_Place]:
        with self._lock:
            place = self._places.get(name) or self._new_place(name)
            place.visitors += 1
        try:
            with place.free:
                yield place
        finally:
            with self._lock:
                place.visitors -= 1

    def _new_place(self, name: str) -> _Place:
        """Called under the lock."""
        if len(self._places) >= _MAX_PLACES:
            self._forget_idle()
        delay = 0.0 if name in self._options.allow else self._options.per_host_delay_seconds
        place = _Place(self._options.per_host_concurrency, delay)
        self._places[name] = place
        return place

    def _forget_idle(self) -> None:
        now = self._tick()
        busy = {n: p for n, p in self._places.items() if p.visitors or max(p.next_start, p.closed_until) > now}
        self._places = busy

    def _wait(self, place: _Place, url: str) -> None:
        with self._lock:
            now = self._tick()
            start = max(now, place.next_start)
            self._refuse_while_closed(place, url, now)
            place.next_start = start + place.delay
        if start > now:
            self._sleep(start - now)
            self._refuse_while_closed(place, url, self._tick())

    def _refuse_while_closed(self, place: _Place, url: str, now: float) -> None:
        left = place.closed_until - now
        if left > 0:
            raise RetryLater(f"{shown(url)}: the site asked us to wait", after_seconds=left)

    def _stay_away(self, place: _Place, seconds: float | None) -> None:
        """A 429 closes the whole place; other trouble may be that of one page."""
        with self._lock:
            place.closed_until = self._tick() + max(seconds or 0.0, _LEAST_PAUSE)

    def _slow_down(self, place: _Place, robots: Response) -> None:
        delay = RobotsRules(robots.body, self._options.user_agent).crawl_delay_seconds
        with self._lock:
            place.delay = max(place.delay, min(delay, self._options.max_crawl_delay_seconds))


def _place_name(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{registrable_domain(host)}:{port}"
