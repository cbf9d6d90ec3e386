"""Where the feed of an address may be: known forms of addresses, what a page names, and where feeds usually are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

from broadsheet.formats.urls import host_of, registrable_domain
from broadsheet.stages.sources.feeds.links import absolute, web_address
from broadsheet.stages.sources.page_links import PageLinks, read_links

USUAL_PATHS = (
    "/feed",
    "/rss",
    "/feed.xml",
    "/rss.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
    "/feeds/posts/default",
)
PLATFORMS = frozenset(
    {"youtube.com", "reddit.com", "github.com", "medium.com", "ycombinator.com", "algolia.com", "feedburner.com"}
    | {"google.com", "substack.com", "wordpress.com", "blogspot.com", "tumblr.com", "mastodon.social"}
)
"""Domains on which anybody publishes: a source there speaks for nobody else there."""
MOST_SITEMAPS = 50
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,4000})", re.IGNORECASE | re.MULTILINE)
_FEED_TYPE = re.compile(r"application/(?:rss\+xml|atom\+xml|feed\+json|rdf\+xml|xml|json)|text/xml")
_LOOKS_LIKE_FEED = re.compile(
    r"(?:/(?:rss|feeds?|atom)(?:/|$|[._-])|\.(?:rss|atom)$|(?:rss|feed|atom)[^/]*\.(?:xml|json)$)", re.I
)
_CHANNEL = re.compile(r'"(?:channelId|externalId|browseId)":"(UC[\w-]{22})"')
_COMMENTS = re.compile(r"comments?(?:/feed|[-_]?(?:rss|feed|atom))|/comments/", re.I)
_NAME = r"[\w.%-]{1,100}"


@dataclass(frozen=True, slots=True)
class Guess:
    """An address where a feed may be, and why, in words for people."""

    url: str
    why: str


def by_address(url: str) -> list[Guess]:
    """The feeds that follow from the form of the address alone, the best first."""
    parts = urlsplit(url)
    host, path = host_of(url).removeprefix("www."), parts.path.rstrip("/")
    return [Guess(found, why) for reader in _PLACES for found, why in reader(host, path, parts.query)]


def in_page(body: bytes, *, url: str, content_type: str = "") -> list[Guess]:
    """The feeds that a page names: in its head, then as links, then the channel that a YouTube page is of."""
    page = read_links(body, url=url, content_type=content_type)
    named = [Guess(address, f"the page names it{_called(title)}") for address, title in _named(page)]
    linked = [
        Guess(link.url, "the page links it") for link in page.links if _LOOKS_LIKE_FEED.search(urlsplit(link.url).path)
    ]
    found = [*_channel(body, url), *named, *linked]
    unique = list({guess.url: guess for guess in reversed(found)}.values())[::-1]
    return sorted(unique, key=lambda g: _COMMENTS.search(g.url) is not None)


def usual(url: str) -> list[Guess]:
    """Where a feed may be although nobody names it: below the page's own folder, then at the site's root."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    folders = dict.fromkeys([parts.path.rstrip("/") if "." not in parts.path.rpartition("/")[2] else "", ""])
    return [Guess(root + folder + path, "feeds are often there") for folder in folders for path in USUAL_PATHS]


def sitemaps_of(robots: bytes) -> list[str]:
    """The sitemaps that a robots.txt names, in its order."""
    said = _SITEMAP_LINE.findall(robots[:500_000].decode("utf-8", "replace"))
    return list(dict.fromkeys(found for text in said if (found := absolute(web_address(text)))))[:MOST_SITEMAPS]


def _called(title: str) -> str:
    return f' "{" ".join(title.split())[:80]}"' if title.strip() else ""


def _named(page: PageLinks) -> Iterator[tuple[str, str]]:
    for relation, kind, address, title in page.heads:
        is_feed = {"alternate", "feed"} & set(relation.split()) and (_FEED_TYPE.search(kind) or relation == "feed")
        if is_feed and "oembed" not in address and "wp-json" not in address:
            yield address, title


def _channel(body: bytes, url: str) -> Iterator[Guess]:
    if registrable_domain(url) == "youtube.com":
        found = _CHANNEL.search(body[:3_000_000].decode("utf-8", "replace"))
        if found:
            yield Guess(_videos("channel_id", found[1]), "the feed of this YouTube channel")


def _videos(name: str, value: str) -> str:
    return f"https://www.youtube.com/feeds/videos.xml?{name}={value}"


Found = Iterator[tuple[str, str]]


def _youtube(host: str, path: str, query: str) -> Found:
    if host not in {"youtube.com", "m.youtube.com"}:
        return
    if found := re.match(r"/channel/(UC[\w-]{22})", path):
        yield _videos("channel_id", found[1]), "the feed of this YouTube channel"
    if found := re.match(rf"/user/({_NAME})", path):
        yield _videos("user", found[1]), "the feed of this YouTube user"
    if lists := parse_qs(query[:2000]).get("list"):
        yield _videos("playlist_id", quote(lists[0], safe="")), "the feed of this YouTube playlist"


def _reddit(host: str, path: str, query: str) -> Found:  # noqa: ARG001 - all readers are called alike
    found = re.match(rf"/(?:(?:r|u|user)/{_NAME})(?:/(?:new|top|hot|rising|controversial))?", path)
    if registrable_domain(host) == "reddit.com" and not path.endswith(".rss") and found:
        yield f"https://www.reddit.com{found[0]}/.rss", "Reddit's feed of it"


def _github(host: str, path: str, query: str) -> Found:  # noqa: ARG001
    found = re.match(rf"/({_NAME}/{_NAME})(?:/(releases|tags|commits)(?:/({_NAME}))?)?$", path)
    if host != "github.com" or found is None:
        return
    repository, part, branch = found[1], found[2] or "releases", found[3]
    end = f"/{branch}" if part == "commits" and branch else ""
    yield f"https://github.com/{repository}/{part}{end}.atom", f"GitHub's feed of the {part}"


def _writers(host: str, path: str, query: str) -> Found:  # noqa: ARG001
    if host == "medium.com" and (found := re.match(rf"/(@?{_NAME})", path)):
        yield f"https://medium.com/feed/{found[1]}", "Medium's feed of it"
    if host.endswith((".medium.com", ".substack.com")):
        yield f"https://{host}/feed", "the feed of this newsletter"
    if host.endswith((".wordpress.com", ".tumblr.com")):
        yield f"https://{host}/{'feed/' if 'wordpress' in host else 'rss'}", "the feed of this blog"
    if re.fullmatch(rf"/@{_NAME}", path) and host not in {"medium.com", "youtube.com", "m.youtube.com", "tiktok.com"}:
        yield f"https://{host}{path}.rss", "Mastodon's feed of this account"


def _hacker_news(host: str, path: str, query: str) -> Found:  # noqa: ARG001
    if host == "news.ycombinator.com" and path in {"", "/news"}:
        yield "https://news.ycombinator.com/rss", "the feed of the front page"
    if host == "news.ycombinator.com" and path in {"/newest", "/show", "/ask"}:
        tag = {"/newest": "story", "/show": "show_hn", "/ask": "ask_hn"}[path]
        yield f"https://hn.algolia.com/api/v1/search_by_date?tags={tag}", "the site's own search by date"


_PLACES = (_youtube, _reddit, _github, _writers, _hacker_news)
