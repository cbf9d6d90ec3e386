"""Retry-After and validators, in all the forms that servers find."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.adapters.http.answers import conditions, retry_after, shown
from broadsheet.model.exchange import Request

_NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        ("1.5", 1.5),
        ("999999999999", 86400),
        ("Mon, 02 Nov 2026 12:02:00 GMT", 120),
        ("Monday, 02-Nov-26 12:02:00 GMT", 120),
        ("Sun, 01 Nov 2026 12:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400),
        ("Fri, 31 Dec 9999 23:59:59 -0100", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("1e9", None),
        ("9" * 100, None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, _NOW) == seconds


@settings(deadline=None)
@given(st.text(max_size=40))
def test_retry_after_is_between_now_and_tomorrow(value: str) -> None:
    seconds = retry_after(value, _NOW)
    assert seconds is None or 0 <= seconds <= 86400


@pytest.mark.parametrize("etag", ['"v1"', 'W/"v1"', '""', "unquoted-1"])
def test_an_etag_is_given_back(etag: str) -> None:
    assert conditions(Request("http://a.example/", etag=etag), _NOW) == {"if-none-match": etag}


@pytest.mark.parametrize(
    "etag", ['"a\r\nX-Evil: 1"', '"a b"', '"a%0d%0aX-Evil: 1"', '"é"', "", '"' + "a" * 2000 + '"', "\x00"]
)
def test_an_etag_that_no_honest_server_gives_is_not(etag: str) -> None:
    assert conditions(Request("http://a.example/", etag=etag), _NOW) == {}


def test_a_date_is_given_back_unless_it_lies_ahead() -> None:
    past, ahead = "Sun, 01 Nov 2026 10:00:00 GMT", "Thu, 01 Jan 2099 00:00:00 GMT"
    assert conditions(Request("http://a.example/", last_modified=past), _NOW) == {"if-modified-since": past}
    for odd in (ahead, "yesterday", past + "\r\nX-Evil: 1"):
        assert conditions(Request("http://a.example/", last_modified=odd), _NOW) == {}


def test_an_address_in_an_error_is_one_short_line() -> None:
    assert "\n" not in shown("http://a.example/\nEvil")
    assert len(shown("http://a.example/" + "x" * 5000)) < 220
