"""What a site's robots.txt lets us do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import GoneForGood, ItemError, Rejected, RetryLater
from broadsheet.model.exchange import Letter, Request, Response
from broadsheet.stages.fetch import PageFetcher, Robots, RobotsRules

_AGENT = "Broadsheet/0.1.0 (+editor@paper.example)"


class _Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class _Site:
    """An `Http` with answers by address: a body, an error, or another address to which it leads."""

    def __init__(self, clock: _Clock, **answers: bytes | str | ItemError) -> None:
        self.answers: dict[str, bytes | str | ItemError] = dict(answers)
        self.asked: list[str] = []
        self._clock = clock

    def get(self, request: Request) -> Response:
        self.asked.append(request.url)
        answer = self.answers.get(request.url, GoneForGood("HTTP 404"))
        if isinstance(answer, ItemError):
            raise answer
        final = answer if isinstance(answer, str) else request.url
        body = b"<p>page" if isinstance(answer, str) else answer
        return Response(request.url, final, 200, body, self._clock.now())

    def post(self, letter: Letter) -> Response:
        raise Rejected(f"{letter.url}: takes no letters")

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def site(clock: _Clock) -> _Site:
    return _Site(clock)


@pytest.fixture
def robots(site: _Site, clock: _Clock) -> Robots:
    return Robots(site, _AGENT, clock)


_ROBOTS = "https://paper.example/robots.txt"
_STORY = "https://paper.example/story"


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        (b"", True),
        (b"User-agent: *\nDisallow: /\n", False),
        (b"User-agent: *\nDisallow: /private\n", True),
        (b"User-agent: *\nDisallow: /\nAllow: /story\n", True),
        (b"User-agent: *\nDisallow: /*ory$\n", False),
        (b"User-agent: Broadsheet\nDisallow: /\n", False),
        (b"User-agent: broadsheet/9\nDisallow: /\n\nUser-agent: *\nAllow: /\n", False),
        (b"User-agent: Broadsheet\nAllow: /\n\nUser-agent: *\nDisallow: /\n", True),
        (b"User-agent: Broad\nDisallow: /\n", True),
        (b"User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n", True),
        (b"User-agent: GPTBot\nUser-agent: *\nDisallow: /\n", False),
        (b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /\r\n", False),
        (b"<!doctype html><title>Not found</title>", True),
        (b"\xff\xfe\x00", True),
    ],
)
def test_the_rules(site: _Site, robots: Robots, rules: bytes, allowed: bool) -> None:
    site.answers[_ROBOTS] = rules
    assert robots.allowed(_STORY) is allowed


@pytest.mark.parametrize("error", [GoneForGood("HTTP 404"), Rejected("HTTP 403"), Rejected("redirects in a circle")])
def test_none_means_that_all_is_allowed(site: _Site, robots: Robots, error: ItemError) -> None:
    site.answers[_ROBOTS] = error
    assert robots.allowed(_STORY)


def test_while_it_can_t_be_reached_nothing_is_allowed(site: _Site, robots: Robots, clock: _Clock) -> None:
    site.answers[_ROBOTS] = RetryLater("HTTP 503", after_seconds=90)
    for _ in range(2):
        with pytest.raises(RetryLater) as wait:
            robots.allowed(_STORY)
        assert wait.value.after_seconds == 90
    assert site.asked == [_ROBOTS]
    clock.at += timedelta(minutes=6)
    site.answers[_ROBOTS] = b""
    assert robots.allowed(_STORY)


def test_it_is_asked_once_a_day_for_each_site(site: _Site, robots: Robots, clock: _Clock) -> None:
    other = "http://paper.example:8080"
    for _ in range(3):
        robots.allowed(_STORY)
        robots.allowed(f"{other}/x")
    assert site.asked == [_ROBOTS, f"{other}/robots.txt"]
    clock.at += timedelta(hours=25)
    robots.allowed(_STORY)
    assert len(site.asked) == 3


def test_threads_that_want_to_know_the_same_ask_once(site: _Site, robots: Robots) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(robots.allowed, [_STORY] * 40))
    assert site.asked == [_ROBOTS]


def test_it_remembers_only_so_many_sites(site: _Site, robots: Robots) -> None:
    for n in range(4200):
        robots.allowed(f"https://n{n}.example/")
    robots.allowed("https://n4199.example/")
    assert len(site.asked) == 4200
    robots.allowed("https://n0.example/")
    assert len(site.asked) == 4201


@pytest.mark.parametrize("url", ["", "story", "file:///etc/hostname", "http://[", "https://paper.example:99999/"])
def test_what_is_no_address(robots: Robots, url: str) -> None:
    with pytest.raises(Rejected):
        robots.allowed(url)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("2", 2.0), ("0.5", 0.5), ("-1", 0.0), ("soon", 0.0), ("1e9", 1e9), ("nan", 0.0), ("inf", 0.0), ("", 0.0)],
)
def test_crawl_delay(said: str, seconds: float) -> None:
    assert RobotsRules(f"User-agent: *\nCrawl-delay: {said}".encode(), _AGENT).crawl_delay_seconds == seconds


def test_many_names_times_many_rules_cost_no_more_than_both() -> None:
    names = "\n".join(f"User-agent: bot{n}" for n in range(9000))
    rules = "\n".join(f"Disallow: /{n}*a*a*a*b" for n in range(9000))
    assert RobotsRules(f"{names}\n{rules}\n".encode(), _AGENT).allow("https://paper.example/" + "a" * 2000)


_KNOWN = st.sampled_from(["User-agent: *", "Disallow: /", "Allow: /*$", "Crawl-delay: x", "user agent"])
_LINES = st.lists(st.one_of(_KNOWN, st.text(max_size=30)), max_size=8)


@settings(deadline=None)
@given(_LINES.map("\n".join), st.text(max_size=30))
def test_any_text_is_read(text: str, path: str) -> None:
    rules = RobotsRules(text.encode("utf-8", "replace"), _AGENT)
    assert rules.allow(f"https://paper.example/{path}") in {True, False}
    assert rules.crawl_delay_seconds >= 0


def test_a_page_is_fetched_when_it_may_be(site: _Site, robots: Robots) -> None:
    site.answers[_STORY] = b"<p>story"
    assert PageFetcher(site, robots).fetch(_STORY).body == b"<p>story"
    site.answers[_ROBOTS] = b"User-agent: *\nDisallow: /"
    site.asked.clear()
    fetcher = PageFetcher(site, Robots(site, _AGENT, _Clock()))
    with pytest.raises(Rejected, match=r"robots\.txt"):
        fetcher.fetch(_STORY)
    assert site.asked == [_ROBOTS]


def test_a_page_on_another_site_is_that_site_s_to_give(site: _Site, robots: Robots) -> None:
    site.answers[_STORY] = "https://other.example/story"
    site.answers["https://other.example/robots.txt"] = b"User-agent: *\nDisallow: /"
    with pytest.raises(Rejected, match=r"robots\.txt"):
        PageFetcher(site, robots).fetch(_STORY)
