"""Who repeats whose text."""

import random
import unicodedata
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stories.writing import article

from broadsheet.stages.stories import StoryOptions, assign_stories
from broadsheet.stages.stories.copies import Copy, CopyFinder, find_copies, sketch
from broadsheet.stages.stories.sketches import HEADER, MOST_SHINGLES, overlap, runs_of

RELEASE = (
    "The harbour board of Esbjerg said on Monday that it will build a second quay for turbine parts by the autumn of "
    "next year. The quay will be four hundred metres long and carry cranes of nine hundred tonnes. Two shipyards have "
    "signed for space, and the board expects sixty new jobs. Work on the sea bed begins in May, after the birds of the "
    "northern flats have bred and left."
)
OWN = (
    "Fishermen in Esbjerg fear for their berths as the harbour makes room for wind power. Sixty jobs are promised, yet "
    "the board would not say on Tuesday where the cutters are to lie while the new quay is built. A meeting with the "
    "union of skippers ended without a word of agreement, and a second one is set for Friday at noon in the old hall."
)
WINDOW = timedelta(days=4)


def release(identity: str, hours: float, title: str = "Esbjerg builds second quay for turbine parts"):
    return article(identity, title, RELEASE[:120], hours, f"{RELEASE} (wire)")


def test_a_release_that_four_print_marks_the_copies_of_the_first():
    own = article("own", "Skippers of Esbjerg fear for their berths as quay is built", OWN[:110], 5, OWN)
    given_articles = [release(f"r{n}", n) for n in range(4)] + [own]
    found = {a.article_id: a for a in assign_stories(given_articles, {}, StoryOptions())}
    assert [found[f"r{n}"].copy_of for n in range(4)] == [None, "r0", "r0", "r0"]
    assert all(found[f"r{n}"].shared_text == 1.0 for n in range(1, 4))
    assert found["own"].copy_of is None
    assert len({found[f"r{n}"].story_id for n in range(4)}) == 1


def test_a_copy_under_another_headline_is_in_the_story_of_its_original():
    again = release("r9", 3, "Turbine parts: harbour board signs two shipyards")
    first, copy = assign_stories([release("r0", 0), again], {}, StoryOptions())
    assert copy.copy_of == "r0"
    assert copy.story_id == first.story_id


def test_a_part_of_the_text_gives_its_share():
    half = " ".join(RELEASE.split()[:50] + OWN.split()[:20])
    copies = find_copies([release("r0", 0), article("r1", "Second quay for Esbjerg", "", 1, half)], WINDOW)
    assert copies[1].original == 0
    assert 0.6 <= copies[1].share < 0.8


def test_the_same_menu_is_no_copy():
    menu = " ".join(f"section{n}" for n in range(60))
    rows = [article("a", "Moth found in Cornwall", "", 0, menu), article("b", "Tram line for Aarhus", "", 1, menu)]
    assert find_copies(rows, WINDOW) == {}


def test_title_and_excerpt_alone_may_show_a_copy():
    rows = [article(i, "Esbjerg builds second quay for turbine parts", RELEASE[:120], n) for n, i in enumerate("ab")]
    assert find_copies(rows, WINDOW)[1].original == 0


def test_what_is_older_than_the_window_is_no_original():
    rows = [release("a", 0), release("b", 24 * 9)]
    assert find_copies(rows, WINDOW) == {}


def test_a_short_text_has_no_runs_and_an_empty_one_nothing():
    assert len(runs_of(sketch("only a few words here"))) == 0
    assert len(sketch("")) == len(sketch(" \u2026 --")) == 0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet="ab cé洪", max_size=300), max_size=8))
def test_an_original_is_earlier_and_is_nobodys_copy(texts):
    rows = [article(f"a{n}", "abc", "", n, text) for n, text in enumerate(texts)]
    copies = find_copies(rows, WINDOW)
    assert all(copy.original < index and copy.original not in copies for index, copy in copies.items())
    assert all(0 < copy.share <= 1 for copy in copies.values())


def finder(*rows, within=WINDOW):
    found = CopyFinder(within)
    for index, row in enumerate(rows):
        found.add(index, row, sketch(row.text))
    return found


def test_an_original_that_arrives_late_takes_its_place():
    rows = [release("b", 5), release("c", 6), release("a", 1)]
    found = finder(*rows)
    assert found.copy_of(2) is None
    assert [found.copy_of(index) for index in (0, 1)] == [Copy(2, 1.0)] * 2
    assert found.revised() == {0: Copy(2, 1.0), 1: Copy(2, 1.0)}
    assert found.revised() == {}


def test_a_late_copy_changes_nothing():
    found = finder(release("a", 1), release("c", 6), release("b", 5))
    assert [found.copy_of(index) for index in range(3)] == [None, Copy(0, 1.0), Copy(0, 1.0)]
    assert found.revised() == {}


def test_a_copy_of_a_copy_is_a_copy_of_the_first():
    words = RELEASE.split()
    rows = [
        release("a", 0),
        article("b", "Esbjerg builds second quay", "", 1, " ".join(words[:60] + OWN.split()[:12])),
        article("c", "Esbjerg builds second quay", "", 2, " ".join(words[:45])),
    ]
    found = finder(*rows)
    assert [found.copy_of(index).original for index in (1, 2)] == [0, 0]


def test_the_same_page_under_another_address_is_the_same_article():
    one = replace(article("a", "Moth found in Cornwall", "", 0), url="https://www.post.example/news/moth")
    amp = replace(one, id="b", url="http://post.example/news/moth/?utm_source=feed", title="Rare moth found")
    front = replace(one, id="c", url="https://post.example/")
    other = replace(front, id="d", title="Tram line for Aarhus")
    found = finder(one, amp, front, other)
    assert [found.copy_of(index) for index in range(4)] == [None, Copy(0, 1.0), None, None]


def test_a_release_that_is_printed_for_longer_than_the_window_stays_one():
    found = finder(release("a", 0), release("b", 60))
    found.forget(0)
    assert found.add(2, release("c", 130), sketch(release("c", 130).text)) == Copy(0, 1.0)


FORM = (
    "The wind blows from the north at {} kilometres an hour with gusts of up to {}. Rain falls with a chance of {} per "
    "cent and about {} millimetres are expected before midnight. The sun rises at {} and sets at {} while the tide turns "
    "at {}. Tomorrow brings {} degrees by noon and {} at night, the harbour office says in its report for skippers."
)


def test_a_form_filled_in_anew_is_no_copy():
    rows = [
        article(f"w{n}", "Weather for Saltmere", "", n, FORM.format(*(n * 31 + k for k in range(9)))) for n in range(4)
    ]
    found = finder(*rows, replace(rows[0], id="again"))
    assert [found.copy_of(index) for index in range(5)] == [None, None, None, None, Copy(0, 1.0)]


def test_a_quote_of_a_third_is_no_copy():
    quote = " ".join(RELEASE.split()[:26])
    assert finder(release("a", 0), article("b", "Skippers fear for berths", "", 1, f"{OWN} {quote}")).copy_of(1) is None


def test_excerpts_that_were_cut_at_different_places_are_copies():
    rows = [
        article("a", "Esbjerg builds second quay", "", 0, f"ESBJERG, March 2 (Wire) - {RELEASE}"),
        article("b", "Harbour board of Esbjerg to build quay", RELEASE[:150] + "\u2026", 1),
        article("c", "Second quay for turbine parts", RELEASE[:211].rpartition(" ")[0], 2),
        article("d", "Second quay for turbine parts", OWN[:150], 3),
        article("e", "Tram line for Aarhus", RELEASE[:150], 4),
    ]
    found = finder(*rows)
    assert [found.copy_of(index) for index in range(5)] == [None, Copy(0, 1.0), Copy(0, 1.0), None, None]


JAPANESE = (
    "港の委員会は月曜日に、来年の秋までに風力発電の部品のための第二の岸壁を建設すると発表した。岸壁の長さは四百メートルで、"
    "九百トンのクレーンを備える。二つの造船所がすでに契約を結び、六十人の新しい雇用が見込まれている。海底の工事は五月に始まる。"
)


def test_scripts_without_blanks():
    own = "漁師たちは、港が風力発電のために場所を空けると、自分たちの船の居場所がなくなると心配している。" * 2
    rows = [
        article("a", "第二の岸壁を建設", "", 0, JAPANESE),
        article("b", "風力発電の部品のための岸壁", "", 1, JAPANESE[:90]),
        article("c", "漁師たちの心配", "", 2, own),
    ]
    found = finder(*rows)
    assert [found.copy_of(index) for index in range(3)] == [None, Copy(0, 1.0), None]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: unicodedata.normalize("NFD", text),
        str.upper,
        lambda text: text.replace(" ", "\u00a0\n").replace("-", "\u2011"),
        lambda text: text.replace("fi", "\ufb01").replace("o", "o\u00ad"),
        lambda text: text.replace("e", "\u00e9"),
    ],
)
def test_signs_that_mean_the_same_are_the_same(change):
    text = RELEASE.replace("quay", "Kaimauer f\u00fcr Schiffe")
    assert np.array_equal(runs_of(sketch(change(text))), runs_of(sketch(text)))


@given(st.text(max_size=400), st.integers(1, 40))
def test_a_sketch_is_bounded_and_the_same_again(text, times):
    made = sketch(text * times)
    assert len(made) <= HEADER + MOST_SHINGLES
    assert made.dtype == np.uint64
    assert np.array_equal(made, np.frombuffer(sketch(text * times).tobytes(), np.uint64))
    runs = runs_of(made)
    assert (runs[:-1] < runs[1:]).all()
    if len(runs):
        assert overlap(runs, runs).share == 1.0


def test_two_megabytes_of_text_and_lone_surrogates():
    assert len(sketch("word " * 400_000)) <= HEADER + MOST_SHINGLES
    assert len(sketch("\ud800 \udfff \U0001f600 \U00020000" * 200)) <= HEADER + MOST_SHINGLES


def stream(seed):
    """Twenty texts and their trimmed, widened and late copies, in the order of arrival."""
    dice = random.Random(seed)
    vocabulary = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrs"]
    texts = [[dice.choice(vocabulary) for _ in range(dice.randint(40, 120))] for _ in range(20)]
    rows = []
    for number in range(80):
        words = dice.choice(texts)
        more = [dice.choice(vocabulary) for _ in range(dice.choice([0, 0, 20, 60]))]
        words = words[: dice.randint(30, len(words))] + more
        title = " ".join(words[:6])
        rows.append(article(f"a{number}", title, "", number + dice.choice([0, 0, 0, -30]), " ".join(words)))
    return rows


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 79))
def test_interrupted_and_resumed_gives_the_same(seed, cut):
    rows = stream(seed)
    span = timedelta(hours=24)
    whole, first, resumed = CopyFinder(span), CopyFinder(span), CopyFinder(span)
    gone = set()

    def take(found, index):
        for old in range(index):
            if old not in gone and rows[old].published < rows[index].published - 2 * span:
                found.forget(old)
                gone.add(old)
        return found.add(index, rows[index], sketch(rows[index].text))

    answers = [take(whole, index) for index in range(len(rows))]
    gone.clear()
    assert [take(first, index) for index in range(cut)] == answers[:cut]
    for index in range(cut):
        if index not in gone:
            resumed.restore(index, replace(rows[index], text=""), sketch(rows[index].text), first.copy_of(index))
    assert [take(resumed, index) for index in range(cut, len(rows))] == answers[cut:]
    for index in range(len(rows)):
        if index not in gone:
            copy = whole.copy_of(index)
            assert resumed.copy_of(index) == copy
            assert copy is None or copy.original in gone or whole.copy_of(copy.original) is None
