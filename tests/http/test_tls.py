"""https: certificates that are checked, and HTTP/2."""

import shutil
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import h2.config
import h2.connection
import h2.events
import pytest

from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.errors import Rejected, RetryLater
from broadsheet.model.exchange import Request, Response

Play = Callable[[h2.connection.H2Connection, int], None]


class Certificate(NamedTuple):
    certificate: Path
    key: Path


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """One for paper.example that signs itself."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate, and is not here")
    folder = tmp_path_factory.mktemp("tls")
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    names = ["-subj", "/CN=paper.example", "-addext", "subjectAltName=DNS:paper.example"]
    files = ["-keyout", str(made.key), "-out", str(made.certificate)]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *files],
        check=True,
        capture_output=True,
    )
    return made


class TlsServer(socketserver.ThreadingTCPServer):
    """Speaks HTTP/2 if asked to, else HTTP/1.1; `play` answers the HTTP/2 request."""

    daemon_threads = True

    def __init__(self, made: Certificate, protocols: list[str]) -> None:
        super().__init__(("127.0.0.1", 0), _TlsHandler)
        self.port = int(self.server_address[1])
        self.play: Play = _whole
        self.plain = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(made.certificate, made.key)
        self.context.set_alpn_protocols(protocols)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests want."""


class _TlsHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with self.server.context.wrap_socket(self.request, server_side=True) as stream:
            if stream.selected_alpn_protocol() == "h2":
                self._speak_h2(stream)
            else:
                stream.recv(65536)
                stream.sendall(self.server.plain)

    def _speak_h2(self, stream: ssl.SSLSocket) -> None:
        connection = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, validate_outbound_headers=False)
        )
        connection.initiate_connection()
        stream.sendall(connection.data_to_send())
        while data := stream.recv(65536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    self.server.play(connection, event.stream_id)
            stream.sendall(connection.data_to_send())


def _whole(connection: h2.connection.H2Connection, stream: int) -> None:
    connection.send_headers(stream, [(":status", "200"), ("content-type", "text/html"), ("content-length", "3")])
    connection.send_data(stream, b"two", end_stream=True)


@pytest.fixture
def serve(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., TlsServer]]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.certificate))
    servers = []

    def start(*protocols: str) -> TlsServer:
        server = TlsServer(certificate, list(protocols))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def _get(server: TlsServer, clock, host: str = "paper.example", seconds: float = 10.0) -> Response:
    options = HttpOptions(allow=frozenset({f"127.0.0.1:{server.port}"}), timeout_seconds=seconds)
    http = LiveHttp(options, clock, resolve=lambda name, port: ["127.0.0.1"])
    return http.get(Request(f"https://{host}:{server.port}/"))


def test_http_2_where_it_is_spoken(serve, clock) -> None:
    response = _get(serve("h2", "http/1.1"), clock)
    assert (response.body, response.content_type) == (b"two", "text/html")


def test_http_1_where_it_is_not(serve, clock) -> None:
    assert _get(serve("http/1.1"), clock).body == b"one"


@pytest.mark.parametrize("protocol", ["h2", "http/1.1"])
def test_when_the_certificate_ends(serve, clock, protocol: str) -> None:
    ends = _get(serve(protocol), clock).certificate_ends
    assert ends is not None
    assert 1.9 < (ends - datetime.now(UTC)).total_seconds() / 86_400 <= 2


def test_a_certificate_for_another_name(serve, clock) -> None:
    with pytest.raises(RetryLater, match="certificate"):
        _get(serve("h2"), clock, host="other.example")


def test_a_certificate_that_nobody_vouches_for(serve, clock, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve("h2")
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(RetryLater, match="certificate"):
        _get(server, clock)


def test_no_tls_at_all(server, clock) -> None:
    server.answers = {}
    with pytest.raises(RetryLater):
        _get(server, clock, seconds=0.5)


def test_a_redirect_to_http_is_no_new_address(serve, server, clock) -> None:
    secure = serve("http/1.1")
    server.answers["/x"] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    secure.plain = f"HTTP/1.1 301 Moved\r\nLocation: {server.origin}/x\r\nContent-Length: 0\r\n\r\n".encode()
    options = HttpOptions(allow=frozenset({f"127.0.0.1:{server.port}", f"127.0.0.1:{secure.port}"}))
    http = LiveHttp(options, clock, resolve=lambda name, port: ["127.0.0.1"])
    response = http.get(Request(f"https://paper.example:{secure.port}/"))
    assert (response.final_url, response.moved_to) == (f"{server.origin}/x", None)
    assert response.certificate_ends is not None


def _short(connection: h2.connection.H2Connection, stream: int) -> None:
    connection.send_headers(stream, [(":status", "200"), ("content-length", "500")])
    connection.send_data(stream, b"half", end_stream=True)


def _reset(connection: h2.connection.H2Connection, stream: int) -> None:
    connection.send_headers(stream, [(":status", "200")])
    connection.reset_stream(stream)


def _goes_away(connection: h2.connection.H2Connection, stream: int) -> None:
    connection.close_connection()


def _odd_status(connection: h2.connection.H2Connection, stream: int) -> None:
    connection.send_headers(stream, [(":status", "two hundred")], end_stream=True)


@pytest.mark.parametrize("play", [_short, _reset, _goes_away, _odd_status])
def test_broken_http_2(serve, clock, play: Play) -> None:
    server = serve("h2")
    server.play = play
    with pytest.raises(RetryLater):
        _get(server, clock, seconds=2.0)


def _too_much(connection: h2.connection.H2Connection, stream: int) -> None:
    connection.send_headers(stream, [(":status", "200"), ("content-length", str(10**15))])


def test_a_long_body_is_refused_by_its_header(serve, clock) -> None:
    server = serve("h2")
    server.play = _too_much
    with pytest.raises(Rejected, match="larger"):
        _get(server, clock)
