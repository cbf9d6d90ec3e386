"""Articles as a stranger may write them: no crash, no giant story of empties, and an end in time."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stories.writing import START, SYLLABLES, article, stream

from broadsheet.model.story import Assignment, StoryArticle
from broadsheet.stages.stories import StoryEngine, StoryOptions, assign_stories, assign_stream

OPTIONS = StoryOptions()


def test_those_without_usable_words_stand_alone():
    rows = [
        article(f"e{n}", title) for n, title in enumerate(["", " ", "🎈🎈", "the of and", "…", "!!!", "\u200f", ""])
    ]
    found = assign_stories(rows, {}, OPTIONS)
    assert len({a.story_id for a in found}) == len(rows)


def _largest(found: list[Assignment]) -> int:
    return max(Counter(a.story_id for a in found).values())


TOWNS = [f"{first}{second}" for first in ("Ober", "Nieder", "Alt", "Neu", "Gross") for second in SYLLABLES]


@pytest.mark.parametrize("batch", [1, 100, 10_000])
@pytest.mark.parametrize("house", ["", "ferries.example"])
def test_thousands_of_one_title_are_no_giant_story(batch: int, house: str) -> None:
    count = 10_000 if batch > 1 else 300
    rows = [article(f"a{n:05}", "Ferry runs aground off Texel", hours=n / 400) for n in range(count)]
    found = assign_stream([replace(row, provider_domain=house) for row in rows], OPTIONS, batch)
    assert len(found) == count
    assert _largest(found) <= 61


@pytest.mark.parametrize("title", ["Weather for {} today", "Price alert {n}", "Flood warning for {}, level {n}"])
def test_thousands_of_titles_that_differ_in_one_word_are_no_giant_story(title: str) -> None:
    rows = [
        article(f"a{n:05}", title.format(f"{TOWNS[n % 100]}{SYLLABLES[n // 100]}", n=n), hours=n / 400)
        for n in range(2_000)
    ]
    found = assign_stream(rows, OPTIONS, 100)
    assert len(found) == 2_000
    assert _largest(found) <= 61
    assert all(a.receipt.holds() for a in found)


def test_what_twenty_publishers_print_under_one_title_is_one_story():
    rows = [
        replace(article(f"a{n}", "Ferry runs aground off Texel", hours=n / 4), provider_domain=f"paper{n}.example")
        for n in range(20)
    ]
    assert len({a.story_id for a in assign_stream(rows, OPTIONS, 3)}) == 1


def test_a_column_is_forgotten_with_its_window():
    rows = [article(f"a{n}", "Ferry runs aground off Texel", hours=n / 10) for n in range(90)]
    later = [article(f"b{n}", "Ferry runs aground off Texel", hours=200 + n) for n in range(3)]
    found = {a.article_id: a.story_id for a in assign_stream([*rows, *later], OPTIONS, 10)}
    assert found["b0"] == found["b1"] == found["b2"]


def test_a_text_of_two_megabytes_is_cut():
    found = assign_stories([article("a", "x " * 1_000_000, "y " * 1_000_000, 0, "z " * 1_000_000)], {}, OPTIONS)
    assert len(found) == 1


def test_any_script_and_one_word():
    rows = [
        article("ar", "انتخابات جديدة في بيروت", hours=1),
        article("he", "בחירות חדשות בירושלים", hours=2),
        article("th", "น้ำท่วมกรุงเทพ", hours=3),
        article("one", "Goal", hours=4),
        article("surrogate", "broken \ud800 half", hours=5),
    ]
    assert len({a.story_id for a in assign_stories(rows, {}, OPTIONS)}) == 5


def test_dates_at_the_ends_of_time():
    rows = [
        StoryArticle("early", "Ferry runs aground", datetime(1, 1, 2, tzinfo=UTC)),
        article("now", "Ferry runs aground"),
        StoryArticle("late", "Ferry runs aground", datetime(9999, 12, 31, tzinfo=UTC)),
    ]
    assert len({a.story_id for a in assign_stories(rows, {}, OPTIONS)}) == 3
    assert len({a.story_id for a in assign_stream(rows, OPTIONS)}) == 3


def test_one_in_the_future_does_not_stop_the_rest():
    near = [article("a", "Ferry hits sandbank near Texel"), article("b", "Ferry hits a sandbank near Texel", hours=1)]
    future = StoryArticle("f", "Whale freed near Hobart", START.replace(year=2090))
    found = {a.article_id: a.story_id for a in assign_stories([*near, future], {}, OPTIONS)}
    assert found["a"] == found["b"] != found["f"]


def test_of_two_with_one_id_the_last_counts():
    assert len(assign_stories([article("a", "One"), article("a", "Two")], {}, OPTIONS)) == 1


def test_nuls_and_half_characters_survive_a_restart():
    rows = [
        article("a\ud800", "broken \ud800 half and \0 nothing", "more \udfff of it", 1, "\0 " * 40),
        article("b\0", "\0\0", "\ud83d", 2),
        article("c", "\u202eright to left\u202c \u200f🎈", "بيروت", 3),
    ]
    by_id = {row.id: row for row in rows}
    engine = StoryEngine(OPTIONS)
    assert len(engine.add(rows)) == 3
    resumed = StoryEngine.resumed(OPTIONS, engine.state(), lambda ids: [by_id[i] for i in ids])
    assert resumed.state() == engine.state()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 5_000), st.booleans())
def test_a_damaged_state_is_refused_or_whole(noise, place, is_cut):
    rows = {row.id: row for row in stream(1, 12)}
    engine = StoryEngine(OPTIONS)
    engine.add(list(rows.values()))
    state = engine.state()
    damaged = state[:place] + noise + (b"" if is_cut else state[place + len(noise) :])
    try:
        resumed = StoryEngine.resumed(OPTIONS, damaged, lambda ids: [rows[i] for i in ids])
    except ValueError:
        return
    assert resumed.window_size == engine.window_size


def test_a_state_of_other_settings_or_without_its_articles_is_refused():
    engine = StoryEngine(OPTIONS)
    engine.add([article("a", "Ferry hits sandbank near Texel")])
    with pytest.raises(ValueError, match="other settings"):
        StoryEngine.resumed(StoryOptions(window_days=1), engine.state(), lambda ids: [])
    with pytest.raises(ValueError, match="is not there"):
        StoryEngine.resumed(OPTIONS, engine.state(), lambda ids: [])
