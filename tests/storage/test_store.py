"""The contract of the `Store` port, on a real SQLite file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadsheet.adapters.storage.store import SqlStore
from broadsheet.model.article import Article, Provider
from broadsheet.model.failure import Failure
from broadsheet.model.feed import Enclosure, Entry, Person
from broadsheet.model.images import Image
from broadsheet.model.kept import Change, Item, KeptArticle, WrittenFile
from broadsheet.model.pictures import KeptPicture, mark_of
from broadsheet.model.publication import PublishedImage
from broadsheet.model.source import Source, SourceKind, SourceState
from broadsheet.model.story import Assignment, Receipt
from broadsheet.ports import Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED = Source("https://ledger.example/feed.xml", SourceKind.FEED, "The Ledger", official=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = SqlStore(tmp_path / "state.sqlite")
    yield opened
    opened.close()


def item(key: str, fingerprint: str = "one", url: str = FEED.url) -> Item:
    entry = Entry(
        id=key,
        url=f"https://ledger.example/{key}",
        title="A weir is mended",
        authors=(Person("Ann Ost"),),
        published=NOON,
        enclosures=(Enclosure("https://ledger.example/a.mp3", "audio/mpeg", 12),),
        images=(Image("https://ledger.example/a.jpg", 1200, 800),),
    )
    return Item(key, f"https://ledger.example/{key}", url, entry, fingerprint, NOON)


def article(name: str, at: datetime = NOON, image: str | None = None) -> KeptArticle:
    images = (Image(image),) if image else ()
    said = Article(
        f"https://ledger.example/{name}", "A weir", images=images, provider=Provider("Ledger", "ledger.example")
    )
    return KeptArticle(name, said, at, NOON, FEED.url, official=True)


def test_sources_are_due_at_once_and_then_when_their_poll_said(store: Store) -> None:
    store.sources.keep([FEED], NOON)
    assert [s.source for s in store.sources.due(NOON)] == [FEED]
    later = SourceState(FEED, next_due=NOON + timedelta(hours=1), etag='"a"', failures=0, last_success=NOON)
    store.sources.keep_poll(later, [])
    assert store.sources.due(NOON) == []
    assert store.sources.due(NOON + timedelta(hours=1)) == [later]


def test_a_source_that_is_no_longer_listed_is_not_due_but_remembered(store: Store) -> None:
    store.sources.keep([FEED], NOON)
    store.sources.keep_poll(SourceState(FEED, next_due=NOON, etag='"a"'), [])
    store.sources.keep([], NOON)
    assert store.sources.due(NOON) == []
    store.sources.keep([FEED], NOON)
    assert store.sources.due(NOON)[0].etag == '"a"'


def test_a_retired_source_is_not_due(store: Store) -> None:
    store.sources.keep([FEED], NOON)
    store.sources.keep_poll(SourceState(FEED, next_due=NOON, retired=True), [])
    assert store.sources.due(NOON) == []


def test_an_item_comes_once_and_again_only_when_its_source_changes_it(store: Store) -> None:
    store.sources.keep([FEED], NOON)
    state = SourceState(FEED, next_due=NOON)
    assert store.sources.keep_poll(state, [item("a"), item("b")]) == 2
    assert store.items.waiting(NOON, 10) == [item("a"), item("b")]
    assert store.items.waiting(NOON, 1) == [item("a")]
    assert store.items.ready(NOON) == 2
    store.items.drop(item("a"), "no page")
    assert store.sources.keep_poll(state, [item("a"), item("b")]) == 0
    assert [i.key for i in store.items.waiting(NOON, 10)] == ["b"]
    assert store.sources.keep_poll(state, [item("a", "two")]) == 1
    assert {i.key for i in store.items.waiting(NOON, 10)} == {"a", "b"}


def test_another_source_that_lists_the_same_item_differently_is_no_news(store: Store) -> None:
    state = SourceState(FEED, next_due=NOON)
    store.sources.keep_poll(state, [item("a")])
    assert store.sources.keep_poll(state, [item("a", "other words", "https://other.example/feed")]) == 0


def test_a_delayed_item_waits_and_counts_its_attempts(store: Store) -> None:
    store.sources.keep_poll(SourceState(FEED, next_due=NOON), [item("a")])
    store.items.delay(item("a"), "timed out", NOON + timedelta(minutes=5))
    assert store.items.waiting(NOON, 10) == []
    (again,) = store.items.waiting(NOON + timedelta(minutes=5), 10)
    assert again.attempts == 1


def test_articles_come_back_as_they_were_kept(store: Store) -> None:
    store.sources.keep_poll(SourceState(FEED, next_due=NOON), [item("a")])
    kept = article("a", image="https://ledger.example/a.jpg")
    change = Change("a", NOON, "title", "A weir", "The weir")
    store.articles.keep(item("a"), kept, [change])
    assert store.articles.by_id(["a", "nobody"]) == {"a": kept}
    assert store.articles.unassigned() == [kept]
    assert store.articles.changes(["a"]) == [change]
    assert store.items.counts() == {"done": 1}
    assert store.articles.between(NOON, NOON) == [kept]
    assert store.articles.between(NOON + timedelta(seconds=1), NOON + timedelta(days=1)) == []


def keep_all(store: Store, *kept: KeptArticle) -> None:
    for one in kept:
        store.sources.keep_poll(SourceState(FEED, next_due=NOON), [item(one.id)])
        store.articles.keep(item(one.id), one, [])


def test_assignments_mark_the_stories_that_changed(store: Store) -> None:
    keep_all(store, article("a"), article("b"))
    first = [Assignment("a", "s1", Receipt()), Assignment("b", "s1", Receipt(similarity=0.5, names=("Harrier",)))]
    assert store.stories.assign(first) == 2
    assert store.stories.assign(first) == 0
    assert store.stories.unpublished() == ["s1"]
    store.stories.published({"s1": "a"})
    assert store.stories.unpublished() == []
    assert store.stories.heads(["s1"]) == {"s1": "a"}
    assert store.stories.assign([Assignment("b", "s2", Receipt())]) == 1
    assert store.stories.unpublished() == ["s1", "s2"]
    assert {k: [a.id for a in v] for k, v in store.stories.members(["s1", "s2"]).items()} == {"s1": ["a"], "s2": ["b"]}


def test_the_receipt_of_a_decision_stays_as_it_was(store: Store) -> None:
    keep_all(store, article("a"))
    store.stories.assign([Assignment("a", "s1", Receipt(similarity=0.5))])
    store.stories.assign([Assignment("a", "s1", Receipt(similarity=0.6))])
    assigned = store.articles.by_id(["a"])["a"].assignment
    assert assigned is not None
    assert assigned.receipt.similarity == 0.5


def test_a_changed_article_marks_its_story(store: Store) -> None:
    keep_all(store, article("a"))
    store.stories.assign([Assignment("a", "s1", Receipt())])
    store.stories.published({"s1": "a"})
    keep_all(store, article("a"))
    assert store.stories.unpublished() == ["s1"]


def test_an_image_on_many_articles_is_known_as_shared(store: Store) -> None:
    card = "https://ledger.example/card.png"
    keep_all(store, *(article(name, image=card) for name in "abc"), article("d", image="https://ledger.example/d.png"))
    assert store.articles.shared_images(3) == {card}
    store.stories.assign([Assignment("a", "s1", Receipt())])
    store.stories.published({"s1": "a"})
    store.stories.mark_by_images([card])
    assert store.stories.unpublished() == ["s1"]


def test_a_record_keeps_its_first_path(store: Store) -> None:
    store.files.intend([WrittenFile("_news/a.md", "sha1")], {"a": "_news/a.md"})
    store.files.intend([], {"a": "_news/other.md"})
    assert store.files.paths() == {"a": "_news/a.md"}
    assert store.files.dirty() == [WrittenFile("_news/a.md", "sha1")]
    store.files.committed(["_news/a.md"])
    assert store.files.dirty() == []
    assert store.files.known(["_news/a.md"]) == {"_news/a.md": WrittenFile("_news/a.md", "sha1", dirty=False)}


def test_a_committed_deletion_is_forgotten(store: Store) -> None:
    store.files.intend([WrittenFile("_stories/s.json", None, "sha1")], {})
    store.files.committed(["_stories/s.json"])
    assert store.files.known(["_stories/s.json"]) == {}


A, B, C = (f"https://ledger.example/{name}.jpg" for name in "abc")
WEIR = PublishedImage((("pictures/a-480.webp", 480),), 480, 320, "A weir", "pictures/a-share.jpg")


def test_pictures_remember_success_and_failure(store: Store) -> None:
    failed = KeptPicture(B, None, "too large", attempts=2, not_before=NOON)
    store.pictures.keep(KeptPicture(A, WEIR), failed)
    assert store.pictures.known() == {A: WEIR, B: None}
    assert store.pictures.of([A, B, C]) == {A: KeptPicture(A, WEIR), B: failed}
    store.pictures.want([KeptPicture(B, not_before=NOON), KeptPicture(C, not_before=NOON)])
    assert store.pictures.of([B, C]) == {B: failed, C: KeptPicture(C, not_before=NOON)}
    store.pictures.forget([B, C])
    assert store.pictures.known() == {A: WEIR}


def test_pictures_come_in_turn_when_they_are_due(store: Store) -> None:
    mark = KeptPicture(mark_of("ledger.example"), WEIR, not_before=NOON, address="https://ledger.example/")
    store.pictures.keep(
        KeptPicture(A, None, "busy", attempts=1, not_before=NOON - timedelta(days=1)),
        KeptPicture(B, not_before=NOON),
        KeptPicture(C, None, "gone", attempts=9),
        mark,
    )
    assert [one.url for one in store.pictures.due(NOON, 9, marks=False)] == [B, A]
    assert [one.url for one in store.pictures.due(NOON, 1, marks=False)] == [B]
    assert store.pictures.due(NOON, 9, marks=True) == [mark]
    assert store.pictures.due(NOON - timedelta(days=2), 9, marks=True) == []


def test_pictures_know_who_names_them(store: Store) -> None:
    store.pictures.keep(KeptPicture(A, WEIR), KeptPicture(B), KeptPicture(mark_of("ledger.example"), WEIR))
    store.pictures.use({"s1": [A, A], "s2": [A, B]})
    assert store.pictures.stories_with([A]) == {"s1", "s2"}
    assert store.pictures.unused() == []
    store.pictures.use({"s2": [A], "s3": []})
    assert store.pictures.stories_with([B]) == set()
    assert store.pictures.unused() == [B]


def test_the_journal_tells_the_last_run(store: Store) -> None:
    assert store.journal.last_run() is None
    for number in range(40):
        store.journal.keep_run(NOON, NOON, {"number": number}, [Failure("fetch", f"https://a.example/{number}", "404")])
    assert store.journal.last_run() == (NOON, {"number": 39}, [Failure("fetch", "https://a.example/39", "404")])
    assert store.journal.fact("rules") is None
    store.journal.keep_fact("rules", "x")
    store.journal.keep_fact("rules", "y")
    assert store.journal.fact("rules") == "y"


def test_naive_instants_are_refused(store: Store) -> None:
    with pytest.raises(Exception, match="without a zone"):
        store.sources.keep([FEED], NOON.replace(tzinfo=None))


def test_everything_survives_closing(tmp_path: Path) -> None:
    first = SqlStore(tmp_path / "state.sqlite")
    first.sources.keep([FEED], NOON)
    first.close()
    second = SqlStore(tmp_path / "state.sqlite")
    assert [s.source for s in second.sources.all()] == [replace(FEED)]
    second.close()
