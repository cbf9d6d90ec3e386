"""Connections that lead only where they may, and end when they must.

The name is resolved here, every address it has is checked, and the connection is made to a checked address itself:
a name that answers differently a moment later (DNS rebinding) gains nothing.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any

import httpcore

from broadsheet.adapters.http.addresses import refusal
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.errors import Rejected

Resolve = Callable[[str, int], list[str]]
"""From a host's name and a port to its addresses as text. Raises OSError."""

_MAX_ADDRESSES = 16
_MAX_TRIED = 4
_LONGEST_HEAD = 1024 * 1024
_LOOKUPS = threading.BoundedSemaphore(64)


class Deadline:
    """The moment at which a request must have ended, whatever the other side does; counted from its first step."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end: float | None = None

    def left(self, at_most: float | None = None) -> float:
        """The seconds that remain, capped. Raises httpcore.ReadTimeout when there are none."""
        if self._end is None:
            self._end = time.monotonic() + self._seconds
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for the whole request is over")
        return left if at_most is None else min(left, at_most)

    def left_since_begin(self) -> float | None:
        """The seconds that remain, 0 where none do; None before the first step."""
        return None if self._end is None else max(self._end - time.monotonic(), 0.0)


def system_addresses(host: str, port: int) -> list[str]:
    """The addresses of a name as the system knows them. Blocks as long as the system likes. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Head:
    """The part of an answer before its body: a megabyte at most, however many parts of it are only for information."""

    def __init__(self) -> None:
        self._left = _LONGEST_HEAD
        self._over = False

    def heard(self, size: int) -> None:
        """So many bytes came. Raises httpcore.RemoteProtocolError where the head has no end."""
        self._left -= size
        if self._left < 0 and not self._over:
            raise httpcore.RemoteProtocolError("the headers have no end")

    def is_over(self) -> None:
        """What comes now is the body, which has limits of its own."""
        self._over = True


class GuardedBackend(httpcore.NetworkBackend):
    """Connects for one request: resolves, checks and connects before the deadline."""

    def __init__(self, options: HttpOptions, deadline: Deadline, resolve: Resolve) -> None:
        self._options = options
        self._deadline = deadline
        self._resolve = resolve
        self._plain = httpcore.SyncBackend()
        self.head = Head()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline and the options decide
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to one of the host's checked addresses.

        Raises Rejected if any of its addresses may not be asked, httpcore's exceptions otherwise.
        """
        addresses = self._addresses(host, port)
        for address in addresses:
            self._check(host, address, port)
        return self._first_that_answers(addresses[:_MAX_TRIED], port, socket_options)

    def _addresses(self, host: str, port: int) -> list[str]:
        seconds = self._deadline.left(self._options.connect_timeout_seconds)
        addresses = _in_time(lambda: self._resolve(host.removeprefix("[").removesuffix("]"), port), seconds)
        if not addresses:
            raise httpcore.ConnectError("the name has no address")
        if len(addresses) > _MAX_ADDRESSES:
            raise Rejected(f"{host} has {len(addresses)} addresses; that is no publisher's")
        return addresses

    def _check(self, host: str, address: str, port: int) -> None:
        reason = None if self._options.allows(address, port) else refusal(address, port)
        if reason:
            raise Rejected(f"{host[:100]} is refused: {reason}")

    def _first_that_answers(
        self, addresses: list[str], port: int, socket_options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        """The addresses in order, so that a broken IPv6 doesn't hide a working IPv4; time is shared among them."""
        share = self._options.connect_timeout_seconds / len(addresses)
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, share, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(addresses[-1], port, share, socket_options)

    def _connect(
        self, address: str, port: int, seconds: float, socket_options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        stream = self._plain.connect_tcp(address, port, self._deadline.left(seconds), socket_options=socket_options)
        return _TimedStream(stream, self._deadline, self._options.connect_timeout_seconds, self.head)


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends with the request's deadline, so that slow drips end too."""

    def __init__(
        self, stream: httpcore.NetworkStream, deadline: Deadline, handshake_seconds: float, head: Head
    ) -> None:
        self._stream = stream
        self._head = head
        self._deadline = deadline
        self._handshake_seconds = handshake_seconds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._deadline.left(timeout))
        self._head.heard(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the deadline decides
    ) -> httpcore.NetworkStream:
        seconds = self._deadline.left(self._handshake_seconds)
        stream = self._stream.start_tls(ssl_context, server_hostname, seconds)
        return _TimedStream(stream, self._deadline, self._handshake_seconds, self._head)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _in_time(look_up: Callable[[], list[str]], seconds: float) -> list[str]:
    """`getaddrinfo` knows no time limit: it runs in a thread of its own, and we stop waiting for it.

    The threads are daemons, bounded in number, and end when the system's resolver gives up.
    """
    if not _LOOKUPS.acquire(timeout=seconds):
        raise httpcore.ConnectTimeout("too many names are being looked up")
    answer: Future[list[str]] = Future()
    threading.Thread(target=_look_up, args=(look_up, answer), name="name-lookup", daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout("the name could not be looked up in time") from error
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError("the name could not be looked up") from error


def _look_up(look_up: Callable[[], list[str]], answer: "Future[list[str]]") -> None:
    try:
        answer.set_result(look_up())
    except Exception as error:  # noqa: BLE001 - it is raised again in the thread that waits
        answer.set_exception(error)
    finally:
        _LOOKUPS.release()
