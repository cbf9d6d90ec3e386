"""What is settled from feed, registry and clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.model.article import Article, Provider
from broadsheet.model.feed import Entry, Person
from broadsheet.model.images import Image
from broadsheet.model.kept import Item
from broadsheet.model.source import Source
from broadsheet.model.taxonomy import Organization, Topic
from broadsheet.stages.enrich.settle import article_from_entry, article_id, is_on_subject, published_at, settle

SEEN = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOURCE = Source("https://ledger.example/feed", name="Ledger (all)", official=True)
FEED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "feed", "expected", "source"),
    [
        ("2026-11-20T10:15:00+01:00", FEED, datetime(2026, 11, 20, 9, 15, tzinfo=UTC), "page"),
        ("2026-11-20T10:15:00+01:00", None, datetime(2026, 11, 20, 9, 15, tzinfo=UTC), "page"),
        ("2026-11-20T10:15:00", None, datetime(2026, 11, 20, 10, 15, tzinfo=UTC), "page (without a zone, read as UTC)"),
        ("1970-01-01T00:00:00Z", FEED, FEED, "can't be true"),
        ("2031-01-01T00:00:00Z", FEED, FEED, "can't be true"),
        ("2026-11-20T11:59:00Z", datetime(2026, 11, 3, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC), "can't be true"),
        ("2026-11-20", FEED, FEED, "the day only"),
        ("2026-11-18", None, datetime(2026, 11, 18, 12, tzinfo=UTC), "the day only"),
        ("2026-11-20", None, SEEN, "the day only"),
        (None, FEED, FEED, "feed entry"),
        (None, None, SEEN, "first seen"),
        ("2031-01-01T00:00:00Z", None, SEEN, "can't be true"),
        (None, datetime(2030, 1, 1, tzinfo=UTC), SEEN, "first seen"),
        ("nonsense", None, SEEN, "first seen"),
        ("2026-11-20T12:10:00Z", None, SEEN, "page"),
    ],
)
def test_when_it_was_published(said: str | None, feed: datetime | None, expected: datetime, source: str) -> None:
    when, evidence = published_at(said, Entry(published=feed), SEEN)
    assert when == expected
    assert source in evidence
    assert when <= SEEN


def test_the_canonical_address_is_the_identity_if_it_can_be_true() -> None:
    plain = article_id(Article("https://www.ledger.example/2026/weir"))
    assert (
        article_id(Article("https://ledger.example/x?id=3", canonical_url="https://www.ledger.example/2026/weir"))
        == plain
    )
    assert article_id(Article("https://ledger.example/2026/weir", canonical_url="https://ledger.example/")) == plain
    assert (
        article_id(Article("https://ledger.example/2026/weir", canonical_url="https://other.example/2026/weir"))
        == plain
    )
    assert article_id(Article("https://ledger.example/2026/lock")) != plain


def test_nobody_speaks_in_the_name_of_another_publisher() -> None:
    known = {"gazette.example": Organization("gazette.example", "The Gazette", "gazette.example")}
    said = Article("https://ledger.example/1/weir", title="A", canonical_url="https://gazette.example/1/weir")
    kept = settle(item(Entry()), said, known, None)
    assert kept.article.provider == Provider("ledger.example", "ledger.example")
    assert kept.article.canonical_url is None
    inner = settle(item(Entry()), replace(said, canonical_url="http://10.0.0.1/1/weir"), known, None)
    assert inner.article.canonical_url is None
    own = replace(said, canonical_url="https://www.ledger.example/weir")
    assert settle(item(Entry()), own, known, None).article.canonical_url == own.canonical_url
    cached = replace(said, url="https://gazette-example.cdn.ampproject.org/c/s/gazette.example/1/weir")
    assert settle(item(Entry()), cached, known, None).article.provider == Provider("The Gazette", "gazette.example")


def item(entry: Entry) -> Item:
    return Item("k", "https://ledger.example/weir?utm_source=feed", "https://ledger.example/feed", entry, "f", SEEN)


def test_an_article_from_its_feed_alone() -> None:
    entry = Entry(
        title="A weir mended, in <b> and &amp;", summary="<p>It held. It will hold.</p>", authors=(Person("Ann Ost"),)
    )
    article = article_from_entry(item(entry))
    assert (article.title, article.text, article.authors) == (entry.title, "It held. It will hold.", ("Ann Ost",))
    assert article.url == "https://ledger.example/weir"
    assert article.evidence["text"] == "feed entry"


def test_the_feed_fills_what_the_page_lacks_and_the_registry_names_the_publisher() -> None:
    entry = Entry(title="From the feed", images=(Image("https://ledger.example/a.jpg"),), published=FEED, language="en")
    organizations = {"ledger.example": Organization("ledger.example", "The Ledger", "ledger.example")}
    page = Article(
        "https://ledger.example/weir", title="From the page", provider=Provider("LEDGER ONLINE", "ledger.example")
    )
    kept = settle(item(entry), page, organizations, SOURCE)
    assert kept.article.title == "From the page"
    assert kept.article.images == entry.images
    assert kept.article.provider == Provider("The Ledger", "ledger.example")
    assert (kept.published_at, kept.first_seen, kept.official) == (FEED, SEEN, True)


def test_a_publisher_without_a_name_is_called_by_its_domain() -> None:
    kept = settle(item(Entry()), Article("https://news.ledger.co.uk/weir"), {}, None)
    assert kept.article.provider == Provider("ledger.co.uk", "ledger.co.uk")


def test_the_name_of_a_source_counts_for_its_own_publisher_only() -> None:
    assert settle(item(Entry()), Article("https://ledger.example/weir"), {}, SOURCE).article.provider == Provider(
        "Ledger (all)", "ledger.example"
    )
    other = settle(item(Entry()), Article("https://other.example/weir"), {}, SOURCE).article.provider
    assert other == Provider("other.example", "other.example")


def test_the_subject() -> None:
    topics = [Topic("tide", "Tide", keywords=("tidal power",))]
    article = Article("u", title="Weather", text="Nothing but Tidal Power today.")
    assert is_on_subject(article, topics, "any")
    assert is_on_subject(article, topics, "text")
    assert not is_on_subject(article, topics, "title")


def test_first_seen_is_the_limit_for_a_feed_whose_clock_runs_fast() -> None:
    when, _ = published_at(None, Entry(published=SEEN + timedelta(minutes=10)), SEEN)
    assert when == SEEN


def test_what_nobody_can_show_does_not_get_in() -> None:
    page = Article(
        "https://ledger.example/weir",
        title="A \x00weir\ud800 \n mended",
        excerpt="\x1b[31mred",
        text="one\n\ntwo\x07",
        authors=("Ann\x00",),
        images=(Image("https://ledger.example/a.jpg", -3, 10**12),),
        provider=Provider("L\x00", "ledger.example"),
    )
    article = settle(item(Entry()), page, {}, None).article
    assert article.title == "A \ufffdweir\ufffd mended"
    assert article.text == "one\n\ntwo\ufffd"
    assert "\x1b" not in (article.excerpt or "")
    assert article.images == (Image("https://ledger.example/a.jpg"),)
