"""The live client against a server that does everything wrong."""

import gzip
import random
import socket
import struct
import time
import zlib
from functools import partial

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.errors import ItemError, Rejected, RetryLater, SettingsError
from broadsheet.model.exchange import Letter, Purpose, Request

_gzip = partial(gzip.compress, mtime=0)  # a time in it would be part of the tests' names
_TEXT = b"<rss>" + b"news " * 2000 + b"</rss>"


def _answer(body: bytes, *headers: str, length: int | None = None, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body) if length is None else length}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def _feed(server, path: str = "/x") -> Request:
    return Request(server.origin + path, Purpose.FEED)


def test_we_say_who_we_are_and_nothing_else(server, live: LiveHttp) -> None:
    server.answers["/x"] = _answer(b"ok", "Set-Cookie: id=1")
    response = live.get(_feed(server))
    live.get(_feed(server))
    (_, second) = server.requests
    names = {line.partition(":")[0].lower() for line in second.split("\r\n")[1:] if line}
    assert "User-Agent: Broadsheet/" in second.replace("user-agent", "User-Agent")
    assert "(+editor@paper.example)" in second
    assert names <= {"host", "user-agent", "accept", "accept-encoding"}
    assert "set-cookie" not in response.headers


def test_the_environment_s_proxy_is_not_used(server, live: LiveHttp, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.answers["/x"] = _answer(b"ok")
    assert live.get(_feed(server)).body == b"ok"


def test_validators_are_sent(server, live: LiveHttp) -> None:
    server.answers["/x"] = b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'
    response = live.get(Request(server.origin + "/x", Purpose.FEED, '"v1"', "Sun, 01 Nov 2026 10:00:00 GMT"))
    assert response.not_modified
    assert 'if-none-match: "v1"' in server.requests[0]
    assert "if-modified-since: Sun, 01 Nov 2026 10:00:00 GMT" in server.requests[0]


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        ("gzip", _gzip(_TEXT)),
        ("deflate", zlib.compress(_TEXT)),
        ("br", brotli.compress(_TEXT)),
        ("gzip, br", brotli.compress(_gzip(_TEXT))),
        ("identity", _gzip(_TEXT)),
    ],
)
def test_bodies_are_decompressed(server, live: LiveHttp, coding: str, coded: bytes) -> None:
    server.answers["/x"] = _answer(coded, f"Content-Encoding: {coding}")
    assert live.get(_feed(server)).body == _TEXT


@pytest.mark.parametrize(
    "answer",
    [
        _answer(b"", length=10**18),
        _answer(b"", length=33 * 1024 * 1024),
        _answer(_gzip(bytes(40_000_000)), "Content-Encoding: gzip"),
        _answer(_gzip(_gzip(bytes(40_000_000))), "Content-Encoding: gzip, gzip"),
        _answer(_gzip(bytes(40_000_000))),
        _answer(brotli.compress(bytes(40_000_000)), "Content-Encoding: br"),
        _answer(b"x", "Content-Encoding: " + ", ".join(["gzip"] * 100)),
        _answer(b"x", "Content-Encoding: rot13"),
        _answer(_TEXT, "Content-Encoding: gzip"),
        _answer(b"x", *[f"X-{n}: 1" for n in range(1000)]),
        _answer(b"", "Location: /a", "Location: /b", status="302 Found"),
    ],
)
def test_what_is_too_much_or_makes_no_sense_is_rejected(server, live: LiveHttp, answer: bytes) -> None:
    server.answers["/x"] = answer
    with pytest.raises(Rejected):
        live.get(_feed(server))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-Server\r\n",
        random.Random(7).randbytes(4096),
        _answer(b"half", length=500),
        _answer(b"x", length=-5),
        _answer(b"12345", "Content-Length: 50"),
        _answer(_gzip(_TEXT)[:-20], "Content-Encoding: gzip"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nX-Big: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(20_000)) + b"\r\n",
    ],
)
def test_what_is_no_proper_answer_may_be_one_later(server, live: LiveHttp, answer: bytes) -> None:
    server.answers["/x"] = answer
    with pytest.raises(RetryLater) as caught:
        live.get(_feed(server))
    assert "SSH" not in str(caught.value)


def test_a_reset_in_the_middle(server, live: LiveHttp) -> None:
    def reset(connection: socket.socket) -> None:
        connection.sendall(_answer(b"half", length=500))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    server.answers["/x"] = reset
    with pytest.raises(RetryLater):
        live.get(_feed(server))


def _drip(first: bytes, drop: bytes):
    def play(connection: socket.socket) -> None:
        connection.sendall(first)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            connection.sendall(drop)
            time.sleep(0.05)

    return play


@pytest.mark.parametrize(
    "play",
    [
        _drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        _drip(b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        _drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        _drip(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
        _drip(b"", b""),
        _drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b""),
    ],
    ids=["headers", "body", "chunks", "hints", "silence", "silence after the headers"],
)
def test_the_deadline_ends_every_drip(server, hasty: LiveHttp, play) -> None:
    server.answers["/x"] = play
    with pytest.raises(RetryLater, match="in time"):
        hasty.get(_feed(server))


def test_the_deadline_holds_for_all_redirects_together(server, hasty: LiveHttp) -> None:
    def slowly(target: str):
        def play(connection: socket.socket) -> None:
            time.sleep(0.15)
            connection.sendall(_answer(b"", f"Location: {target}", status="302 Found"))

        return play

    for n in range(9):
        server.answers[f"/{n}"] = slowly(f"/{n + 1}")
    with pytest.raises(RetryLater, match="in time"):
        hasty.get(_feed(server, "/0"))
    assert len(server.requests) <= 5


def test_a_redirect_s_own_body_is_not_read(server, live: LiveHttp) -> None:
    server.answers["/x"] = _answer(_gzip(bytes(40_000_000)), "Content-Encoding: gzip", "Location: /y", status="302 F")
    server.answers["/y"] = _answer(b"ok")
    assert live.get(_feed(server)).body == b"ok"


def test_bytes_after_the_end_are_no_next_answer(server, live: LiveHttp) -> None:
    server.answers["/x"] = _answer(b"first") + _answer(b"smuggled")
    server.answers["/y"] = _answer(b"second")
    assert live.get(_feed(server, "/x")).body == b"first"
    assert live.get(_feed(server, "/y")).body == b"second"


def test_a_long_robots_txt_is_cut(server, live: LiveHttp) -> None:
    server.answers["/robots.txt"] = _answer(b"#" * 900_000)
    assert len(live.get(Request(server.origin + "/robots.txt", Purpose.ROBOTS)).body) == 512 * 1024


def test_a_picture_s_limit_is_its_own(server, live: LiveHttp) -> None:
    server.answers["/x"] = _answer(b"", length=25 * 1024 * 1024)
    with pytest.raises(Rejected, match="larger"):
        live.get(Request(server.origin + "/x", Purpose.IMAGE))


def test_headers_come_out_as_one_printable_line_each(server, live: LiveHttp) -> None:
    server.answers["/x"] = _answer(b"", "X-A: caf\xc3\xa9", "X-A: two", "Content-Type: text/html; charset=\xff")
    headers = live.get(_feed(server)).headers
    assert headers["x-a"] == "café, two"
    assert headers["content-type"] == "text/html; charset=ÿ"


def test_nobody_listens(server, live: LiveHttp) -> None:
    server.close()
    with pytest.raises(RetryLater, match="no connection"):
        live.get(_feed(server))


_HEADS = st.sampled_from(
    [b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=_HEADS,
    rest=st.one_of(
        st.binary(max_size=200), st.text("HTP/1.20 OK\r\nLocation: Length-chunked,", max_size=120).map(str.encode)
    ),
)
def test_whatever_comes_only_our_errors_go_out(server, live: LiveHttp, head: bytes, rest: bytes) -> None:
    server.answers["/x"] = head + rest
    try:
        status = live.get(_feed(server)).status
    except ItemError:
        status = 0
    assert status in {0, 200, 203, 206}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(url=st.one_of(st.text(max_size=40), st.text("htps:/@[]%.0127x\\ #?", max_size=30).map("http://{}".format)))
def test_whatever_is_asked_only_our_errors_go_out(clock, url: str) -> None:
    nowhere = LiveHttp(HttpOptions(timeout_seconds=0.5), clock, resolve=lambda host, port: [])
    with pytest.raises(ItemError):
        nowhere.get(Request(url))


@pytest.mark.parametrize(
    "bad",
    [
        {"contact": "editor@paper.example\r\nX-Evil: 1"},
        {"contact": "Redaktion Zürich"},
        {"allow": frozenset({"localhost:80"})},
        {"allow": frozenset({"127.0.0.1"})},
        {"allow": frozenset({"127.0.0.1:99999"})},
        {"timeout_seconds": 0},
        {"per_host_concurrency": 0},
        {"per_host_delay_seconds": -1},
    ],
)
def test_options_that_can_t_be(bad: dict) -> None:
    with pytest.raises(SettingsError):
        HttpOptions(**bad)


def test_the_name_we_go_by() -> None:
    assert HttpOptions().user_agent.startswith("Broadsheet/")
    assert HttpOptions(contact="https://paper.example/bot").user_agent.endswith("(+https://paper.example/bot)")
    assert HttpOptions(allow=frozenset({"[0:0::1]:80"})).allows("::1", 80)


def test_the_first_bytes_are_asked_for_and_no_more_is_heard(server, live: LiveHttp) -> None:
    server.answers["/part"] = _answer(b"0123456789", "Content-Range: bytes 0-9/999", status="206 Partial Content")
    server.answers["/whole"] = _answer(b"0123456789" * 9_000_000, length=90_000_000)
    server.answers["/packed"] = _answer(_gzip(b"0123456789" * 9), "Content-Encoding: gzip")
    for path, status in (("/part", 206), ("/whole", 200), ("/packed", 200)):
        response = live.get(Request(server.origin + path, Purpose.IMAGE, first_bytes=10))
        assert (response.status, response.body) == (status, b"0123456789")
    assert all("range: bytes=0-9\r\n" in sent for sent in server.requests)
    assert all("accept-encoding: identity\r\n" in sent for sent in server.requests)


def test_a_body_shorter_than_what_was_asked_for(server, live: LiveHttp) -> None:
    server.answers["/x"] = _answer(b"01234")
    response = live.get(Request(server.origin + "/x", Purpose.IMAGE, first_bytes=4096))
    assert response.body == b"01234"
    assert response.certificate_ends is None


def test_no_letter_passes_the_guard(server, clock) -> None:
    guarded = LiveHttp(HttpOptions(), clock)
    for origin in (server.origin, "http://169.254.169.254", "http://[::ffff:127.0.0.1]"):
        with pytest.raises(Rejected, match="refused"):
            guarded.post(Letter(origin + "/latest", b"{}"))
    assert server.requests == []


def test_a_letter_s_headers_can_break_out_of_nothing(server, live: LiveHttp) -> None:
    with pytest.raises(ItemError):
        live.post(Letter(server.origin + "/x", b"{}", headers={"x-signature": "a\r\nHost: other.example"}))
    assert server.requests == []


def test_a_head_without_end(server, live: LiveHttp) -> None:
    def play(stream: socket.socket) -> None:
        while True:
            stream.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 1000)

    server.answers["/x"] = play
    with pytest.raises(RetryLater, match="not proper HTTP"):
        live.get(_feed(server))
