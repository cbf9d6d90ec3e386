"""A real server on loopback, whose answers the tests write byte by byte, and a clock that stands still."""

import re
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.options import HttpOptions

Play = Callable[[socket.socket], None]


class StillClock:
    """A `Clock` that moves only when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class LocalServer:
    """Answers each path with the bytes (or the behaviour) it was given; remembers the requests as they came."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Play] = {}
        self.requests: list[str] = []
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler(), bind_and_activate=True)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        local = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                head = b""
                while b"\r\n\r\n" not in head:
                    piece = self.request.recv(65536)
                    if not piece:
                        return
                    head += piece
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                while length and len(head.partition(b"\r\n\r\n")[2]) < int(length[1]):
                    head += self.request.recv(65536)
                text = head.decode("latin-1")
                local.requests.append(text)
                answer = local.answers.get(text.split(" ")[1], b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                try:
                    if isinstance(answer, bytes):
                        self.request.sendall(answer)
                    else:
                        answer(self.request)
                except OSError:
                    return  # the client has hung up, which is what some tests want

        return Handler

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def server() -> Iterator[LocalServer]:
    local = LocalServer()
    yield local
    local.close()


def _client(server: LocalServer, clock: StillClock, seconds: float) -> LiveHttp:
    options = HttpOptions(
        contact="editor@paper.example",
        allow=frozenset({f"127.0.0.1:{server.port}"}),
        timeout_seconds=seconds,
        connect_timeout_seconds=seconds / 2,
    )
    return LiveHttp(options, clock)


@pytest.fixture
def live(server: LocalServer, clock: StillClock) -> LiveHttp:
    """The live client with this one server let through."""
    return _client(server, clock, 10.0)


@pytest.fixture
def hasty(server: LocalServer, clock: StillClock) -> LiveHttp:
    """The same, that waits half a second."""
    return _client(server, clock, 0.5)
