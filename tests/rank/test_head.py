"""The head of a story: the order of preference, and that it does not flap."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.stages.rank.head import MARGIN, Candidate, choose_head

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = Candidate("first", 50, NOON, provider_name="Ferry Post")
LATER = Candidate("later", 50, NOON + timedelta(hours=2), provider_name="Kelp Ledger")

candidates = st.lists(
    st.builds(
        Candidate,
        id=st.sampled_from("abcdefgh"),
        quality=st.integers(0, 100),
        published=st.sampled_from([NOON, NOON + timedelta(hours=1)]),
        is_copy=st.booleans(),
        provider_name=st.sampled_from(["", "Kelp", "Ridge"]),
        is_trusted=st.booleans(),
        is_official=st.booleans(),
        pinned=st.booleans(),
    ),
    min_size=1,
    unique_by=lambda candidate: candidate.id,
)


@pytest.mark.parametrize(
    "better",
    [
        replace(LATER, pinned=True),
        replace(LATER, quality=51),
        replace(LATER, is_trusted=True),
        replace(LATER, is_official=True),
        replace(LATER, published=NOON - timedelta(seconds=1)),
    ],
)
def test_the_order_of_preference(better: Candidate) -> None:
    assert choose_head([FIRST, better]).id == "later"
    assert choose_head([better, FIRST]).id == "later"


def test_an_original_comes_before_a_copy_whatever_its_quality() -> None:
    copy = replace(LATER, quality=200, is_official=True, is_copy=True)
    choice = choose_head([copy, FIRST])
    assert choice.id == "first"
    assert choice.reasons[0] == "It is an original, and the runner-up repeats another report."
    assert (choice.runner_up, choice.distance) == ("later", -150)


def test_of_equals_the_earliest() -> None:
    choice = choose_head([LATER, FIRST])
    assert choice.id == "first"
    assert choice.reasons == (
        "It came first, at 2026-03-01 12:00 UTC.",
        "Next in line is Kelp Ledger, of the same quality.",
    )


def test_a_sitting_head_stays_until_another_is_better_by_the_margin() -> None:
    close = replace(LATER, quality=50 + MARGIN - 1)
    choice = choose_head([FIRST, close], "first")
    assert choice.id == "first"
    assert "It was the head before and stays" in choice.reasons[0]
    assert (choice.runner_up, choice.distance) == ("later", -14)
    ahead = choose_head([FIRST, replace(close, quality=50 + MARGIN)], "first")
    assert ahead.id == "later"
    assert "It took the place of Ferry Post, 15 points of quality behind it." in ahead.reasons


def test_a_sitting_head_that_turned_out_to_be_a_copy_goes() -> None:
    choice = choose_head([replace(FIRST, is_copy=True, quality=99), LATER], "first")
    assert choice.id == "later"
    assert "It took the place of Ferry Post, which turned out to repeat another report." in choice.reasons


def test_an_editor_has_the_last_word() -> None:
    choice = choose_head([replace(FIRST, quality=500), replace(LATER, pinned=True)], "first")
    assert choice.id == "later"
    assert "It took the place of Ferry Post at an editor's word." in choice.reasons


def test_a_third_may_take_the_place_that_the_second_may_not() -> None:
    listed = replace(LATER, id="listed", quality=40, is_trusted=True)
    strong = replace(LATER, id="strong", quality=80)
    assert choose_head([FIRST, listed, strong], "first").id == "strong"


def test_only_one_report() -> None:
    choice = choose_head([FIRST], "gone")
    assert choice == choose_head([FIRST])
    assert choice.reasons == ("It is the only report of this story.",)
    assert (choice.runner_up, choice.distance) == (None, None)


def test_no_report_at_all() -> None:
    with pytest.raises(ValueError, match="no head"):
        choose_head([])


@given(candidates, st.sampled_from([None, *"abcdefgh"]))
def test_a_head_once_chosen_stays_while_nothing_changes(given_candidates: list[Candidate], current: str | None) -> None:
    choice = choose_head(given_candidates, current)
    assert choose_head(given_candidates, choice.id).id == choice.id
    assert choose_head(given_candidates[::-1], current) == choice


@given(candidates, st.sampled_from([None, *"abcdefgh"]))
def test_reasons_are_short_whole_sentences(given_candidates: list[Candidate], current: str | None) -> None:
    choice = choose_head(given_candidates, current)
    assert choice.reasons
    assert all(reason[0].isupper() and reason.endswith(".") and len(reason) < 140 for reason in choice.reasons)
    assert (choice.runner_up is None) == (len(given_candidates) == 1)


@given(st.lists(st.integers(0, 14), min_size=1, max_size=30))
def test_small_changes_of_quality_never_change_the_head(changes: list[int]) -> None:
    """The origin's fault: the head went to and fro with every poll."""
    head = choose_head([FIRST, LATER]).id
    for change in changes:
        head = choose_head([FIRST, replace(LATER, quality=50 + change)], head).id
        assert head == "first"
