"""What the store and git are asked for on an editor's behalf."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.adapters.clocks import FixedClock
from broadsheet.adapters.git.repository import GitRepository
from broadsheet.adapters.storage.store import SqlStore
from broadsheet.model.article import Article
from broadsheet.model.feed import Entry
from broadsheet.model.kept import Item, KeptArticle
from broadsheet.model.story import Assignment, Receipt
from broadsheet.ports import Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = SqlStore(tmp_path / "state.sqlite")
    for name in ("a", "b"):
        said = Article(f"https://ledger.example/{name}", "A weir")
        item = Item(name, said.url, "https://ledger.example/feed", Entry(), "one", NOON)
        opened.articles.keep(item, KeptArticle(name, said, NOON, NOON, item.source_url), [])
    yield opened
    opened.close()


def test_the_story_of_an_article_is_known_without_reading_it(store: Store) -> None:
    store.stories.assign([Assignment("a", "one", Receipt())])
    assert store.stories.of(["a", "b", "c"]) == {"a": "one"}


def test_a_story_without_reports_is_published_anew_whenever_its_last_head_moves(store: Store) -> None:
    store.stories.assign([Assignment("a", "one", Receipt()), Assignment("b", "two", Receipt())])
    store.stories.published({"one": "a", "two": "b"})
    assert store.stories.dissolved() == []
    store.stories.assign([Assignment("a", "two", Receipt(decision="merge"))])
    assert store.stories.dissolved() == ["one"]
    store.stories.published({"one": "", "two": "b"})
    assert store.stories.unpublished() == []
    store.stories.assign([Assignment("a", "three", Receipt())])
    assert store.stories.unpublished() == ["one", "three", "two"]
    assert store.stories.heads(["one"]) == {"one": "a"}
    assert store.articles.by_id(["a"])["a"].assignment == Assignment("a", "three", Receipt())


def test_what_a_decision_did_is_in_the_receipt(store: Store) -> None:
    said = Assignment("a", "one", Receipt(decision="20261122T100000Z-merge-09cc75"))
    store.stories.assign([said])
    assert store.articles.by_id(["a"])["a"].assignment == said


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@b.example")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def test_ours_is_what_nobody_touched_since_our_commit(tmp_path: Path) -> None:
    folder = tmp_path / "repository" / "paper"
    (folder / "_news").mkdir(parents=True)
    repository = GitRepository(folder, FixedClock(NOON))
    assert repository.ours(["_news"]) == set()
    git(tmp_path / "repository", "init", "--quiet", "--initial-branch=main")
    assert repository.ours(["_news"]) == set()
    paths = [f"_news/{name}.md" for name in ("ours", "edited", "committed", "merged", "weir ö")]
    for path in paths:
        (folder / path).write_text("one", "utf-8")
    repository.commit(paths, "Ours")
    (folder / "_news/theirs.md").write_text("theirs", "utf-8")
    assert repository.ours(["_news", "_stories"]) == set(paths)
    git(folder, "checkout", "--quiet", "-b", "theirs")
    (folder / "_news/merged.md").write_text("two", "utf-8")
    git(folder, "commit", "--quiet", "-am", "Theirs")
    git(folder, "checkout", "--quiet", "main")
    (folder / "_news/committed.md").write_text("two", "utf-8")
    git(folder, "commit", "--quiet", "-am", "Theirs too")
    git(folder, "merge", "--quiet", "--no-edit", "theirs")
    (folder / "_news/edited.md").write_text("two", "utf-8")
    assert repository.ours(["_news"]) == {"_news/ours.md", "_news/weir ö.md"}
