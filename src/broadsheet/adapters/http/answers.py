"""What an answer means to us, whether it comes from the network or from an archive: redirects, statuses, waiting."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag, urljoin

from broadsheet.errors import GoneForGood, ItemError, Rejected, RetryLater
from broadsheet.model.exchange import Letter, Purpose, Request, Response
from broadsheet.stages.fetch import wall_before

MAX_WAIT_SECONDS = 24 * 3600.0

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_GOOD = frozenset({200, 203, 206})
_LATER = frozenset({408, 425, 429})
_EXPLAINED = frozenset({202, 401, 403, 405, 406, 429, 503})
_READ = frozenset({Purpose.FEED, Purpose.PAGE, Purpose.SITEMAP})
_MAX_LOCATION = 8192
_SECONDS = re.compile(r"\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_ETAG = re.compile(r'(?:W/)?"[!#-~]{0,1000}"|[!#-~]{1,1000}')


MiB = 1024 * 1024

MAX_BYTES = {
    Purpose.FEED: 32 * MiB,
    Purpose.PAGE: 16 * MiB,
    Purpose.SITEMAP: 50 * MiB,
    Purpose.ROBOTS: 512 * 1024,
    Purpose.IMAGE: 20 * MiB,
    Purpose.API: MiB,
}
"""The largest body for each purpose, in bytes after decompression."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One hop's answer. `headers` in lower case; `body` is decoded; of an error only its beginning, if at all.
    `certificate_ends` is when the certificate of a TLS connection ends, UTC; `seconds` how long the answer took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    certificate_ends: datetime | None = None
    seconds: float = 0.0


def follow(request: Request, ask: Callable[[str], Answer], max_redirects: int) -> Response:
    """Asks, and follows where the answers point, as the `Http` port promises; `ask` checks each address.

    A redirect from https to http is followed, but doesn't count as a permanent one: we keep the safer address.
    """
    url, seen, permanent = request.url, {request.url}, True
    ends: list[datetime] = []
    seconds = 0.0
    for _ in range(max_redirects + 1):
        answer = ask(url)
        ends += [answer.certificate_ends] if answer.certificate_ends else []
        seconds += answer.seconds
        if answer.status not in _REDIRECTS:
            response = _response(request, url, answer, permanent)
            return replace(response, certificate_ends=min(ends, default=None), seconds=seconds)
        target = _target(url, answer)
        if target in seen:
            raise Rejected(f"{shown(request.url)}: redirects in a circle")
        permanent = permanent and answer.status in _PERMANENT and not _downgrades(url, target)
        url = target
        seen.add(url)
    raise Rejected(f"{shown(request.url)}: more than {max_redirects} redirects")


def delivered(letter: Letter, answer: Answer) -> Response:
    """What the answer to a POST means, as the `Http` port promises."""
    if 200 <= answer.status <= 299:
        return Response(letter.url, letter.url, answer.status, answer.body, answer.fetched_at, answer.headers)
    if answer.status in _REDIRECTS:
        raise Rejected(f"{shown(letter.url)}: HTTP {answer.status}; what is posted is not sent on to another address")
    raise _trouble(letter.url, answer)


def reads_body(status: int) -> bool:
    """Whether the body of an answer with this status is what was asked for."""
    return status in _GOOD


def tells_why(status: int) -> bool:
    """Whether the body of an answer with this status may say who keeps us out."""
    return status in _EXPLAINED


def asks_to_wait(answer: Answer) -> float | None:
    """For how long the whole host wants to be left alone: HTTP 429, and 503 with Retry-After; None where it doesn't."""
    if answer.status not in {429, 503}:
        return None
    wait = retry_after(answer.headers.get("retry-after", ""), answer.fetched_at)
    return wait if answer.status == 503 else wait or 0.0


def conditions(request: Request, now: datetime) -> dict[str, str]:
    """The headers that make a request conditional; validators that no honest server gives are left out."""
    headers = {}
    if request.etag and _ETAG.fullmatch(request.etag):
        headers["if-none-match"] = request.etag
    when = _http_date(request.last_modified or "")
    if request.last_modified and when and when <= now and request.last_modified.isprintable():
        headers["if-modified-since"] = request.last_modified
    return headers


def retry_after(value: str, now: datetime) -> float | None:
    """Retry-After (RFC 9110, 10.2.3) in seconds from now, between 0 and a day; None where it says nothing readable."""
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return min(float(value), MAX_WAIT_SECONDS)
    when = _http_date(value)
    return None if when is None else min(max((when - now).total_seconds(), 0.0), MAX_WAIT_SECONDS)


def body_limit(request: Request) -> tuple[int, bool]:
    """How many bytes of the body are taken, and whether more are cut off (else they are a reason to refuse it).

    A robots.txt longer than its limit is read so far (RFC 9309, 2.5); so is what was asked for its first bytes only.
    """
    limit = MAX_BYTES[request.purpose]
    if request.first_bytes is not None:
        return min(limit, max(request.first_bytes, 0)), True
    return limit, request.purpose is Purpose.ROBOTS


def shown(url: str) -> str:
    """An address as an error may show it: one line, not too long."""
    text = "".join(char if char.isprintable() else "?" for char in url)
    return text if len(text) <= 200 else text[:200] + "..."


def _response(request: Request, url: str, answer: Answer, permanent: bool) -> Response:
    if answer.status == 304 and (request.etag or request.last_modified):
        body = b""
    elif answer.status in _GOOD:
        _refuse_wall(request, url, answer)
        body = answer.body
    else:
        raise _trouble(url, answer)
    moved = url if permanent and url != request.url else None
    return Response(request.url, url, answer.status, body, answer.fetched_at, answer.headers, moved)


def _trouble(url: str, answer: Answer) -> ItemError:
    """What a status that is no success asks of the caller."""
    status, place = answer.status, shown(url)
    if status in {404, 410}:
        return GoneForGood(f"{place}: HTTP {status}")
    wall = wall_before(status, answer.headers, answer.body) or ""
    said = f"{place}: {wall or f'HTTP {status}'}"
    if status in _LATER or 500 <= status <= 599 or 100 <= status <= 299 or status == 304:
        wait = retry_after(answer.headers.get("retry-after", ""), answer.fetched_at)
        return RetryLater(said, after_seconds=wait, blocked=wall)
    return Rejected(said, blocked=wall)


def _refuse_wall(request: Request, url: str, answer: Answer) -> None:
    """A challenge that calls itself a success is no page, no feed and no sitemap."""
    if request.purpose in _READ and (wall := wall_before(answer.status, answer.headers, answer.body)):
        raise Rejected(f"{shown(url)}: {wall}", blocked=wall)


def _target(url: str, answer: Answer) -> str:
    location = answer.headers.get("location", "").strip()
    if not location:
        raise Rejected(f"{shown(url)}: HTTP {answer.status} without a Location")
    if len(location) > _MAX_LOCATION:
        raise Rejected(f"{shown(url)}: redirects to an address of {len(location)} characters")
    try:
        return urldefrag(urljoin(url, location)).url
    except ValueError as error:
        raise Rejected(f"{shown(url)}: redirects to an address that can't be read") from error


def _downgrades(url: str, target: str) -> bool:
    return url.lower().startswith("https:") and not target.lower().startswith("https:")


def _http_date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except OverflowError:
        return None
