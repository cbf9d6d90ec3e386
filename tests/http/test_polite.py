"""Manners, on a clock that only moves when somebody sleeps."""

import threading

import pytest

from broadsheet.adapters.http.answers import Throttled
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.adapters.http.polite import PoliteHttp
from broadsheet.errors import GoneForGood, RetryLater
from broadsheet.model.exchange import Letter, Purpose, Request, Response


class _Nap:
    """Time: `sleep` moves it."""

    def __init__(self) -> None:
        self.at = 1000.0

    def tick(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


class _Sites:
    """An `Http` that notes when it was asked what; `trouble` is raised for the addresses it names."""

    def __init__(self, nap: _Nap, clock) -> None:
        self.asked: list[tuple[float, str]] = []
        self.trouble: dict[str, Exception] = {}
        self.robots = b""
        self._nap = nap
        self._clock = clock

    def get(self, request: Request) -> Response:
        self.asked.append((self._nap.at, request.url))
        if request.url in self.trouble:
            raise self.trouble[request.url]
        body = self.robots if request.purpose is Purpose.ROBOTS else b""
        return Response(request.url, request.url, 200, body, self._clock.now())

    def post(self, letter: Letter) -> Response:
        return self.get(Request(letter.url))

    def close(self) -> None:
        self.asked.append((self._nap.at, "closed"))


@pytest.fixture
def nap() -> _Nap:
    return _Nap()


@pytest.fixture
def sites(nap: _Nap, clock) -> _Sites:
    return _Sites(nap, clock)


def _polite(sites: _Sites, nap: _Nap, **options: object) -> PoliteHttp:
    return PoliteHttp(sites, HttpOptions(**options), tick=nap.tick, sleep=nap.sleep)  # type: ignore[arg-type]


def test_one_publisher_is_asked_once_a_second_another_at_once(sites: _Sites, nap: _Nap) -> None:
    http = _polite(sites, nap)
    for url in ("https://paper.example/1", "https://www.paper.example/2", "https://other.example/1"):
        http.get(Request(url))
    assert [at - 1000 for at, _ in sites.asked] == [0, 1, 1]


def test_time_that_has_passed_anyway_counts(sites: _Sites, nap: _Nap) -> None:
    http = _polite(sites, nap, per_host_delay_seconds=5)
    http.get(Request("https://paper.example/1"))
    nap.at += 3
    http.get(Request("https://paper.example/2"))
    assert nap.at == 1005


def test_crawl_delay_is_kept_within_reason(sites: _Sites, nap: _Nap) -> None:
    sites.robots = b"User-agent: *\nCrawl-delay: 4\n\nUser-agent: broadsheet\nCrawl-delay: 1000000\n"
    http = _polite(sites, nap, max_crawl_delay_seconds=30)
    http.get(Request("https://paper.example/robots.txt", Purpose.ROBOTS))
    for n in range(3):
        http.get(Request(f"https://paper.example/{n}"))
    assert [at - 1000 for at, _ in sites.asked] == [0, 1, 31, 61]


def test_one_s_own_machines_need_no_delay(sites: _Sites, nap: _Nap) -> None:
    http = _polite(sites, nap, allow=frozenset({"127.0.0.1:8000"}))
    for n in range(3):
        http.get(Request(f"http://127.0.0.1:8000/{n}"))
    assert nap.at == 1000


def test_a_site_that_had_too_much_of_us_is_left_alone(sites: _Sites, nap: _Nap) -> None:
    sites.trouble["https://paper.example/1"] = Throttled("HTTP 429", after_seconds=120)
    http = _polite(sites, nap)
    with pytest.raises(RetryLater):
        http.get(Request("https://paper.example/1"))
    nap.at += 20
    with pytest.raises(RetryLater) as waiting:
        http.get(Request("https://blog.paper.example/2"))
    assert waiting.value.after_seconds == 100
    http.get(Request("https://other.example/1"))
    nap.at += 100
    http.get(Request("https://paper.example/2"))
    assert [url for _, url in sites.asked] == [
        "https://paper.example/1",
        "https://other.example/1",
        "https://paper.example/2",
    ]


def test_other_trouble_is_that_of_one_page(sites: _Sites, nap: _Nap) -> None:
    sites.trouble["https://paper.example/1"] = RetryLater("HTTP 503", after_seconds=600)
    sites.trouble["https://paper.example/2"] = GoneForGood("HTTP 404")
    http = _polite(sites, nap)
    with pytest.raises(RetryLater):
        http.get(Request("https://paper.example/1"))
    with pytest.raises(GoneForGood):
        http.get(Request("https://paper.example/2"))
    assert http.get(Request("https://paper.example/3")).status == 200


def test_at_most_two_at_a_time(nap: _Nap, clock) -> None:
    inside, most, lock, both = 0, 0, threading.Lock(), threading.Barrier(2, timeout=5)

    class Slow(_Sites):
        def get(self, request: Request) -> Response:
            nonlocal inside, most
            with lock:
                inside += 1
                most = max(most, inside)
            both.wait()  # leaves in twos: a third one inside would be counted
            with lock:
                inside -= 1
            return Response(request.url, request.url, 200, b"", clock.now())

    http = PoliteHttp(Slow(nap, clock), HttpOptions(per_host_delay_seconds=0), tick=nap.tick, sleep=nap.sleep)
    threads = [threading.Thread(target=http.get, args=(Request(f"https://paper.example/{n}"),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == 2


def test_it_closes_what_it_wraps(sites: _Sites, nap: _Nap) -> None:
    _polite(sites, nap).close()
    assert sites.asked == [(1000.0, "closed")]


def test_letters_wait_their_turn_among_all_requests(sites: _Sites, nap: _Nap) -> None:
    http = _polite(sites, nap)
    http.get(Request("https://paper.example/1"))
    http.post(Letter("https://paper.example/hook", b"{}"))
    assert [at for at, _ in sites.asked] == [1000.0, 1001.0]
    sites.trouble["https://paper.example/hook"] = Throttled("HTTP 429", after_seconds=60)
    for _ in range(2):
        with pytest.raises(RetryLater):
            http.post(Letter("https://paper.example/hook", b"{}"))
    assert len(sites.asked) == 3
