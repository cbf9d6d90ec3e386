"""The feeds and the news sitemap of the publishers as they looked at a moment."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from reading import Article, Publisher

from pages import local_iso

NEWEST = 15
_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
    "sitemap": "application/xml",
    "broken": "text/html; charset=utf-8",
}


@dataclass(frozen=True)
class _Issue:
    """What a feed says at one moment; the newest article is the first."""

    publisher: Publisher
    path: str
    articles: Sequence[Article]
    now: datetime

    @property
    def url(self) -> str:
        """The feed's own address."""
        return self.publisher.home + self.path


def feed_type(publisher: Publisher) -> str:
    """The Content-Type of the publisher's feed."""
    return _TYPES[publisher.kind]


def feed(publisher: Publisher, path: str, articles: Sequence[Article], now: datetime) -> bytes:
    """The feed at `path` with the articles that are out at `now`, the newest first."""
    out = [a.corrected() if a.updated and a.updated <= now else a for a in articles if a.when <= now]
    out = sorted(out, key=lambda a: a.when, reverse=True)[:NEWEST]
    return _FORMS[publisher.kind](_Issue(publisher, path, out, now)).encode()


def _link(article: Article, path: str) -> str:
    """The address as the feed gives it; the agency's list of top stories adds the usual tail."""
    if path == "/rss/top.xml":
        return f"{article.url}?utm_source=rss&utm_medium=feed&utm_campaign=top"
    return article.url + article.get("tail")


def _rss(issue: _Issue) -> str:
    publisher = issue.publisher
    items = "".join(_rss_item(a, issue.path) for a in issue.articles)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:media="http://search.yahoo.com/mrss/">\n<channel>\n'
        f"<title>{escape(publisher.name)}</title>\n<link>{publisher.home}/</link>\n"
        f"<description>{escape(publisher.tagline)}</description>\n<language>{publisher.language.lower()}</language>\n"
        f"<lastBuildDate>{format_datetime(issue.articles[0].when if issue.articles else issue.now)}</lastBuildDate>\n"
        f'<atom:link href="{issue.url}" rel="self" type="application/rss+xml"/>\n'
        f"<ttl>30</ttl>\n{items}</channel>\n</rss>\n"
    )


def _rss_item(article: Article, path: str) -> str:
    lines = [
        f"<title>{escape(article.get('title'))}</title>",
        f"<link>{escape(_link(article, path))}</link>",
        f'<guid isPermaLink="false">{article.publisher.domain}:{article.number}</guid>',
        f"<pubDate>{format_datetime(article.local)}</pubDate>",
        f"<description>{escape(article.get('lede'))}</description>",
    ]
    if article.get("author"):
        lines.append(f"<dc:creator>{escape(article.get('author'))}</dc:creator>")
    lines += [f"<category>{escape(tag.strip())}</category>" for tag in article.get("topics").split(",") if tag.strip()]
    if article.image_url and not article.publisher.generic:
        wide, tall = article.publisher.picture
        lines.append(
            f'<media:content url={quoteattr(article.image_url)} medium="image" width="{wide}" height="{tall}"/>'
        )
    return "<item>\n" + "\n".join(lines) + "\n</item>\n"


def _atom(issue: _Issue) -> str:
    publisher = issue.publisher
    newest = max(
        (a.updated if a.updated and a.updated <= issue.now else a.when for a in issue.articles), default=issue.now
    )
    entries = "".join(_atom_entry(a, issue.now) for a in issue.articles)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{publisher.language}">\n'
        f"<title>{escape(publisher.name)}</title>\n<subtitle>{escape(publisher.tagline)}</subtitle>\n"
        f'<id>tag:{publisher.domain},2026:feed</id>\n<link rel="self" href="{issue.url}"/>\n'
        f'<link rel="alternate" type="text/html" href="{publisher.home}/"/>\n'
        f"<updated>{local_iso(newest, publisher)}</updated>\n{entries}</feed>\n"
    )


def _atom_entry(article: Article, now: datetime) -> str:
    publisher = article.publisher
    updated = article.updated if article.updated and article.updated <= now else article.when
    author = f"<author><name>{escape(article.get('author') or publisher.name)}</name></author>\n"
    tags = "".join(f"<category term={quoteattr(t.strip())}/>\n" for t in article.get("topics").split(",") if t.strip())
    return (
        f"<entry>\n<title>{escape(article.get('title'))}</title>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(_link(article, ""))}/>\n'
        f"<id>tag:{publisher.domain},2026:{article.number}</id>\n"
        f"<published>{local_iso(article.when, publisher)}</published>\n"
        f"<updated>{local_iso(updated, publisher)}</updated>\n{author}{tags}"
        f"<summary>{escape(article.get('lede'))}</summary>\n</entry>\n"
    )


def _json(issue: _Issue) -> str:
    publisher = issue.publisher
    items = [
        {
            "id": f"{publisher.domain}/{a.number}",
            "url": a.url,
            "title": a.get("title"),
            "summary": a.get("lede"),
            "content_html": "".join(f"<p>{escape(p)}</p>" for p in a.paragraphs),
            "date_published": local_iso(a.when, publisher),
            "authors": [{"name": a.get("author")}],
            "tags": [tag.strip() for tag in a.get("topics").split(",") if tag.strip()],
        }
        for a in issue.articles
    ]
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": publisher.name,
        "description": publisher.tagline,
        "home_page_url": f"{publisher.home}/",
        "feed_url": issue.url,
        "language": publisher.language,
        "items": items,
    }
    return json.dumps(head, ensure_ascii=False, indent=1) + "\n"


def _sitemap(issue: _Issue) -> str:
    publisher = issue.publisher
    urls = "".join(
        f"<url>\n<loc>{escape(a.url)}</loc>\n<news:news>\n<news:publication><news:name>{escape(publisher.name)}</news:name>"
        f"<news:language>en</news:language></news:publication>\n"
        f"<news:publication_date>{local_iso(a.when, publisher)}</news:publication_date>\n"
        f"<news:title>{escape(a.get('title'))}</news:title>\n</news:news>\n{_sitemap_image(a)}</url>\n"
        for a in issue.articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        f'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n{urls}</urlset>\n'
    )


def _sitemap_image(article: Article) -> str:
    url = article.image_url
    return f"<image:image><image:loc>{escape(url)}</image:loc></image:image>\n" if url else ""


def _broken(issue: _Issue) -> str:
    publisher = issue.publisher
    return (
        f"<!doctype html><html><head><title>{escape(publisher.name)}</title></head><body><h1>We are changing hosts</h1>"
        "<p>The old server went to the breakers on Sunday. Our pages, and this feed, will be back when the new one "
        "is afloat.<p>Unclosed & unescaped, with love from the webmaster</body>\n"
    )


_FORMS = {"rss": _rss, "atom": _atom, "json": _json, "sitemap": _sitemap, "broken": _broken}
