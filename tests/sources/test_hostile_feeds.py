import gzip
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import Rejected
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.sitemaps import read_sitemap

HEAD = "<rss version='2.0'><channel><title>T</title>"
PIECES = st.one_of(
    st.sampled_from(
        [
            "<rss>",
            "<channel>",
            "<item>",
            "</item>",
            "<title>",
            "</title>",
            "<link>",
            "</link>",
            "<feed>",
            "<entry>",
            "</entry>",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<?xml version='1.0'?>",
            "<!DOCTYPE rss [",
            "]>",
            "<!ENTITY a 'b'>",
            "&a;",
            "&#0;",
            "<dc:date>",
            "</dc:date>",
            "<x:y a=b xmlns:x=' {'>",
            "<a b='",
            "<item/>",
            "<",
            ">",
            "&",
            "2026-03-04",
            "\x00",
            "\ufeff",
            "<author><name>",
            "<media:group><media:content url='/x'>",
            "<content type='xhtml'><div>",
            "xml:base='//['",
            "</rss>",
        ]
    ),
    st.text(max_size=5),
)


def rss(inside: str) -> bytes:
    return f"{HEAD}{inside}</channel></rss>".encode()


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    for body in (text.encode("utf-8", "replace"), f"{HEAD}<item>{text}".encode("utf-8", "replace")):
        for read in (read_feed, lambda b: read_sitemap(b, url="https://a.example/s.xml")):
            with suppress(Rejected):
                read(body)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(Rejected):
        read_feed(body, url="https://a.example/")


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
                        ["id", "url", "title", "items", "authors", "author", "name", "attachments", "tags", "hubs", "version"]), inner)))  # fmt: skip
def test_any_json_is_read_or_refused(value: object) -> None:
    with suppress(Rejected):
        read_feed(
            json.dumps({"version": "https://jsonfeed.org/version/1", "items": [value, {"authors": value}]}).encode()
        )


def test_external_entities_and_includes_stay_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("CANARY")
    address = (tmp_path / "secret.txt").as_uri()
    external = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{address}">]>'.encode()
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{address}" parse="text"/>'
    for body in (external + rss("<item><title>&x;</title></item>"), rss(f"<item><title>a{include}</title></item>")):
        assert "CANARY" not in str(read_feed(body).as_json())


def test_entities_do_not_multiply() -> None:
    laughs = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY a0 "ha">{laughs}]>'.encode()
    assert len(str(read_feed(doctype + rss("<item><title>&a9;</title></item>")).as_json())) < 2000


def test_nesting_is_bounded() -> None:
    feed = read_feed(
        rss("<item><title>t</title><description>" + "<a>" * 20_000 + "x" + "</a>" * 20_000 + "</description></item>")
    )
    assert feed.entries[0].title == "t"
    deep = read_feed(
        rss("<item><title>t</title><description><![CDATA[" + "<div>" * 20_000 + "x]]></description></item>")
    )
    assert deep.entries[0].summary == "x"


def test_numbers_and_lengths_are_bounded() -> None:
    assert len(read_feed(rss("<item/>" * 12_000)).entries) == 10_000
    long = read_feed(rss(f"<item><title>{'a ' * 50_000}</title><guid>{'b' * 50_000}</guid></item>")).entries[0]
    assert long.title is not None
    assert len(long.title) <= 2_000
    assert long.id is None
    with pytest.raises(Rejected, match="larger"):
        read_feed(b" " * (33 * 2**20))
    with pytest.raises(Rejected, match="larger"):
        read_feed(gzip.compress(b" " * (40 * 2**20)))


def test_the_number_of_elements_is_bounded() -> None:
    feed = read_feed(b"<rss><channel>" + b"<item><a/></item>" * 240_000 + b"<title>late</title>")
    assert (len(feed.entries), feed.title) == (10_000, None)


def test_many_attributes_and_namespaces() -> None:
    many = " ".join(f"a{i}='1' xmlns:n{i}='u{i}'" for i in range(5_000))
    assert (
        read_feed(f"<rss {many}><channel><item><title>t</title></item></channel></rss>".encode()).entries[0].title
        == "t"
    )


def test_scripts_are_gone_everywhere() -> None:
    attack = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&lt;a href='javascript:x'&gt;y&lt;/a&gt;"
    entry = read_feed(
        rss(f"<item><title>t{attack}</title><link>javascript:alert(1)</link><description>{attack}</description></item>")
    ).entries[0]
    assert entry.title == "ty"
    assert entry.url is None
    assert entry.summary is not None
    assert not any(word in entry.summary for word in ("script", "onerror", "alert"))


@pytest.mark.parametrize(
    "before",
    [
        "<!DOCTYPE rss>",
        "<!DOCTYPE html PUBLIC '-//x' 'http://127.0.0.1/x.dtd'>",
        "<!-- <rss> --><!DOCTYPE rss [<!ENTITY a 'bad'>]>",
        "<!DOCTYPE rss><!DOCTYPE rss [<!ENTITY a 'bad'>]>",
        "<?x?><!-- - --><!doctype rss>",
    ],
)
def test_no_document_type_reaches_the_parser(before: str) -> None:
    feed = read_feed(f"{before}{HEAD}<item><title>A &amp; B</title><a b='&a;'/></item></channel></rss>".encode())
    assert feed.entries[0].title == "A & B"


def test_a_document_type_in_a_text_is_text() -> None:
    feed = read_feed(rss("<item><title>t</title><description><![CDATA[<!DOCTYPE html><p>x</p>]]></description></item>"))
    assert feed.entries[0].summary == "<p>x</p>"
