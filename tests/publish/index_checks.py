"""What sitemaps.org, Google News, OPML 2.0 and RFC 9309 ask of the files that list a site, as lists of what is wrong."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from lxml import etree
from tests.publish.feed_checks import is_web, parsed

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
MOST_URLS, MOST_BYTES = 50_000, 50 * 1024 * 1024
LONGEST_ADDRESS = 2_048
W3C = re.compile(
    r"[0-9]{4}(?:-[01][0-9](?:-[0-3][0-9](?:T[0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
    r"(?:Z|[+-][0-2][0-9]:[0-5][0-9]))?)?)?"
)
CHANGES = {"always", "hourly", "daily", "weekly", "monthly", "yearly", "never"}
_RULE = re.compile(r"(?i)(user-agent|allow|disallow|sitemap|crawl-delay): \S.*|")


def wrong_sitemaps(files: Mapping[str, bytes], start: str = "sitemap.xml") -> list[str]:
    """Of a sitemap, or of an index and all that it names: sizes, whole addresses of one host, dates, nothing twice."""
    root = parsed(files[start])
    if root.tag != f"{{{SITEMAP}}}sitemapindex":
        return list(_wrong_urlset(files[start], root))
    listed = [loc.text or "" for loc in root.iter(f"{{{SITEMAP}}}loc")]
    wrong = list(_wrong_places(root, "sitemap"))
    seen: Counter[str] = Counter()
    for address in listed:
        path = next((p for p in files if address.endswith(f"/{p}")), None)
        if path is None:
            wrong.append(f"the index names {address}, which isn't there")
            continue
        part = parsed(files[path])
        wrong += [f"{path}: {what}" for what in _wrong_urlset(files[path], part)]
        seen.update(loc.text or "" for loc in part.iter(f"{{{SITEMAP}}}loc"))
    return wrong + [f"{n} sitemaps name {address}" for address, n in seen.items() if n > 1][:5]


def _wrong_urlset(body: bytes, root: etree._Element) -> Iterator[str]:
    if root.tag != f"{{{SITEMAP}}}urlset":
        yield f"{root.tag} is no urlset"
    if len(body) > MOST_BYTES:
        yield f"{len(body)} bytes are too many"
    yield from _wrong_places(root, "url")
    for url in root:
        change, priority = (url.findtext(f"{{{SITEMAP}}}{tag}") for tag in ("changefreq", "priority"))
        if change is not None and change not in CHANGES:
            yield f"changefreq {change!r}"
        if priority is not None and not 0 <= float(priority) <= 1:
            yield f"priority {priority}"


def _wrong_places(root: etree._Element, tag: str) -> Iterator[str]:
    if len(root) > MOST_URLS:
        yield f"{len(root)} entries are too many"
    if any(child.tag != f"{{{SITEMAP}}}{tag}" for child in root):
        yield f"something else than {tag}"
    places = [child.findtext(f"{{{SITEMAP}}}loc") or "" for child in root]
    yield from (f"loc {p!r}" for p in places if not is_web(p) or len(p) > LONGEST_ADDRESS or not p.isascii())
    yield from (f"{n} times {p}" for p, n in Counter(places).items() if n > 1)
    if len({urlsplit(p).hostname for p in places}) > 1:
        yield "several hosts"
    dates = [str(d.text) for d in root.iter(f"{{{SITEMAP}}}lastmod")]
    yield from (f"lastmod {d!r}" for d in dates if not W3C.fullmatch(d))


def wrong_google_news(body: bytes, newest: datetime) -> list[str]:
    """By Google's rules for news sitemaps: a thousand at most, none older than two days, each with its four words."""
    root = parsed(body)
    wrong = list(_wrong_urlset(body, root))
    if len(root) > 1000:
        wrong.append(f"{len(root)} are more than a thousand")
    for url in root:
        wrong += _wrong_news(url, newest)
    return wrong


def _wrong_news(url: etree._Element, newest: datetime) -> list[str]:
    news = url.findall(f"{{{NEWS}}}news")
    if len(news) != 1:
        return ["not one news:news"]
    said = {str(e.tag).rpartition("}")[2]: (e.text or "").strip() for e in news[0].iter()}
    wrong = [f"no {tag}" for tag in ("name", "language", "publication_date", "title") if not said.get(tag)]
    if not re.fullmatch("[a-z]{2,3}|zh-cn|zh-tw", said.get("language", "")):
        wrong.append(f"language {said.get('language')!r}")
    date = said.get("publication_date", "")
    if not W3C.fullmatch(date) or newest - datetime.fromisoformat(date) > timedelta(days=2):
        wrong.append(f"publication_date {date!r} is older than two days")
    return wrong


def wrong_opml(body: bytes) -> list[str]:
    """By http://opml.org/spec2.opml: one head, one body with an outline or more, a `text` for each, feeds with address."""
    root = parsed(body)
    wrong = [] if (root.tag, root.get("version")) == ("opml", "2.0") else ["not OPML 2.0"]
    if [child.tag for child in root] != ["head", "body"]:
        return [*wrong, "not a head and a body"]
    outlines = list(root[1].iter("outline"))
    if not len(root[1]) or len(outlines) + 1 != len(list(root[1].iter())):
        wrong.append("no outline, or something else")
    wrong += ["outline without text" for o in outlines if o.get("text") is None]
    wrong += [
        f"feed without address: {o.get('text')}"
        for o in outlines
        if o.get("type") == "rss" and not is_web(o.get("xmlUrl"))
    ]
    addresses = Counter(o.get("xmlUrl") for o in outlines if o.get("xmlUrl"))
    return wrong + [f"{n} times {address}" for address, n in addresses.items() if n > 1]


def wrong_robots(body: bytes) -> list[str]:
    """By RFC 9309: UTF-8, below 500 KiB, a rule a line, each after the name of a crawler; sitemaps by whole address."""
    text = body.decode("utf-8")
    lines = text.split("\n")
    wrong = [f"line {line!r}" for line in lines if not _RULE.fullmatch(line)]
    named = False
    for line in lines:
        key, _, value = line.partition(": ")
        named = named or key.lower() == "user-agent"
        if key.lower() in ("allow", "disallow") and not (named and value.startswith("/")):
            wrong.append(f"a rule for nobody, or no path: {line!r}")
        if key.lower() == "sitemap" and not is_web(value):
            wrong.append(f"a sitemap without its whole address: {line!r}")
    return wrong if len(body) < 500 * 1024 else [*wrong, "too large"]
