"""What search engines are told: `sitemap.xml`, which names all others, and `news-sitemap.xml`.

A story goes into its `sitemap-<n>.xml` when the day on which it began is over; until then the news sitemap names it.
The forms are those of sitemaps.org 0.9 and of Google's news extension 0.9.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from broadsheet.model.instants import iso
from broadsheet.model.publication import OutputFile, Site
from broadsheet.stages.publish.feed_items import xml_escaped
from broadsheet.stages.publish.site.cards import Card
from broadsheet.stages.publish.site.links import Links, links_of
from broadsheet.stages.publish.site.words import words_for
from broadsheet.stages.publish.xml_files import xml_text

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
INDEX, NEWS_SITEMAP, PAGES = "sitemap.xml", "news-sitemap.xml", "sitemap-pages.xml"
LIST_PAGES = 40
"""So many pages of the list of stories make a sitemap: a thousand stories."""
NEWS_AGE = timedelta(days=2)  # Google takes no older ones
NEWS_MOST = 1_000
_DECLARED = '<?xml version="1.0" encoding="utf-8"?>\n'


def sitemap_of(page: int) -> int:
    """The number of the sitemap that has the stories of this page of the list."""
    return (page - 1) // LIST_PAGES + 1


def sitemap_path(number: int) -> str:
    """`sitemap-<n>.xml`."""
    return f"sitemap-{number}.xml"


def sitemap_index(links: Links, paths: Iterable[str]) -> OutputFile:
    """`sitemap.xml`: where the others are."""
    rows = "".join(f"  <sitemap>\n    <loc>{_xml(links.full(p))}</loc>\n  </sitemap>\n" for p in paths)
    return _file(INDEX, f'<sitemapindex xmlns="{SITEMAP}">\n{rows}</sitemapindex>\n')


def stories_sitemap(links: Links, number: int, cards: Iterable[Card]) -> OutputFile | None:
    """`sitemap-<n>.xml`: the stories and when each changed last; None where there are none."""
    rows = "".join(
        f"  <url>\n    <loc>{_xml(links.full(c.path))}</loc>\n    <lastmod>{_w3c(c.latest)}</lastmod>\n  </url>\n"
        for c in cards
    )
    return _file(sitemap_path(number), f'<urlset xmlns="{SITEMAP}">\n{rows}</urlset>\n') if rows else None


def pages_sitemap(links: Links, paths: Iterable[str]) -> OutputFile:
    """`sitemap-pages.xml`: the pages that are no stories."""
    rows = "".join(f"  <url>\n    <loc>{_xml(links.full(p))}</loc>\n  </url>\n" for p in paths)
    return _file(PAGES, f'<urlset xmlns="{SITEMAP}">\n{rows}</urlset>\n')


def news_sitemap(
    site: Site, cards: Iterable[Card], newest: datetime | None, rows: dict[str, tuple[Card, str]] | None = None
) -> OutputFile:
    """`news-sitemap.xml` for Google News: the stories whose head appeared within two days of the newest report, newest
    first, a thousand at most. `rows`, where given, has the rows of the file before, and those of this one after."""
    links, language = links_of(site), words_for(site.locale).language.partition("-")[0]
    recent = [c for c in cards if newest and c.head.at >= newest - NEWS_AGE]
    recent.sort(key=lambda c: (c.head.at, c.id), reverse=True)
    paper = f"<news:name>{_xml(site.title)}</news:name>\n        <news:language>{language}</news:language>"
    rows = {} if rows is None else rows
    before = dict(rows)
    rows.clear()
    for card in recent[:NEWS_MOST]:
        known = before.get(card.id)
        rows[card.id] = known if known and known[0] is card else (card, _news_row(links, paper, card))
    shown = "".join([row for _, row in rows.values()])
    return _file(NEWS_SITEMAP, f'<urlset xmlns="{SITEMAP}" xmlns:news="{NEWS}">\n{shown}</urlset>\n')


def _news_row(links: Links, paper: str, card: Card) -> str:
    return (
        f"  <url>\n    <loc>{_xml(links.full(card.path))}</loc>\n    <news:news>\n      <news:publication>\n"
        f"        {paper}\n      </news:publication>\n"
        f"      <news:publication_date>{_w3c(card.head.at)}</news:publication_date>\n"
        f"      <news:title>{_xml(card.title)}</news:title>\n    </news:news>\n  </url>\n"
    )


def origin_news_sitemap(site: Site, shown: Iterable[tuple[datetime, str]]) -> OutputFile:
    """`news-sitemap.xml` in the origin's form, of (instant, name of the record): what the site itself shows (the
    published records without a `webUrl`), newest first. It ends without a line feed, as the origin's does."""
    root = (site.web_url or links_of(site).full()).rstrip("/")
    rows = "".join(
        f"  <url>\n    <loc>{_xml(f'{root}/news/{name}/')}</loc>\n    <lastmod>{_w3c(at)}</lastmod>\n"
        "    <changefreq>hourly</changefreq>\n    <priority>1</priority>\n  </url>\n"
        for at, name in sorted(shown, reverse=True)
    )
    body = f'<urlset xmlns="{SITEMAP}">\n{rows}</urlset>' if rows else f'<urlset xmlns="{SITEMAP}"/>'
    return _file(NEWS_SITEMAP, body)


def _file(path: str, xml: str) -> OutputFile:
    return OutputFile(path, (_DECLARED + xml).encode("utf-8", "replace"))


def _xml(text: str) -> str:
    return xml_escaped(xml_text(text))


def _w3c(when: datetime) -> str:
    """`2021-02-22T16:00:26+00:00`, the profile of ISO 8601 that sitemaps.org names."""
    return f"{(iso(when) or '')[:-1]}+00:00"
