"""IndexNow: search engines are told of new pages (https://www.indexnow.org/documentation)."""

import json
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from broadsheet.adapters.push.sending import send
from broadsheet.model.exchange import Letter
from broadsheet.model.outgoing import Announcement
from broadsheet.ports import Http
from broadsheet.stages.publish.push.indexnow import indexnow_key

ENDPOINT = "https://api.indexnow.org/indexnow"


class IndexNow:
    """Implements the `Channel` port: one POST for up to a thousand pages. To be told of a page twice is no harm."""

    most = 1_000

    def __init__(self, http: Http, url: str, site: str) -> None:
        self._http = http
        self._url = url or ENDPOINT
        self._site = site.rstrip("/")

    def send(self, news: Sequence[Announcement], now: datetime) -> str:  # noqa: ARG002 - the list has no time
        """As the port says."""
        key = indexnow_key(self._site)
        told = {
            "host": urlsplit(self._site).netloc,
            "key": key,
            "keyLocation": f"{self._site}/{key}.txt",
            "urlList": [one.body["url"] for one in news],
        }
        send(self._http, Letter(self._url, json.dumps(told).encode(), "application/json; charset=utf-8"))
        return ""
