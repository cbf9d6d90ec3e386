"""What every filling of the `Http` port promises, asked of each of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.replay import ReplayHttp
from broadsheet.errors import GoneForGood, ItemError, Rejected, RetryLater
from broadsheet.formats.warc import WarcWriter
from broadsheet.model.exchange import Letter, Purpose, Request, Response
from broadsheet.ports import Clock, Http


@dataclass
class World:
    """Some answers by path, and a client that meets them."""

    http: Http
    origin: str
    clock: Clock

    def get(self, path: str, **more: str) -> Response:
        return self.http.get(Request(self.origin + path, Purpose.FEED, **more))


@dataclass
class Recorded:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


_ANSWERS = {
    "/feed": Recorded(body=b"<rss/>", headers={"Content-Type": "text/xml", "ETag": '"v1"', "X-Two": "1"}),
    "/dated": Recorded(body=b"<rss/>", headers={"Last-Modified": "Sun, 01 Nov 2026 10:00:00 GMT"}),
    "/moved": Recorded(301, headers={"Location": "/moved-again"}),
    "/moved-again": Recorded(308, headers={"Location": "feed"}),
    "/for-now": Recorded(302, headers={"Location": "/moved-again"}),
    "/see-other": Recorded(303, headers={"Location": "/feed#entry"}),
    "/circle": Recorded(307, headers={"Location": "/circle-2"}),
    "/circle-2": Recorded(307, headers={"Location": "/circle"}),
    "/nowhere": Recorded(302),
    "/to-a-file": Recorded(302, headers={"Location": "file:///etc/hostname"}),
    "/to-nothing": Recorded(302, headers={"Location": "http://["}),
    **{f"/hop{n}": Recorded(302, headers={"Location": f"/hop{n + 1}"}) for n in range(12)},
    "/hop12": Recorded(body=b"too far"),
    **{f"/status/{code}": Recorded(code, b"not for you") for code in (300, 400, 401, 403, 404, 410, 418, 451, 499)},
    **{f"/status/{code}": Recorded(code) for code in (202, 204, 408, 425, 500, 502, 503, 599, 304)},
    "/busy": Recorded(503, headers={"Retry-After": "120"}),
    "/slow-down": Recorded(429, headers={"Retry-After": "Mon, 02 Nov 2026 12:10:00 GMT"}),
}


@pytest.fixture(params=["live", "replay"])
def world(request: pytest.FixtureRequest, server, clock, live: LiveHttp, tmp_path: Path) -> Iterator[World]:
    build: dict[str, Callable[[], Http]] = {
        "live": lambda: live,
        "replay": lambda: _replayed(tmp_path / "week.warc.gz", server.origin, clock),
    }
    for path, answer in _ANSWERS.items():
        server.answers[path] = _as_sent(answer)
    http = build[request.param]()
    yield World(http, server.origin, clock)
    http.close()


def _as_sent(answer: Recorded) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} X", *(f"{name}: {value}" for name, value in answer.headers.items())]
    if answer.status not in {204, 304}:
        lines.append(f"Content-Length: {len(answer.body)}")
    return "\r\n".join([*lines, "", ""]).encode() + answer.body


def _replayed(path: Path, origin: str, clock: Clock) -> ReplayHttp:
    with WarcWriter(path) as writer:
        for at, answer in _ANSWERS.items():
            url = origin + at
            writer.write(Response(url, url, answer.status, answer.body, clock.now(), answer.headers))
    return ReplayHttp([path], clock)


def test_an_answer(world: World) -> None:
    response = world.get("/feed")
    assert (response.status, response.body, response.content_type) == (200, b"<rss/>", "text/xml")
    assert response.url == response.final_url == world.origin + "/feed"
    assert response.moved_to is None
    assert response.fetched_at == world.clock.now()
    assert response.headers["etag"] == '"v1"'
    assert not {"content-length", "content-encoding", "transfer-encoding"} & set(response.headers)


def test_what_we_have_is_still_true(world: World) -> None:
    for response in (
        world.get("/feed", etag='"v1"'),
        world.get("/dated", last_modified="Sun, 01 Nov 2026 10:00:00 GMT"),
    ):
        if response.status == 200:  # a server may always send the whole
            assert response.body
        else:
            assert response.not_modified
            assert response.body == b""


def test_what_we_have_is_old(world: World) -> None:
    assert world.get("/feed", etag='"v0"').body == b"<rss/>"


def test_a_304_that_nobody_asked_for_is_no_success(world: World) -> None:
    with pytest.raises(RetryLater):
        world.get("/status/304")


def test_permanent_redirects_move_the_address(world: World) -> None:
    response = world.get("/moved")
    assert response.url == world.origin + "/moved"
    assert response.final_url == response.moved_to == world.origin + "/feed"
    assert response.body == b"<rss/>"


@pytest.mark.parametrize("path", ["/for-now", "/see-other"])
def test_one_passing_redirect_moves_nothing(world: World, path: str) -> None:
    response = world.get(path)
    assert response.final_url == world.origin + "/feed"
    assert response.moved_to is None


@pytest.mark.parametrize("path", ["/circle", "/nowhere", "/to-a-file", "/to-nothing", "/hop0"])
def test_redirects_that_lead_nowhere(world: World, path: str) -> None:
    with pytest.raises(Rejected):
        world.get(path)


def test_ten_redirects_are_followed(world: World) -> None:
    assert world.get("/hop2").body == b"too far"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *[(code, RetryLater) for code in (202, 204, 408, 425, 500, 502, 503, 599)],
        *[(code, GoneForGood) for code in (404, 410)],
        *[(code, Rejected) for code in (300, 400, 401, 403, 418, 451, 499)],
    ],
)
def test_each_status_says_what_to_do_next(world: World, status: int, error: type[ItemError]) -> None:
    with pytest.raises(error, match=f"HTTP {status}") as caught:
        world.get(f"/status/{status}")
    assert "not for you" not in str(caught.value)


def test_the_time_that_a_site_asks_for(world: World) -> None:
    with pytest.raises(RetryLater) as busy:
        world.get("/busy")
    assert busy.value.after_seconds == 120


def test_the_instant_that_a_site_asks_for(world: World) -> None:
    with pytest.raises(RetryLater) as slow_down:
        world.get("/slow-down")
    assert slow_down.value.after_seconds == 600


_NO_ADDRESSES = ["", "feed", "file:///etc/hostname", "javascript:alert(1)", "http://", "http://[", "//x/"]


@pytest.mark.parametrize("url", _NO_ADDRESSES)
def test_what_is_no_address_is_rejected(world: World, url: str) -> None:
    with pytest.raises(Rejected):
        world.http.get(Request(url))


def test_a_robots_txt_that_is_not_there(world: World) -> None:
    with pytest.raises(GoneForGood):
        world.http.get(Request(world.origin + "/robots.txt", Purpose.ROBOTS))


@pytest.fixture
def letters(server, clock, live: LiveHttp) -> World:
    """The live world: what only remembers the past sends nothing."""
    for path, answer in _ANSWERS.items():
        server.answers[path] = _as_sent(answer)
    return World(live, server.origin, clock)


def test_a_letter_goes_out_as_it_is(letters: World, server) -> None:
    answer = letters.http.post(Letter(letters.origin + "/feed", b'{"a":1}', headers={"x-signature": "sha256=00"}))
    assert (answer.status, answer.body) == (200, b"")
    head, _, body = server.requests[-1].partition("\r\n\r\n")
    assert head.startswith("POST /feed HTTP/1.1\r\n")
    assert body == '{"a":1}'
    sent = dict(line.split(": ", 1) for line in head.lower().split("\r\n")[1:])
    assert sent.keys() == {"host", "user-agent", "content-type", "content-length", "x-signature"}
    assert (sent["content-type"], sent["content-length"]) == ("application/json", "7")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        *[(f"/status/{code}", RetryLater) for code in (408, 425, 500, 503)],
        *[(f"/status/{code}", GoneForGood) for code in (404, 410)],
        *[(f"/status/{code}", Rejected) for code in (400, 401, 403)],
        *[(path, Rejected) for path in ("/moved", "/for-now", "/see-other")],
    ],
)
def test_a_letter_that_is_not_taken(letters: World, server, path: str, error: type[ItemError]) -> None:
    before = len(server.requests)
    with pytest.raises(error):
        letters.http.post(Letter(letters.origin + path, b"{}"))
    assert len(server.requests) == before + 1  # it goes to nobody else


@pytest.mark.parametrize("status", [202, 204])
def test_every_success_is_one_for_a_letter(letters: World, status: int) -> None:
    assert letters.http.post(Letter(f"{letters.origin}/status/{status}", b"{}")).status == status


@pytest.mark.parametrize("url", _NO_ADDRESSES)
def test_no_letter_goes_to_what_is_no_address(world: World, url: str) -> None:
    with pytest.raises(Rejected):
        world.http.post(Letter(url, b"{}"))


def test_no_letter_leaves_a_replay(server, clock: Clock, tmp_path: Path) -> None:
    with pytest.raises(Rejected):
        _replayed(tmp_path / "week.warc.gz", server.origin, clock).post(Letter(server.origin + "/feed", b"{}"))
    assert server.requests == []
