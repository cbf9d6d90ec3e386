"""Who repeats whose text."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stories.writing import article

from broadsheet.stages.stories import StoryOptions, assign_stories
from broadsheet.stages.stories.copies import find_copies, shingles

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


def test_a_short_text_has_no_shingles():
    assert shingles("only a few words here") == frozenset()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet="ab cé洪", max_size=300), max_size=8))
def test_an_original_is_earlier_and_is_nobodys_copy(texts):
    rows = [article(f"a{n}", "abc", "", n, text) for n, text in enumerate(texts)]
    copies = find_copies(rows, WINDOW)
    assert all(copy.original < index and copy.original not in copies for index, copy in copies.items())
    assert all(0 < copy.share <= 1 for copy in copies.values())
