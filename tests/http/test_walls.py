"""Walls and pages that are not there, as they come through the door."""

import pytest

from broadsheet.errors import GoneForGood, Rejected, RetryLater
from broadsheet.model.exchange import Purpose, Request
from broadsheet.stages.fetch import PageFetcher, Robots

_CHALLENGE = b"<html><title>Just a moment...</title><script>window._cf_chl_opt={cType:'managed'}</script></html>"


def test_the_door_raises_them_by_name(server, live) -> None:
    body = _CHALLENGE
    for path, status in (("/good", "200 OK"), ("/bad", "403 Forbidden"), ("/busy", "503 Busy")):
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
        server.answers[path] = head.encode() + body
    for path, error in (("/good", Rejected), ("/bad", Rejected), ("/busy", RetryLater)):
        with pytest.raises(error) as caught:
            live.get(Request(server.origin + path, Purpose.FEED))
        assert caught.value.blocked == "a challenge of Cloudflare"
        assert "Cloudflare" in str(caught.value)
    assert live.get(Request(server.origin + "/good", Purpose.IMAGE)).body == body


def test_an_error_page_that_never_comes_is_not_waited_for_in_vain(server, hasty) -> None:
    server.answers["/x"] = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 500\r\n\r\n<title>"
    with pytest.raises(Rejected) as caught:
        hasty.get(Request(server.origin + "/x", Purpose.PAGE))
    assert caught.value.blocked == "HTTP 403, it forbids us to read it"


def test_such_a_page_is_gone(server, live, clock) -> None:
    body = b"<title>Page not found</title>"
    server.answers["/x"] = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    pages = PageFetcher(live, Robots(live, "Broadsheet/1", clock))
    with pytest.raises(GoneForGood, match="Page not found"):
        pages.fetch(server.origin + "/x")
    assert live.get(Request(server.origin + "/x", Purpose.PAGE)).body == body
