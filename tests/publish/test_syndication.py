"""The feeds: valid by their specifications, the same ids everywhere, readable by an XML and a JSON reader."""

import json
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from broadsheet.model.publication import Publication, Site
from broadsheet.stages.publish.build import files_of
from broadsheet.stages.publish.syndication import ATOM, DC
from broadsheet.stages.publish.xml_files import xml_text

NAMES = {"a": ATOM, "dc": DC}


def feeds_of(publication: Publication) -> dict[str, bytes]:
    names = ("feed.xml", "atom.xml", "feed.json")
    return {file.path: file.body for file in files_of(publication) if file.path.endswith(names)}


@pytest.fixture(scope="module")
def feeds(publication: Publication) -> dict[str, bytes]:
    return feeds_of(publication)


def test_the_site_and_each_topic_have_three(feeds: dict[str, bytes]) -> None:
    folders = ["", "topics/energy/", "topics/law/", "topics/work/"]
    assert set(feeds) == {folder + name for folder in folders for name in ("feed.xml", "atom.xml", "feed.json")}


def test_the_three_formats_say_the_same(feeds: dict[str, bytes], publication: Publication) -> None:
    rss, atom = etree.fromstring(feeds["feed.xml"]), etree.fromstring(feeds["atom.xml"])
    items = json.loads(feeds["feed.json"])["items"]
    ids = [f"https://hours.example/stories/{s.id}/" for s in sorted(publication.stories, key=lambda s: s.id)]
    assert rss.xpath("//item/guid/text()") == atom.xpath("//a:entry/a:id/text()", namespaces=NAMES) == ids
    assert [item["id"] for item in items] == [item["url"] for item in items] == ids
    links = [s.head.url for s in sorted(publication.stories, key=lambda s: s.id)]
    assert rss.xpath("//item/link/text()") == links == [item["external_url"] for item in items]
    assert atom.xpath("//a:entry/a:link[@rel='alternate']/@href", namespaces=NAMES) == links
    assert atom.xpath("//a:entry/a:link[@rel='related']/@href", namespaces=NAMES) == ids


def test_dates_are_of_the_formats_kind(feeds: dict[str, bytes], publication: Publication) -> None:
    published = publication.stories[0].head.published
    rss, atom = etree.fromstring(feeds["feed.xml"]), etree.fromstring(feeds["atom.xml"])
    assert parsedate_to_datetime(rss.findtext("channel/item/pubDate") or "") == published
    assert atom.findtext("a:entry/a:published", namespaces=NAMES) == "2026-03-12T10:00:00Z"
    updated = [datetime.fromisoformat(u) for u in atom.xpath("//a:entry/a:updated/text()", namespaces=NAMES)]
    assert datetime.fromisoformat(atom.findtext("a:updated", namespaces=NAMES) or "") == max(updated)


def test_atom_has_what_rfc_4287_asks_for(feeds: dict[str, bytes]) -> None:
    for path in ("atom.xml", "topics/law/atom.xml"):
        atom = etree.fromstring(feeds[path])
        assert atom.tag == f"{{{ATOM}}}feed"
        for element in [atom, *atom.findall("a:entry", NAMES)]:
            for tag in ("id", "title", "updated"):
                assert len(element.findall(f"a:{tag}", NAMES)) == 1
        assert all(entry.find("a:author/a:name", NAMES) is not None for entry in atom.findall("a:entry", NAMES))
        assert atom.xpath("a:link[@rel='self']/@href", namespaces=NAMES) == [f"https://hours.example/{path}"]


def test_rss_has_what_it_needs(feeds: dict[str, bytes]) -> None:
    channel = etree.fromstring(feeds["topics/energy/feed.xml"])[0]
    assert channel.findtext("title") == "The Small Hours: Energy"
    assert channel.findtext("link") == "https://hours.example/topics/energy/"
    assert channel.find("a:link", NAMES).get("href") == "https://hours.example/topics/energy/feed.xml"  # type: ignore[union-attr]
    assert {item.findtext("category") for item in channel.findall("item")} == {"Energy"}


def test_a_site_without_an_address_still_has_stable_ids(publication: Publication) -> None:
    feeds = feeds_of(replace(publication, site=Site(title="Nowhere yet")))
    ids = etree.fromstring(feeds["atom.xml"]).xpath("//a:id/text()", namespaces=NAMES)
    assert ids[0] == "urn:broadsheet:feed:all"
    assert ids[1] == "urn:broadsheet:story:s000"
    assert etree.fromstring(feeds["feed.xml"]).xpath("//guid/@isPermaLink")[0] == "false"


def test_an_empty_publication_has_feeds() -> None:
    feeds = feeds_of(Publication(site=Site(title="Quiet"), topics=(), organizations={}, records=()))
    assert json.loads(feeds["feed.json"])["items"] == []
    assert etree.fromstring(feeds["atom.xml"]).findtext("a:updated", namespaces=NAMES)


def test_what_is_older_is_in_the_archive(publication: Publication) -> None:
    many = tuple(replace(publication.stories[0], id=f"n{n:03}") for n in range(130))
    files = {file.path: file.body for file in files_of(replace(publication, records=(), stories=many))}
    assert len(json.loads(files["feed.json"])["items"]) == 130 - 4 * 25
    seen: list[str] = []
    path: str | None = "atom.xml"
    while path:
        root = etree.fromstring(files[path])
        seen += root.xpath("//a:entry/a:id/text()", namespaces=NAMES)
        older = root.xpath("/a:feed/a:link[@rel='prev-archive']/@href", namespaces=NAMES)
        path = older[0].removeprefix("https://hours.example/") if older else None
    assert len(seen) == len(set(seen)) == 130


_SAMPLE: list[Publication] = []


@pytest.fixture(autouse=True, scope="module")
def _sample(publication: Publication) -> None:
    _SAMPLE[:] = [publication]


@given(st.text(st.characters(), max_size=60), st.text(st.characters(), max_size=60))
@settings(max_examples=60, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_any_text_gives_readable_feeds(title: str, excerpt: str) -> None:
    first = _SAMPLE[0].stories[0]
    head = replace(first.members[0], title=title, excerpt=excerpt, provider_name=excerpt)
    story = replace(first, title=title or "x", members=(head,))
    feeds = feeds_of(replace(_SAMPLE[0], stories=(story,)))
    shown = json.loads(feeds["feed.json"])["items"][0]["title"]
    assert etree.fromstring(feeds["atom.xml"]).xpath("//a:entry", namespaces=NAMES)
    assert (etree.fromstring(feeds["feed.xml"]).findtext("channel/item/title") or "").split() == xml_text(shown).split()
