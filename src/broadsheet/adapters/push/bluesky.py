"""Bluesky, by the AT Protocol (https://atproto.com/specs/xrpc, lexicons com.atproto.* and app.bsky.feed.post)."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from broadsheet.adapters.push.sending import message_key, read_object, send_json, text_of
from broadsheet.errors import ItemError, Rejected
from broadsheet.model.exchange import Purpose, Request
from broadsheet.model.outgoing import Announcement, StoryNews
from broadsheet.ports import Http
from broadsheet.stages.publish.push.words import bluesky_text, news_from, shortened

SERVER = "https://bsky.social"
COLLECTION = "app.bsky.feed.post"
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


class Bluesky:
    """Implements the `Channel` port: one post a story, under a key that follows from the story.

    A try that is repeated looks first whether the post is there: so it is never there twice, however late that is.
    """

    most = 1

    def __init__(self, http: Http, url: str, account: str, password: Callable[[], str], locale: str) -> None:
        self._http = http
        self._url = f"{(url or SERVER).rstrip('/')}/xrpc"
        self._account = account
        self._password = password
        self._locale = locale
        self._session: tuple[str, str] | None = None

    def send(self, news: Sequence[Announcement], now: datetime) -> str:  # noqa: ARG002 - a post's time is the story's
        """As the port says: the address of the record."""
        said = ""
        for one in news:
            said = (self._there(one) if one.attempts else None) or self._create(one)
        return said

    def _create(self, one: Announcement) -> str:
        token, did = self._signed_in()
        body = {
            "repo": did,
            "collection": COLLECTION,
            "rkey": record_key(one),
            "record": post_record(news_from(one.body), self._locale, one.queued),
        }
        url = f"{self._url}/com.atproto.repo.createRecord"
        try:
            answer = send_json(self._http, url, body, {"authorization": f"Bearer {token}"})
        except ItemError:
            self._session = None  # the token may have run out: the next try signs in anew
            raise
        return text_of(answer, "uri", url)

    def _there(self, one: Announcement) -> str | None:
        """The address of the post if an earlier try has made it. Everybody may ask that."""
        key = {"repo": self._account, "collection": COLLECTION, "rkey": record_key(one)}
        url = f"{self._url}/com.atproto.repo.getRecord?{urlencode(key)}"
        try:
            return text_of(read_object(self._http.get(Request(url, Purpose.API))), "uri", url)
        except Rejected:
            return None

    def _signed_in(self) -> tuple[str, str]:
        """The token and the account's DID; signed in once a run, since a server counts that."""
        if self._session is None:
            url = f"{self._url}/com.atproto.server.createSession"
            answer = send_json(self._http, url, {"identifier": self._account, "password": self._password()}, {})
            self._session = text_of(answer, "accessJwt", url), text_of(answer, "did", url)
        return self._session


def post_record(story: StoryNews, locale: str, at: datetime) -> dict[str, Any]:
    """A post with its link as a facet (in bytes of UTF-8) and as a card; `at` is when it was to be told."""
    text, (start, end) = bluesky_text(story, locale)
    link = {"$type": "app.bsky.richtext.facet#link", "uri": story.url}
    card = {"uri": story.url, "title": shortened(story.title, 300), "description": shortened(story.deck, 300)}
    return {
        "$type": COLLECTION,
        "text": text,
        "createdAt": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "langs": [story.language or locale],
        "facets": [{"index": {"byteStart": start, "byteEnd": end}, "features": [link]}],
        "embed": {"$type": "app.bsky.embed.external", "external": card},
    }


def record_key(one: Announcement) -> str:
    """A TID (https://atproto.com/specs/tid): 53 bits of microseconds since 1970 and 10 bits of a clock's number, in 13
    characters. The seconds are those of the announcement, the rest follows from its name: it is always the same."""
    mixed = int.from_bytes(hashlib.blake2s(message_key(one).encode(), digest_size=8).digest(), "big")
    microseconds = int(one.queued.timestamp()) * 1_000_000 + mixed % 1_000_000
    number = (microseconds & (1 << 53) - 1) << 10 | (mixed >> 32) & 0x3FF
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(13)))
