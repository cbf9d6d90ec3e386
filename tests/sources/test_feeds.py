import gzip
from datetime import UTC, datetime

import pytest

from broadsheet.errors import Rejected
from broadsheet.model.feed import Enclosure, Entry, Feed, Person
from broadsheet.model.images import Image
from broadsheet.stages.sources.feeds import read_feed

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
<channel>
  <title>Harbour &amp;amp; Quay</title><link>https://quay.example/</link><description>News of &lt;b&gt;ships&lt;/b&gt;</description>
  <language>en-gb</language><ttl>45</ttl><lastBuildDate>Wed, 04 Mar 2026 11:00:00 GMT</lastBuildDate>
  <atom:link rel="self" href="https://quay.example/feed.xml"/><atom:link rel="hub" href="https://hub.example/"/>
  <image><url>https://quay.example/logo.png</url><title>x</title></image>
  <item>
    <title>A &lt;i&gt;tall&lt;/i&gt; ship</title><link>/ships/1</link><guid isPermaLink="false">ship-1</guid>
    <pubDate>Wed, 04 Mar 2026 10:11:12 +0100</pubDate><dc:creator>Ann Other</dc:creator>
    <category>Ships</category><category>Sails</category><comments>https://quay.example/ships/1#c</comments>
    <description>Short &lt;script&gt;x()&lt;/script&gt;</description>
    <content:encoded><![CDATA[<p>Long <a href="/more" onclick="x()">text</a></p>]]></content:encoded>
    <enclosure url="https://quay.example/1.mp3" type="audio/mpeg" length="1234"/>
    <media:thumbnail url="https://quay.example/1.jpg" width="640" height="480"/>
  </item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://atom.example/a/">
  <title type="text">Ebbe &lt;und&gt; Flut</title><subtitle>Gezeiten</subtitle><id>urn:x:1</id><updated>2026-03-04T10:00:00Z</updated>
  <link rel="alternate" type="text/html" href="."/><author><name>Otto</name><email>otto@atom.example</email></author>
  <entry>
    <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Hoch<em>wasser</em></div></title>
    <link rel="related" href="https://other.example/"/><link href="flut.html"/><link rel="enclosure" href="f.pdf" type="application/pdf"/>
    <id>urn:x:2</id><published>2026-03-04T09:00:00+01:00</published><updated>2026-03-04T10:00:00+01:00</updated>
    <category term="wasser" label="Wasser"/>
    <summary type="html">&lt;p&gt;kurz&lt;/p&gt;</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p/><p>lang<br/><img src="bild.png" alt=""/></p></div></content>
  </entry>
</feed>"""


def only(text: str | bytes, **named: str) -> Entry:
    feed = read_feed(text.encode() if isinstance(text, str) else text, **named)  # type: ignore[arg-type]
    assert len(feed.entries) == 1
    return feed.entries[0]


def item(inside: str, root: str = "<rss version='2.0'>") -> str:
    return f"{root}<channel><title>T</title><item>{inside}</item></channel></rss>"


def test_rss() -> None:
    feed = read_feed(RSS.encode())
    assert feed == Feed(
        feed_url="https://quay.example/feed.xml",
        title="Harbour & Quay",
        subtitle="News of <b>ships</b>",
        link="https://quay.example/",
        language="en-gb",
        updated=datetime(2026, 3, 4, 11, tzinfo=UTC),
        image="https://quay.example/logo.png",
        ttl=45,
        hub="https://hub.example/",
        entries=feed.entries,
    )
    assert feed.entries == (
        Entry(
            id="ship-1",
            url="https://quay.example/ships/1",
            title="A tall ship",
            summary="Short",
            content='<p>Long <a href="https://quay.example/more" rel="noopener noreferrer">text</a></p>',
            authors=(Person("Ann Other"),),
            published=datetime(2026, 3, 4, 9, 11, 12, tzinfo=UTC),
            categories=("Ships", "Sails"),
            enclosures=(Enclosure("https://quay.example/1.mp3", "audio/mpeg", 1234),),
            images=(Image("https://quay.example/1.jpg", 640, 480),),
            comments="https://quay.example/ships/1#c",
        ),
    )


def test_atom() -> None:
    feed = read_feed(ATOM.encode())
    assert (feed.title, feed.link, feed.id, feed.language) == (
        "Ebbe <und> Flut",
        "https://atom.example/a/",
        "urn:x:1",
        "de",
    )
    entry = feed.entries[0]
    assert entry.title == "Hochwasser"
    assert entry.url == "https://atom.example/a/flut.html"
    assert entry.summary == "<p>kurz</p>"
    assert entry.content == '<div><p></p><p>lang<br><img src="https://atom.example/a/bild.png" alt=""></p></div>'
    assert entry.authors == feed.authors == (Person("Otto", "otto@atom.example"),)
    assert entry.enclosures == (Enclosure("https://atom.example/a/f.pdf", "application/pdf"),)
    assert entry.images == (Image("https://atom.example/a/bild.png"),)
    assert (entry.published, entry.updated) == (
        datetime(2026, 3, 4, 8, tzinfo=UTC),
        datetime(2026, 3, 4, 9, tzinfo=UTC),
    )
    assert entry.categories == ("wasser",)


def test_rdf_has_its_items_beside_the_channel() -> None:
    feed = read_feed(
        b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://rdf.example/"><title>R</title></channel>
        <image><url>https://rdf.example/i.png</url></image>
        <item rdf:about="https://rdf.example/1"><title>One</title><link>https://rdf.example/1</link><dc:date>2026-03-04</dc:date>
        <dc:subject>S</dc:subject></item></rdf:RDF>"""
    )
    assert (feed.title, feed.image) == ("R", "https://rdf.example/i.png")
    entry = feed.entries[0]
    assert (entry.id, entry.url, entry.categories) == ("https://rdf.example/1", "https://rdf.example/1", ("S",))
    assert entry.published == datetime(2026, 3, 4, tzinfo=UTC)


def test_atom_03_and_base64() -> None:
    entry = only(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped" type="text/html">A &amp;amp; B</title>'
        '<issued>2026-03-04T10:00:00Z</issued><content mode="base64" type="text/html">PHA+aGk8L3A+</content></entry></feed>'
    )
    assert (entry.title, entry.content) == ("A & B", "<p>hi</p>")
    assert entry.published == datetime(2026, 3, 4, 10, tzinfo=UTC)


def test_podcast_and_video_feeds() -> None:
    podcast = only(
        '<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><item><title>Ep 1</title>'
        '<itunes:author>Host</itunes:author><itunes:image href="https://p.example/i.jpg"/><itunes:summary>Talk</itunes:summary>'
        "<itunes:keywords>a, b</itunes:keywords></item></channel></rss>"
    )
    assert podcast.images == (Image("https://p.example/i.jpg"),)
    assert (podcast.authors, podcast.summary, podcast.categories) == ((Person("Host"),), "Talk", ("a", "b"))
    video = only(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><entry><media:group>'
        '<media:title>Clip</media:title><media:content url="https://v.example/1" type="video/mp4"/>'
        '<media:thumbnail url="https://v.example/1.jpg" width="480" height="360"/><media:description>What</media:description>'
        "</media:group></entry></feed>"
    )
    assert (video.title, video.summary) == ("Clip", "What")
    assert video.enclosures == (Enclosure("https://v.example/1", "video/mp4"),)
    assert video.images == (Image("https://v.example/1.jpg", 480, 360),)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("ann@x.example (Ann Other)", Person("Ann Other", "ann@x.example")),
        ("Ann Other &lt;ann@x.example&gt;", Person("Ann Other", "ann@x.example")),
        ("ann@x.example", Person(None, "ann@x.example")),
        ("Ann Other", Person("Ann Other")),
        ("<name>Ann</name><uri>https://x.example/ann</uri>", Person("Ann", None, "https://x.example/ann")),
    ],
)
def test_authors(text: str, person: Person) -> None:
    assert only(item(f"<author>{text}</author>")).authors == (person,)


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<link>https://a.example/1</link>", "https://a.example/1"),
        ("<link> https://a.example/\n1 </link>", "https://a.example/1"),
        ("<guid>https://a.example/2</guid>", "https://a.example/2"),
        ("<guid isPermaLink='false'>https://a.example/2</guid>", None),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>data:text/html,x</link>", None),
        (f"<link>https://a.example/{'a' * 5000}</link>", None),
        ("<link/>", None),
        (
            "<link>https://go.example/r/1</link><f:origLink xmlns:f='http://rssnamespace.org/feedburner/ext/1.0'>"
            "https://a.example/3</f:origLink>",
            "https://a.example/3",
        ),
    ],
)
def test_links(inside: str, url: str | None) -> None:
    assert only(item(inside)).url == url


def test_relative_links_fall_back_to_the_address_of_the_feed() -> None:
    assert only(item("<link>/1</link>"), url="https://f.example/rss").url == "https://f.example/1"
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='1'/></entry></feed>"
    assert only(atom, url="https://f.example/x/atom").url == "https://f.example/x/1"


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "iso-8859-1", "cp1252"]
)
def test_declared_encodings(codec: str) -> None:
    text = f"<?xml version='1.0' encoding='{codec.removesuffix('-sig')}'?>" + item("<title>Überfluß</title>")
    assert only(text.encode(codec)).title == "Überfluß"


def test_wrong_and_missing_declarations() -> None:
    text = item("<title>Überfluß</title>")
    declared = "<?xml version='1.0' encoding='{}'?>"
    assert only((declared.format("iso-8859-1") + text).encode()).title == "Überfluß"
    assert only((declared.format("us-ascii") + text).encode()).title == "Überfluß"
    assert only((declared.format("nonsense") + text).encode()).title == "Überfluß"
    assert only((declared.format("utf-8") + text).encode("cp1252")).title == "Überfluß"
    assert only(text.encode("koi8-r", "replace"), content_type="text/xml; charset=koi8-r").title is not None
    assert (
        only(item("<title>новости</title>").encode("koi8-r"), content_type="text/xml; charset=koi8-r").title
        == "новости"
    )
    assert only(item("<title>it&#146;s</title>").encode()).title == "it’s"


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ("<title>caf&eacute; &nbsp;&hellip;</title>", "café …"),
        ("<title>Fish & chips</title>", "Fish & chips"),
        ("<title>a\x0bb\x00c</title>", "abc"),
        ("<title>a&#8;b</title>", "ab"),
        ("<title><b><i>bold</b></title><link>https://a.example</link>", "bold"),
        ("<title>open<description>d</description>", "opend"),
        ("<dc:title>undeclared</dc:title>", "undeclared"),
        ("<TITLE>loud</TITLE>", "loud"),
        ("<title foo=bar>unquoted</title>", "unquoted"),
        ("<title><![CDATA[raw & <b>bold</b>]]></title><x>", "raw & bold"),
    ],
)
def test_ill_formed_feeds_are_recovered(inside: str, title: str) -> None:
    assert only(item(inside)).title == title


def test_what_surrounds_a_feed_is_passed_over() -> None:
    before, after = (
        "\n<br />\n<b>Warning</b>: trouble in line <b>3</b>\n",
        "<!-- made in 3 ms --> <script>x()</script> & <",
    )
    assert len(read_feed((before + RSS + after).encode()).entries) == 1


@pytest.mark.parametrize("length", [600, 1000, 1300, 1500])
def test_a_torn_feed_gives_what_it_has(length: int) -> None:
    assert read_feed(RSS.encode()[:length]).title == "Harbour & Quay"


def test_internal_entities_are_known_others_are_not() -> None:
    doctype = '<!DOCTYPE rss [<!ENTITY firm "Quay Ltd"><!ENTITY file SYSTEM "file:///etc/hostname"><!ENTITY two "&firm;&firm;">]>'
    entry = only(doctype + item("<title>&firm; &file; &two;</title>"))
    assert entry.title == "Quay Ltd &file; &two;"


def test_json_feed() -> None:
    feed = read_feed(
        b"""{"version": "https://jsonfeed.org/version/1.1", "title": "J &amp; K", "home_page_url": "https://j.example/",
        "feed_url": "https://j.example/f.json", "icon": "i.png", "language": "fr", "authors": [{"name": "Jo"}],
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
        "items": [{"id": 7, "url": "/7", "title": "Seven", "content_html": "<p onclick=x>hi</p>", "summary": "a < b",
        "date_published": "2026-03-04T10:00:00Z", "tags": ["x", 3, "x"], "image": "/7.png",
        "attachments": [{"url": "https://j.example/7.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9}]},
        {"id": "8", "content_text": "<plain>", "author": {"name": "Ko", "url": "https://ko.example"}}, "nonsense", null]}"""
    )
    assert (feed.title, feed.language, feed.hub, feed.image) == (
        "J & K",
        "fr",
        "https://hub.example/",
        "https://j.example/i.png",
    )
    seven, eight = feed.entries
    assert (seven.id, seven.url, seven.title) == ("7", "https://j.example/7", "Seven")
    assert (seven.content, seven.summary, seven.categories) == ("<p>hi</p>", "a &lt; b", ("x",))
    assert seven.enclosures == (Enclosure("https://j.example/7.mp3", "audio/mpeg", 9),)
    assert (seven.authors, seven.images) == ((Person("Jo"),), (Image("https://j.example/7.png"),))
    assert (eight.content, eight.authors) == ("&lt;plain&gt;", (Person("Ko", None, "https://ko.example"),))


def test_gzip_is_unpacked_once() -> None:
    packed = gzip.compress(RSS.encode())
    assert len(read_feed(packed).entries) == 1
    with pytest.raises(Rejected, match="more than once"):
        read_feed(gzip.compress(packed))
    with pytest.raises(Rejected, match="gzip"):
        read_feed(b"\x1f\x8bnonsense")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"just words", "not a feed"),
        (b"<opml><body/></opml>", "not a feed"),
        (b'{"a": 1}', "JSON"),
        (b'{"a": ', "JSON"),
        (b'{"items":' + b"[" * 100_000, "nested"),
        (b"<!doctype html><html><head><title>Home</title><body>x", 'HTML page titled "Home"'),
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(body: bytes, message: str) -> None:
    with pytest.raises(Rejected, match=message):
        read_feed(body)


def test_an_html_page_names_its_feeds() -> None:
    page = b'<!doctype html><html><head><link rel=alternate type="application/rss+xml" href="/rss?a=1&amp;b=2"></head>'
    with pytest.raises(Rejected) as refusal:
        read_feed(page)
    assert "/rss?a=1&b=2" in refusal.value.hint


def test_a_feed_says_when_nobody_need_ask() -> None:
    feed = read_feed(
        b"<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><ttl>90</ttl>"
        b"<skipHours><hour>0</hour><hour>23</hour><hour>24</hour><hour>x</hour></skipHours>"
        b"<skipDays><day>Sunday</day><day>saturday</day><day>Dies</day></skipDays>"
        b"<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel></rss>"
    )
    assert (feed.ttl, feed.update_seconds, feed.skip_hours, feed.skip_days) == (90, 900, (0, 23), (5, 6))


def test_a_feed_that_would_never_be_asked_is_not_believed() -> None:
    hours = "".join(f"<hour>{n}</hour>" for n in range(24))
    assert read_feed(f"<rss><channel><skipHours>{hours}</skipHours></channel></rss>".encode()).skip_hours == ()


@pytest.mark.parametrize("relation", ["prev-archive", "next"])
def test_older_pages_of_a_feed(relation: str) -> None:
    feed = read_feed(f"<feed><link rel='{relation}' href='/p2'/></feed>".encode(), url="https://a.example/p1")
    assert feed.older == "https://a.example/p2"


def test_an_entry_without_a_title_has_its_first_words() -> None:
    assert only(item("<description>&lt;p&gt;Fog on the river&lt;/p&gt;</description>")).title == "Fog on the river"
    long = only(item(f"<description>{'sail ' * 50}</description>")).title
    assert long is not None
    assert long.endswith("sail…")
    assert len(long) <= 101
    assert only(item("<link>https://a.example/</link>")).title is None
