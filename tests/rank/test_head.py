"""The head of a story: the order of preference, and that it does not flap."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.score import Score, Term
from broadsheet.stages.rank.head import MARGIN, Candidate, HeadChoice, choose_head, head_of
from broadsheet.stages.rank.standing import Standing

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
        own_share=st.floats(0, 1),
        characters=st.integers(0, 5_000),
        has_excerpt=st.booleans(),
        has_author=st.booleans(),
        has_date=st.booleans(),
    ),
    min_size=1,
    unique_by=lambda candidate: candidate.id,
)


SAME_TIME = replace(LATER, published=NOON)


@pytest.mark.parametrize(
    "better",
    [
        replace(LATER, pinned=True),
        replace(LATER, quality=56),
        replace(SAME_TIME, quality=51),
        replace(SAME_TIME, is_trusted=True),
        replace(SAME_TIME, is_official=True),
        replace(SAME_TIME, own_share=0.3),
        replace(SAME_TIME, characters=500),
        replace(SAME_TIME, has_author=True),
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
    assert (choice.runner_up, choice.distance) == ("later", -145)


def test_only_the_first_of_all_is_said_to_be_first() -> None:
    early = Candidate("early", 1, NOON - timedelta(hours=1), provider_name="Open Slate")
    choice = choose_head([FIRST, LATER, early])
    assert choice.id == "first"
    assert choice.reasons[0] == "It came before the runner-up, at 2026-03-01 12:00 UTC."


def test_a_runner_up_of_the_same_publisher_is_told_apart() -> None:
    choice = choose_head([FIRST, replace(LATER, provider_name="Ferry Post")])
    assert choice.reasons[-1] == "Next in line is another report of Ferry Post, 5 points behind."


def test_of_equals_the_earliest() -> None:
    choice = choose_head([LATER, FIRST])
    assert choice.id == "first"
    assert choice.reasons == (
        "It came first, at 2026-03-01 12:00 UTC.",
        "Next in line is Kelp Ledger, 5 points behind.",
    )


def test_a_sitting_head_stays_until_another_is_better_by_the_margin() -> None:
    close = replace(LATER, quality=55 + MARGIN - 1)
    choice = choose_head([FIRST, close], "first")
    assert choice.id == "first"
    assert "It was the head before and stays" in choice.reasons[0]
    assert (choice.runner_up, choice.distance) == ("later", -24)
    ahead = choose_head([FIRST, replace(close, quality=55 + MARGIN)], "first")
    assert ahead.id == "later"
    assert "It took the place of Ferry Post, 25 points behind it." in ahead.reasons


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
    strong = replace(LATER, id="strong", quality=90)
    assert choose_head([FIRST, listed, strong], "first").id == "strong"


def test_only_one_report() -> None:
    choice = choose_head([FIRST], "gone")
    assert choice == choose_head([FIRST])
    assert choice.sitting is None
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


def recomputed(receipt: dict) -> str:  # type: ignore[type-arg]
    """The head from what the receipt says, as JSON, in any order."""
    rows = [
        Standing(
            Candidate(
                id=row["id"],
                quality=0,
                published=datetime.fromisoformat(row["published"]),
                is_copy=row["copy"],
                is_trusted=row["trusted"],
                is_official=row["official"],
                pinned=row["pinned"],
            ),
            Score(tuple(Term(term["name"], term["points"]) for term in row["terms"])),
        )
        for row in receipt["standings"]
    ]
    return head_of(sorted(rows, key=lambda s: s.rank), receipt["sitting"]).candidate.id


@given(candidates, st.sampled_from([None, *"abcdefgh"]))
def test_the_receipt_gives_the_same_choice(given_candidates: list[Candidate], current: str | None) -> None:
    choice = choose_head(given_candidates, current)
    receipt = json.loads(json.dumps(choice.as_json()))
    assert recomputed(receipt) == choice.id == receipt["head"]
    points = {row["id"]: row["points"] for row in receipt["standings"]}
    assert all(row["points"] == sum(t["points"] for t in row["terms"]) for row in receipt["standings"])
    if choice.runner_up is not None:
        assert choice.distance == points[choice.id] - points[choice.runner_up]


def heads_of(polls: list[list[Candidate]]) -> list[HeadChoice]:
    """The heads over many polls, each beginning with the one before."""
    found: list[HeadChoice] = []
    for poll in polls:
        found.append(choose_head(poll, found[-1].id if found else None))
    return found


def changes(choices: list[HeadChoice]) -> int:
    return sum(one.id != other.id for one, other in pairwise(choices))


@pytest.mark.parametrize("known_as_copy", [False, True])
def test_the_worst_case_of_the_origin(known_as_copy: bool) -> None:
    """Two publishers of one press release alternate as the better one, eight times in six days: its picture or its fast
    page is there at one visit and missing at the next."""
    polls = []
    for visit in range(9):
        one = Candidate("one", 70 + 20 * (visit % 2), NOON, has_excerpt=True, characters=1_000)
        two = Candidate("two", 70 + 20 * (1 - visit % 2), NOON + timedelta(hours=3), is_copy=known_as_copy)
        polls.append([one, two])
    assert changes([choose_head(poll) for poll in polls]) >= (0 if known_as_copy else 8)
    assert changes(heads_of(polls)) <= 1


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=2, max_size=20))
def test_however_quality_moves_a_copy_never_takes_the_place_of_its_original(moves: list[tuple[int, int]]) -> None:
    polls = [[replace(FIRST, quality=a), replace(LATER, quality=b, is_copy=True)] for a, b in moves]
    assert changes(heads_of(polls)) == 0


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), min_size=2, max_size=20))
def test_every_change_of_head_has_a_reason(moves: list[tuple[int, int]]) -> None:
    polls = [[replace(FIRST, quality=50 + 5 * a), replace(LATER, quality=50 + 5 * b)] for a, b in moves]
    choices = heads_of(polls)
    for before, after in pairwise(choices):
        took = [reason for reason in after.reasons if reason.startswith("It took the place of")]
        assert len(took) == (before.id != after.id)
        assert not took or (after.distance or 0) >= MARGIN
