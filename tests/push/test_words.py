"""The words of posts, for any title that a stranger may write."""

import json
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.stages.publish.push.words import (
    bluesky_text,
    graphemes,
    mastodon_text,
    news_from,
    news_json,
    plain,
    shortened,
)
from services import NEWS

FAMILY = "👨‍👩‍👧‍👦"
texts = st.text(max_size=700) | st.lists(st.sampled_from([FAMILY, "é", "🇩🇪", "नि", "word", " ", "@a", "#b"])).map(
    "".join
)


@given(texts, texts, st.sampled_from(["en-us", "de-de", "ja-jp", "ar", "xx"]), st.integers(1, 5000))
def test_a_post_fits_and_its_link_is_where_it_says(title: str, publisher: str, locale: str, reports: int) -> None:
    news = replace(NEWS, title=plain(title), publisher=plain(publisher), reports=reports)
    text, (start, end) = bluesky_text(news, locale)
    assert graphemes(text) <= 300
    assert len(text.encode()) <= 3000
    assert text.encode()[start:end] == b"weir.example/stories/ab12cd34ef56"
    status = mastodon_text(news, locale)
    assert status.endswith(f"\n{news.url}")
    assert len(status) - len(news.url) == len(status.removesuffix(news.url))
    assert graphemes(status.removesuffix(news.url)) + 23 <= 500


@given(texts)
def test_a_title_steers_nothing_and_calls_nobody(title: str) -> None:
    news = replace(NEWS, title=plain(title))
    for said in (mastodon_text(news, "en"), bluesky_text(news, "en")[0]):
        first = said.rsplit("\n", 1)[0]
        assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in first.replace("\n", ""))
        assert not set(first) & set("\u202e\u2066\u200f")
        assert not re.search(r"(?<![\w/])[@#]\w", first)


@given(texts, st.integers(0, 50))
def test_shortened_fits_and_begins_like_the_text(text: str, most: int) -> None:
    short = shortened(text, most)
    assert graphemes(short) <= most
    assert text.startswith(short.removesuffix("…")) or short == text


@pytest.mark.parametrize(
    ("text", "most", "wanted"),
    [
        ("The weir is open", 20, "The weir is open"),
        ("The weir at Saltmere is open", 21, "The weir at Saltmere…"),
        ("Donaudampfschifffahrt", 6, "Donau…"),
        (FAMILY * 5, 3, FAMILY * 2 + "…"),
        ("abc", 0, ""),
    ],
)
def test_texts_are_cut_where_a_reader_would(text: str, most: int, wanted: str) -> None:
    assert shortened(text, most) == wanted


@given(texts, texts)
def test_news_are_kept_as_they_are(title: str, deck: str) -> None:
    news = replace(NEWS, title=plain(title), deck=plain(deck))
    assert news_from(json.loads(json.dumps(news_json(news)))) == news


def test_of_a_single_report_the_publisher_says_it_all() -> None:
    assert mastodon_text(replace(NEWS, reports=1), "en").split("\n")[1] == "The Ledger"
