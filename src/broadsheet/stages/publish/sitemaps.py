"""What search engines are told: `sitemap.xml`, `news-sitemap.xml`.

The forms are those of sitemaps.org 0.9 and of Google's news extension 0.9.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from lxml import etree

from broadsheet.model.publication import OutputFile, Publication, Site
from broadsheet.stages.publish.site.links import Links, links_of, story_path, topic_path
from broadsheet.stages.publish.site.words import words_for
from broadsheet.stages.publish.stories import stories_of
from broadsheet.stages.publish.xml_files import namespaces, xml_file, xml_text

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
PER_FILE = 45_000
NEWS_AGE = timedelta(days=2)  # Google takes no older ones
NEWS_MOST = 1_000

Place = tuple[str, datetime | None]


def sitemap_files(publication: Publication, *, per_file: int = PER_FILE) -> Iterator[OutputFile]:
    """`sitemap.xml` (more than `per_file` pages: an index of `sitemap-<n>.xml`), `news-sitemap.xml`.

    The news sitemap of a folder in the origin's form keeps the origin's form; any other is for Google News.
    """
    links = links_of(publication.site)
    places = [(links.full(path), last) for path, last in _pages(publication)]
    yield from _sitemaps(places, links, per_file)
    body = _google_news(publication, links) if publication.stories else _origin_news(publication)
    yield OutputFile("news-sitemap.xml", body)


def _pages(publication: Publication) -> Iterator[Place]:
    """The pages of the site by their path below its root, and when each changed last."""
    stories = stories_of(publication)
    last = {s.id: max(m.published for m in s.members) for s in stories}
    yield "", max(last.values(), default=None)
    for topic in publication.topics:
        if not topic.is_site:
            names = {topic.id.casefold(), topic.name.casefold(), (topic.shortname or topic.name).casefold()}
            theirs = (last[s.id] for s in stories if any(name.casefold() in names for name in s.topics))
            yield topic_path(topic.id), max(theirs, default=None)
    yield from (("about/", None), ("corrections/", None), ("days/", None), ("feeds/", None))
    for day in sorted({min(m.published for m in s.members).astimezone(UTC).date() for s in stories}, reverse=True):
        yield f"days/{day.isoformat()}/", None
    for story in sorted(stories, key=lambda s: (last[s.id], s.id), reverse=True):
        yield story_path(story.id), last[story.id]


def _sitemaps(places: Sequence[Place], links: Links, per_file: int) -> Iterator[OutputFile]:
    if len(places) <= per_file:
        yield OutputFile("sitemap.xml", _urlset(places))
        return
    index = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap=namespaces(SITEMAP))
    for number, start in enumerate(range(0, len(places), per_file), 1):
        name = f"sitemap-{number}.xml"
        etree.SubElement(etree.SubElement(index, f"{{{SITEMAP}}}sitemap"), f"{{{SITEMAP}}}loc").text = links.full(name)
        yield OutputFile(name, _urlset(places[start : start + per_file]))
    yield OutputFile("sitemap.xml", xml_file(index))


def _urlset(places: Sequence[Place]) -> bytes:
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap=namespaces(SITEMAP))
    for loc, last in places:
        url = etree.SubElement(root, f"{{{SITEMAP}}}url")
        etree.SubElement(url, f"{{{SITEMAP}}}loc").text = loc
        if last:
            etree.SubElement(url, f"{{{SITEMAP}}}lastmod").text = _w3c(last)
    return xml_file(root)


def _origin_news(publication: Publication) -> bytes:
    """The published items that the site itself shows (those without a `webUrl`), newest first, in the origin's form.

    The origin's file declares the encoding in double quotes and ends without a line feed.
    """
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap=namespaces(SITEMAP))
    shown = [r for r in publication.records if r.record.published is not False and not r.record.web_url]
    for filed in sorted(shown, key=lambda r: (r.record.published_date_time, r.path), reverse=True):
        url = etree.SubElement(root, f"{{{SITEMAP}}}url")
        values = (
            ("loc", f"{_readers_root(publication.site)}/news/{PurePosixPath(filed.path).stem}/"),
            ("lastmod", _w3c(filed.record.published_date_time)),
            ("changefreq", "hourly"),
            ("priority", "1"),
        )
        for tag, text in values:
            etree.SubElement(url, f"{{{SITEMAP}}}{tag}").text = xml_text(text)
    return xml_file(root).removesuffix(b"\n")


def _readers_root(site: Site) -> str:
    """Where readers are sent, without a trailing slash; where nothing says it, where the files are served."""
    return (site.web_url or links_of(site).full()).rstrip("/")


def _google_news(publication: Publication, links: Links) -> bytes:
    """The stories whose head appeared within two days of the newest record, newest first, a thousand at most."""
    newest = max((r.record.published_date_time for r in publication.records), default=None)
    recent = [s for s in stories_of(publication) if newest and s.head.published >= newest - NEWS_AGE]
    language = words_for(publication.site.locale).language.partition("-")[0]
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap=namespaces(SITEMAP, news=NEWS))
    for story in sorted(recent, key=lambda s: (s.head.published, s.id), reverse=True)[:NEWS_MOST]:
        url = etree.SubElement(root, f"{{{SITEMAP}}}url")
        etree.SubElement(url, f"{{{SITEMAP}}}loc").text = links.full(story_path(story.id))
        news = etree.SubElement(url, f"{{{NEWS}}}news")
        paper = etree.SubElement(news, f"{{{NEWS}}}publication")
        etree.SubElement(paper, f"{{{NEWS}}}name").text = xml_text(publication.site.title)
        etree.SubElement(paper, f"{{{NEWS}}}language").text = language
        etree.SubElement(news, f"{{{NEWS}}}publication_date").text = _w3c(story.head.published)
        etree.SubElement(news, f"{{{NEWS}}}title").text = xml_text(story.title or story.head.title)
    return xml_file(root)


def _w3c(when: datetime) -> str:
    """`2021-02-22T16:00:26+00:00`, the profile of ISO 8601 that sitemaps.org names."""
    return when.astimezone(UTC).replace(microsecond=0).isoformat()
