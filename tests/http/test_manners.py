"""Manners, on a clock that only moves when somebody sleeps; and the live client's, at every hop of a redirect."""

import threading
from collections import Counter
from contextlib import suppress

import pytest

from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.manners import Manners
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.errors import Rejected, RetryLater
from broadsheet.model.exchange import Letter, Purpose, Request


class _Nap:
    """Time: `sleep` moves it."""

    def __init__(self) -> None:
        self.at = 1000.0

    def tick(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture
def nap() -> _Nap:
    return _Nap()


def _manners(nap: _Nap, **options: object) -> Manners:
    return Manners(HttpOptions(**options), tick=nap.tick, sleep=nap.sleep)  # type: ignore[arg-type]


def _starts(manners: Manners, nap: _Nap, *urls: str) -> list[float]:
    found = []
    for url in urls:
        with manners.turn(url):
            found.append(nap.at - 1000)
    return found


def test_one_host_is_asked_once_a_second_another_at_once(nap: _Nap) -> None:
    urls = ("https://paper.example/1", "https://paper.example/2", "https://other.example/1", "https://Paper.example./3")
    assert _starts(_manners(nap), nap, *urls) == [0, 1, 1, 2]


def test_the_hosts_of_one_publisher_share_a_bucket_of_their_own(nap: _Nap) -> None:
    urls = [f"https://www{n}.paper.co.uk/" for n in range(8)]
    assert _starts(_manners(nap), nap, *urls, "https://paper.com/") == [0, 0, 0, 0, 0.5, 1, 1.5, 2, 2]


def test_time_that_has_passed_anyway_counts(nap: _Nap) -> None:
    manners = _manners(nap, per_host_delay_seconds=5)
    _starts(manners, nap, "https://paper.example/1")
    nap.at += 3
    assert _starts(manners, nap, "https://paper.example/2") == [5]


def test_crawl_delay_is_kept_within_reason(nap: _Nap) -> None:
    manners = _manners(nap, max_crawl_delay_seconds=30)
    robots = b"User-agent: *\nCrawl-delay: 4\n\nUser-agent: broadsheet\nCrawl-delay: 1000000\n"
    manners.slow_down("https://paper.example/robots.txt", robots)
    urls = [f"https://paper.example/{n}" for n in range(3)]
    assert _starts(manners, nap, *urls, "https://www.paper.example/") == [0, 30, 60, 60]


def test_one_s_own_machines_need_no_delay(nap: _Nap) -> None:
    manners = _manners(nap, allow=frozenset({"127.0.0.1:8000", "[::1]:80"}))
    assert set(_starts(manners, nap, *["http://127.0.0.1:8000/", "http://[::1]/"] * 9)) == {0}


def test_a_publisher_that_had_too_much_of_us_is_left_alone(nap: _Nap) -> None:
    manners = _manners(nap)
    manners.stay_away("https://paper.example/1", 120, whole_publisher=True)
    nap.at += 20
    with pytest.raises(RetryLater) as waiting, manners.turn("https://blog.paper.example/2"):
        pytest.fail("it was entered")
    assert waiting.value.after_seconds == 100
    assert _starts(manners, nap, "https://other.example/1") == [20]
    nap.at += 100
    assert _starts(manners, nap, "https://paper.example/2") == [120]


def test_a_host_in_trouble_is_left_alone_and_its_publisher_s_others_are_not(nap: _Nap) -> None:
    manners = _manners(nap)
    manners.stay_away("https://paper.example/1", None, whole_publisher=False)
    with pytest.raises(RetryLater) as waiting, manners.turn("https://paper.example/2"):
        pytest.fail("it was entered")
    assert waiting.value.after_seconds == 10
    assert _starts(manners, nap, "https://blog.paper.example/2") == [0]


def test_a_turn_that_comes_too_late_is_not_waited_for(nap: _Nap) -> None:
    manners = _manners(nap, per_host_delay_seconds=50)
    _starts(manners, nap, "https://paper.example/1")
    with pytest.raises(RetryLater) as late, manners.turn("https://paper.example/2", at_most=30):
        pytest.fail("it was entered")
    assert (late.value.after_seconds, nap.at) == (50, 1000)
    assert _starts(manners, nap, "https://paper.example/3") == [50]


def test_at_most_two_at_a_time_in_one_host_and_four_at_a_publisher(nap: _Nap) -> None:
    manners = _manners(nap, per_host_delay_seconds=0)
    inside, most, lock = Counter[str](), Counter[str](), threading.Lock()

    def visit(host: str) -> None:
        with manners.turn(f"https://{host}/"):
            with lock:
                inside.update([host, "all"])
                for name in (host, "all"):
                    most[name] = max(most[name], inside[name])
            pause.wait(0.02)
            with lock:
                inside.subtract([host, "all"])

    pause = threading.Event()
    threads = [threading.Thread(target=visit, args=(f"h{n % 4}.paper.example",)) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most["all"] == 4
    assert max(most[f"h{n}.paper.example"] for n in range(4)) <= 2


def test_many_hosts_do_not_stay_in_memory(nap: _Nap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.adapters.http.manners._MAX_PLACES", 50)
    manners = _manners(nap)
    for n in range(500):
        _starts(manners, nap, f"https://site{n}.example/")
        nap.at += 2
    assert len(manners._places) <= 52


def _live(server, clock, nap: _Nap) -> LiveHttp:
    """The names all lead to the one local server."""
    options = HttpOptions(allow=frozenset({f"127.0.0.1:{server.port}"}))
    manners = Manners(options, tick=nap.tick, sleep=nap.sleep)
    return LiveHttp(options, clock, resolve=lambda _host, _port: ["127.0.0.1"], manners=manners)


def _answer(status: str, *headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]).encode() + body


def test_every_hop_of_a_redirect_waits_for_its_turn(server, clock, nap: _Nap) -> None:
    for n in range(3):
        server.answers[f"/{n}"] = _answer("302 X", f"Location: http://paper.example:{server.port}/{n + 1}")
    server.answers["/3"] = _answer("200 OK", body=b"here")
    http = _live(server, clock, nap)
    assert http.get(Request(f"http://link.example:{server.port}/0")).body == b"here"
    assert nap.at == 1002
    http.post(Letter(f"http://paper.example:{server.port}/3", b"{}"))
    assert nap.at == 1003


def test_a_redirect_to_a_host_that_is_busy_for_long_ends_in_time(server, clock, nap: _Nap) -> None:
    server.answers["/robots.txt"] = _answer("200 OK", body=b"User-agent: *\nCrawl-delay: 30\n")
    server.answers["/x"] = _answer("302 X", f"Location: http://paper.example:{server.port}/y")
    http = _live(server, clock, nap)
    for name in ("/robots.txt", "/robots.txt"):
        http.get(Request(f"http://paper.example:{server.port}{name}", Purpose.ROBOTS))
    with pytest.raises(RetryLater, match="too late"):
        http.get(Request(f"http://link.example:{server.port}/x"))


@pytest.mark.parametrize(
    ("answer", "other_host_too"),
    [(_answer("429 X", "Retry-After: 60"), True), (_answer("503 X", "Retry-After: 60"), False)],
)
def test_who_asks_us_to_wait_is_left_alone_also_behind_a_redirect(
    server, clock, nap: _Nap, answer, other_host_too
) -> None:
    server.answers["/x"] = _answer("302 X", f"Location: http://paper.example:{server.port}/y")
    server.answers["/y"] = answer
    server.answers["/fine"] = _answer("200 OK")
    http = _live(server, clock, nap)
    with pytest.raises(RetryLater) as first:
        http.get(Request(f"http://link.example:{server.port}/x"))
    with pytest.raises(RetryLater, match="asked us to wait"):
        http.get(Request(f"http://paper.example:{server.port}/fine"))
    assert first.value.after_seconds == 60
    other = Request(f"http://blog.paper.example:{server.port}/fine")
    if other_host_too:
        with pytest.raises(RetryLater, match="asked us to wait"):
            http.get(other)
    else:
        assert http.get(other).status == 200
    assert http.get(Request(f"http://link.example:{server.port}/fine")).status == 200


def test_what_is_no_address_costs_nobody_a_turn(server, clock, nap: _Nap) -> None:
    http = _live(server, clock, nap)
    for _ in range(5):
        with suppress(Rejected):
            http.get(Request("http://["))
    assert nap.at == 1000
