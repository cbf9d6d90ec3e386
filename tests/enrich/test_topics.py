"""Topics by the words of the title."""

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.taxonomy import Topic
from broadsheet.stages.enrich.topics import match_topics

ENERGY = Topic("energy", "Energy", 0, parent="Small News", keywords=("wind", "Winds", "wind"))
SITE = Topic("small-news", "Small News", 1, keywords=("ferry",))
LAW = Topic("law", "Law", 2, parent="Small News", keywords=("court",))
TOPICS = (ENERGY, SITE, LAW)


def found(title: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(match.topic.name, match.keywords) for match in match_topics(title, TOPICS)]


def test_the_sites_own_topic_is_always_there_and_first() -> None:
    assert found("Nothing of that") == [("Small News", ())]
    assert found("Ferry in court") == [("Small News", ("ferry",)), ("Law", ("court",))]


def test_keywords_are_found_whatever_the_case_also_inside_of_words() -> None:
    assert found("REWINDING")[1:] == [("Energy", ("wind", "wind"))]


def test_each_listed_keyword_counts_as_often_as_it_is_listed() -> None:
    assert found("The winds")[1:] == [("Energy", ("wind", "Winds", "wind"))]


def test_without_topics_there_is_nothing() -> None:
    assert match_topics("Ferry", ()) == ()


@given(st.text())
def test_any_title(title: str) -> None:
    assert match_topics(title, TOPICS)[0].topic is SITE
