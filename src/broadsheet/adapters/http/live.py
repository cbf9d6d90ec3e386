"""The one door to the network."""

import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from ipaddress import IPv6Address

import httpcore
import httpx

from broadsheet.adapters.http.answers import (
    Answer,
    asks_to_wait,
    body_limit,
    conditions,
    delivered,
    follow,
    reads_body,
    shown,
    tells_why,
)
from broadsheet.adapters.http.connection import Deadline, GuardedBackend, Resolve, system_addresses
from broadsheet.adapters.http.large import LargeBodies, Share
from broadsheet.adapters.http.manners import Manners
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.errors import ItemError, Rejected, RetryLater
from broadsheet.formats.codings import CutOff, decode, decoders, header_text
from broadsheet.model.exchange import Letter, Purpose, Request, Response
from broadsheet.ports import Clock
from broadsheet.stages.fetch import LOOKED_AT

_XML = "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
_ACCEPT = {
    Purpose.FEED: f"application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, {_XML}",
    Purpose.PAGE: "text/html, application/xhtml+xml, application/xml;q=0.5, */*;q=0.1",
    Purpose.SITEMAP: f"application/xml, text/xml, {_XML}",
    Purpose.ROBOTS: "text/plain, */*;q=0.1",
    Purpose.API: "application/json",
    Purpose.IMAGE: "image/webp, image/png, image/jpeg, image/gif, image/*;q=0.5",
}
_MAX_HEADERS = 500
_MAX_URL = 8192
_NAME = re.compile(r"[A-Za-z0-9._-]{1,253}")
_SPENT = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie"})

RawHeaders = list[tuple[bytes, bytes]]
Ask = Callable[[str], Answer]
Witness = Callable[[Request, Ask], Ask]
"""Puts itself around what asks one address after the other for a request, to see what comes of each."""


class LiveHttp:
    """Fills the `Http` port from the network, with the manners of a guest (see `manners`). Safe from several threads,
    which it makes wait for their turn.

    Every request has connections of its own, made to checked addresses (see `connection`), closed at its end: nothing
    that one answer leaves behind can reach the next. No cookies, no credentials, no proxies of the environment.
    A robots.txt longer than its limit is cut there (RFC 9309, 2.5), and so is what was asked for its first bytes; all
    other bodies are refused beyond theirs.
    """

    def __init__(
        self,
        options: HttpOptions,
        clock: Clock,
        resolve: Resolve = system_addresses,
        manners: Manners | None = None,
        witness: Witness | None = None,
    ) -> None:
        self._options = options
        self._clock = clock
        self._resolve = resolve
        self._manners = manners or Manners(options)
        self._witness = witness
        self._large = LargeBodies()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Certificates are checked against certifi's roots, or those of SSL_CERT_FILE. Reading them takes a while."""
        return httpx.create_ssl_context()

    def get(self, request: Request) -> Response:
        """As the port says; the deadline holds for all redirects together, and begins when it is our turn."""
        trip = self._trip()
        ask: Ask = lambda url: self._in_turn(url, request, trip)  # noqa: E731 - each hop is a part of the same trip
        if self._witness is not None:
            ask = self._witness(request, ask)
        with trip.share:
            response = follow(request, ask, self._options.max_redirects)
            trip.share.belongs_to(response)
        if request.purpose is Purpose.ROBOTS:
            self._manners.slow_down(request.url, response.body)
        return response

    def post(self, letter: Letter) -> Response:
        """As the port says, when it is our turn."""
        return delivered(letter, self._in_turn(letter.url, letter, self._trip()))

    def close(self) -> None:
        """Nothing is kept open between requests."""

    def _trip(self) -> "_Trip":
        deadline = Deadline(self._options.timeout_seconds)
        return _Trip(deadline, self._large.share(deadline))

    def _in_turn(self, url: str, request: Request | Letter, trip: "_Trip") -> Answer:
        address = _checked(url)
        with self._manners.turn(url, trip.deadline.left_since_begin()):
            began = time.monotonic()
            answer = self._ask(url, address, request, trip)
            answer = replace(answer, seconds=time.monotonic() - began)
        wait = asks_to_wait(answer)
        if wait is not None:
            self._manners.stay_away(url, wait, whole_publisher=answer.status == 429)
        return answer

    def _ask(self, url: str, address: httpx.URL, request: Request | Letter, trip: "_Trip") -> Answer:
        try:
            return self._exchange(address, request, trip)
        except ItemError as error:
            raise _named(error, url) from error
        except httpcore.TimeoutException as error:
            raise RetryLater(f"{shown(url)}: no answer in time") from error
        except (httpcore.NetworkError, OSError) as error:
            raise RetryLater(f"{shown(url)}: {_network_trouble(error)}") from error
        except Exception as error:
            # httpcore lets errors of h2 and hpack, and plain ValueErrors of what they read, through.
            raise RetryLater(f"{shown(url)}: the answer is not proper HTTP") from error

    def _exchange(self, address: httpx.URL, request: Request | Letter, trip: "_Trip") -> Answer:
        target = httpcore.URL(
            scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
        )
        backend = GuardedBackend(self._options, trip.deadline, self._resolve)
        tls = self._tls if address.scheme == "https" else None
        connection = httpcore.HTTPConnection(
            target.origin, ssl_context=tls, http1=True, http2=True, network_backend=backend
        )
        try:
            answer = connection.handle_request(self._asked(address, target, request))
            backend.head.is_over()
            return self._answer(answer, request, trip)
        finally:
            connection.close()

    def _asked(self, address: httpx.URL, target: httpcore.URL, request: Request | Letter) -> httpcore.Request:
        if isinstance(request, Request):
            return httpcore.Request("GET", target, headers=self._headers(address, request))
        headers: list[tuple[bytes | str, bytes | str]] = [
            ("host", address.netloc),
            ("user-agent", self._options.user_agent),
            ("content-type", request.content_type),
            ("content-length", str(len(request.body))),
            *request.headers.items(),
        ]
        return httpcore.Request("POST", target, headers=headers, content=request.body)

    def _headers(self, address: httpx.URL, request: Request) -> list[tuple[bytes | str, bytes | str]]:
        return [
            ("host", address.netloc),
            ("user-agent", self._options.user_agent),
            ("accept", _ACCEPT[request.purpose]),
            *_coding_and_range(request),
            *conditions(request, self._clock.now()).items(),
        ]

    def _answer(self, answer: httpcore.Response, request: Request | Letter, trip: "_Trip") -> Answer:
        headers = _joined(answer.headers)
        body = b""
        if isinstance(request, Request) and reads_body(answer.status):
            body = _body(_pieces(answer), headers, request, trip.share.grows_to)
        elif isinstance(request, Letter) and 200 <= answer.status <= 299:
            body = _wanted(_pieces(answer), headers, request)
        elif tells_why(answer.status):
            body = _beginning(_pieces(answer), headers)
        kept = {name: value for name, value in headers.items() if name not in _SPENT}
        return Answer(answer.status, kept, body, self._clock.now(), _certificate_ends(answer))


@dataclass(frozen=True, slots=True)
class _Trip:
    """One request with all its redirects: its end, and its room for a large body."""

    deadline: Deadline
    share: Share


def _checked(url: str) -> httpx.URL:
    """The address taken apart. Raises Rejected for what is not a plain http(s) address."""
    if len(url) > _MAX_URL:
        raise Rejected(f"{shown(url)}: an address of {len(url)} characters")
    try:
        address = httpx.URL(url.strip())
        port = address.port
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise Rejected(f"{shown(url)}: not an address") from error
    if address.scheme not in {"http", "https"} or not address.host:
        raise Rejected(f"{shown(url)}: only http and https addresses are fetched")
    if not _is_host(address.raw_host.decode("ascii", "replace")):
        raise Rejected(f"{shown(url)}: not the name of a host")
    if address.userinfo:
        raise Rejected("an address with a user name or password in it is not fetched")
    if port == 0:
        raise Rejected(f"{shown(url)}: not an address")
    return address


def _is_host(host: str) -> bool:
    """Whether it is a name as the DNS has them, or an address without a zone."""
    if ":" not in host:
        return _NAME.fullmatch(host) is not None
    try:
        return IPv6Address(host).scope_id is None
    except ValueError:
        return False


def _pieces(answer: httpcore.Response) -> Iterator[bytes]:
    yield from answer.iter_stream()


def _coding_and_range(request: Request) -> list[tuple[bytes | str, bytes | str]]:
    """A part of a coded body can't be decoded for sure, so that a part is asked for as it is."""
    if request.first_bytes is None:
        return [("accept-encoding", "gzip, deflate, br")]
    return [("accept-encoding", "identity"), ("range", f"bytes=0-{max(request.first_bytes, 1) - 1}")]


def _body(
    pieces: Iterator[bytes], headers: dict[str, str], request: Request, on_growth: Callable[[int], None]
) -> bytes:
    limit, cut = body_limit(request)
    declared = headers.get("content-length", "")
    if not cut and declared.isdecimal() and (len(declared) > 15 or int(declared) > limit):
        raise Rejected(f"larger than {limit} bytes, as its header says")
    body = decode(pieces, decoders(headers.get("content-encoding", "")), limit, cut=cut, on_growth=on_growth)
    if request.purpose is not Purpose.IMAGE and request.first_bytes is None and body.startswith(b"\x1f\x8b\x08"):
        # A compressed file served as it is, as sitemaps often are; the limit holds for what is inside as well.
        body = decode([body], decoders("gzip"), limit, cut=cut, on_growth=on_growth)
    return body


def _wanted(pieces: Iterator[bytes], headers: dict[str, str], letter: Letter) -> bytes:
    """The answer to a letter, if one is wanted; one that is longer than that is refused."""
    if not letter.answer_bytes:
        return b""
    return decode(pieces, decoders(headers.get("content-encoding", "")), letter.answer_bytes)


def _beginning(pieces: Iterator[bytes], headers: dict[str, str]) -> bytes:
    """The beginning of an error page; nothing where it can't be read, since the status says enough."""
    with suppress(Rejected, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        return decode(pieces, decoders(headers.get("content-encoding", "")), LOOKED_AT, cut=True)
    return b""


def _certificate_ends(answer: httpcore.Response) -> datetime | None:
    """When the certificate of this connection ends; it was checked, so that it has an end."""
    stream = answer.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    ends = (tls.getpeercert() or {}).get("notAfter") if tls is not None else None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if ends else None


def _joined(raw: RawHeaders) -> dict[str, str]:
    """Names in lower case; values of repeated headers joined by commas, control characters made blanks."""
    if len(raw) > _MAX_HEADERS:
        raise Rejected(f"the answer has {len(raw)} headers")
    joined: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), header_text(raw_value)
        if name == "location" and joined.get(name, value) != value:
            raise Rejected("the answer redirects to two places")
        joined[name] = value if name == "location" or name not in joined else f"{joined[name]}, {value}"
    return joined


def _network_trouble(error: Exception) -> str:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({cause.verify_message})"
    if isinstance(cause, ssl.SSLError):
        return "no safe connection could be agreed on"
    if isinstance(error, httpcore.ConnectError):
        return "no connection"
    return "the connection broke"


def _named(error: ItemError, url: str) -> ItemError:
    """The error with the address before it. A body that ends too early may come whole the next time."""
    message = f"{shown(url)}: {error.message}"
    if isinstance(error, CutOff):
        return RetryLater(message)
    return type(error)(message, blocked=error.blocked, hint=error.hint)
