"""The long stream that the story engine is measured on: made of invented articles here."""

import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import islice

import numpy as np
import pytest
from bench.stories.renaming import MIDDLING, Renamer, Vocabulary
from bench.stories.stream import BEGIN, TOLD, Stream, Told, Turner

from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.stopwords import STOP_WORDS
from broadsheet.stages.stories.terms import general_frequencies

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RARE = ("Quillbarrow", "Ostermunde", "Fennimark", "Thrastle", "Velgaard", "Wimbourne", "Korrigal", "Zeddington")


def _articles() -> list[StoryArticle]:
    return [
        StoryArticle(
            id=f"a{n}",
            title=f"The people of {RARE[n // 3]} want new roads, says report {n + 1}",
            published=NOON,
            url=f"https://news.example/2026/roads-of-{RARE[n // 3].lower()}-wanted.html",
            excerpt=f"About 41,{n + 120} people in {RARE[n // 3]} will get {n % 3 + 1} roads in 2026.",
        )
        for n in range(24)
    ]


def _truth() -> dict[str, str]:
    return {f"a{n}": f"s{n // 3}" for n in range(24)}


def _stream(seed: int = 1, rows: np.ndarray | None = None) -> Stream:
    return Stream(_articles(), _truth(), a_day=48, rows=rows, seed=seed)


def _told(most: int = 400, seed: int = 1) -> list[Told]:
    return list(islice(_stream(seed), most))


def _replica(told: Told) -> str:
    return told.article.id.partition("-")[0]


def test_the_same_seed_gives_the_same_stream() -> None:
    assert _told() == _told()


def test_another_seed_gives_another_stream() -> None:
    assert [t.article.title for t in _told(50)] != [t.article.title for t in _told(50, seed=2)]


def test_ids_are_unique() -> None:
    ids = [t.article.id for t in _told()]
    assert len(set(ids)) == len(ids)


def test_times_are_in_order_from_the_first_day_on() -> None:
    times = [t.article.published for t in _told()]
    assert times == sorted(times)
    assert BEGIN <= times[0] < BEGIN + timedelta(days=1)


def test_there_are_as_many_articles_a_day_as_asked_for() -> None:
    told = _told(480)
    days = (told[-1].article.published - told[0].article.published) / timedelta(days=1)
    assert 480 / days == pytest.approx(48, rel=0.15)


def test_a_story_is_told_within_two_days() -> None:
    times = defaultdict(list)
    for told in _told():
        times[told.story].append(told.article.published)
    assert max(max(t) - min(t) for t in times.values()) <= timedelta(seconds=TOLD)
    assert any(len(set(t)) == 3 for t in times.values())


def _rare_words(told: Told) -> set[str]:
    general = general_frequencies()
    text = f"{told.article.title} {told.article.excerpt}".casefold()
    words = {w for w in re.findall(r"[^\W\d_]{3,}", text) if w not in STOP_WORDS}
    return {w for w in words if general.count(w) < MIDDLING * general.texts}


def test_replicas_share_no_rare_word() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for told in _told():
        for word in _rare_words(told):
            owners[word].add(_replica(told))
    assert len(owners) > 8
    assert {len(replicas) for replicas in owners.values()} == {1}


def test_the_articles_of_a_story_share_its_rare_word() -> None:
    words: dict[str, list[set[str]]] = defaultdict(list)
    for told in _told():
        words[told.story].append(_rare_words(told))
    assert all(set.intersection(*told) for told in words.values())


def test_common_words_years_and_small_figures_stay() -> None:
    article = _told(1)[0].article
    assert article.title.startswith("The people of ")
    assert article.excerpt.endswith("in 2026.")
    assert re.search(r"will get [123] ", article.excerpt)


def test_large_figures_keep_their_form_and_change() -> None:
    figures = [re.search(r"About (\S+) ", t.article.excerpt) for t in _told()]
    found = {match.group(1) for match in figures if match}
    assert all(re.fullmatch(r"[1-9]\d,\d{3}", figure) for figure in found)
    assert len(found) > 24


def test_addresses_keep_their_publisher_and_ending() -> None:
    urls = {t.article.url for t in _told()}
    assert all(re.fullmatch(r"https://news\.example/2026/[a-z-]+\.html", url) for url in urls)
    assert len(urls) > 24


def test_capitals_stay() -> None:
    vocabulary = Vocabulary(["Quillbarrow QUILLBARROW quillbarrow"])
    capital, upper, lower = Renamer(vocabulary, 3, 1).rename("Quillbarrow QUILLBARROW quillbarrow").split()
    assert capital == lower.capitalize()
    assert upper == lower.upper()
    assert lower != "quillbarrow"


def test_two_words_never_become_one() -> None:
    words = [f"x{a}{b}y" for a in "abcdefghij" for b in "abcdefghij"]
    vocabulary = Vocabulary([" ".join(words)])
    renamed = [w for n in range(20) for w in Renamer(vocabulary, n, 1).rename(" ".join(words)).split()]
    assert len(set(renamed)) == 2_000


def test_turned_embeddings_keep_the_cosines_of_their_replica() -> None:
    rows = _rows()
    turner = Turner(rows, seed=1)
    turned = np.stack([turner.row(n, 5) for n in range(len(rows))])
    assert np.allclose(turned @ turned.T, rows @ rows.T, atol=1e-4)


def test_turned_embeddings_of_two_replicas_are_no_twins() -> None:
    rows = _rows()
    turner = Turner(rows, seed=1)
    ours, theirs = (np.stack([turner.row(n, replica) for n in range(len(rows))]) for replica in (5, 6))
    assert np.mean(np.sum(ours * theirs, axis=1)) < 0.5


def test_embeddings_go_with_their_articles() -> None:
    told = list(islice(_stream(rows=_rows()[:24]), 10))
    assert all(t.embedding is not None and t.embedding.shape == (64,) for t in told)


def _rows() -> np.ndarray:
    rows = np.random.default_rng(0).normal(size=(200, 64)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
