"""No link, redirect or name leads into our own network: a canary stands for what is there, and must stay unasked."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.adapters.http.addresses import refusal
from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.errors import ItemError, Rejected, RetryLater
from broadsheet.model.exchange import Request

_PUBLIC = ["1.1.1.1", "198.17.255.255", "223.255.255.255", "2a00:1450:4001:81b::200e", "2620:fe::9", "64:ff9b::808:808"]
_NOT_PUBLIC = [
    *("0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254"),
    *("169.254.1.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.0.0.8", "192.0.2.1", "192.88.99.2"),
    *("198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.251", "239.1.2.3", "250.1.2.3"),
    *("255.255.255.255", "168.63.129.16", "100.100.100.200"),
    *("::", "::1", "::2", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:7f00:1", "100::1"),
    *("64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001::1", "2001:2::1", "2001:10::1", "2001:db8::1"),
    *("2002:7f00:1::1", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1"),
    *("fe80::1%eth0", "2a00:1450::1%eth0", "ff02::1", "ff0e::1", "4000::1"),
    *("2a00:1450::5efe:10.0.0.1", "2a00:1450::200:5efe:7f00:1"),
    *("", "localhost", "1.2.3", "0x7f000001", "1.1.1.1:80", "[::1]"),
]


@pytest.mark.parametrize("address", _PUBLIC)
def test_the_public_internet(address: str) -> None:
    assert refusal(address, 443) is None


@pytest.mark.parametrize("address", _NOT_PUBLIC)
def test_everything_else(address: str) -> None:
    assert refusal(address, 443)


@pytest.mark.parametrize("port", [1, 22, 23, 25, 110, 445, 993, 2375, 3306, 5432, 6379, 6667, 11211, 27017])
def test_ports_of_other_services(port: int) -> None:
    assert refusal("1.1.1.1", port)


@pytest.mark.parametrize("port", [80, 443, 8000, 8080, 8443, 9000])
def test_ports_of_the_web(port: int) -> None:
    assert refusal("1.1.1.1", port) is None


@settings(deadline=None)
@given(st.ip_addresses(v=4).filter(lambda ip: not ip.is_global or ip.is_multicast or ip.is_reserved))
def test_what_the_standard_library_calls_private_is_refused(ip: object) -> None:
    assert refusal(str(ip), 443)
    assert refusal(f"::ffff:{ip}", 443)
    assert refusal(f"64:ff9b::{ip}", 443)


class _Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


class _Canary(socketserver.ThreadingTCPServer):
    """Answers `/to?URL` with a redirect to it and everything else with a secret; counts who came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _CanaryHandler)
        self.port = int(self.server_address[1])
        self.came: list[str] = []


class _CanaryHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        target = self.request.recv(65536).decode("latin-1").split(" ")[1:2]
        self.server.came.append(target[0] if target else "")
        path, _, query = (target[0] if target else "").partition("?")
        if path == "/to":
            answer = f"HTTP/1.1 302 Found\r\nLocation: {query}\r\nContent-Length: 0\r\n\r\n"
        else:
            answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"
        self.request.sendall(answer.encode("latin-1"))


def _served() -> Iterator[_Canary]:
    server = _Canary()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def door() -> Iterator[_Canary]:
    """A server that we may ask, which sends us elsewhere."""
    yield from _served()


@pytest.fixture
def canary() -> Iterator[_Canary]:
    """A server that nobody may ask."""
    yield from _served()


def _client(door: _Canary, **more: object) -> LiveHttp:
    allow = frozenset({f"127.0.0.1:{door.port}"})
    options = HttpOptions(allow=allow, timeout_seconds=3, connect_timeout_seconds=1, per_host_delay_seconds=0)
    return LiveHttp(options, _Clock(), **more)  # type: ignore[arg-type]


_DISGUISES = [
    *("127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.0.0.1"),
    *("0177.0.0.1", "017700000001", "00000177.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.0.0.1."),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]"),
    *("[2002:7f00:1::]", "[fe80::1%25lo]", "[0:0:0:0:0:ffff:7f00:0001]", "127%2e0%2e0%2e1", "%31%32%37.0.0.1"),
]


@pytest.mark.parametrize("host", _DISGUISES)
def test_no_disguise_of_loopback_is_let_in(door: _Canary, canary: _Canary, host: str) -> None:
    http = _client(door)
    for url in (f"http://{host}:{canary.port}/", f"http://127.0.0.1:{door.port}/to?http://{host}:{canary.port}/"):
        with pytest.raises(ItemError) as caught:
            http.get(Request(url))
        assert "secret" not in str(caught.value)
    assert canary.came == []


@pytest.mark.parametrize("host", ["１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛocalhost", "127．0．0．1"])
def test_nor_one_in_other_digits(door: _Canary, canary: _Canary, host: str) -> None:
    with pytest.raises(ItemError):
        _client(door).get(Request(f"http://{host}:{canary.port}/"))
    assert canary.came == []


@pytest.mark.parametrize(
    "form",
    [
        "http://paper.example@127.0.0.1:{port}/",
        "http://paper.example\\@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}#@paper.example/",
        "http://127.0.0.1:{port}\\@paper.example/",
        "http:\\\\127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "\thttp://127.0.0.1:{port}/",
        "ht\ntp://127.0.0.1:{port}/",
        "http:127.0.0.1:{port}",
        "gopher://127.0.0.1:{port}/_GET",
        "file:///etc/hostname",
        "data:text/html,x",
    ],
)
def test_no_form_of_address_confuses_us(door: _Canary, canary: _Canary, form: str) -> None:
    http = _client(door)
    target = form.format(port=canary.port)
    with pytest.raises(ItemError):
        http.get(Request(target))
    with suppress(ItemError):  # some of these are paths on the same server when they stand in a Location
        http.get(Request(f"http://127.0.0.1:{door.port}/to?{target}"))
    assert canary.came == []


def test_a_name_with_one_private_address_is_refused_whole(door: _Canary, canary: _Canary) -> None:
    http = _client(door, resolve=lambda host, port: ["1.1.1.1", "127.0.0.1"])
    with pytest.raises(Rejected, match="loopback"):
        http.get(Request(f"http://paper.example:{canary.port}/"))
    assert canary.came == []


def test_a_name_is_asked_once_and_the_checked_address_is_taken(door: _Canary) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    http = _client(door, resolve=lambda host, port: next(answers))
    assert http.get(Request(f"http://paper.example:{door.port}/")).body == b"secret"
    with pytest.raises(Rejected, match="private"):
        http.get(Request(f"http://paper.example:{door.port}/"))


def test_the_allowed_port_is_no_pass_for_its_neighbours(door: _Canary, canary: _Canary) -> None:
    http = _client(door)
    assert http.get(Request(f"http://127.0.0.1:{door.port}/")).body == b"secret"
    for url in (f"http://127.0.0.1:{canary.port}/", f"http://127.0.0.2:{door.port}/", f"http://[::1]:{door.port}/"):
        with pytest.raises(ItemError):
            http.get(Request(url))


def test_a_name_that_is_not_answered_in_time(door: _Canary) -> None:
    release = threading.Event()

    def never(host: str, port: int) -> list[str]:
        release.wait(60)
        return []

    options = HttpOptions(timeout_seconds=0.3, connect_timeout_seconds=0.2)
    with pytest.raises(RetryLater, match="in time"):
        LiveHttp(options, _Clock(), resolve=never).get(Request("http://paper.example/"))
    release.set()


@pytest.mark.parametrize("addresses", [[], ["1.1.1.1"] * 17, [""]])
def test_answers_of_the_dns_that_make_no_sense(door: _Canary, addresses: list[str]) -> None:
    with pytest.raises(ItemError):
        _client(door, resolve=lambda host, port: addresses).get(Request("http://paper.example/"))


def test_errors_of_the_resolver_are_ours(door: _Canary) -> None:
    def fails(host: str, port: int) -> list[str]:
        raise UnicodeError("label too long")

    with pytest.raises(RetryLater, match="no connection"):
        _client(door, resolve=fails).get(Request("http://paper.example/"))
