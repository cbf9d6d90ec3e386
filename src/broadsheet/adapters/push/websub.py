"""The ping of a publisher to its hub (https://www.w3.org/TR/websub/#publishing, in the form of PubSubHubbub 0.4)."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from broadsheet.adapters.push.sending import send
from broadsheet.model.exchange import Letter
from broadsheet.model.outgoing import Announcement
from broadsheet.ports import Http


class Hub:
    """Implements the `Channel` port: one POST a feed that changed. A ping twice is no harm: the hub looks, and finds
    nothing new."""

    most = 1

    def __init__(self, http: Http, url: str) -> None:
        self._http = http
        self._url = url

    def send(self, news: Sequence[Announcement], now: datetime) -> str:  # noqa: ARG002 - a ping has no time
        """As the port says."""
        for one in news:
            feed = str(one.body["feed"])
            form = urlencode({"hub.mode": "publish", "hub.url": feed, "hub.topic": feed})
            send(self._http, Letter(self._url, form.encode(), "application/x-www-form-urlencoded"))
        return ""
