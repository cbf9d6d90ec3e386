"""The engine as a whole: its promises, on inputs of our own."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stories.writing import article, embed, partition, stream

from broadsheet.model.story import DecidedBy, receipt_from_json
from broadsheet.stages.stories import StoryOptions, assign_stories, assign_stream
from broadsheet.stages.stories.assign import follow, place_late

OPTIONS = StoryOptions()
TEXT = " ".join(f"word{n}" for n in range(45))

words = st.sampled_from(
    ["river", "flood", "mayor", "bridge", "rail", "strike", "Nord", "Ümlaut", "洪水の被害", "7,000", "🎈"]
)
titles = st.lists(words, max_size=6).map(" ".join)
rows = st.tuples(titles, titles, st.integers(0, 24 * 20), st.sampled_from(["", TEXT, f"{TEXT} more"]))
articles = st.lists(rows, max_size=25).map(lambda many: [article(f"a{n}", *row) for n, row in enumerate(many)])

FERRY = article("f1", "Ferry runs aground off Texel, 120 passengers taken ashore", "A ferry hit a sandbank near Texel.")
FERRY_LATER = article("f2", "Passengers evacuated after ferry hits sandbank near Texel", "Lifeboats brought 120.", 60)
FERRY_LAST = article(
    "f3", "Ferry off Texel pulled from sandbank", "The ferry that ran aground near Texel is free.", 130
)
VOTE = article("v1", "Dutch parliament votes on nitrogen law", "The bill passed by a narrow majority.", 61)


def stories(given_articles, previous=None):
    return {a.article_id: a.story_id for a in assign_stories(given_articles, previous or {}, OPTIONS)}


@settings(max_examples=60, deadline=None)
@given(articles, st.randoms(use_true_random=False))
def test_every_article_has_one_story_whatever_the_order(given_articles, random):
    found = assign_stories(given_articles, {}, OPTIONS)
    assert sorted(a.article_id for a in found) == sorted(a.id for a in given_articles)
    shuffled = list(given_articles)
    random.shuffle(shuffled)
    assert assign_stories(shuffled, {}, OPTIONS) == found


@settings(max_examples=100, deadline=None)
@given(articles)
def test_a_second_run_with_nothing_new_changes_nothing(given_articles):
    first = stories(given_articles)
    assert stories(given_articles, first) == first


@settings(max_examples=40, deadline=None)
@given(articles, st.integers(1, 9))
def test_the_stream_gives_each_article_one_story(given_articles, batch):
    found = assign_stream(given_articles, OPTIONS, batch)
    assert sorted(a.article_id for a in found) == sorted(a.id for a in given_articles)


@settings(max_examples=40, deadline=None)
@given(articles, st.data())
def test_what_left_the_window_is_never_revised(given_articles, data):
    previous = stories(given_articles)
    known = {a.id for a in given_articles}
    more = [replace(a, id=f"n{a.id}") for a in data.draw(articles)]
    found = stories(given_articles + more, previous)
    everything = given_articles + more
    if not everything:
        return
    edge = max(a.published for a in everything) - timedelta(days=OPTIONS.window_days)
    assert all(found[a.id] == previous[a.id] for a in everything if a.id in known and a.published < edge)


@settings(max_examples=40, deadline=None)
@given(articles)
def test_a_receipt_adds_up(given_articles):
    for found in assign_stories(given_articles, {}, OPTIONS):
        receipt = found.receipt
        assert receipt.holds()
        assert (receipt.decided_by is DecidedBy.COPY) == (found.copy_of is not None)
        if receipt.decided_by is DecidedBy.SCORE:
            assert receipt.similarity == pytest.approx(sum(receipt.terms.values()), abs=1e-6)
            assert receipt.threshold == OPTIONS.words.threshold
            assert receipt.together >= 1


@pytest.mark.parametrize("embed", [None, embed], ids=["words", "meaning"])
@pytest.mark.parametrize("seed", range(4))
def test_receipts_of_a_stream_give_the_same_decision_after_a_trip_through_json(seed, embed):
    for told in follow(stream(seed, 150), OPTIONS, 20, embed):
        for found in told:
            again = receipt_from_json(json.loads(json.dumps(found.receipt.as_json())))
            assert again == found.receipt
            assert again.holds()
            assert found.receipt.runner_up != found.story_id


@pytest.mark.parametrize("seed", range(4))
def test_a_receipt_that_was_tampered_with_does_not_hold(seed):
    scored = [a.receipt for a in assign_stream(stream(seed, 100), OPTIONS) if a.receipt.decided_by is DecidedBy.SCORE]
    assert scored
    for receipt in scored:
        assert not replace(receipt, terms={**receipt.terms, "words": 3.0}).holds()
        assert not replace(receipt, similarity=receipt.threshold - 0.01, terms={}).holds()


def test_no_articles_no_stories():
    assert assign_stories([], {}, OPTIONS) == []
    assert assign_stream([], OPTIONS) == []


def test_a_world_of_one_article_is_one_story():
    [only] = assign_stories([FERRY], {}, OPTIONS)
    assert only.receipt.similarity is None
    assert only.copy_of is None


def test_a_story_keeps_its_id_while_it_grows():
    first = stories([FERRY])
    second = stories([FERRY, FERRY_LATER, VOTE], first)
    assert second["f1"] == second["f2"] == first["f1"]
    assert second["v1"] != first["f1"]


def test_a_story_stays_open_while_it_is_covered():
    first = stories([FERRY, FERRY_LATER])
    second = stories([FERRY_LATER, FERRY_LAST, VOTE], first)
    assert second["f3"] == first["f1"]


def test_a_report_long_after_the_window_is_another_story():
    later = replace(FERRY_LATER, published=FERRY.published + timedelta(days=30))
    assert len(set(stories([FERRY, later]).values())) == 2


def test_one_that_arrives_late_joins_the_story_of_its_time():
    far = article("x", "Night train links Zagreb and Stuttgart again", "Tickets go on sale on Friday.", 24 * 30)
    first = stories([FERRY, far])
    second = stories([FERRY, FERRY_LATER, far], first)
    assert second["f2"] == first["f1"]


def test_one_that_arrives_late_meets_what_came_before_and_after_it():
    far = article("x", "Night train links Zagreb and Stuttgart again", "Tickets go on sale on Friday.", 24 * 30)
    afterwards = article("y", "Chess open in Reykjavik begins", "Teenagers lead the field.", 60 + 95)
    first = stories([FERRY, afterwards, far])
    [late] = place_late([FERRY_LATER], [FERRY, afterwards, far], first, OPTIONS)
    assert late.story_id == first["f1"]
    before = replace(FERRY_LAST, published=FERRY.published - timedelta(days=2))
    [late] = place_late([before], [FERRY, afterwards, far], first, OPTIONS)
    assert late.story_id == first["f1"]
    assert place_late([before, VOTE], [], {}, OPTIONS)[0].receipt.holds()


def test_late_ones_join_each_other_and_change_nothing_else():
    rows = stream(7, 120, hours=300)
    known, late = rows[::2], rows[1::2]
    before = stories(known)
    found = place_late(late, known, before, OPTIONS)
    assert sorted(a.article_id for a in found) == sorted(a.id for a in late)
    assert any(a.story_id in before.values() for a in found)
    shared = [a.story_id for a in found if a.story_id not in before.values()]
    assert len(set(shared)) < len(shared)
    assert all(a.receipt.holds() for a in found)


def test_the_receipt_names_what_is_shared_and_the_runner_up():
    found = {a.article_id: a for a in assign_stories([FERRY, FERRY_LATER, VOTE], {}, OPTIONS)}
    receipt = found["f2"].receipt
    assert "texel" in receipt.names
    assert receipt.numbers == ("120",)
    assert receipt.runner_up == found["v1"].story_id
    assert receipt.similarity is not None
    assert receipt.decided_by is DecidedBy.SCORE
    assert receipt.threshold == OPTIONS.words.threshold
    assert receipt.similarity >= receipt.threshold > receipt.runner_up_similarity
    assert set(receipt.terms) >= {"words", "title", "background", "size"}
    alone = found["v1"].receipt
    assert alone.decided_by is DecidedBy.NOTHING
    assert alone.runner_up == found["f1"].story_id
    assert alone.runner_up_similarity < alone.threshold


def test_how_a_long_stream_is_cut_makes_little_difference():
    rows = stream(1, 700, hours=150)
    cuts = [partition(assign_stream(rows, OPTIONS, batch)) for batch in (7, 100, len(rows))]
    kept = [sum(len(a & b) ** 2 / len(a) for a in cuts[0] for b in cut) for cut in cuts]
    assert all(articles > 0.9 * len(rows) for articles in kept)


def test_how_the_stream_is_cut_makes_no_difference_within_the_window():
    rows = [replace(row, published=FERRY.published + timedelta(hours=n)) for n, row in enumerate([
        FERRY, VOTE, FERRY_LATER, article("n1", "Night train links Zagreb and Stuttgart again"), FERRY_LAST,
    ])]  # fmt: skip
    cuts = [partition(assign_stream(rows, OPTIONS, batch)) for batch in (1, 2, 5)]
    assert cuts[0] == cuts[1] == cuts[2]
