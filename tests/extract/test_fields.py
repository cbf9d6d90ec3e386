"""The finders of single fields, each by its own rule."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.exchange import Response
from broadsheet.stages.extract import extract_article
from broadsheet.stages.extract.excerpt import sentences
from broadsheet.stages.extract.images import is_generic
from broadsheet.stages.extract.pictures import marks_of, size_in_url
from broadsheet.stages.extract.structured import read_linked
from broadsheet.stages.extract.written_dates import read_date

News = Callable[..., Response]


def _linked(body: str) -> str:
    return f'<script type="application/ld+json">{body}</script>'


@pytest.mark.parametrize(
    ("head", "before", "title"),
    [
        ("<title>Bridge closes - Example News</title>", "", "Bridge closes"),
        ("<title>Example News: Bridge closes for good</title>", "", "Bridge closes for good"),
        ("<title>Bridge closes - a chronicle</title>", "", "Bridge closes - a chronicle"),
        ('<meta property="og:title" content="Ferry instead of bridge">', "<h1><span>Traffic</span> <span>Ferry instead of bridge</span></h1>", "Ferry instead of bridge"),
        ('<meta property="og:title" content="Traffic: Ferry now">', "<h1><span>Traffic</span><span>Ferry now</span></h1>", "Traffic: Ferry now"),
        ("", "<h1>The only heading here</h1>", "The only heading here"),
        ("", "<h1><span class=kicker>Traffic</span>: The ferry sails again</h1>", "The ferry sails again"),
        ("<title>The ferry sails again</title>", "<h1><span class=overline>Traffic</span> The ferry sails again</h1>", "The ferry sails again"),
        ("<title>Ferry</title>", "<ol class=breadcrumb><li><h1>Ferry search words</h1></ol><header><h2>The ferry sails again</h2></header>", "The ferry sails again"),
        ("<title>The ferry sails again</title>", "<h1><a href='/'>Our little paper</a></h1>", "The ferry sails again"),
        ("<title>«The ferry sails again»</title>", "", "«The ferry sails again»"),
        ("<title>Our times » Blog Archive » The ferry sails again</title>", "<h1><a href='/'>Our times</a></h1>", "Our times » Blog Archive » The ferry sails again"),
    ],
)  # fmt: skip
def test_title(page_of: News, head: str, before: str, title: str) -> None:
    site = '<meta property="og:site_name" content="Example News">'
    assert extract_article(page_of(f"<html><head>{site}{head}</head><body>{before}<p>Text.</p>")).title == title


@pytest.mark.parametrize(
    ("head", "before", "authors"),
    [
        ('<meta name=author content="Ada Lovelace">', "", ("Ada Lovelace",)),
        ('<meta name=author content="admin">', "", ()),
        ('<meta name=author content="Example Media GmbH">', "", ()),
        ('<meta name=author content="https://example.com/a">', "", ()),
        ("", "<p class=byline>By <a href=/a>Ada Lovelace</a> and <a href=/g>Grace Hopper</a></p>", ("Ada Lovelace", "Grace Hopper")),
        ("", "<p>Von Ada Lovelace</p>", ("Ada Lovelace",)),
        ("", "<p>By noon the bridge was closed.</p>", ()),
        ("", "<div class=comments><span class=author>Troll Below</span></div>", ()),
        (_linked('{"@type":"Article","author":{"name":"Example News"}}'), "", ()),
        (_linked('{"@type":"Article","author":"Ada Lovelace"}'), "", ("Ada Lovelace",)),
        (_linked('{"@type":"NewsArticle","author":"Example News"}'), "", ("Example News",)),
        (_linked('{"@type":"NewsArticle","author":"Example News"}'), "<p>By Ada Lovelace</p>", ("Ada Lovelace",)),
        (_linked('{"@type":"Article","author":"alovelace7"}'), "", ()),
        (_linked('{"@type":"Article","author":"Ada Lovelace"}'), "<p>By Ada Lovelace and Grace Hopper</p>", ("Ada Lovelace", "Grace Hopper")),
        (_linked('{"@type":"Article","author":"Ada"}'), "<p>By Ada Lovelace</p>", ("Ada Lovelace",)),
        ("", "<span class='author vcard'><a class='url fn n' href='/author/7/'>thebridgewatcher</a></span>", ("thebridgewatcher",)),
        ("", "<span class='author vcard'><a class=fn href='/author/1/'>admin</a></span>", ()),
        ("", "<p>Edited <a href='/author/ada/'>Ada Lovelace</a></p>", ("Ada Lovelace",)),
        ('<meta name=author content="Ada Lovelace, PhD">', "", ("Ada Lovelace",)),
        ("", "<article><footer class=entry-meta><a rel=author href=/a>Ada Lovelace</a></footer></article>", ("Ada Lovelace",)),
    ],
)  # fmt: skip
def test_authors(news: News, head: str, before: str, authors: tuple[str, ...]) -> None:
    site = '<meta property="og:site_name" content="Example News">'
    assert extract_article(news(site + head, before)).authors == authors


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2024-03-04T12:34:56+0100", "2024-03-04T12:34:56+01:00"),
        ("2024-03-04 12:34", "2024-03-04T12:34:00"),
        ("2024-03-04", "2024-03-04"),
        ("20240304", "2024-03-04"),
        ("1709555696", "2024-03-04T12:34:56Z"),
        ("Mon, 04 Mar 2024 12:34:56 GMT", "2024-03-04T12:34:56Z"),
        ("March 4, 2024 at 3:05 pm", "2024-03-04T15:05:00"),
        ("4. März 2024, 15:05 Uhr", "2024-03-04T15:05:00"),
        ("4 de marzo de 2024", "2024-03-04"),
        ("04.03.2024", "2024-03-04"),
        ("2024年3月4日", "2024-03-04"),
        ("04.03.2024 10:00-11:30", "2024-03-04T10:00:00"),
        ("4 March 2024, 15:05 GMT+10", "2024-03-04T15:05:00+10:00"),
        ("4 March 2024 15:05 CET", "2024-03-04T15:05:00+01:00"),
        ("4. 3. 2024", "2024-03-04"),
        ("31.02.2024", None),
        ("192.168.10.12", None),
        ("call 030 1234567", None),
    ],
)
def test_written_dates(text: str, when: str | None) -> None:
    assert read_date(text) == when


def test_numeric_dates_by_country() -> None:
    assert read_date("3/4/2024") == "2024-04-03"
    assert read_date("3/4/2024", month_first=True) == "2024-03-04"


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_not(text: str) -> None:
    when = read_date(text)
    assert when is None or len(when) >= 10


@pytest.mark.parametrize(
    ("head", "before", "url", "when"),
    [
        (_linked('{"@type":"Article","datePublished":"2024-03-04T23:30:00Z"}') + '<meta property="article:published_time" content="2024-03-05T00:30:00+01:00">', "", "", "2024-03-05T00:30:00+01:00"),
        ("", '<time datetime="2024-03-04T10:00:00+01:00">4 March</time>', "", "2024-03-04T10:00:00+01:00"),
        ("", "", "https://example.com/2024/03/04/bridge", "2024-03-04"),
        ("", "<div>Published on 4 March 2024</div>", "", "2024-03-04"),
        ("", "<script>var state = {\"publishedAt\":\"2024-03-04T10:00:00Z\"}</script>", "", "2024-03-04T10:00:00Z"),
        (_linked('{"@type":"Article","datePublished":"1812-01-01"}'), "", "", None),
        (_linked('{"@type":"Article","datePublished":"2024-03-05T01:37:09Z"}'), '<time datetime="2024-03-04T17:37:09">x</time>', "", "2024-03-04T17:37:09-08:00"),
        (_linked('{"@type":"Article","datePublished":"2024-03-05T01:30:00Z"}'), '<time datetime="2024-03-04T17:30:00">x</time>', "", "2024-03-05T01:30:00Z"),
        (_linked('{"@type":"Article","datePublished":"2021-01-02"}') + '<meta property="article:published_time" content="2024-03-04T10:00:00">', "", "https://example.com/2024/03/04/bridge", "2024-03-04T10:00:00"),
        ("", "<p>Updated 9 March 2024, published 4 March 2024</p>", "", "2024-03-04"),
        ("", '<div class=comments><time datetime="2024-03-04">x</time></div>', "", None),
    ],
)  # fmt: skip
def test_published(news: News, head: str, before: str, url: str, when: str | None) -> None:
    page = news(head, before, url=url) if url else news(head, before)
    assert extract_article(page).published == when


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("", "nowhere"),
        (_linked('{"@type":"Article","datePublished":"1970-01-01T00:00:00Z"}'), "where computers begin to count"),
        (_linked('{"@type":"Article","datePublished":"2199-01-01"}'), "in the future"),
        (_linked('{"@type":"Article","datePublished":"2020-05-06","dateModified":"2019-01-01"}'), "changed before"),
    ],
)
def test_doubtful_dates(news: News, head: str, says: str) -> None:
    article = extract_article(news(head, ""))
    assert says in article.doubts["publishedDateTime"]
    assert article.as_json()["doubts"] == article.doubts


def test_a_sound_date_is_not_doubted(news: News) -> None:
    head = _linked('{"@type":"Article","datePublished":"2024-03-04T10:00:00+01:00"}')
    assert extract_article(news(head, "")).doubts == {}


def _image(tags: str) -> str:
    return "".join(
        f'<meta property="{key}" content="{value}">' for key, value in (tag.split("=", 1) for tag in tags.split())
    )


@pytest.mark.parametrize(
    ("head", "before", "found"),
    [
        (_image("og:image=/a.jpg og:image:width=1200 og:image:height=630"), "", ("a.jpg", 1200, 630)),
        (_image("og:image=/logo.png og:image=/b.jpg"), "", ("b.jpg", None, None)),
        (_image("og:image=/a-1200x630.jpg"), "", ("a-1200x630.jpg", 1200, 630)),
        (_image("og:image=/a.jpg?w=1200&amp;h=630"), "", ("a.jpg?w=1200&h=630", 1200, 630)),
        (_image("og:image=/a.jpg?w=1200"), "", ("a.jpg?w=1200", None, None)),
        (_image("og:image=/a.jpg"), '<img src="/a.jpg" width=800 height=600>', ("a.jpg", 800, 600)),
        (_image("og:image=/default-share-image.png"), "", None),
        ("", '<figure><img src="/c.jpg" width=900 height=500></figure>', ("c.jpg", 900, 500)),
        ("", '<figure><img src="/dot.gif" width=1 height=1></figure>', None),
    ],
)
def test_lead_image(news: News, head: str, before: str, found: tuple[str, int | None, int | None] | None) -> None:
    images = extract_article(news(head, before)).images
    shown = [(i.url.removeprefix("https://www.example.com/"), i.width, i.height) for i in images]
    assert shown == ([found] if found else [])


def test_the_logo_of_the_publisher(news: News) -> None:
    logo = '{"@type":"ImageObject","url":"/logo.png","width":200,"height":60}'
    article = '{"@type":"NewsArticle","publisher":{"@type":"Organization","name":"Example News","logo":%s}}'
    found = extract_article(news(_linked(article % logo), "")).logo
    assert found is not None
    assert (found.url, found.width, found.height) == ("https://www.example.com/logo.png", 200, 60)
    assert extract_article(news("", "")).logo is None


def test_the_edition_that_the_article_shows(news: News) -> None:
    head = _image("og:image=/share/20391847-bridge-at-night.jpg og:image:width=600 og:image:height=315")
    body = (
        "<figure><img src='/s/20391847-bridge-at-night.jpg' width=300 height=200"
        " srcset='/s/20391847-bridge-at-night.jpg 300w, /l/20391847-bridge-at-night.jpg 1500w'></figure>"
        "<figure><img src='/s/77712345-ferry.jpg' width=900 height=600></figure>"
        "<aside><img src='/s/88812345-other.jpg' width=900 height=600></aside>"
        "<figure><a href='/news/9'><img src='/s/99912345-teaser.jpg' width=900 height=600></a></figure>"
    )
    article = extract_article(news(head, body))
    assert [(i.url.removeprefix("https://www.example.com"), i.width, i.height) for i in article.images] == [
        ("/l/20391847-bridge-at-night.jpg", 1500, 1000),
        ("/s/77712345-ferry.jpg", 900, 600),
    ]
    assert article.evidence["images"] == "og:image, as the article shows it"


@pytest.mark.parametrize(
    ("url", "size"),
    [
        ("https://e.com/resizer/abc=/1200x630/filters:focal(2398x1499:2408x1509)/a.jpg", (1200, 630)),
        ("https://e.com/a.jpg?resize=1200%2C675", (1200, 675)),
        ("https://e.com/upload/w_1200,h_630,c_fit/a.jpg", (1200, 630)),
        ("https://e.com/16x9-big/a.webp?width=1920", (1920, 1080)),
        ("https://e.com/191:100/w_1280,c_limit/a.jpg", (1280, 670)),
        ("https://e.com/w1200-h630-p/a.jpg", (1200, 630)),
        ("https://e.com/a.jpg?w=1200", None),
        ("https://e.com/2024/03/a.jpg", None),
        ("http://[bad", None),
    ],
)
def test_sizes_in_addresses(url: str, size: tuple[int, int] | None) -> None:
    assert size_in_url(url) == size


@given(st.text(max_size=80))
def test_any_address_has_marks_and_a_size_or_none(url: str) -> None:
    assert all(marks_of(url))
    size = size_in_url(f"https://example.com/{url}")
    assert size is None or min(size) >= 100


@pytest.mark.parametrize(
    "url", ["https://e.com/assets/logo-1.png", "https://e.com/og-image.jpg", "https://e.com/", "x.svg"]
)
def test_generic_images(url: str) -> None:
    assert is_generic(url)


@pytest.mark.parametrize("url", ["https://e.com/sites/default/files/bridge.jpg", "https://e.com/catalogue.jpg"])
def test_real_images(url: str) -> None:
    assert not is_generic(url)


@pytest.mark.parametrize(
    ("description", "excerpt"),
    [
        ("The harbour bridge will close on Monday. Shopkeepers fear for their trade. More inside.", "The harbour bridge will close on Monday. Shopkeepers fear for their trade."),
        ("The old harbour bridge will close for eleven months from Monday", "The old harbour bridge will close for eleven months from Monday, the city said after a long meeting."),
        ("All the best offers for sporty families every single day", None),
        ("The mayor promised to answer questions from resid…", "The mayor promised to answer questions from residents at the town hall on Thursday evening at seven."),
    ],
)  # fmt: skip
def test_excerpt(news: News, paragraphs: tuple[str, ...], description: str, excerpt: str | None) -> None:
    article = extract_article(news(f'<meta name=description content="{description}">'))
    assert article.excerpt is not None
    assert article.excerpt == excerpt or (excerpt is None and article.excerpt.startswith(paragraphs[0]))


def test_sentences_know_abbreviations() -> None:
    assert [*sentences("Mr. Smith met Dr. Who. They spoke.")] == ["Mr. Smith met Dr. Who.", "They spoke."]


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"Article","headline":"A headline",}',
        '/* <![CDATA[ */ {"@type":"Article","headline":"A headline"} /* ]]> */',
        '{"@type":"Article","headline":"A headline"};',
        '{"@type":"Article",\n"headline":"A headline"\n"author":"x"}',
        '[[{"@type":"http://schema.org/NewsArticle","headline":"A headline"}]]',
        '{"@type":"WebPage","mainEntity":{"@type":"Article","headline":"A headline"}}',
        '{"@type":"Article","headline":"A headline","author":{"name":"unfinished',
    ],
)
def test_lenient_json(script: str) -> None:
    assert read_linked([script], "https://example.com/a").article.get("headline") == "A headline"


def test_related_articles_are_not_the_article() -> None:
    script = (
        '{"@type":"ItemList","itemListElement":[{"@type":"Article","headline":"Other"}]}'
        '{"@type":"NewsArticle","headline":"This"}'
    )
    assert read_linked([script], "https://example.com/a").article["headline"] == "This"


def test_the_article_of_this_address_wins() -> None:
    script = (
        '[{"@type":"Article","headline":"Other","url":"https://example.com/b","a":1,"b":2},'
        '{"@type":"Article","headline":"This","url":"https://example.com/a/","a":1,"b":2}]'
    )
    assert read_linked([script], "https://www.example.com/a").article["headline"] == "This"


@given(st.lists(st.text(alphabet='{}[]",:@type Aricle\\n', max_size=80), max_size=4))
def test_any_json(scripts: list[str]) -> None:
    read_linked(scripts, "https://example.com/a")
