"""When a source is asked again, after good answers and bad ones."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import GoneForGood, ItemError, Rejected, RetryLater
from broadsheet.model.exchange import Response
from broadsheet.model.feed import Entry, Feed
from broadsheet.model.source import Rhythm, Source, SourceState, rhythm_from_json
from broadsheet.stages.sources.schedule import (
    LONGEST,
    SHORTEST,
    Poll,
    after_failure,
    after_success,
    entry_key,
    place_of,
)

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
NEW = SourceState(Source("https://paper.example/feed"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def every(gap: timedelta, number: int = 30, until: datetime = NOW) -> Poll:
    return Poll(listed=tuple((i, until - gap * i) for i in range(1, number + 1)))


def wait(state: SourceState) -> timedelta:
    assert state.next_due is not None
    assert state.last_polled is not None
    return state.next_due - state.last_polled


def test_the_busier_a_source_the_sooner_it_is_asked() -> None:
    gaps = [timedelta(minutes=20), 3 * HOUR, DAY, 10 * DAY, 100 * DAY]
    found = [after_success(NEW, NOW, every(gap)).interval_seconds for gap in gaps]
    assert found == sorted(found)
    assert found[0] < 3600 < found[2]
    assert found[0] * 10 < found[-1] <= LONGEST


def test_silence_makes_it_rarer_and_news_more_often() -> None:
    state = after_success(NEW, NOW, every(HOUR))
    silent = after_success(state, NOW + 20 * DAY, Poll(not_modified=True))
    assert silent.interval_seconds > state.interval_seconds
    now = NOW + 21 * DAY
    news = tuple((1000 + i, now - timedelta(minutes=i)) for i in range(20))
    woken = after_success(silent, now, Poll(listed=news))
    assert woken.interval_seconds < silent.interval_seconds


def test_a_source_that_keeps_hours_is_asked_right_after_them() -> None:
    """An entry a day at 15:02; the coming one is found within a quarter of an hour."""
    at = NOW.replace(hour=15, minute=2)
    poll = Poll(listed=tuple((i, at - DAY * i) for i in range(1, 40)))
    state = after_success(NEW, NOW, poll)
    while state.next_due is not None and state.next_due < at:
        state = after_success(state, state.next_due, Poll(not_modified=True))
    assert state.next_due is not None
    assert state.next_due - at < timedelta(minutes=20)


def test_a_higher_price_means_fewer_polls() -> None:
    dear = SourceState(NEW.source, price=NEW.price * 20)
    assert after_success(dear, NOW, every(DAY)).interval_seconds > after_success(NEW, NOW, every(DAY)).interval_seconds


def test_what_appeared_is_learned_once() -> None:
    state = after_success(NEW, NOW, every(DAY, 3))
    assert len(state.rhythm.times) == 3
    again = after_success(state, NOW + HOUR, every(DAY, 3))
    assert again.rhythm.times == state.rhythm.times
    later = NOW + 2 * HOUR
    fresh = after_success(again, later, Poll(listed=((7, later - timedelta(minutes=5)), *every(DAY, 3).listed)))
    assert fresh.rhythm.times[-1] == int((later - timedelta(minutes=5)).timestamp())


def test_an_entry_that_names_only_its_day_or_nothing_came_between_two_polls() -> None:
    state = after_success(NEW, NOW, every(DAY, 3))
    later = NOW + 4 * HOUR
    for when in (None, NOW.replace(hour=0), later + DAY):
        times = after_success(state, later, Poll(listed=((9, when),))).rhythm.times
        assert times[-1] == int((NOW + 2 * HOUR).timestamp()), when
    old = after_success(state, later, Poll(listed=((9, NOW - 300 * DAY),)))
    assert old.rhythm.times == state.rhythm.times  # an old one that came up again is no news


def test_the_first_poll_of_a_feed_without_dates_teaches_nothing() -> None:
    assert after_success(NEW, NOW, Poll(listed=((1, None), (2, None)))).rhythm.times == ()


def test_feed_and_server_may_ask_for_patience() -> None:
    for poll in (Poll(ttl_minutes=180), Poll(max_age_seconds=10_800)):
        assert wait(after_success(NEW, NOW, poll)) >= timedelta(hours=3)
    assert wait(after_success(NEW, NOW, Poll(ttl_minutes=10**9))) <= timedelta(hours=27)


def test_a_feed_s_patience_holds_when_nothing_has_changed() -> None:
    state = after_success(NEW, NOW, Poll(ttl_minutes=600))
    assert wait(after_success(state, NOW + 10 * HOUR, Poll(not_modified=True))) >= 10 * HOUR


def test_skipped_hours_and_days_are_left_out() -> None:
    night = Poll(listed=every(HOUR).listed, skip_hours=tuple(range(9, 20)))
    state = after_success(NEW, NOW, night)
    assert state.next_due is not None
    assert state.next_due.hour == 20
    week = after_success(NEW, NOW, Poll(listed=every(HOUR).listed, skip_days=(2, 3)))  # NOW is a Wednesday
    assert week.next_due is not None
    assert week.next_due.date() == (NOW + 2 * DAY).date()


def test_headers_and_feed_become_a_poll() -> None:
    headers = {"etag": '"1"', "last-modified": "x", "cache-control": "public, max-age=900"}
    response = Response("u", "u", 200, b"", NOW, headers, moved_to="https://new.example/")
    entry = Entry(url="https://paper.example/1", published=NOW)
    poll = Poll.of(response, [entry], Feed(ttl=5, skip_hours=(3,), skip_days=(6,)))
    assert poll.listed == ((entry_key(entry), NOW),)
    assert (poll.ttl_minutes, poll.max_age_seconds, poll.skip_hours, poll.skip_days) == (5, 900, (3,), (6,))
    state = after_success(NEW, NOW, poll)
    assert (state.etag, state.last_modified) == ('"1"', "x")
    unchanged = after_success(state, NOW, Poll.of(Response("u", "u", 304, b"", NOW)))
    assert (unchanged.etag, unchanged.last_modified) == ('"1"', "x")
    assert after_success(state, NOW, Poll()).etag is None


def test_failures_double_the_wait_up_to_a_day_and_success_forgets_them() -> None:
    for error in (Rejected("no feed"), GoneForGood("https://paper.example/feed: HTTP 404")):
        state, waits = NEW, []
        for _ in range(30):
            state = after_failure(state, NOW, error)
            waits.append(wait(state))
        assert timedelta(minutes=5) <= waits[0] <= timedelta(minutes=5.5)
        assert timedelta(minutes=10) <= waits[1] <= timedelta(minutes=11)
        assert timedelta(days=1) <= waits[-1] <= timedelta(days=1.1)
        assert (state.failures, state.retired) == (30, False)
        well = after_success(state, NOW, Poll())
        assert (well.failures, well.last_error) == (0, None)


def test_retry_after_is_obeyed_but_not_for_ever() -> None:
    assert wait(after_failure(NEW, NOW, RetryLater("busy", after_seconds=7200))) >= 2 * HOUR
    assert wait(after_failure(NEW, NOW, RetryLater("busy", after_seconds=1e12))) <= 8 * DAY


def test_a_source_is_retired_only_when_it_says_for_a_week_that_it_is_gone() -> None:
    state, now = NEW, NOW
    while not state.retired:
        state = after_failure(state, now, GoneForGood("HTTP 410"))
        assert state.next_due is not None
        now = state.next_due
    assert timedelta(days=7) <= now - NOW <= timedelta(days=10)
    assert state.last_error == "gone since 2026-03-04T10:00:00Z: HTTP 410"


def test_another_failure_in_between_begins_the_week_anew() -> None:
    state = after_failure(NEW, NOW, GoneForGood("HTTP 410"))
    state = after_failure(state, NOW + timedelta(days=5), RetryLater("time-out"))
    state = after_failure(state, NOW + timedelta(days=9), GoneForGood("HTTP 410"))
    state = after_failure(state, NOW + timedelta(days=10), GoneForGood("HTTP 410"))
    assert not state.retired


MOVED = Poll(moved_to="https://new.example/feed")


def moved_for(days: float, polls: int) -> SourceState:
    state = NEW
    for i in range(polls):
        state = after_success(state, NOW + DAY * days * i / (polls - 1), MOVED)
    return state


def test_a_move_is_believed_after_several_polls_on_several_days() -> None:
    assert place_of(moved_for(days=0.1, polls=20)) == NEW.source.url
    assert place_of(moved_for(days=9, polls=3)) == NEW.source.url
    assert place_of(moved_for(days=3, polls=4)) == MOVED.moved_to


def test_a_move_that_is_taken_back_is_forgotten() -> None:
    state = after_success(moved_for(days=2, polls=4), NOW + 3 * DAY, Poll())
    assert (state.moved_to, state.moved_polls) == (None, 0)
    other = after_success(moved_for(days=2, polls=4), NOW + 3 * DAY, Poll(moved_to="https://other.example/"))
    assert (other.moved_to, other.moved_polls, other.moved_since) == ("https://other.example/", 1, NOW + 3 * DAY)


def test_the_new_address_is_kept_while_it_answers_and_given_up_when_nothing_is_there() -> None:
    state = moved_for(days=4, polls=5)
    assert place_of(after_success(state, NOW + 5 * DAY, Poll())) == MOVED.moved_to
    assert place_of(after_failure(state, NOW + 5 * DAY, RetryLater("busy"))) == MOVED.moved_to
    for error in (GoneForGood("HTTP 404"), Rejected("no feed")):
        assert place_of(after_failure(state, NOW + 5 * DAY, error)) == NEW.source.url


INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 50), st.none() | INSTANTS), max_size=40), st.none() | st.integers(0, 10**9),
       st.none() | st.integers(0, 10**10), st.floats(1, 1e8))  # fmt: skip
def test_the_next_poll_is_always_between_ten_minutes_and_a_day(
    listed: list[tuple[int, datetime | None]], ttl: int | None, age: int | None, price: float
) -> None:
    state, now = SourceState(NEW.source, price=price), NOW
    for _ in range(3):
        after = after_success(state, now, Poll(listed=tuple(listed), ttl_minutes=ttl, max_age_seconds=age))
        assert SHORTEST <= after.interval_seconds <= LONGEST
        assert timedelta(seconds=SHORTEST) <= wait(after) <= timedelta(seconds=LONGEST * 1.1)
        assert list(after.rhythm.times) == sorted(after.rhythm.times)
        assert rhythm_from_json(after.rhythm.as_json()) == after.rhythm
        state, now = after, now + wait(after)
    assert rhythm_from_json({}) == Rhythm()


@given(st.integers(1, 60), st.sampled_from([RetryLater("x"), Rejected("x"), GoneForGood("HTTP 404")]))
def test_no_failure_stops_the_asking(times: int, error: ItemError) -> None:
    state = NEW
    for _ in range(times):
        state = after_failure(state, NOW, error)
    assert not state.retired
    assert timedelta(minutes=5) <= wait(state) <= timedelta(days=1.1)
