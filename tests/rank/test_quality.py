"""Quality and heat are sums whose terms are shown."""

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.stages.rank.heat import NOT_A_HEAD, heat, is_published
from broadsheet.stages.rank.quality import Merits, quality

names = st.lists(st.text(max_size=5), max_size=6).map(tuple)
merits = st.builds(
    Merits,
    title_length=st.integers(0, 5_000),
    topics=names,
    keywords=names,
    has_image=st.booleans(),
    has_amp=st.booleans(),
    is_trusted=st.booleans(),
    is_official=st.booleans(),
    is_video=st.booleans(),
)


def points(given_merits: Merits) -> dict[str, int]:
    return {term.name: term.points for term in quality(given_merits).terms}


def test_each_merit_has_its_points() -> None:
    everything = Merits(60, ("A", "B"), ("a", "b", "b"), True, True, True, True, True)
    assert points(everything) == {
        "topics": 4,
        "keywords in the title": 45,
        "image": 20,
        "AMP page": 20,
        "trusted publisher": 40,
        "official source": 10,
        "video": 50,
    }
    assert quality(everything).total == 189


def test_terms_say_what_was_found() -> None:
    score = quality(Merits(75, ("A",), ("a", "b")))
    assert [(term.name, term.points, term.found) for term in score.terms] == [
        ("topics", 2, "A"),
        ("keywords in the title", 30, "a, b"),
        ("long title", -2, "75 characters"),
    ]


def test_a_long_title_costs_a_point_for_every_two_characters() -> None:
    expected = {70: 100, 71: 100, 72: 99, 73: 99, 90: 90}
    found = {
        length: quality(Merits(length, is_video=True, is_trusted=True, is_official=True)).total for length in expected
    }
    assert found == expected


def test_the_floor_is_a_term_so_that_the_sum_is_exact() -> None:
    score = quality(Merits(200, topics=("A",)))
    assert points(Merits(200, topics=("A",))) == {"topics": 2, "long title": -65, "floor at zero": 63}
    assert score.total == 0


@given(merits)
def test_never_below_zero_and_no_term_without_points(given_merits: Merits) -> None:
    score = quality(given_merits)
    assert score.total >= 0
    assert all(term.points for term in score.terms)
    assert (score.total == 0) or not any(term.name == "floor at zero" for term in score.terms)


@given(merits, st.integers(0, 100))
def test_heat_is_quality_and_ten_for_each_related(given_merits: Merits, related: int) -> None:
    total = quality(given_merits).total
    score = heat(total, related)
    assert score.total == total + 10 * related
    assert score.terms[0].name == "quality"


def test_published_from_seventy() -> None:
    assert [is_published(warmth) for warmth in (NOT_A_HEAD, 0, 69, 70, 200)] == [False, False, False, True, True]
    assert is_published(50, threshold=50)
    assert not is_published(NOT_A_HEAD, threshold=-5)
