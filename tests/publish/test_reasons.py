"""Why a head is the head, in every language: each sentence that the ranking writes, and those that it did not write."""

import re
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.stages.publish.site.reasons import reason
from broadsheet.stages.publish.site.words import LANGUAGES, words_for
from broadsheet.stages.rank.head import choose_head
from broadsheet.stages.rank.standing import Candidate

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)


def candidates(official: bool, copy: bool, quality: int, same_publisher: bool, earlier: bool) -> list[Candidate]:
    other = Candidate("other", 60, NOON, provider_name="Ridge & Valley, Weekly")
    name = other.provider_name if same_publisher else "Ferry Post"
    mine = Candidate(
        "mine",
        quality,
        NOON - timedelta(hours=1) if earlier else LATER,
        provider_name=name,
        is_official=official,
        is_copy=copy,
        is_trusted=official,
    )
    return [mine, other, Candidate("third", 1, NOON - timedelta(hours=3), provider_name="Open Slate")]


def all_sentences() -> set[str]:
    found: set[str] = set()
    flags = (False, True)
    for official, copy, quality, same, earlier, current in product(
        flags, flags, (40, 60, 61, 70, 200), flags, flags, (None, "mine", "other", "third")
    ):
        given = candidates(official, copy, quality, same, earlier)
        found.update(choose_head(given, current).reasons)
        found.update(choose_head([given[0]], current).reasons)
    return found


SENTENCES = all_sentences()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_the_ranking_is_told_in_every_language(language: str) -> None:
    words = words_for(language)
    assert len({re.sub(r"[0-9]+", "0", s) for s in SENTENCES}) > 15
    for sentence in SENTENCES:
        told = reason(sentence, words)
        assert not told.engine, sentence
        foreign = re.sub("Ridge & Valley, Weekly|Ferry Post|Open Slate|UTC|Mar|mars|März", "", told.text)
        if language in ("ar", "ja"):
            assert not re.search("[A-Za-z]", foreign), told.text
        assert language == "en" or told.text != sentence


def test_english_says_dates_as_the_page_does() -> None:
    told = reason("It came first, at 2026-03-01 12:00 UTC.", words_for("en"))
    assert told.text == "It came first, at 1 Mar 2026, 12:00 UTC."


def test_another_report_of_the_same_publisher_is_said_to_be_one() -> None:
    told = reason("Next in line is another report of Ferry Post, 1 point behind.", words_for("de"))
    assert told.text == "Als Nächstes kommt ein anderer Bericht von Ferry Post, 1 Punkt zurück."


@given(st.text(max_size=200))
def test_what_is_no_reason_of_ours_is_shown_as_it_is(text: str) -> None:
    told = reason(f"x{text}", words_for("fr"))
    assert told.text == f"x{text}"
    assert told.engine


def test_a_day_that_never_was_is_shown_as_it_is() -> None:
    sentence = "It came first, at 2026-02-31 12:00 UTC."
    assert reason(sentence, words_for("en")).text == sentence
