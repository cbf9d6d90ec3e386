"""Every output is valid by its specification, in publications of every kind, and reads back as what was published."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.publish.conftest import NEWEST
from tests.publish.feed_checks import archive_chain, entry_ids, wrong_atom, wrong_json_feed, wrong_rss
from tests.publish.index_checks import wrong_google_news, wrong_opml, wrong_robots, wrong_sitemaps
from tests.publish.outputs import ROOT, files_of, publications, with_titles, wrong_with_files

from broadsheet.stages.publish.build import files_of as printed
from broadsheet.stages.publish.stories import stories_of
from broadsheet.stages.sources.feeds import read_feed

ALL = publications()


@pytest.fixture(scope="module", params=ALL)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, bytes]]:
    name: str = request.param
    return name, files_of(ALL[name], tmp_path_factory.mktemp("site") / "out")


def test_every_file_is_what_its_specification_asks(built: tuple[str, dict[str, bytes]]) -> None:
    name, files = built
    assert wrong_with_files(files, NEWEST, google=bool(ALL[name].stories)) == []


def test_our_own_reader_reads_what_was_published(built: tuple[str, dict[str, bytes]]) -> None:
    name, files = built
    titles = {s.title or s.head.title for s in stories_of(ALL[name])}
    for path in ("feed.xml", "atom.xml", "feed.json"):
        feed = read_feed(files[path], url=ROOT + path)
        assert {e.title for e in feed.entries} <= titles
        assert len(feed.entries) == len(titles) if len(titles) <= 25 else 25 < len(feed.entries) <= 50
        assert all(e.published and e.url for e in feed.entries)


def test_the_archive_of_the_feed_has_every_story_once(built: tuple[str, dict[str, bytes]]) -> None:
    name, files = built
    publication = ALL[name]
    root = ROOT + (publication.site.base_path.strip("/") + "/").lstrip("/")
    starts = [
        "atom.xml",
        *(p for p in files if p.startswith("topics/") and p.count("/") == 2 and p.endswith("atom.xml")),
    ]
    for start in starts:
        topic = start.removeprefix("topics/").partition("/")[0] if "/" in start else None
        names = {
            n.casefold() for t in publication.topics if t.id == topic for n in (t.id, t.name, t.shortname or t.name)
        }
        ids = {
            f"{root}stories/{s.id}/"
            for s in stories_of(publication)
            if topic is None or names & {n.casefold() for n in s.topics}
        }
        chain = archive_chain(files, start, root)
        archived = [one for _, feed in chain[1:] for one in entry_ids(feed)]
        assert len(archived) == len(set(archived)), start
        assert set(archived) | set(entry_ids(chain[0][1])) == ids, start


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
@example(["\x01", "\ufffe", " ", ""])
@settings(max_examples=60)
def test_feeds_of_any_words_are_valid(titles: list[str]) -> None:
    files = {f.path: f.body for f in printed(with_titles(titles))}
    wrong = [*wrong_rss(files["feed.xml"]), *wrong_atom(files["atom.xml"]), *wrong_json_feed(files["feed.json"])]
    assert wrong == []


# The checks themselves: each must find what it is for.

RSS = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title><link>https://a.example/</link>
<description>D</description><atom:link rel="self" type="application/rss+xml" href="https://a.example/feed.xml"/>
<item><title>x</title><link>https://a.example/1</link><guid>https://a.example/1</guid>
<pubDate>Thu, 12 Mar 2026 10:00:00 GMT</pubDate></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>https://a.example/</id>
<updated>2026-03-12T10:00:00Z</updated><link rel="self" href="https://a.example/atom.xml"/>
<entry><title>x</title><id>urn:x:1</id><updated>2026-03-12T10:00:00Z</updated><link href="https://a.example/1"/>
<author><name>A</name></author><summary type="html">&lt;p&gt;x</summary></entry></feed>"""
JSON = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "content_text": "x"}]}
URLS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url>
<loc>https://a.example/1</loc><lastmod>2026-03-12T10:00:00Z</lastmod><n:news><n:publication><n:name>T</n:name><n:language>en</n:language></n:publication>
<n:publication_date>2026-03-12T10:00:00Z</n:publication_date><n:title>x</n:title></n:news></url></urlset>"""
OPML = '<opml version="2.0"><head/><body><outline text="x" type="rss" xmlUrl="https://a.example/f"/></body></opml>'
ROBOTS = "User-agent: *\nAllow: /\n\nSitemap: https://a.example/sitemap.xml\n"


def broken(text: str, old: str, new: str) -> bytes:
    assert old in text
    return text.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version="2.0"', 'version="0.9"'), ("<title>T</title>", ""), ("<description>D</description>", ""),
        ("<link>https://a.example/</link>", "<link>/</link>"), ("Thu, 12", "Fri, 12"), ("Mar 2026", "March 2026"),
        ("GMT", "CEST"), ("<guid>https", "<guid>urn:x"), ("<title>x</title>", "<title>x</title><title>y</title>"),
        ("<title>x</title>", "<titel>x</titel>"), ("<title>x</title>", "<title><b>x</b></title>"), ('rel="self"', 'rel="via"'),
        ("<item>", "<item><guid>https://a.example/1</guid></item><item>"), ("<title>x</title>", "<title>x</title><author>me</author>"),
        ("<title>x</title>", '<title>x</title><enclosure url="https://a.example/x" type="a/b"/>'),
    ],
)  # fmt: skip
def test_rss_that_is_wrong_is_found(old: str, new: str) -> None:
    assert wrong_rss(RSS.encode()) == []
    assert wrong_rss(broken(RSS, old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<title>T</title>", ""), ("<id>https://a.example/</id>", ""), ("<id>https://a.example/</id>", "<id>x</id>"),
        ("2026-03-12T10:00:00Z", "2026-03-12"), ("2026-03-12T10:00:00Z", "2026-03-12T10:00:00"),
        ("<author><name>A</name></author>", ""), ("<name>A</name>", ""), ("<name>A</name>", "<name>A</name><age>1</age>"),
        ('type="html"', 'type="text/html"'), ("&lt;p&gt;x", "<p xmlns=''>x</p>"), ('rel="self"', 'rel="via"'),
        ('<link href="https://a.example/1"/>', ""), ('<link href="https://a.example/1"/>', '<link href="https://a.example/1"/>' * 2),
        ("<entry>", "<titel/><entry>"), ("<title>x</title>", "<title>x</title><category/>"), ("<id>urn:x:1</id>", "<id>urn:x:1</id><id>urn:x:2</id>"),
        ("<title>x</title>", "<title>x</title><published>2026-03-13T10:00:00Z</published>"), ("<title>x</title>", "<title>x</title><link/>"),
    ],
)  # fmt: skip
def test_atom_that_is_wrong_is_found(old: str, new: str) -> None:
    assert wrong_atom(ATOM.encode()) == []
    assert wrong_atom(broken(ATOM, old, new))


@pytest.mark.parametrize(
    "change",
    [
        {"version": "https://jsonfeed.org/version/2"}, {"title": ""}, {"items": None}, {"Title": "x"}, {"feed_url": "a b"},
        {"items": [{"content_text": "x"}]}, {"items": [{"id": "1"}]}, {"items": [{"id": 1, "content_text": "x"}]},
        {"items": [{"id": "1", "content_text": "x", "date_published": "2026-03-12"}]},
        {"items": [{"id": "1", "content_text": "x"}, {"id": "1", "content_text": "y"}]},
        {"items": [{"id": "1", "content_text": "x", "author": {}}]},
    ],
)  # fmt: skip
def test_json_feed_that_is_wrong_is_found(change: dict[str, object]) -> None:
    assert wrong_json_feed(json.dumps(JSON).encode()) == []
    assert wrong_json_feed(json.dumps(JSON | change).encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://a.example/1", "/1"), ("https://a.example/1", "https://a.example/ü"), ("10:00:00Z<", "10:00<"),
        ("</url>", "</url><url><loc>https://a.example/1</loc></url>"), ("</url>", "</url><url><loc>https://b.example/1</loc></url>"),
        ("</url>", "<changefreq>often</changefreq></url>"), ("</url>", "<priority>2</priority></url>"), ("</url>", "</url><link/>"),
        ("https://a.example/1", "https://a.example/" + "1" * 2048),
    ],
)  # fmt: skip
def test_sitemaps_that_are_wrong_are_found(old: str, new: str) -> None:
    assert wrong_sitemaps({"sitemap.xml": URLS.encode()}) == []
    assert wrong_sitemaps({"sitemap.xml": broken(URLS, old, new)})


def test_sitemaps_that_are_too_long_are_found() -> None:
    places = "".join(f"<url><loc>https://a.example/{n}</loc></url>" for n in range(50_001))
    body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'.encode()
    assert wrong_sitemaps({"sitemap.xml": body})
    index = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://a.example/x.xml</loc></sitemap></sitemapindex>'
    assert wrong_sitemaps({"sitemap.xml": index.encode()})


@pytest.mark.parametrize(
    ("old", "new"),
    [("<n:title>x</n:title>", ""), ("en<", "english<"), ("<n:publication_date>2026-03-12", "<n:publication_date>2026-03-09"), ("<n:name>T", "<n:name>")],
)  # fmt: skip
def test_news_sitemaps_that_are_wrong_are_found(old: str, new: str) -> None:
    assert wrong_google_news(URLS.encode(), NEWEST) == []
    assert wrong_google_news(broken(URLS, old, new), NEWEST)


@pytest.mark.parametrize(
    ("old", "new"),
    [('"2.0"', '"1.0"'), ("<head/>", ""), ('text="x"', ""), ("https://a.example/f", "feed"), ("<body>", "<body><x/>")],
)
def test_opml_that_is_wrong_is_found(old: str, new: str) -> None:
    assert wrong_opml(OPML.encode()) == []
    assert wrong_opml(broken(OPML, old, new))


@pytest.mark.parametrize(
    ("old", "new"), [("User-agent: *\n", ""), ("Allow: /", "Allow: x"), ("https://a.example", ""), ("\n\n", "\n<b>\n")]
)
def test_robots_that_are_wrong_are_found(old: str, new: str) -> None:
    assert wrong_robots(ROBOTS.encode()) == []
    assert wrong_robots(broken(ROBOTS, old, new))


def a_feed(entries: str, links: dict[str, str], *, archive: bool) -> bytes:
    head = "".join(f'<link rel="{rel}" href="{ROOT}{path}"/>' for rel, path in links.items())
    mark = '<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>' if archive else ""
    ids = "".join(f"<entry><id>{e}</id></entry>" for e in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{mark}{ids}</feed>'.encode()


def a_chain() -> dict[str, bytes]:
    return {
        "atom.xml": a_feed("ef", {"prev-archive": "archive/2/atom.xml"}, archive=False),
        "archive/2/atom.xml": a_feed(
            "cde", {"prev-archive": "archive/1/atom.xml", "current": "atom.xml"}, archive=True
        ),
        "archive/1/atom.xml": a_feed("ab", {"next-archive": "archive/2/atom.xml", "current": "atom.xml"}, archive=True),
    }


def test_an_archive_is_walked_to_its_end() -> None:
    chain = archive_chain(a_chain(), "atom.xml", ROOT)
    assert [path for path, _ in chain] == ["atom.xml", "archive/2/atom.xml", "archive/1/atom.xml"]
    assert ["".join(entry_ids(feed)) for _, feed in chain] == ["ef", "cde", "ab"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("archive/1/atom.xml", None),
        ("archive/1/atom.xml", a_feed("ab", {"current": "atom.xml"}, archive=False)),
        ("archive/1/atom.xml", a_feed("ab", {"current": "other.xml"}, archive=True)),
        (
            "archive/1/atom.xml",
            a_feed("ab", {"current": "atom.xml", "prev-archive": "archive/2/atom.xml"}, archive=True),
        ),
        (
            "archive/1/atom.xml",
            a_feed("ab", {"current": "atom.xml", "next-archive": "archive/3/atom.xml"}, archive=True),
        ),
        ("atom.xml", a_feed("ef", {"prev-archive": "archive/2/atom.xml"}, archive=True)),
    ],
)
def test_a_broken_archive_is_found(path: str, body: bytes | None) -> None:
    files = a_chain() | {path: body or b""}
    files = {p: b for p, b in files.items() if b}
    with pytest.raises(AssertionError):
        archive_chain(files, "atom.xml", ROOT)
