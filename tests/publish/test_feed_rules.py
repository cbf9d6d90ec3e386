"""The three feeds against the letter of their specifications: RSS 2.0, RFC 4287, JSON Feed 1.1."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest
from lxml import etree

from broadsheet.model.publication import Publication
from broadsheet.model.story import Story
from broadsheet.stages.publish.build import files_of
from broadsheet.stages.publish.syndication import ATOM

A = {"a": ATOM}
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")  # RFC 4287, 3.3
RFC822 = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})")
TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")  # BCP 47, the part that we use
CHANNEL = {"title", "link", "description", "language", "lastBuildDate", "item"}  # what we use of RSS 2.0's elements
ITEM = {"title", "link", "guid", "pubDate", "category", "description"}


def is_absolute(url: str | None) -> bool:
    parts = urlsplit(url or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def is_iri(text: str) -> bool:
    return bool(urlsplit(text).scheme) and " " not in text


@pytest.fixture(scope="module", params=["whole", "without a host", "empty"])
def feeds(request: pytest.FixtureRequest, publication: Publication) -> dict[str, bytes]:
    shown = publication
    if request.param == "without a host":
        shown = replace(publication, site=replace(publication.site, url=""))
    if request.param == "empty":
        shown = replace(publication, records=(), stories=())
    found = {f.path: f.body for f in files_of(shown) if f.path.endswith(("feed.xml", "atom.xml", "feed.json"))}
    assert request.param != "whole" or all(is_absolute(u) for u in _addresses(found))
    return found


def _addresses(feeds: dict[str, bytes]) -> list[str]:
    """Every address of every feed."""
    trees = [etree.fromstring(body) for path, body in feeds.items() if path.endswith("xml")]
    rows = [json.loads(body) for path, body in feeds.items() if path.endswith("json")]
    urls = [url for tree in trees for url in tree.xpath("//@href | //channel/link/text() | //item/link/text()")]
    urls += [row[key] for row in rows for key in ("home_page_url", "feed_url")]
    return urls + [i[key] for row in rows for i in row["items"] for key in ("url", "external_url", "image") if key in i]


def test_rss_keeps_to_rss_2_0(feeds: dict[str, bytes]) -> None:
    for path in (p for p in feeds if p.endswith("feed.xml")):
        root = etree.fromstring(feeds[path])
        assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
        channel = root[0]
        assert {e.tag for e in channel if "{" not in str(e.tag)} <= CHANNEL
        for tag in ("title", "link", "description", "language"):
            assert [bool((e.text or "").strip()) for e in channel.findall(tag)] == [True], (path, tag)
        assert TAG.fullmatch(channel.findtext("language") or "")
        assert all(RFC822.fullmatch(e.text or "") for e in channel.findall("lastBuildDate"))
        assert channel.xpath("a:link[@rel='self']/@type", namespaces=A) == ["application/rss+xml"]
        guids = [_check_rss_item(item) for item in channel.findall("item")]
        assert len(guids) == len(set(guids))


def _check_rss_item(item: etree._Element) -> str:
    assert {e.tag for e in item if "{" not in str(e.tag)} <= ITEM
    for tag in ("title", "link", "guid", "pubDate", "description"):
        assert len(item.findall(tag)) == 1, tag
    assert RFC822.fullmatch(item.findtext("pubDate") or "")
    assert parsedate_to_datetime(item.findtext("pubDate") or "").utcoffset() == timedelta(0)
    guid = item.find("guid")
    assert guid is not None
    assert guid.get("isPermaLink") == str(is_absolute(guid.text)).lower()  # a permalink must be an address
    return guid.text or ""


def test_atom_keeps_to_rfc_4287(feeds: dict[str, bytes]) -> None:
    for path in (p for p in feeds if p.endswith("atom.xml")):
        feed = etree.fromstring(feeds[path])
        entries = feed.findall("a:entry", A)
        assert TAG.fullmatch(feed.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
        for element in [feed, *entries]:
            _check_atom_element(element)
        assert len(feed.findall("a:link[@rel='self']", A)) == 1
        ids = feed.xpath("//a:id/text()", namespaces=A)
        assert len(ids) == len(set(ids)) == len(entries) + 1
        # 4.1.1: an author on the feed unless every entry has one
        assert feed.find("a:author", A) is not None or all(e.find("a:author", A) is not None for e in entries)
        if entries:
            updated = [datetime.fromisoformat(e.findtext("a:updated", "", A)) for e in entries]
            assert datetime.fromisoformat(feed.findtext("a:updated", "", A)) == max(updated)


def _check_atom_element(element: etree._Element) -> None:
    """The rules that a feed and an entry share (4.1.1, 4.1.2)."""
    for tag in ("id", "title", "updated"):
        assert [bool((e.text or "").strip()) for e in element.findall(f"a:{tag}", A)] == [True], tag
    for tag in ("published", "summary", "subtitle", "generator", "rights", "logo", "icon"):
        assert len(element.findall(f"a:{tag}", A)) <= 1, tag
    assert is_iri(element.findtext("a:id", "", A))
    for tag in ("updated", "published"):
        assert all(RFC3339.fullmatch(e.text or "") for e in element.findall(f"a:{tag}", A)), tag
    links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in element.findall("a:link", A)]
    alternates = [link for link in links if link[0] == "alternate"]
    assert len(alternates) == len(set(alternates)) == 1  # no two of the same type and language
    assert all(link.get("href") for link in element.findall("a:link", A))
    assert all((name.text or "").strip() for name in element.findall("a:author/a:name", A))
    assert all(category.get("term") for category in element.findall("a:category", A))


def test_json_keeps_to_json_feed_1_1(feeds: dict[str, bytes]) -> None:
    for path in (p for p in feeds if p.endswith("feed.json")):
        feed = json.loads(feeds[path])
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"]
        assert TAG.fullmatch(feed["language"])
        assert isinstance(feed["items"], list)
        ids = [item["id"] for item in feed["items"]]
        assert len(ids) == len(set(ids))
        for item in feed["items"]:
            _check_json_item(item)


def _check_json_item(item: dict[str, object]) -> None:
    assert isinstance(item["id"], str)
    assert item["id"]
    assert item.get("content_html") or item.get("content_text")
    for key in ("date_published", "date_modified"):
        assert RFC3339.fullmatch(str(item[key]))
    assert all(author["name"] for author in item["authors"])  # type: ignore[attr-defined]
    assert all(value is not None for value in item.values())


def test_ids_outlive_new_heads_and_titles(publication: Publication) -> None:
    second = publication.stories[1]
    other = next(m for m in second.members if not m.is_head)
    members = tuple(replace(m, is_head=m is other) for m in second.members)
    changed = replace(second, title=other.title, heat=second.heat + 10, members=members)
    for path in ("feed.json", "topics/law/feed.json"):
        assert _ids(publication, path) == _ids(_with(publication, changed), path)


def _with(publication: Publication, story: Story) -> Publication:
    return replace(publication, stories=(publication.stories[0], story, *publication.stories[2:]))


def _ids(publication: Publication, path: str) -> set[str]:
    body = next(f.body for f in files_of(publication) if f.path == path)
    return {item["id"] for item in json.loads(body)["items"]}
