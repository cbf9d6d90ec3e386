"""robots.txt (RFC 9309): whether a site lets us read a page, and how fast."""

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from broadsheet.errors import GoneForGood, Rejected, RetryLater
from broadsheet.model.exchange import Purpose, Request
from broadsheet.ports import Clock, Http

_FRESH = timedelta(hours=24)
_FRESH_AFTER_TROUBLE = timedelta(minutes=5)
_MAX_SITES = 4096
_MAX_ASKING = 64
_MAX_LINES = 20_000
_MAX_BYTES = 512 * 1024
_USER_AGENT_LINE = re.compile(r"\s*user[- ]?agent\s*[:\s]\s*([^#]*)", re.IGNORECASE)


class RobotsRules:
    """What one robots.txt says to one robot, named by the first word of its User-Agent header."""

    def __init__(self, body: bytes, user_agent: str) -> None:
        self._robot = product_token(user_agent)
        self._rules = Protego.parse(_relevant(body, self._robot))

    def allow(self, url: str) -> bool:
        """Whether the robot may fetch `url`."""
        return bool(self._rules.can_fetch(url, self._robot))

    @property
    def crawl_delay_seconds(self) -> float:
        """The wished time between two requests; 0 where nothing sensible is said."""
        delay = self._rules.crawl_delay(self._robot)
        return float(delay) if delay is not None and 0 < delay < float("inf") else 0.0


class Robots:
    """Asks each site's robots.txt once a day and keeps what it said. Safe from several threads.

    A robots.txt that doesn't exist or is refused (4xx) allows everything; one that can't be reached (5xx, time-out)
    allows nothing until it can (RFC 9309, 2.3.1).
    """

    def __init__(self, http: Http, user_agent: str, clock: Clock) -> None:
        self._http = http
        self._user_agent = user_agent
        self._clock = clock
        self._sites: OrderedDict[str, _Site] = OrderedDict()
        self._lock = threading.Lock()
        self._asking = [threading.Lock() for _ in range(_MAX_ASKING)]

    def allowed(self, url: str) -> bool:
        """Whether we may fetch `url`. Raises RetryLater while robots.txt can't be reached, Rejected for a non-URL."""
        origin = _origin(url)
        site = self._known(origin) or self._ask(origin)
        if site.trouble is not None:
            raise RetryLater(f"{origin}/robots.txt can't be read now", after_seconds=site.trouble)
        return site.rules is None or site.rules.allow(url)

    def _known(self, origin: str) -> "_Site | None":
        with self._lock:
            site = self._sites.get(origin)
            if site is None or site.until <= self._clock.now():
                return None
            self._sites.move_to_end(origin)
            return site

    def _ask(self, origin: str) -> "_Site":
        """Asks the site, once: threads that want to know the same wait for the one that asks."""
        with self._asking[hash(origin) % _MAX_ASKING]:
            return self._known(origin) or self._learn(origin)

    def _learn(self, origin: str) -> "_Site":
        site = self._read(origin)
        with self._lock:
            self._sites[origin] = site
            while len(self._sites) > _MAX_SITES:
                self._sites.popitem(last=False)
        return site

    def _read(self, origin: str) -> "_Site":
        now = self._clock.now()
        try:
            response = self._http.get(Request(f"{origin}/robots.txt", Purpose.ROBOTS))
        except (GoneForGood, Rejected):
            return _Site(now + _FRESH)
        except RetryLater as error:
            wait = error.after_seconds or _FRESH_AFTER_TROUBLE.total_seconds()
            return _Site(now + _FRESH_AFTER_TROUBLE, trouble=wait)
        return _Site(now + _FRESH, RobotsRules(response.body, self._user_agent))


@dataclass(frozen=True, slots=True)
class _Site:
    """What is known of a site until then: its rules, None where there are none, or for how long to stay away."""

    until: datetime
    rules: RobotsRules | None = None
    trouble: float | None = None


def product_token(user_agent: str) -> str:
    """The name by which robots.txt calls a robot: `Broadsheet/0.1 (+x)` gives `broadsheet`."""
    return user_agent.partition("/")[0].strip().lower()


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port):
            return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
    except ValueError as error:
        raise Rejected(f"{url[:200]!r} is not an address") from error
    raise Rejected(f"{url[:200]!r} is not an http or https address")


def _relevant(body: bytes, robot: str) -> str:
    """The file with all robots but this one and `*` under one name.

    Rules are kept per named robot, so that a file with thousands of names and thousands of rules would cost their
    product.
    """
    text = body[:_MAX_BYTES].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    return "\n".join(_renamed(line, robot) for line in text.splitlines()[:_MAX_LINES])


def _renamed(line: str, robot: str) -> str:
    named = _USER_AGENT_LINE.match(line)
    if named is None:
        return line
    name = product_token(named[1])
    return f"User-agent: {name if name in {'*', robot} else 'somebody-else'}"
