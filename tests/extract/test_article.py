"""Whole pages to articles."""

import json
from collections.abc import Callable

import pytest

from broadsheet.model.exchange import Response
from broadsheet.model.images import Image
from broadsheet.stages.extract import extract_article

News = Callable[..., Response]

LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "Example News", "url": "https://www.example.com/"},
        {"@type": "Person", "@id": "#ada", "name": "Ada Lovelace"},
        {
            "@type": ["NewsArticle"],
            "headline": "Harbour bridge closes for eleven months",
            "author": [{"@id": "#ada"}, {"@type": "Person", "name": "Grace Hopper (gh)"}],
            "publisher": {"@type": "Organization", "name": "Example News"},
            "datePublished": "2025-11-03T08:15:00+01:00",
            "dateModified": "2025-11-03T09:00:00Z",
            "isAccessibleForFree": "False",
            "image": {"@type": "ImageObject", "url": "/img/bridge.jpg", "width": 1600, "height": "900px"},
        },
    ],
}
HEAD = (
    f'<script type="application/ld+json">{json.dumps(LINKED)}</script>'
    '<meta property="og:site_name" content="Example News"><meta property="og:title" content="Harbour bridge closes for'
    ' eleven months | Example News"><link rel=canonical href="/news/harbour-bridge?utm_source=x">'
    '<link rel=amphtml href="/amp/harbour-bridge">'
    '<meta name=description content="The old harbour bridge will close for eleven months from Monday, the city...">'
)


def test_all_fields(news: News, paragraphs: tuple[str, ...]) -> None:
    article = extract_article(news(HEAD, url="https://www.example.com/news/harbour-bridge?utm_source=mail"))
    assert article.url == "https://www.example.com/news/harbour-bridge"
    assert article.canonical_url == "https://www.example.com/news/harbour-bridge"
    assert article.title == "Harbour bridge closes for eleven months"
    assert article.authors == ("Ada Lovelace", "Grace Hopper")
    assert article.published == "2025-11-03T08:15:00+01:00"
    assert article.updated == "2025-11-03T09:00:00Z"
    assert article.images == (Image("https://www.example.com/img/bridge.jpg", 1600, 900),)
    assert article.provider is not None
    assert (article.provider.name, article.provider.domain) == ("Example News", "example.com")
    assert article.is_paywalled is True
    assert article.language == "en"
    assert article.type == "article"
    assert article.amp_web_url == "https://www.example.com/amp/harbour-bridge"
    assert article.cdn_amp_web_url is not None
    assert "cdn.ampproject.org" in article.cdn_amp_web_url
    assert article.excerpt == paragraphs[0] + " " + paragraphs[1] or article.excerpt == paragraphs[0]
    assert article.text == "\n\n".join(paragraphs)


def test_every_value_has_its_evidence(news: News) -> None:
    row = extract_article(news(HEAD)).as_json()
    evidence = row["evidence"]
    assert isinstance(evidence, dict)
    filled = {key for key, value in row.items() if value not in (None, "", [], {})}
    assert filled - {"url", "evidence", "cdnAmpWebUrl", "type"} <= set(evidence)
    assert evidence["authors"] == "json-ld author"


def test_nothing_is_invented(page_of: News) -> None:
    article = extract_article(page_of("<html><body><p>Hello.</p></body></html>"))
    assert (article.authors, article.published, article.images, article.is_paywalled) == ((), None, (), None)


def test_the_same_page_gives_the_same_article(news: News) -> None:
    assert extract_article(news(HEAD)) == extract_article(news(HEAD))


def test_video_with_its_player(page_of: News) -> None:
    head = (
        '<meta property="og:type" content="video.other"><meta property="og:title" content="The bridge from above">'
        '<meta property="og:video:url" content="https://www.youtube.com/embed/abcdefghijk">'
    )
    article = extract_article(page_of(f"<html><head>{head}</head><body><p>A short flight.</p></body></html>"))
    assert article.type == "video"
    assert article.embed is not None
    assert "abcdefghijk" in article.embed


def test_player_of_a_stranger_is_not_shown(page_of: News) -> None:
    head = (
        '<meta property="og:type" content="video"><meta property="og:video" content="https://evil.example/player.html">'
    )
    article = extract_article(page_of(f"<html><head>{head}</head><body><p>x</p></body></html>"))
    assert (article.type, article.embed) == ("video", None)


@pytest.mark.parametrize(("tier", "paywalled"), [("locked", True), ("free", False), ("metered", None)])
def test_content_tier(news: News, tier: str, paywalled: bool | None) -> None:
    page = news(f'<meta property="article:content_tier" content="{tier}">')
    assert extract_article(page).is_paywalled is paywalled


def test_language_is_that_of_the_text_not_of_the_tag(page_of: News) -> None:
    text = "Die alte Hafenbrücke wird ab Montag für elf Monate gesperrt, sagte die Stadt nach einer langen Sitzung."
    page = page_of(f"<html lang=en><body><h1>Brücke</h1><article><p>{text}</p><p>{text[::1]} Mehr.</p></article>")
    assert extract_article(page).language == "de"


def test_line_breaks_part_paragraphs(page_of: News, paragraphs: tuple[str, ...]) -> None:
    page = page_of("<html><body><h1>Bridge</h1><div class=post-body>" + "<br><br>".join(paragraphs) + "</div></body>")
    assert extract_article(page).text.split("\n\n") == list(paragraphs)


def test_text_that_only_json_has(page_of: News, paragraphs: tuple[str, ...]) -> None:
    linked = json.dumps({"@type": "Article", "headline": "Bridge", "articleBody": "\n".join(paragraphs)})
    page = page_of(f'<html><script type="application/ld+json">{linked}</script><body><div id=app></div></body></html>')
    article = extract_article(page)
    assert article.text == "\n\n".join(paragraphs)
    assert article.evidence["text"] == "json-ld articleBody"
