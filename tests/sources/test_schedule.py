from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import GoneForGood, Rejected, RetryLater
from broadsheet.model.exchange import Response
from broadsheet.model.source import Source, SourceState
from broadsheet.stages.sources.schedule import LONGEST, SHORTEST, Poll, after_failure, after_success

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
NEW = SourceState(Source("https://s.example/feed"))


def every(gap: timedelta, number: int = 20) -> Poll:
    return Poll(published=tuple(NOW - gap * i for i in range(1, number + 1)))


def test_the_interval_grows_with_the_square_root_of_the_gap() -> None:
    daily = after_success(NEW, NOW, every(timedelta(days=1)))
    every_four_days = after_success(NEW, NOW, every(timedelta(days=4)))
    assert daily.interval_seconds == 3600
    assert every_four_days.interval_seconds == 7200
    assert after_success(NEW, NOW, every(timedelta(minutes=1))).interval_seconds == SHORTEST
    assert after_success(NEW, NOW, every(timedelta(days=4000))).interval_seconds == LONGEST


def test_silence_lengthens_the_interval_and_news_shorten_it() -> None:
    before = after_success(NEW, NOW, Poll())
    quiet = after_success(before, NOW + timedelta(hours=1), Poll(not_modified=True))
    busy = after_success(before, NOW + timedelta(hours=1), Poll(new_entries=10))
    assert busy.interval_seconds < before.interval_seconds < quiet.interval_seconds


def test_the_future_is_no_rhythm() -> None:
    future = Poll(published=tuple(NOW + timedelta(days=i) for i in range(1, 9)))
    assert after_success(NEW, NOW, future).interval_seconds == NEW.interval_seconds


def test_feed_and_server_may_ask_for_patience() -> None:
    for poll in (Poll(ttl_minutes=180), Poll(max_age_seconds=10_800)):
        assert after_success(NEW, NOW, poll).next_due >= NOW + timedelta(hours=3)  # type: ignore[operator]
    assert after_success(NEW, NOW, Poll(ttl_minutes=10**9)).next_due <= NOW + timedelta(hours=27)  # type: ignore[operator]


def test_headers_become_a_poll() -> None:
    headers = {"etag": '"1"', "last-modified": "x", "cache-control": "public, max-age=900"}
    response = Response("u", "u", 200, b"", NOW, headers, moved_to="https://new.example/")
    poll = Poll.of(response, [NOW])
    assert poll == Poll(0, (NOW,), None, 900, '"1"', "x", "https://new.example/")
    state = after_success(NEW, NOW, poll)
    assert (state.etag, state.last_modified) == ('"1"', "x")
    unchanged = after_success(state, NOW, Poll.of(Response("u", "u", 304, b"", NOW)))
    assert (unchanged.etag, unchanged.last_modified) == ('"1"', "x")
    assert after_success(state, NOW, Poll()).etag is None


def test_failures_double_the_wait_up_to_a_day_and_success_forgets_them() -> None:
    state, waits = NEW, []
    for _ in range(12):
        state = after_failure(state, NOW, Rejected("no feed"))
        assert state.next_due is not None
        waits.append(state.next_due - NOW)
    assert timedelta(minutes=5) <= waits[0] <= timedelta(minutes=5.5)
    assert timedelta(minutes=10) <= waits[1] <= timedelta(minutes=11)
    assert timedelta(days=1) <= waits[-1] <= timedelta(days=1.1)
    assert (state.failures, state.last_error, state.retired) == (12, "no feed", False)
    well = after_success(state, NOW, Poll())
    assert (well.failures, well.last_error) == (0, None)


def test_retry_after_is_obeyed_but_not_for_ever() -> None:
    assert after_failure(NEW, NOW, RetryLater("busy", after_seconds=7200)).next_due >= NOW + timedelta(hours=2)  # type: ignore[operator]
    assert after_failure(NEW, NOW, RetryLater("busy", after_seconds=1e12)).next_due <= NOW + timedelta(days=8)  # type: ignore[operator]


def test_a_source_is_retired_only_when_gone_for_a_week() -> None:
    state, now = NEW, NOW
    while not state.retired:
        state = after_failure(state, now, GoneForGood("HTTP 410"))
        assert state.next_due is not None
        now = state.next_due
    assert timedelta(days=7) <= now - NOW <= timedelta(days=10)
    assert state.last_error == "gone since 2026-03-04T10:00:00Z: HTTP 410"


def test_another_failure_in_between_begins_the_week_anew() -> None:
    state = after_failure(NEW, NOW, GoneForGood("HTTP 404"))
    state = after_failure(state, NOW + timedelta(days=5), RetryLater("time-out"))
    state = after_failure(state, NOW + timedelta(days=9), GoneForGood("HTTP 404"))
    state = after_failure(state, NOW + timedelta(days=10), GoneForGood("HTTP 404"))
    assert not state.retired


@given(
    st.integers(0, 10**6), st.lists(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)), max_size=40),
    st.none() | st.integers(0, 10**9), st.none() | st.integers(0, 10**10), st.integers(1, LONGEST),
)  # fmt: skip
def test_the_next_poll_is_always_between_ten_minutes_and_a_day(
    new: int, published: list[datetime], ttl: int | None, age: int | None, interval: int
) -> None:
    state = SourceState(NEW.source, interval_seconds=interval, last_success=NOW - timedelta(hours=1))
    after = after_success(state, NOW, Poll(new, tuple(published), ttl, age))
    assert SHORTEST <= after.interval_seconds <= LONGEST
    assert after.next_due is not None
    assert timedelta(seconds=SHORTEST) <= after.next_due - NOW <= timedelta(seconds=LONGEST * 1.1)
    assert after == after_success(state, NOW, Poll(new, tuple(published), ttl, age))
