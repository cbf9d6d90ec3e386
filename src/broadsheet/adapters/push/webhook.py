"""A webhook, signed as Standard Webhooks says (https://github.com/standard-webhooks/standard-webhooks)."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from datetime import datetime

from broadsheet.adapters.push.sending import message_key, send
from broadsheet.model.exchange import Letter
from broadsheet.model.instants import iso
from broadsheet.model.outgoing import Announcement
from broadsheet.ports import Http

TYPE = "story.published"
_PREFIX = "whsec_"


class Webhook:
    """Implements the `Channel` port: a POST of `{type, timestamp, data}` a story.

    `webhook-id` is the same at every try, so that the receiver can tell a repeated one; `webhook-timestamp` is the time
    of the try in seconds since 1970; `webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over
    `id.timestamp.body`. `timestamp` in the body is when the story was first to be told.
    """

    most = 1

    def __init__(self, http: Http, url: str, secret: Callable[[], str]) -> None:
        self._http = http
        self._url = url
        self._secret = secret

    def send(self, news: Sequence[Announcement], now: datetime) -> str:
        """As the port says."""
        for one in news:
            told = {"type": TYPE, "timestamp": iso(one.queued), "data": dict(one.body)}
            body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
            name, at = f"msg_{message_key(one)}", str(int(now.timestamp()))
            signed = signature(self._secret(), name, at, body)
            headers = {"webhook-id": name, "webhook-timestamp": at, "webhook-signature": signed}
            send(self._http, Letter(self._url, body, headers=headers))
        return ""


def signature(secret: str, name: str, at: str, body: bytes) -> str:
    """`v1,<base64>`. A secret that begins with `whsec_` is base64, any other its own bytes."""
    digest = hmac.new(_key(secret), f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _key(secret: str) -> bytes:
    if secret.startswith(_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()
