"""Fetching a publisher's page as a guest who reads the sign at the door."""

from urllib.parse import urlsplit

from broadsheet.errors import GoneForGood, Rejected
from broadsheet.model.exchange import Purpose, Request, Response
from broadsheet.ports import Http
from broadsheet.stages.fetch.robots import Robots
from broadsheet.stages.fetch.soft404 import soft_404


class PageFetcher:
    """Fetches pages that robots.txt lets us read. Safe from several threads."""

    def __init__(self, http: Http, robots: Robots) -> None:
        self._http = http
        self._robots = robots

    def fetch(self, url: str) -> Response:
        """The page at `url`. Raises RetryLater, GoneForGood and Rejected as the `Http` port does, and Rejected also
        where robots.txt forbids the page or that to which it redirects on another site, GoneForGood also for a page
        that is only called a success."""
        self.ask_leave(url)
        response = self._http.get(Request(url, Purpose.PAGE))
        if _site(response.final_url) != _site(url):
            self.ask_leave(response.final_url)
        if missing := soft_404(url, response.final_url, response.body):
            raise GoneForGood(f"{url[:200]}: {missing}")
        return response

    def ask_leave(self, url: str) -> None:
        """Raises Rejected where robots.txt forbids us to read it, RetryLater while robots.txt itself can't be read."""
        if not self._robots.allowed(url):
            raise Rejected(f"{url[:200]}: the site's robots.txt asks us not to read it")


def _site(url: str) -> str:
    return urlsplit(url).netloc.lower()
