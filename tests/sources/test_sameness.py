"""Duplicates at the door: one article is one item, whatever its feeds do with guids and addresses."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.adapters.storage.store import SqlStore
from broadsheet.model.article import Article, Provider
from broadsheet.model.feed import Entry
from broadsheet.model.kept import KeptArticle
from broadsheet.model.source import Source, SourceState
from broadsheet.model.story import Assignment, Receipt
from broadsheet.ports import Store
from broadsheet.stages.sources.sameness import item_marks, page_mark
from broadsheet.steps.polling.outcome import items_of

NOON = datetime(2026, 11, 22, 12, 10, 5, tzinfo=UTC)
FEED = Source("https://ledger.example/feed.xml")
OTHER = Source("https://ledger.example/harbour.xml")
LONG = "The weir at Saltmere opened its salmon ladder on Friday, two years late and far above its budget, it was said."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = SqlStore(tmp_path / "state.sqlite")
    yield opened
    opened.close()


def poll(store: Store, *entries: Entry, source: Source = FEED) -> int:
    items, _ = items_of(entries, source.url, NOON)
    return store.sources.keep_poll(SourceState(source, next_due=NOON), items)


def count(store: Store) -> int:
    return sum(store.items.counts().values())


def entry(number: int = 1, **changes: object) -> Entry:
    plain = Entry(
        id=f"urn:{number}",
        url=f"https://ledger.example/news/{number}",
        title=f"The weir was mended again, report number {number}",
        summary=f"<p>{LONG} {number}</p>",
        published=NOON - timedelta(hours=number),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_one_article_under_two_addresses_of_one_page(store: Store) -> None:
    forms = (
        "https://ledger.example/news/1",
        "http://www.ledger.example:80/news/1/?utm_source=rss&fbclid=x#top",
        "https://ledger-example.cdn.ampproject.org/c/s/ledger.example/news/1",
    )
    for form in forms:
        poll(store, Entry(url=form))
    assert count(store) == 1


def test_a_guid_holds_the_item_when_its_address_changes(store: Store) -> None:
    assert poll(store, entry(1)) == 1
    assert poll(store, entry(1, url="https://ledger.example/news/1?session=abc")) == 0
    assert poll(store, entry(1, url="https://ledger.example/harbour/weir", summary=None)) == 0
    assert count(store) == 1


def test_a_guid_that_is_given_to_another_article_does_not_swallow_it(store: Store) -> None:
    assert poll(store, entry(1)) == 1
    assert poll(store, entry(2, id="urn:1")) == 1
    assert count(store) == 2


def test_one_guid_for_everything(store: Store) -> None:
    entries = [entry(n, id="https://ledger.example/") for n in range(1, 6)]
    assert poll(store, *entries) == 5
    assert poll(store, *entries) == 0
    same_title = [
        entry(n, id="x", title="Weather", summary=None, published=NOON.replace(hour=0, minute=0, second=0))
        for n in (7, 8)
    ]
    assert poll(store, *same_title) == 2


def test_another_publisher_with_the_same_words_is_a_report_of_its_own(store: Store) -> None:
    poll(store, entry(1))
    assert (
        poll(store, entry(1, id=None, url="https://courier.example/1"), source=Source("https://courier.example/f")) == 1
    )


def test_a_daily_title_is_a_new_article_every_day(store: Store) -> None:
    for day in range(5):
        when = NOON - timedelta(days=day)
        poll(
            store,
            entry(
                1, id=None, url=f"https://ledger.example/weather/{day}", title="Weather for the coast", published=when
            ),
        )
    assert count(store) == 5


def test_two_addresses_in_one_feed_do_not_take_turns(store: Store) -> None:
    twice = [
        entry(1, updated=NOON),
        entry(1, url="https://ledger.example/harbour/1", id="b", updated=NOON + timedelta(hours=1)),
    ]
    assert poll(store, *twice) == 1
    assert [poll(store, *twice) for _ in range(3)] == [0, 0, 0]
    assert [poll(store, *reversed(twice)) for _ in range(3)] == [0, 0, 0]


def test_a_feed_that_stamps_everything_anew_does_not_make_us_read_it_all_again(store: Store) -> None:
    def stamped(at: datetime) -> list[Entry]:
        return [entry(n, updated=at) for n in range(1, 6)]

    assert poll(store, *stamped(NOON)) == 5
    assert poll(store, *stamped(NOON + timedelta(hours=1))) == 0
    one_changed = [*stamped(NOON)[:4], entry(5, updated=NOON + timedelta(hours=2))]
    assert poll(store, *one_changed) > 0


def test_all_sources_of_an_item_are_remembered(store: Store) -> None:
    poll(store, entry(1))
    poll(store, entry(1, id="other", url="https://ledger.example/harbour/1"), source=OTHER)
    key = store.items.waiting(NOON, 1)[0].key
    assert store.items.listings([key, "nobody"]) == {key: [OTHER.url]}


@settings(max_examples=15)
@given(
    polls=st.integers(2, 4),
    churn=st.sets(st.sampled_from(["guid", "address", "query"]), min_size=1),
    dated=st.booleans(),
    worded=st.booleans(),
    numbers=st.sets(st.integers(1, 20), min_size=1, max_size=8),
)
def test_churning_guids_and_addresses_add_nothing(
    polls: int, churn: set[str], dated: bool, worded: bool, numbers: set[int]
) -> None:
    """Whatever a feed makes up anew at every poll: an article that says anything of itself comes once."""
    if "address" in churn and not (dated or worded):
        dated = True  # title alone at ever new paths can't be told from a title that is used again

    def listed(time: int) -> list[Entry]:
        made = []
        for n in sorted(numbers):
            path = f"news/{n}" + (f"-{time}x{n}" if "address" in churn else "")
            query = f"?s={time * 100 + n}" if "query" in churn else ""
            guid = f"{time}-{n}" if "guid" in churn else f"{n}"
            made.append(
                entry(
                    n,
                    id=guid,
                    url=f"https://ledger.example/{path}{query}",
                    published=NOON - timedelta(hours=n) if dated else None,
                    summary=f"{LONG} {n}" if worded else None,
                )
            )
        return made

    with TemporaryDirectory() as folder:
        store = SqlStore(Path(folder) / "s.sqlite")
        try:
            assert poll(store, *listed(0)) == len(numbers)
            assert [poll(store, *listed(time)) for time in range(1, polls)] == [0] * (polls - 1)
        finally:
            store.close()


@given(
    st.builds(
        Entry,
        id=st.none() | st.text(max_size=20),
        url=st.text(max_size=40),
        title=st.none() | st.text(max_size=60),
        summary=st.none() | st.text(max_size=300),
        published=st.none() | st.datetimes(timezones=st.just(UTC)),
    )
)
def test_any_entry_has_marks_that_fit_the_store(odd: Entry) -> None:
    marks = item_marks(odd, odd.url or "", FEED.url)
    assert all(0 <= mark < 2**63 for mark in marks)
    assert len(set(marks)) == len(marks)
    assert item_marks(odd, odd.url or "", FEED.url) == marks


def test_pages_of_one_publisher_with_the_same_text() -> None:
    title, text = "The weir was mended again", LONG * 3
    one = page_mark(title, text, "https://www.ledger.example/a")
    assert one is not None
    assert one == page_mark(title.upper(), text.replace(" ", "\n"), "https://ledger.example/b")
    assert one != page_mark(title, text, "https://courier.example/a")
    assert one != page_mark(title, text + " And more.", "https://ledger.example/a")
    assert page_mark(title, "Subscribe to read on", "https://ledger.example/a") is None


def test_what_a_further_source_says_holds_for_the_article(store: Store) -> None:
    """It may list it long after the article was read."""
    poll(store, entry(1))
    (item,) = store.items.waiting(NOON, 1)
    said = Article("https://ledger.example/news/1", "The weir", provider=Provider("Ledger", "ledger.example"))
    store.articles.keep(item, KeptArticle("a", said, NOON, NOON, FEED.url, tags=("coast",)), [])
    store.stories.assign([Assignment("a", "story", Receipt())])
    store.stories.published({"story": "a"})
    assert store.stories.unpublished() == []
    own = replace(OTHER, official=True, tags=("weirs", "coast"))
    poll(store, entry(1, id="other", url="https://ledger.example/harbour/1"), source=own)
    kept = store.articles.by_id(["a"])["a"]
    assert (kept.official, kept.tags) == (True, ("coast", "weirs"))
    assert store.stories.unpublished() == ["story"]
