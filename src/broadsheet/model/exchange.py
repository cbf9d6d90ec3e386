"""One request to the world and what came back, in the form that the `Http` port speaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What the bytes are wanted for; limits of size and the Accept header follow from it."""

    FEED = "feed"
    PAGE = "page"
    SITEMAP = "sitemap"
    ROBOTS = "robots"
    IMAGE = "image"
    API = "api"


@dataclass(frozen=True, slots=True)
class Request:
    """A GET. `etag` and `last_modified` make it conditional (RFC 9110, 13).

    `first_bytes` asks for so many bytes from the beginning of the body (RFC 9110, 14.2); a server that sends all of it
    all the same is heard no further than that.
    """

    url: str
    purpose: Purpose = Purpose.PAGE
    etag: str | None = None
    last_modified: str | None = None
    first_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A POST of `body`, to somebody who waits for it: a webhook, a WebSub hub. `headers` go along as they are (names
    in lower case, as for a signature). `answer_bytes` is how long an answer may be that is wanted; 0: none is read."""

    url: str
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    answer_bytes: int = 0


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Response:
    """What came back. `headers` has lower-case names; `body` is decompressed; `fetched_at` is UTC.

    `final_url` is where the redirects ended; `moved_to` is set when every redirect on the way was permanent
    (301, 308), so that the source's address should be changed. `status` is 200, 203, 206 or 304: all other statuses
    are errors of the port. Where the request asked for `first_bytes`, `body` has at most so many, whatever the status.
    `certificate_ends` is when the first of the certificates met on the way (redirects too) ends, UTC; None where no
    connection was made over TLS. `seconds` is how long it took from the request to the end of the body, without any
    waiting for our turn; 0 for an archive.
    """

    url: str
    final_url: str
    status: int
    body: bytes
    fetched_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    moved_to: str | None = None
    certificate_ends: datetime | None = None
    seconds: float = 0.0

    @property
    def not_modified(self) -> bool:
        """Whether the server said that what we have is still true."""
        return self.status == 304

    @property
    def content_type(self) -> str:
        """The Content-Type header as sent, empty where there was none."""
        return self.headers.get("content-type", "")
