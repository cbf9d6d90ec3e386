"""The engine as a whole, on inputs of our own."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories import StoryOptions, assign_stories, assign_stream

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
OPTIONS = StoryOptions()

words = st.sampled_from(
    ["river", "flood", "mayor", "bridge", "rail", "strike", "Nord", "Ümlaut", "洪水の被害", "7,000", "🎈"]
)
titles = st.lists(words, max_size=6).map(" ".join)
articles = st.lists(
    st.builds(
        lambda title, excerpt, hours: (title, excerpt, hours),
        titles,
        titles,
        st.integers(0, 24 * 20),
    ),
    max_size=25,
).map(lambda rows: [article(f"a{n}", *row) for n, row in enumerate(rows)])


def article(identity: str, title: str, excerpt: str = "", hours: float = 0, text: str = "") -> StoryArticle:
    return StoryArticle(identity, title, START + timedelta(hours=hours), excerpt=excerpt, text=text)


def stories(given_articles: list[StoryArticle], previous: dict[str, str] | None = None) -> dict[str, str]:
    return {a.article_id: a.story_id for a in assign_stories(given_articles, previous or {}, OPTIONS)}


@settings(max_examples=60, deadline=None)
@given(articles, st.randoms(use_true_random=False))
def test_every_article_has_one_story_whatever_the_order(given_articles, random):
    found = assign_stories(given_articles, {}, OPTIONS)
    assert sorted(a.article_id for a in found) == sorted(a.id for a in given_articles)
    shuffled = list(given_articles)
    random.shuffle(shuffled)
    assert assign_stories(shuffled, {}, OPTIONS) == found


@settings(max_examples=60, deadline=None)
@given(articles)
def test_a_second_run_with_nothing_new_changes_nothing(given_articles):
    first = stories(given_articles)
    assert stories(given_articles, first) == first


@settings(max_examples=30, deadline=None)
@given(articles, st.integers(1, 9))
def test_the_stream_gives_each_article_one_story(given_articles, batch):
    found = assign_stream(given_articles, OPTIONS, batch)
    assert sorted(a.article_id for a in found) == sorted(a.id for a in given_articles)


def test_no_articles_no_stories():
    assert assign_stories([], {}, OPTIONS) == []
    assert assign_stream([], OPTIONS) == []


def test_a_world_of_one_article_is_one_story():
    [only] = assign_stories([article("a", "Ferry runs aground off Texel")], {}, OPTIONS)
    assert only.receipt.similarity is None
    assert only.copy_of is None
