"""Which links of a page lead to articles: by the form of the address, the words of the link, and the markup around it
that repeats."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import unquote, urlsplit

from broadsheet.errors import Rejected
from broadsheet.formats.urls import clean_url, registrable_domain, url_key
from broadsheet.model.feed import Entry
from broadsheet.stages.sources.page_links import Link, PageLinks, read_links

MOST_ARTICLES = 200
ENOUGH = 5
_DATED = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/-]?(?:0?[1-9]|[12]\d|3[01]))?(?=[/-])")
_IDENTIFIED = re.compile(r"(?:^|[/_.,=a-z-])(\d{5,})(?=$|[/_.,&-])|[-_/.][0-9a-f]{8,}(?=$|[./])")
_SECTION = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|sections?|authors?|profiles?|people|users?|search|login|logout|signin|sign-in|"
    r"signup|register|subscribe|subscriptions?|account|about|about-us|contact|contact-us|privacy|privacy-policy|terms|"
    r"impressum|imprint|cookies?|help|faq|jobs|careers|advertise|newsletters?|rss|feeds?|sitemap|archives?|page|cart|shop|"
    r"wp-login\.php|wp-admin|cdn-cgi)(?:/|$|\.)",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|pdf|zip|mp3|mp4|m4a|avi|xml|rss|atom|json|css|js|ics|epub|docx?|xlsx?)$",
    re.IGNORECASE,
)
_NO_BLANKS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def article_links(body: bytes, *, url: str, content_type: str = "") -> tuple[Entry, ...]:
    """An entry for each article that the page links, in the order of the page. Raises Rejected where there is none.

    It has the address, the words of the link as its title, and the instant of a `<time>` that stands beside it alone.
    """
    page = read_links(body, url=url, content_type=content_type)
    by_page: dict[str, list[Link]] = defaultdict(list)
    for link in page.links:
        if _may_be_article(link, url):
            by_page[url_key(link.url)].append(link)
    shapes = Counter(shape for links in by_page.values() for shape in {link.shape for link in links})
    chosen = {key: links for key, links in by_page.items() if max(_points(link, shapes) for link in links) >= ENOUGH}
    if not chosen:
        raise Rejected(f"{url[:200]}: no links on it look like articles", hint="Is it a page that lists articles?")
    instants = _instants(page, chosen)
    made = (_entry(links, instants.get(key)) for key, links in chosen.items())
    return tuple(made)[:MOST_ARTICLES]


def _may_be_article(link: Link, url: str) -> bool:
    """Of the same publisher, neither navigation nor a file, and not the page itself or one above it."""
    parts = urlsplit(link.url)
    path = parts.path
    return not (
        link.in_chrome
        or "tag" in link.rel.split()
        or "author" in link.rel.split()
        or registrable_domain(link.url) != registrable_domain(url)
        or not path.strip("/")
        or urlsplit(url).path.startswith(path)
        or _SECTION.search(path)
        or _FILE.search(path)
    )


def _points(link: Link, shapes: Counter[tuple[str, ...]]) -> int:
    return _address_points(link.url) + _text_points(link) + (1 if shapes[link.shape] >= 3 else 0)


def _address_points(url: str) -> int:
    parts = urlsplit(url)
    path = unquote(parts.path)
    last = next((step for step in reversed(path.split("/")) if step), "")
    words = [word for word in re.split(r"[-_+ ]", re.sub(r"\.\w{2,5}$", "", last)) if word]
    points = 3 if _DATED.search(path) else 0
    points += 3 if len(words) >= 4 else 2 if len(words) == 3 else 0
    points += 2 if _IDENTIFIED.search(path) or _IDENTIFIED.search(parts.query) else 0
    return points + (1 if re.search(r"\.(?:s?html?|php|aspx?|ece|amp)$", last) else 0)


def _text_points(link: Link) -> int:
    words = len(link.text.split())
    long = words >= 5 or (words >= 3 and len(link.text) >= 25) or len(_NO_BLANKS.findall(link.text)) >= 8
    return (2 if long else -1 if link.text and words < 3 else 0) + (2 if link.in_heading and link.text else 0)


def _entry(links: Sequence[Link], when: datetime | None) -> Entry:
    """Of several links to one page (its picture, its headline, "read on") the headline gives the title."""
    best = max(links, key=lambda link: (link.in_heading, _text_points(link), min(len(link.text), 150)))
    return Entry(url=clean_url(links[0].url).partition("#")[0], title=best.text or None, published=when)


def _instants(page: PageLinks, chosen: dict[str, list[Link]]) -> dict[str, datetime]:
    """The instant beside each article: of the nearest element around its link that holds no other article."""
    inside: dict[int, set[str]] = defaultdict(set)
    for key, links in chosen.items():
        for link in links:
            for block in link.blocks:
                inside[block].add(key)
    times: dict[int, datetime] = {}
    for when, blocks in page.times:
        for block in blocks:
            times.setdefault(block, when)
    nearest = {key: _nearest(links, inside, times) for key, links in chosen.items()}
    return {key: when for key, when in nearest.items() if when is not None}


def _nearest(links: Iterable[Link], inside: dict[int, set[str]], times: dict[int, datetime]) -> datetime | None:
    alone = (block for link in links for block in reversed(link.blocks) if len(inside[block]) == 1)
    return next((times[block] for block in alone if block in times), None)
