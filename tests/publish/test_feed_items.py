"""Items of the feeds as text: what a tree and `json` would give, and nothing but the words when read back."""

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from broadsheet.model.instants import iso
from broadsheet.stages.publish.feed_items import FeedItem, atom_entry, json_item, rfc822, rss_item
from broadsheet.stages.publish.xml_files import xml_text

ATOM, DC = "http://www.w3.org/2005/Atom", "http://purl.org/dc/elements/1.1/"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

text = (st.text(max_size=30) | st.text("&<>\"'\r\n\t]; éß日\x85\u2028", max_size=12)).map(xml_text)
instant = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda d: d.replace(tzinfo=UTC))
items = st.builds(
    FeedItem, id=text | st.just("urn:broadsheet:story:a"), url=text, page=text, title=text, author=text, html=text,
    text=text, published=instant, updated=instant, topics=st.lists(text, max_size=2).map(tuple),
    language=st.none() | st.sampled_from(["de", "ja-JP"]), image=st.none() | text,
)  # fmt: skip


def _add(parent: etree._Element, tag: str, words: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, tag, attributes)
    element.text = words
    return element


def _lines(root: etree._Element) -> str:
    """What stands between the first and the last line of a file with one item."""
    return etree.tostring(root, encoding="utf-8", pretty_print=True).decode()


@given(items)
def test_rss_is_what_a_tree_gives(item: FeedItem) -> None:
    rss = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": ATOM, "dc": DC})
    element = _add(_add(rss, "channel"), "item")
    _add(element, "title", item.title)
    _add(element, "link", item.url)
    _add(element, "guid", item.id, isPermaLink="false" if item.id.startswith("urn:") else "true")
    _add(element, "pubDate", format_datetime(item.published.replace(microsecond=0), usegmt=True))
    _add(element, f"{{{DC}}}creator", item.author)
    for topic in item.topics:
        _add(element, "category", topic)
    _add(element, "description", item.html)
    head = f'<rss xmlns:atom="{ATOM}" xmlns:dc="{DC}" version="2.0">\n  <channel>\n'
    assert head + rss_item(item) + "  </channel>\n</rss>\n" == _lines(rss)


@given(items)
def test_atom_is_what_a_tree_gives(item: FeedItem) -> None:
    nsmap: dict[Any, str] = {None: ATOM}
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap=nsmap)
    entry = _add(feed, f"{{{ATOM}}}entry")
    if item.language:
        entry.set(LANG, item.language)
    _add(entry, f"{{{ATOM}}}title", item.title)
    _add(entry, f"{{{ATOM}}}id", item.id)
    _add(entry, f"{{{ATOM}}}link", rel="alternate", href=item.url)
    if item.url != item.page:
        _add(entry, f"{{{ATOM}}}link", rel="related", type="text/html", href=item.page)
    _add(entry, f"{{{ATOM}}}published", iso(item.published))
    _add(entry, f"{{{ATOM}}}updated", iso(item.updated))
    _add(_add(entry, f"{{{ATOM}}}author"), f"{{{ATOM}}}name", item.author)
    for topic in item.topics:
        _add(entry, f"{{{ATOM}}}category", term=topic)
    _add(entry, f"{{{ATOM}}}summary", item.html, type="html")
    assert f'<feed xmlns="{ATOM}">\n{atom_entry(item)}</feed>\n' == _lines(feed)


@given(items)
def test_json_is_what_json_gives(item: FeedItem) -> None:
    values: dict[str, object] = {
        "id": item.id,
        "url": item.page,
        "external_url": item.url if item.url != item.page else None,
        "title": item.title,
        "content_html": item.html,
        "summary": item.text or None,
        "image": item.image,
        "date_published": iso(item.published),
        "date_modified": iso(item.updated),
        "authors": [{"name": item.author}],
        "tags": list(item.topics) or None,
        "language": item.language,
    }
    feed = {"items": [{key: value for key, value in values.items() if value is not None}]}
    expected = json.dumps(feed, ensure_ascii=False, indent=2)
    assert '{\n  "items": [\n    ' + json_item(item) + "\n  ]\n}" == expected


@given(items)
def test_what_is_read_back_is_what_was_said(item: FeedItem) -> None:
    rss = etree.fromstring(f'<c xmlns:dc="{DC}">{rss_item(item)}</c>'.encode())[0]
    assert (rss.findtext("title"), rss.findtext("link"), rss.findtext("description")) == (
        item.title, item.url, item.html
    )  # fmt: skip
    entry = etree.fromstring(f'<feed xmlns="{ATOM}">{atom_entry(item)}</feed>'.encode())[0]
    categories = entry.findall(f"{{{ATOM}}}category")
    assert [c.get("term") for c in categories] == list(item.topics)
    assert entry.findtext(f"{{{ATOM}}}summary") == item.html


@given(instant)
def test_instants_are_in_english(when: datetime) -> None:
    assert rfc822(when) == format_datetime(when.replace(microsecond=0), usegmt=True)
