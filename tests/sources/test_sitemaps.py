import gzip
from datetime import UTC, datetime

import pytest

from broadsheet.errors import Rejected
from broadsheet.model.feed import Entry
from broadsheet.model.images import Image
from broadsheet.stages.sources.sitemaps import read_sitemap

URL = "https://m.example/sitemap.xml"
NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://m.example/1 </loc><lastmod>2026-03-05</lastmod>
 <n:news><n:publication><n:name>The M</n:name><n:language>en</n:language></n:publication>
 <n:publication_date>2026-03-04T10:00:00+01:00</n:publication_date><n:title>One &amp; two</n:title><n:keywords>a, b,a</n:keywords></n:news>
 <image:image><image:loc>/1.png</image:loc></image:image></url>
<url><loc>javascript:alert(1)</loc></url><url><loc/></url>
</urlset>"""
ENTRY = Entry(
    url="https://m.example/1",
    title="One & two",
    published=datetime(2026, 3, 4, 9, tzinfo=UTC),
    updated=datetime(2026, 3, 5, tzinfo=UTC),
    categories=("a", "b"),
    images=(Image("https://m.example/1.png"),),
    language="en",
    publication="The M",
)


def test_a_news_sitemap() -> None:
    assert read_sitemap(NEWS, url=URL).entries == (ENTRY,)
    assert read_sitemap(gzip.compress(NEWS), url=URL).entries == (ENTRY,)


def test_a_torn_sitemap_gives_what_it_has() -> None:
    assert read_sitemap(NEWS[: NEWS.index(b"<url><loc>java")], url=URL).entries == (ENTRY,)


def test_an_index() -> None:
    index = b"<sitemapindex><sitemap><loc>/a.xml</loc></sitemap><sitemap><loc>https://m.example/b.xml.gz</loc></sitemap></sitemapindex>"
    assert read_sitemap(index, url=URL).children == ("https://m.example/a.xml", "https://m.example/b.xml.gz")


def test_text_and_feeds_in_its_place() -> None:
    text = b"\xef\xbb\xbfhttps://m.example/1\r\nnonsense\r\nhttps://m.example/2\r\n"
    assert [e.url for e in read_sitemap(text, url=URL).entries] == ["https://m.example/1", "https://m.example/2"]
    feed = b"<rss><channel><item><link>https://m.example/3</link></item></channel></rss>"
    assert [e.url for e in read_sitemap(feed, url=URL).entries] == ["https://m.example/3"]


def test_limits() -> None:
    many = b"<urlset>" + b"<url><loc>https://m.example/1</loc></url>" * 51_000 + b"</urlset>"
    assert len(read_sitemap(many, url=URL).entries) == 50_000


@pytest.mark.parametrize("body", [b"", b"words only", b"<!doctype html><html><body>no</body></html>", b"<x/>"])
def test_what_is_no_sitemap_is_refused(body: bytes) -> None:
    with pytest.raises(Rejected, match="sitemap"):
        read_sitemap(body, url=URL)


def test_an_index_tells_when_its_children_changed() -> None:
    index = b"<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2026-03-05T10:00:00Z</lastmod></sitemap><sitemap><loc>/b.xml</loc><lastmod>soon</lastmod></sitemap></sitemapindex>"
    read = read_sitemap(index, url=URL)
    assert read.children == ("https://m.example/a.xml", "https://m.example/b.xml")
    assert read.changed == {"https://m.example/a.xml": datetime(2026, 3, 5, 10, tzinfo=UTC)}
