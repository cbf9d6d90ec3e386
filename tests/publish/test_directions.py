"""robots.txt, llms.txt and the OPML of the sources: true, whole, and nothing of them changes with an article."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego
from tests.publish.conftest import a_publication

from broadsheet.formats.opml_reading import read_opml
from broadsheet.model.publication import Publication, Site
from broadsheet.model.source import Source, SourceKind
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.publish.build import build
from broadsheet.stages.publish.directions import AI_CRAWLERS, direction_files, llms_txt, robots_txt

FEED = Source("https://kelp.example/feed.xml", name="The Kelp Ledger", tags=("coast",))
LINK = re.compile(r"- \[((?:\\.|[^\\\[\]])*)\]\(([^()\s]*)\): (.*)")


def files_of(publication: Publication) -> dict[str, bytes]:
    return {file.path: file.body for file in direction_files(publication)}


def test_robots_are_told_where_the_sitemap_is(publication: Publication) -> None:
    lines = files_of(publication)["robots.txt"].decode().splitlines()
    assert lines == ["User-agent: *", "Allow: /", "", "Sitemap: https://hours.example/sitemap.xml"]


def test_a_site_without_an_address_names_no_sitemap() -> None:
    assert "Sitemap" not in robots_txt(Publication(Site(title="X"), (), {}, ()))


@pytest.mark.parametrize("welcome", [True, False])
def test_crawlers_for_language_models_are_welcome_or_not(publication: Publication, welcome: bool) -> None:
    files = files_of(replace(publication, ai_crawlers=welcome))
    rules = Protego.parse(files["robots.txt"].decode())
    for name in AI_CRAWLERS:
        assert (
            rules.can_fetch("https://hours.example/stories/s001/", f"Mozilla/5.0 (compatible; {name}/1.0)") is welcome
        )
    for reader in ("Googlebot", "bingbot", "Broadsheet/0.1"):
        assert rules.can_fetch("https://hours.example/", reader)
    assert list(rules.sitemaps) == ["https://hours.example/sitemap.xml"]
    assert ("llms.txt" in files) is welcome


def test_language_models_are_told_what_the_site_is_and_where_all_is(publication: Publication) -> None:
    text = files_of(replace(publication, sources=(FEED,)))["llms.txt"].decode()
    heading, _, summary, *rest = text.split("\n")
    assert (heading, summary) == ("# The Small Hours", "> News of little things.")
    sections = [line.removeprefix("## ") for line in rest if line.startswith("## ")]
    assert sections == ["API", "Feeds", "Topics", "Optional"]
    links = [found.groups() for line in rest if (found := LINK.fullmatch(line))]
    assert [name for name, url, _ in links if "/topics/" in url and "api" not in url] == ["Energy", "Law", "Work"]
    assert len(links) == sum(line.startswith("- ") for line in rest)


def test_every_link_leads_to_a_file_of_the_site(tmp_path_factory: pytest.TempPathFactory) -> None:
    publication = a_publication(sources=(FEED,))
    out = tmp_path_factory.mktemp("site")
    build(publication, out)
    ours = {p.relative_to(out).as_posix() for p in out.rglob("*")} | {"api/days/index.json", "api/providers/index.json"}
    text = (out / "llms.txt").read_text("utf-8")
    for _, url, _ in LINK.findall(text):
        path = url.removeprefix("https://hours.example/")
        assert (f"{path}index.html" if path.endswith("/") else path) in ours, url


@given(st.text(min_size=1), st.text(), st.text(min_size=1))
def test_hostile_names_stay_text_on_their_line(title: str, description: str, name: str) -> None:
    topics = (Topic(id="a", name=name, parent="x", description=description or None),)
    site = Site(title=title, description=description, url="https://hours.example")
    text = llms_txt(Publication(site, topics, {}, ())).encode("utf-8", "replace").decode()
    lines = text.split("\n")
    assert text.splitlines() == lines[:-1]
    assert [line for line in lines if line.startswith("#")] == [
        lines[0],
        "## API",
        "## Feeds",
        "## Topics",
        "## Optional",
    ]
    assert {urlsplit(url).hostname for _, url, _ in LINK.findall(text)} == {"hours.example"}
    assert not re.search(r"(?<!\\)<", text)
    assert all(c.isprintable() for c in text.replace("\n", ""))


def test_feeds_are_named_that_may_be() -> None:
    hidden = (
        replace(FEED, url="https://secret.example/feed", private=True),
        Source("https://name:word@kelp.example/feed"),
        Source("archive.warc.gz", SourceKind.WARC),
        Source("https://kelp.example/sitemap.xml", SourceKind.SITEMAP),
        Source("javascript:alert(1)"),
    )
    body = files_of(a_publication(sources=(FEED, *hidden)))["sources.opml"]
    assert read_opml(body, name="sources.opml") == [FEED]
    assert b"secret" not in body
    assert b"word" not in body
    assert "sources.opml" not in files_of(a_publication(sources=hidden))
    assert b"sources.opml" not in files_of(a_publication(sources=hidden))["llms.txt"]


def test_an_article_changes_none_of_them() -> None:
    publication = a_publication(sources=(FEED,))
    fewer = replace(publication, records=publication.records[5:], stories=publication.stories[5:])
    assert files_of(publication) == files_of(fewer)
