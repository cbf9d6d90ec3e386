"""Sitemaps: of every page, of news, and the origin's own file from the origin's records."""

from dataclasses import replace
from pathlib import Path

from lxml import etree

from broadsheet.model.publication import Publication, Site
from broadsheet.model.record import FiledRecord
from broadsheet.stages.publish.build import files_of
from broadsheet.stages.publish.records.reader import read_record
from broadsheet.stages.publish.sitemaps import NEWS, SITEMAP

NAMES = {"s": SITEMAP, "n": NEWS}


def made(publication: Publication) -> dict[str, bytes]:
    return {file.path: file.body for file in files_of(publication)}


def listed(files: dict[str, bytes], name: str) -> list[str]:
    locations = etree.fromstring(files[name]).xpath("//s:loc/text()", namespaces=NAMES)
    return [location.removeprefix("https://hours.example/") for location in locations]


def test_every_page_is_listed_whose_day_is_over(publication: Publication) -> None:
    files = made(publication)
    assert listed(files, "sitemap.xml") == ["sitemap-pages.xml", "sitemap-1.xml"]
    paths = [path + "index.html" for name in ("sitemap-pages.xml", "sitemap-1.xml") for path in listed(files, name)]
    newest = max(m.published for s in publication.stories for m in s.members).date()
    today = {s.id for s in publication.stories if min(m.published for m in s.members).date() == newest}
    assert today
    open_yet = {f"stories/{story}/index.html" for story in today} | {f"days/{newest}/index.html"}
    pages = {path for path in files if path.endswith("index.html") and "/page/" not in path}
    assert sorted(paths) == sorted(pages - open_yet)
    assert set(listed(files, "news-sitemap.xml")) >= {f"stories/{story}/" for story in today}


def test_a_story_changed_when_its_newest_report_came(publication: Publication) -> None:
    story = publication.stories[-1]
    root = etree.fromstring(made(publication)["sitemap-1.xml"])
    last = root.xpath(f"//s:url[s:loc='https://hours.example/stories/{story.id}/']/s:lastmod/text()", namespaces=NAMES)
    assert last == [max(m.published for m in story.members).isoformat()]


def test_many_stories_are_parted(publication: Publication) -> None:
    old = publication.stories[-1]
    copies = tuple(replace(old, id=f"n{n:04}") for n in range(1_003))
    files = made(replace(publication, records=(), stories=(publication.stories[0], *copies)))
    assert listed(files, "sitemap.xml") == ["sitemap-pages.xml", "sitemap-1.xml", "sitemap-2.xml"]
    assert [len(listed(files, f"sitemap-{n}.xml")) for n in (1, 2)] == [1_000, 3]


def test_google_news_has_the_last_two_days(publication: Publication) -> None:
    root = etree.fromstring(made(publication)["news-sitemap.xml"])
    titles = root.xpath("//n:news/n:title/text()", namespaces=NAMES)
    assert titles[0] == publication.stories[0].title
    assert 0 < len(titles) < len(publication.stories)
    assert root.xpath("//n:name/text()", namespaces=NAMES)[0] == "The Small Hours"
    assert root.xpath("//n:language/text()", namespaces=NAMES)[0] == "en"


def test_an_older_folder_lists_what_the_site_itself_shows(publication: Publication) -> None:
    shown = [replace(r, record=replace(r.record, web_url=None, heat=80)) for r in publication.records[:2]]
    hidden = replace(shown[0], path="_news/2026-03-12-hidden.md", record=replace(shown[0].record, published=False))
    site = Site(title="Old", url="https://host.example", base_path="/old", web_url="https://readers.example/old")
    records = (*shown, hidden, publication.records[3])
    old = replace(publication, site=site, stories=(), records=records, numbered_from_newest=True)
    assert made(old)["news-sitemap.xml"].decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        "  <url>\n"
        "    <loc>https://readers.example/old/news/2026-03-12-item-0/</loc>\n"
        "    <lastmod>2026-03-12T10:00:00+00:00</lastmod>\n"
        "    <changefreq>hourly</changefreq>\n"
        "    <priority>1</priority>\n"
        "  </url>\n"
        "  <url>\n"
        "    <loc>https://readers.example/old/news/2026-03-12-item-100/</loc>\n"
        "    <lastmod>2026-03-12T04:47:00+00:00</lastmod>\n"
        "    <changefreq>hourly</changefreq>\n"
        "    <priority>1</priority>\n"
        "  </url>\n"
        "</urlset>"
    )


def test_the_origins_file_follows_from_its_records(shared: Path) -> None:
    folder = shared / "data" / "origin" / "powerapps"
    records = tuple(
        FiledRecord(f"_news/{file.name}", read_record(file.read_bytes(), path=file.name))
        for file in sorted((folder / "_news").glob("*.md"))
    )
    site = Site(title="", url="https://everyday-cc.github.io", web_url="https://everyday.cc/powerapps")
    files = made(Publication(site=site, topics=(), organizations={}, records=records, numbered_from_newest=True))
    assert files["news-sitemap.xml"] == (folder / "news-sitemap.xml").read_bytes()
