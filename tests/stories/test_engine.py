"""The engine in a stream: who may be given what, and what the window does."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.stories.writing import START, article, meaning, stream

from broadsheet.model.story import Assignment, DecidedBy, StoryArticle
from broadsheet.stages.stories import StoryEngine, StoryOptions
from broadsheet.stages.stories.identity import carried_ids, story_id
from broadsheet.stages.stories.snapshots import unpack

OPTIONS = StoryOptions(window_days=2)
TEXT = " ".join(f"Texel word{n}" for n in range(40))
FERRY = article("f1", "Ferry runs aground off Texel, 120 passengers taken ashore", "A ferry hit a sandbank near Texel.")
FERRY_LATER = article("f2", "Passengers evacuated after ferry hits sandbank near Texel", "Lifeboats brought 120.", 1)
FERRY_LAST = article("f3", "Ferry off Texel pulled from sandbank", "The ferry that ran aground near Texel is free.", 2)
VOTE = article("v1", "Dutch parliament votes on nitrogen law", "The bill passed by a narrow majority.", 1)


class Tidy(StoryEngine):
    """One that clears away whenever there is more dead than alive."""

    fewest_dead = 5


def stories(assignments: list[Assignment]) -> dict[str, str]:
    return {a.article_id: a.story_id for a in assignments}


def at(row: StoryArticle, hours: float) -> StoryArticle:
    return replace(row, published=START + timedelta(hours=hours))


@pytest.mark.parametrize("batch", [1, 9, 60])
@pytest.mark.parametrize("seed", range(3))
def test_no_id_is_ever_given_to_two_stories(seed, batch):
    rows = stream(seed, 180, hours=150)
    engine, found = Tidy(OPTIONS), {}
    for start in range(0, len(rows), batch):
        before, edge = dict(found), engine.edge or START
        found |= stories(engine.add(rows[start : start + batch]))
        # What left is not revised.
        assert all(found[row.id] == before[row.id] for row in rows[:start] if row.published < edge)
        facts, _ = unpack(engine.state())
        open_stories = list(facts["window"]["stories"].values())
        assert len(open_stories) == len(set(open_stories))
        there = {row.id for row in rows[: start + batch] if engine.edge and row.published >= engine.edge}
        assert engine.window_size == len(there)
        assert {found[row] for row in there} >= set(open_stories)


def test_the_order_in_which_a_call_names_articles_does_not_matter():
    rows = stream(4, 90)
    assert StoryEngine(OPTIONS).add(rows) == StoryEngine(OPTIONS).add(rows[::-1])
    with_rows = [StoryEngine(OPTIONS, 16).add(some, meaning(some)) for some in (rows, rows[::-1])]
    assert with_rows[0] == with_rows[1]


@pytest.mark.parametrize("seed", range(3))
def test_clearing_away_changes_nothing(seed):
    rows = stream(seed, 200, hours=400)
    tidy, untidy = Tidy(OPTIONS), StoryEngine(OPTIONS)
    for start in range(0, len(rows), 15):
        some = rows[start : start + 15]
        assert tidy.add(some) == untidy.add(some)


def test_the_state_does_not_grow_with_the_stream():
    rows = stream(5, 1_200, hours=2_400)
    engine, sizes = Tidy(OPTIONS), []
    for start in range(0, len(rows), 100):
        engine.add(rows[start : start + 100])
        sizes.append(len(engine.state()))
    assert max(sizes[6:]) < 1.5 * max(sizes[1:6])


def test_a_story_keeps_its_id_while_articles_come_and_go():
    engine = StoryEngine(OPTIONS)
    first = stories(engine.add([FERRY]))["f1"]
    reports = [
        replace(some, id=f"{some.id} {hours}") for hours in range(0, 240, 20) for some in [at(FERRY_LATER, hours)]
    ]
    for report in reports:
        assert stories(engine.add([report]))[report.id] == first


def test_an_id_is_free_only_when_nobody_has_it():
    engine = StoryEngine(OPTIONS)
    first = stories(engine.add([FERRY, FERRY_LATER, VOTE]))
    assert first["f1"] == first["f2"] == story_id("f1")
    # The founder arrives once more, and tells something else.
    again = stories(engine.add([replace(VOTE, id="f1", title="Moth found in Cornwall", excerpt="A class saw it.")]))
    assert again["f1"] not in first.values()


def test_one_that_arrives_again_replaces_itself():
    engine = StoryEngine(OPTIONS)
    first = stories(engine.add([FERRY, FERRY_LATER, VOTE]))
    again = engine.add([replace(VOTE, excerpt="The bill passed."), FERRY_LATER])
    assert engine.window_size == 3
    assert stories(again) == {"v1": first["v1"], "f2": first["f2"]}
    engine.add([at(FERRY, 30)])
    engine.add([at(replace(VOTE, id="v2"), 24 * 8)])
    assert engine.window_size == 1


def test_of_two_with_one_id_in_a_call_the_last_counts():
    engine = StoryEngine(OPTIONS)
    found = engine.add([FERRY, VOTE, replace(VOTE, id="f1", published=FERRY.published)])
    assert engine.window_size == 2
    assert len(set(stories(found).values())) == 1


def test_one_from_before_the_window_stands_alone_and_never_enters_it():
    engine = StoryEngine(OPTIONS)
    engine.add([FERRY])
    [late] = engine.add([at(FERRY_LATER, -24 * 3)], placed={})
    assert late.receipt.decided_by is DecidedBy.NOTHING
    assert late.receipt.holds()
    assert late.story_id != story_id("f1")
    assert engine.window_size == 1
    [put] = engine.add([at(FERRY_LAST, -24 * 3)], placed={"f3": "s1"})
    assert (put.story_id, put.receipt.decided_by) == ("s1", DecidedBy.EDITOR)


def test_one_within_the_window_joins_however_late():
    engine = StoryEngine(OPTIONS)
    engine.add([at(FERRY_LATER, 40), at(VOTE, 41)])
    found = stories(engine.add([FERRY]))
    assert found["f1"] == story_id("f2")


def test_the_future_does_not_end_the_present():
    now = START + timedelta(hours=3)
    engine = StoryEngine(OPTIONS)
    first = stories(engine.add([FERRY, replace(VOTE, published=datetime(9999, 12, 31, tzinfo=UTC))], now=now))
    assert stories(engine.add([FERRY_LATER], now=now))["f2"] == first["f1"]
    assert engine.edge == now - timedelta(days=2)
    resumed = StoryEngine.resumed(
        OPTIONS, engine.state(), lambda ids: [{"f1": FERRY, "f2": FERRY_LATER, "v1": VOTE}[i] for i in ids]
    )
    assert resumed.state() == engine.state()
    assert resumed.add([at(FERRY_LAST, 50)], now=now) == engine.add([at(FERRY_LAST, 50)], now=now)


def test_a_day_ahead_is_a_wrong_clock_and_the_ends_of_the_calendar_are_no_trouble():
    engine = StoryEngine(OPTIONS)
    engine.add([at(VOTE, 20)], now=START)
    assert engine.edge == START + timedelta(hours=20, days=-2)
    for now in (datetime.max, datetime.min):
        StoryEngine(OPTIONS).add([VOTE], now=now.replace(tzinfo=UTC))


def test_copies_are_one_story_also_when_the_original_comes_last():
    one = article("c1", "Harbour seals return", "", 5, TEXT)
    other = article("c2", "Texel word0 word1 found", "", 6, f"{TEXT} and more of it")
    engine = StoryEngine(OPTIONS)
    engine.add([one])
    engine.add([other])
    found = {a.article_id: a for a in engine.add([article("c0", "Texel word0 word2 told", "", 1, TEXT)])}
    assert len({a.story_id for a in found.values()}) == 1
    assert {a.copy_of for a in found.values()} <= {None, "c0"}


def test_a_copy_of_what_left_is_a_copy_after_a_restart_too():
    by_id = {f"c{n}": article(f"c{n}", "Texel word0 word1 found", "", 30 * n, TEXT) for n in range(4)}
    engine = StoryEngine(OPTIONS)
    for row in by_id.values():
        engine = StoryEngine.resumed(OPTIONS, engine.state(), lambda ids: [by_id[i] for i in ids])
        [found] = [a for a in engine.add([row]) if a.article_id == row.id]
        assert found.copy_of == (None if row.id == "c0" else "c0")
        assert found.story_id == story_id("c0")


def test_adopted_articles_stand_by_their_stories_and_copies_stay_apart_where_they_were():
    copies = [article(f"c{n}", "Texel word0 word1 found", "", n, TEXT) for n in range(3)]
    empty = article("e", "", "", 2)
    known = {"c0": "one", "c1": "one", "c2": "two", "f1": "ferry", "f2": "ferry", "e": "none", "v1": "vote"}
    engine = StoryEngine(OPTIONS)
    engine.adopt([*copies, empty, FERRY, FERRY_LATER, VOTE, at(replace(VOTE, id="old"), -80)], {**known, "old": "x"})
    assert engine.window_size == 7
    found = stories(engine.add([FERRY_LAST]))
    assert found["f3"] == "ferry"
    assert not found.keys() & {"f1", "f2", "e", "old"}
    resumed = StoryEngine.resumed(
        OPTIONS,
        engine.state(),
        lambda ids: [{a.id: a for a in [*copies, empty, FERRY, FERRY_LATER, FERRY_LAST, VOTE]}[i] for i in ids],
    )
    assert resumed.state() == engine.state()
    with pytest.raises(ValueError, match="new engine"):
        engine.adopt([FERRY], known)


def test_a_giant_that_is_adopted_can_still_be_joined():
    rows = [article(f"a{n:04}", f"Price alert for share w{n:04}x", "", n / 60) for n in range(1_500)]
    engine = StoryEngine(OPTIONS)
    engine.adopt(rows, dict.fromkeys((row.id for row in rows), "s"))
    assert len(engine.add([article("new", "Price alert for share w9999x", "", 26)])) >= 1


def test_nothing_adopted_and_nothing_added():
    engine = StoryEngine(OPTIONS)
    engine.adopt([], {})
    assert engine.add([]) == engine.obey({}) == []
    assert engine.edge is None
    assert StoryEngine.resumed(OPTIONS, engine.state(), lambda ids: []).state() == engine.state()


def test_rows_of_the_model_must_be_as_many_and_as_long():
    engine = StoryEngine(OPTIONS, 16)
    for rows in (None, np.zeros((2, 16), np.float32), np.zeros((1, 8), np.float32)):
        with pytest.raises(ValueError, match="a row of 16 figures"):
            engine.add([FERRY], rows)


def test_an_id_goes_to_one_group_and_an_editors_is_not_given_away():
    votes = [{"s": 2.0, "t": 1.0}, {"s": 3.0}, {"t": 5.0}]
    assert carried_ids(votes, {}) == {2: "t", 1: "s"}
    assert carried_ids(votes, {0: "s"}) == {0: "s", 2: "t"}
    assert json.loads(json.dumps(story_id("\ud800\0"))) == story_id("\ud800\0") != story_id("\ud800\0", 1)
