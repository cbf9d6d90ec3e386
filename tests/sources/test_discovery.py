"""What can be watched at an address, and which links of a page are articles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Rejected
from broadsheet.model.feed import Entry, Feed
from broadsheet.stages.sources.aggregators import read_hits, unwrapped
from broadsheet.stages.sources.article_links import article_links
from broadsheet.stages.sources.discovery import by_address, in_page, usual
from broadsheet.stages.sources.page_links import read_links

CHANNEL = "UC" + "a1_-" * 5 + "ab"


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        (
            f"https://www.youtube.com/channel/{CHANNEL}/videos",
            f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}",
        ),
        ("https://youtube.com/user/weirs", "https://www.youtube.com/feeds/videos.xml?user=weirs"),
        ("https://www.youtube.com/playlist?list=PL12", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL12"),
        ("https://old.reddit.com/r/weirs/", "https://www.reddit.com/r/weirs/.rss"),
        ("https://www.reddit.com/r/weirs/new/?a=1", "https://www.reddit.com/r/weirs/new/.rss"),
        ("https://github.com/a/b", "https://github.com/a/b/releases.atom"),
        ("https://github.com/a/b/tags", "https://github.com/a/b/tags.atom"),
        ("https://github.com/a/b/commits/main", "https://github.com/a/b/commits/main.atom"),
        ("https://medium.com/@ann", "https://medium.com/feed/@ann"),
        ("https://ann.substack.com/p/one", "https://ann.substack.com/feed"),
        ("https://social.example/@ann", "https://social.example/@ann.rss"),
        ("https://news.ycombinator.com/", "https://news.ycombinator.com/rss"),
        ("https://news.ycombinator.com/newest", "https://hn.algolia.com/api/v1/search_by_date?tags=story"),
    ],
)
def test_feeds_by_the_form_of_the_address(address: str, feed: str) -> None:
    assert by_address(address)[0].url == feed


@pytest.mark.parametrize(
    "address", ["https://ledger.example/", "https://github.com/a", "https://www.youtube.com/@ann", "nonsense"]
)
def test_addresses_that_tell_nothing(address: str) -> None:
    assert by_address(address) == []


def test_feeds_that_a_page_names_come_first_and_those_of_comments_last() -> None:
    page = b"""<html><head><base href="https://cdn.example/x/">
    <link rel="alternate" type="application/rss+xml" title="Comments" href="https://ledger.example/comments/feed/">
    <link title='The "Ledger"' href=/feed.xml type=application/atom+xml rel='alternate home'>
    <link rel=alternate type="application/json" href="https://ledger.example/wp-json/oembed">
    <link rel=alternate hreflang=de href=/de></head><a href="/rss/harbour">RSS</a> <a href="/news">News</a>"""
    found = in_page(page, url="https://ledger.example/")
    assert [g.url for g in found] == [
        "https://cdn.example/feed.xml",
        "https://cdn.example/rss/harbour",
        "https://ledger.example/comments/feed/",
    ]
    assert found[0].why == 'the page names it "The "Ledger""'


def test_the_channel_of_a_page_with_a_handle() -> None:
    page = f'<script>var x = {{"externalId":"{CHANNEL}"}}</script>'.encode()
    (found,) = in_page(page, url="https://www.youtube.com/@ann")
    assert found.url.endswith(CHANNEL)
    assert in_page(page, url="https://ledger.example/") == []


def test_the_usual_places() -> None:
    places = [g.url for g in usual("https://ledger.example/blog/")]
    assert places[0] == "https://ledger.example/blog/feed"
    assert "https://ledger.example/feed.xml" in places
    assert usual("https://ledger.example/index.html")[0].url == "https://ledger.example/feed"


LISTING = """<!doctype html><title>The Ledger</title>
<header><nav><ul><li><a href="/harbour/all-about-our-harbour-and-its-boats">All about our harbour and its boats</a></ul></nav></header>
<main>
<article class="card"><a href="/2026/11/20/salmon-climb-again"><img alt=""></a>
  <header><h2><a href="/2026/11/20/salmon-climb-again?utm_source=home">Salmon climb the weir again</a></h2></header>
  <time datetime="2026-11-20T08:00:00Z">Friday</time> <a href="/author/ann-ost-of-the-ledger">Ann Ost writes for us</a></article>
<article class="card"><h2><a href="/news/bakery-wins-the-rye-prize-48213.html"><!-- a < b --><!---->Bakery wins the prize for rye</a></h2>
  <a href="/news/bakery-wins-the-rye-prize-48213.html#comments">3</a><time datetime="2026-11-19">Thursday</time></article>
<div class="row"><a href="/news/anglers-worry-about-seals">Anglers worry about the seals, it is said</a></div>
<a href="/topics/fish-and-weirs-and-more">All about fish and weirs and more</a>
<a href="/tides.pdf">The tides of the coming year in one file</a>
<a href="https://elsewhere.example/2026/11/20/some-other-paper-entirely">Some other paper entirely, with its news</a>
</main><footer><a href="/2020/01/01/our-long-privacy-statement-of-old">Our long privacy statement of old</a></footer>"""


def test_links_that_look_like_articles() -> None:
    found = article_links(LISTING.encode(), url="https://ledger.example/")
    assert [(e.url, e.title) for e in found] == [
        ("https://ledger.example/2026/11/20/salmon-climb-again", "Salmon climb the weir again"),
        ("https://ledger.example/news/bakery-wins-the-rye-prize-48213.html", "Bakery wins the prize for rye"),
        ("https://ledger.example/news/anglers-worry-about-seals", "Anglers worry about the seals, it is said"),
    ]
    assert [e.published.isoformat()[:10] if e.published else None for e in found] == ["2026-11-20", "2026-11-19", None]


def test_a_page_without_articles_says_so() -> None:
    with pytest.raises(Rejected, match="no links on it look like articles"):
        article_links(b"<a href=/about>About</a>", url="https://ledger.example/")


@given(
    st.lists(
        st.sampled_from(
            [
                "<a href='/2026/01/02/",
                "long-slug-of-a-page",
                "'>",
                "</a>",
                "<div class=nav>",
                "</div>",
                "<",
                '"',
                "<h2>",
                "<script>",
                "<time datetime=2026-01-02>",
                "text ",
            ]
        ),
        max_size=60,
    ).map("".join)
)
def test_any_markup_is_read(markup: str) -> None:
    read_links(markup.encode(), url="https://ledger.example/")
    try:
        found = article_links(markup.encode(), url="https://ledger.example/")
    except Rejected:
        return
    assert found == article_links(markup.encode(), url="https://ledger.example/")
    assert all((e.url or "").startswith("https://ledger.example/") for e in found)


def test_links_of_others_articles_lead_there() -> None:
    said = '<a href="https://www.reddit.com/user/x">x</a> <a href="https://ledger.example/a?b=1&amp;c=2">[link]</a> <a href="https://www.reddit.com/r/weirs/comments/1">[comments]</a>'
    own = '<p>Words</p> <a href="https://www.reddit.com/r/weirs/comments/2">[link]</a>'
    feed = Feed(
        entries=(
            Entry(url="https://www.reddit.com/r/weirs/comments/1", content=said),
            Entry(url="https://www.reddit.com/r/weirs/comments/2", content=own),
        )
    )
    first, second = unwrapped(feed, "https://www.reddit.com/r/weirs/.rss").entries
    assert (first.url, first.comments, first.content) == (
        "https://ledger.example/a?b=1&c=2",
        "https://www.reddit.com/r/weirs/comments/1",
        None,
    )
    assert second.url == "https://www.reddit.com/r/weirs/comments/2"
    assert unwrapped(feed, "https://ledger.example/feed") is feed


def test_the_answer_of_a_search() -> None:
    body = b'{"hits":[{"objectID":"7","title":"A weir","url":"https://ledger.example/a","points":12,"created_at":"2026-11-20T08:00:00Z"},{"objectID":"8","title":"Ask","url":null},3]}'
    first, second = read_hits(body).entries
    assert (first.url, first.comments, first.categories) == (
        "https://ledger.example/a",
        "https://news.ycombinator.com/item?id=7",
        ("points: 12",),
    )
    assert second.url == "https://news.ycombinator.com/item?id=8"
    for bad in (b"", b"[]", b"{}", b'{"hits":7}', b"[" * 100_000):
        with pytest.raises(Rejected):
            read_hits(bad)
