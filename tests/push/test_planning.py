"""Which stories are announced, when, and how often it is tried."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.outgoing import Announcement, PushSettings, Standing
from broadsheet.stages.publish.push.planning import (
    RETRIES,
    Memory,
    begun,
    failed_try,
    is_quiet,
    is_too_old,
    may_send,
    planned,
)
from services import NEWS, NOW

TOOTS = PushSettings("mastodon", url="https://toot.example", secret="$T")


def plan(
    *news: object, known: dict | None = None, told: dict | None = None, is_new: bool = False, **more: object
) -> list:
    settings = replace(TOOTS, **more)
    return list(planned(settings, 70, news, Memory(known or {}, told or {}, is_new), NOW))


def test_a_new_story_waits_to_be_told() -> None:
    (one,) = plan(NEWS)
    assert (one.standing, one.subject, one.records, one.channel) == (
        Standing.WAITING,
        NEWS.id,
        NEWS.records,
        "mastodon",
    )


def test_a_new_channel_is_told_of_nothing_that_was_there() -> None:
    (one,) = plan(NEWS, is_new=True)
    assert one.standing is Standing.SKIPPED


@pytest.mark.parametrize(("heat", "own", "there"), [(90, 0, 1), (69, 0, 0), (90, 95, 0), (60, 50, 1)])
def test_below_the_heat_nothing_is_said_yet(heat: int, own: int, there: int) -> None:
    assert len(plan(replace(NEWS, heat=heat), heat=own)) == there


def test_old_stories_are_no_news() -> None:
    assert not plan(replace(NEWS, began=NOW - timedelta(hours=25)))


def test_a_story_that_took_over_what_was_told_is_passed_over() -> None:
    (one,) = plan(NEWS, told={NEWS.records[0]: "another"})
    assert (one.standing, one.said) == (Standing.SKIPPED, "announced as story another")


def test_what_waits_is_renewed_and_what_was_tried_stays() -> None:
    (waiting,) = plan(NEWS)
    hotter = replace(NEWS, heat=130, reports=5)
    (renewed,) = plan(hotter, known={NEWS.id: waiting})
    assert (renewed.heat, renewed.body["reports"], renewed.queued) == (130, 5, waiting.queued)
    assert not plan(hotter, known={NEWS.id: begun(waiting, NOW)})
    assert not plan(NEWS, known={NEWS.id: waiting})
    assert not plan(hotter, known={NEWS.id: replace(waiting, standing=Standing.SENT)})


@given(st.integers(0, 23), st.integers(0, 24), st.integers(0, 24))
def test_quiet_hours_are_those_between(hour: int, begin: int, end: int) -> None:
    now = NOW.replace(hour=hour)
    inside, at = is_quiet(f"{begin}-{end}", "UTC", now), begin % 24
    hours = []
    while at != end % 24:
        hours.append(at)
        at = (at + 1) % 24
    assert inside == (hour in hours or begin % 24 == end % 24)


def test_quiet_hours_are_in_a_zone_and_wrong_ones_told() -> None:
    assert is_quiet("17-18", "Asia/Tokyo", NOW)
    assert not is_quiet("8-9", "Asia/Tokyo", NOW)
    for quiet, zone in (("night", "UTC"), ("22-25", "UTC"), ("22-7", "Nowhere/Else"), ("22-7", "../etc/passwd")):
        with pytest.raises(ValueError, match=r"hours|zone"):
            is_quiet(quiet, zone, NOW)


def test_people_are_spoken_to_seldom_and_machines_at_once() -> None:
    assert may_send(TOOTS, 0, 0, NOW) == 4
    assert may_send(TOOTS, 3, 3, NOW) == 1
    assert may_send(TOOTS, 0, 24, NOW) == 0
    assert may_send(replace(TOOTS, per_hour=50, per_day=60), 0, 30, NOW) == 30
    assert may_send(PushSettings("webhook"), 500, 500, NOW) > 10_000
    assert may_send(replace(TOOTS, quiet="7-9"), 0, 0, NOW) == 0


def test_a_try_is_repeated_ever_later_and_comes_to_an_end() -> None:
    one = Announcement("mastodon", "a", NOW)
    now, waits = NOW, []
    while one.standing is Standing.WAITING:
        tried = begun(one, now)
        one = failed_try(tried, one, "HTTP 500", wait=None, certain=False)
        waits.append(one.not_before - now)
        now = one.not_before
    assert waits[: len(RETRIES)] == list(RETRIES)
    assert one.standing is Standing.FAILED
    assert one.attempts == len(RETRIES) + 1
    assert one.uncertain == NOW


def test_what_the_other_side_asks_for_is_waited() -> None:
    one = Announcement("mastodon", "a", NOW)
    kept = failed_try(begun(one, NOW), one, "HTTP 429", wait=7200, certain=True)
    assert kept.not_before == NOW + timedelta(hours=2)
    assert kept.uncertain is None
    assert failed_try(begun(one, NOW), one, "HTTP 429", wait=1, certain=True).not_before == NOW + RETRIES[0]


def test_what_never_had_its_turn_is_given_up() -> None:
    one = Announcement("mastodon", "a", NOW - timedelta(hours=25))
    assert is_too_old(one, TOOTS, NOW)
    assert not is_too_old(begun(one, NOW), TOOTS, NOW), "it may be out already"
    assert not is_too_old(replace(one, queued=NOW), TOOTS, NOW)
