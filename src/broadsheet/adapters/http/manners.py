"""Manners: not too many requests to one publisher, not too fast, and none while it asked us to stay away.

Two token buckets stand before every request, redirects included: one of the host, one of the registrable domain and
port, which all hosts of a publisher share. The arithmetic is the generic cell rate algorithm (ITU-T I.371, annex A): a
bucket is one instant, not a counter that somebody has to fill.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from broadsheet.adapters.http.answers import shown
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.errors import RetryLater
from broadsheet.stages.fetch import RobotsRules, host_of, publisher_of

PUBLISHER_BURST = 4
"""So many requests to the hosts of one publisher may begin at once, and be under way together."""
PUBLISHER_RATE = 2.0
"""So many times as often as a host is a publisher asked in the long run."""
LEAST_PAUSE = 10.0
"""Seconds for which a place is left alone after HTTP 429, if it names fewer or none."""
_MAX_PLACES = 20_000


class _Place:
    """What is going on at a host or a publisher. Times are those of the `tick` clock, in seconds."""

    def __init__(self, at_once: int, delay: float, burst: int) -> None:
        self.free = threading.BoundedSemaphore(at_once)
        self.delay = delay
        self.burst = burst
        self.due = 0.0
        self.closed_until = 0.0
        self.visitors = 0

    def next_start(self, now: float) -> float:
        """When a request may begin."""
        return max(now, self.due - (self.burst - 1) * self.delay)

    def begins(self, start: float) -> None:
        """A request begins at `start`."""
        self.due = max(self.due, start) + self.delay


class Manners:
    """Waits for our turn. Safe from several threads, which it makes wait.

    Requests to a host begin at least `per_host_delay_seconds` apart (or its robots.txt's Crawl-delay, up to
    `max_crawl_delay_seconds`), at most `per_host_concurrency` at a time; those to all hosts of a publisher together
    twice as often, of which four may begin at once. Addresses of `HttpOptions.allow` are one's own machines: no delay,
    but being asked to stay away holds there too.

    `tick` gives seconds that only grow; `sleep` waits for a number of them.
    """

    def __init__(
        self,
        options: HttpOptions,
        *,
        tick: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._options = options
        self._tick = tick
        self._sleep = sleep
        self._places: dict[str, _Place] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, url: str, at_most: float | None = None) -> Iterator[None]:
        """Inside it is our turn at the address. Raises RetryLater while the host or its publisher asked us to stay
        away, and where our turn would not come within `at_most` seconds."""
        end = None if at_most is None else self._tick() + at_most
        with ExitStack() as stack:
            places = [stack.enter_context(self._visit(name, burst)) for name, burst in _names(url)]
            for place in places:
                left = None if end is None else max(end - self._tick(), 0.0)
                if not place.free.acquire(timeout=left):
                    raise RetryLater(f"{shown(url)}: too much is asked there already", after_seconds=LEAST_PAUSE)
                stack.callback(place.free.release)
            self._wait(places, url, end)
            yield

    def stay_away(self, url: str, seconds: float | None, *, whole_publisher: bool) -> None:
        """The host, or all of its publisher's, asked to be left alone for so long (None: it did not say)."""
        name = publisher_of(url) if whole_publisher else host_of(url)
        with self._visit(_key(name, whole_publisher), PUBLISHER_BURST if whole_publisher else 1) as place, self._lock:
            place.closed_until = max(place.closed_until, self._tick() + max(seconds or 0.0, LEAST_PAUSE))

    def slow_down(self, url: str, robots: bytes) -> None:
        """The host's robots.txt, whose Crawl-delay counts from now on."""
        delay = RobotsRules(robots, self._options.user_agent).crawl_delay_seconds
        with self._visit(_key(host_of(url), False), 1) as place, self._lock:
            place.delay = max(place.delay, min(delay, self._options.max_crawl_delay_seconds))

    @contextmanager
    def _visit(self, name: str, burst: int) -> Iterator[_Place]:
        """A place is not forgotten while anybody is there."""
        with self._lock:
            place = self._places.get(name) or self._new_place(name, burst)
            place.visitors += 1
        try:
            yield place
        finally:
            with self._lock:
                place.visitors -= 1

    def _new_place(self, name: str, burst: int) -> _Place:
        """Called under the lock."""
        if len(self._places) >= _MAX_PLACES:
            self._forget_idle()
        own = name.partition(" ")[2] in self._options.allow
        delay = 0.0 if own else self._options.per_host_delay_seconds / (PUBLISHER_RATE if burst > 1 else 1)
        place = _Place(max(self._options.per_host_concurrency, burst), delay, burst)
        self._places[name] = place
        return place

    def _forget_idle(self) -> None:
        now = self._tick()
        self._places = {n: p for n, p in self._places.items() if p.visitors or max(p.due, p.closed_until) > now}

    def _wait(self, places: list[_Place], url: str, end: float | None) -> None:
        with self._lock:
            now = self._tick()
            self._refuse_while_closed(places, url, now)
            start = max([now, *(place.next_start(now) for place in places)])
            if end is not None and start > end:
                raise RetryLater(f"{shown(url)}: our turn there comes too late", after_seconds=start - now)
            for place in places:
                place.begins(start)
        if start > now:
            self._sleep(start - now)
            self._refuse_while_closed(places, url, self._tick())

    def _refuse_while_closed(self, places: list[_Place], url: str, now: float) -> None:
        left = max((place.closed_until - now for place in places), default=0.0)
        if left > 0:
            raise RetryLater(f"{shown(url)}: the site asked us to wait", after_seconds=left)


def _names(url: str) -> list[tuple[str, int]]:
    """The places of an address, always in the same order, so that nobody waits in a circle; with their bursts."""
    return [(_key(publisher_of(url), True), PUBLISHER_BURST), (_key(host_of(url), False), 1)]


def _key(name: str, whole_publisher: bool) -> str:
    return f"{'publisher' if whole_publisher else 'host'} {name}"
