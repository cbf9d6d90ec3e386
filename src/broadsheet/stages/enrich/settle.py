"""What a page does not say of itself, or says wrongly: settled from its feed, the registry and the clock."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from broadsheet.formats.instants import parse_instant
from broadsheet.formats.markup import plain_text
from broadsheet.formats.urls import clean_url, host_of, registrable_domain, unwrap_amp, url_key
from broadsheet.model.article import Article, Provider
from broadsheet.model.feed import Entry
from broadsheet.model.images import Image
from broadsheet.model.instants import iso
from broadsheet.model.kept import Item, KeptArticle
from broadsheet.model.source import Source
from broadsheet.model.taxonomy import Organization, Topic

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # the oldest news on the web; a page that claims more is wrong
CLOCKS_DIFFER = timedelta(minutes=15)
LATER_THAN_ITS_FEED = timedelta(days=1)
EXCERPT_LENGTH = 300
LARGEST_SIDE = 100_000  # pixels
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def article_from_entry(item: Item) -> Article:
    """The article as its feed tells it, for a page that can't be had."""
    entry = item.entry
    body = plain_text(entry.content or entry.summary or "")
    return Article(
        url=clean_url(item.url),
        title=entry.title or "",
        excerpt=_shortened(plain_text(entry.summary or entry.content or "")) or None,
        text=body,
        authors=tuple(a.name for a in entry.authors if a.name),
        images=entry.images,
        language=entry.language,
        evidence=dict.fromkeys(("title", "excerpt", "text", "authors", "images"), "feed entry"),
    )


def settle(
    item: Item, article: Article, organizations: Mapping[str, Organization], source: Source | None
) -> KeptArticle:
    """The article with what its feed knows better, its publisher's name, its identity and its instant. `source` is
    where it was found, None if that is no longer watched."""
    merged = readable(_with_entry(_as_itself(article), item.entry))
    published, says = published_at(merged.published, item.entry, item.first_seen)
    evidence = {**merged.evidence, "publishedAt": says}
    named = replace(merged, provider=_provider(merged, organizations, _named(source, item.entry)), evidence=evidence)
    official = source is not None and source.official
    return KeptArticle(article_id(named), named, published, item.first_seen, item.source_url, official)


def readable(article: Article) -> Article:
    """The article without what no file or screen can show: NUL and other controls, halves of surrogate pairs, and
    sizes of images that can't be."""
    provider = article.provider
    return replace(
        article,
        title=" ".join(_shown(article.title).split()),
        excerpt=_shown(article.excerpt) or None,
        text=_shown(article.text),
        authors=tuple(_shown(a) for a in article.authors),
        provider=Provider(_shown(provider.name), provider.domain) if provider else None,
        language=_shown(article.language) or None,
        embed=_shown(article.embed) or None,
        images=tuple(Image(i.url, _size(i.width), _size(i.height)) for i in article.images),
    )


def article_id(article: Article) -> str:
    """Sixteen hexadecimal digits that follow from the article's address.

    The page's own canonical address counts if it is of the same publisher and names a page: sites that call their
    home page the canonical address of everything would else have one article.
    """
    address = clean_url(article.url)
    own = article.canonical_url or ""
    same = registrable_domain(own) == registrable_domain(address) if own else False
    chosen = own if same and own.split("://", 1)[-1].rstrip("/").count("/") >= 1 else address
    return hashlib.sha256(url_key(chosen).encode()).hexdigest()[:16]


def published_at(said: str | None, entry: Entry, first_seen: datetime) -> tuple[datetime, str]:
    """When it was published (UTC, never after `first_seen`), and who says so.

    The page is believed first. It is not where it speaks of the future, of a time before news was on the web, or of
    more than a day after its own feed announced it. A bare date gives way to the feed's instant of that day; alone it
    means noon UTC, the least wrong hour. Where nobody knows, it is when we first saw it.
    """
    page = parse_instant(said) if said else None
    feed = entry.published or entry.updated
    limit = first_seen + CLOCKS_DIFFER
    if feed is not None and not EARLIEST <= feed <= limit:
        feed = None
    if page is not None and _believable(page, feed, limit, bare=_is_bare(said)):
        when, says = _of_page(page, feed, first_seen, bare=_is_bare(said))
        return when, says if _is_bare(said) or _has_zone(said) else f"{says} (without a zone, read as UTC)"
    if feed is not None:
        return min(feed, first_seen), "feed entry" if page is None else "feed entry (the page's date can't be true)"
    return first_seen, "first seen" if page is None else "first seen (the page's date can't be true)"


def is_on_subject(article: Article, topics: Sequence[Topic], match: str) -> bool:
    """Whether the article belongs to the publication: `match` is `any`, `title` or `text` of the settings."""
    if match == "any":
        return True
    keywords = [k.casefold() for topic in topics for k in topic.keywords]
    where = article.title if match == "title" else f"{article.title}\n{article.excerpt or ''}\n{article.text}"
    return any(k in where.casefold() for k in keywords)


def _shown(text: str | None) -> str:
    return _UNSHOWN.sub("\ufffd", text or "")


def _size(pixels: int | None) -> int | None:
    return pixels if pixels is not None and 0 < pixels <= LARGEST_SIDE else None


def _believable(page: datetime, feed: datetime | None, limit: datetime, *, bare: bool) -> bool:
    slack = timedelta(days=1) if bare else timedelta(0)
    return EARLIEST <= page <= limit + slack and (feed is None or page <= feed + LATER_THAN_ITS_FEED + slack)


def _of_page(page: datetime, feed: datetime | None, first_seen: datetime, *, bare: bool) -> tuple[datetime, str]:
    if not bare:
        return min(page, first_seen), "page"
    if feed is not None and abs(feed - page) <= timedelta(hours=36):
        return min(feed, first_seen), "feed entry (the page gives the day only)"
    return min(page.replace(hour=12), first_seen), "page (the day only)"


def _is_bare(said: str | None) -> bool:
    return ":" not in (said or "")


def _has_zone(said: str | None) -> bool:
    return parse_instant(said or "", default_zone=None) is not None


def _as_itself(article: Article) -> Article:
    """Without a canonical address at another publisher's: who could name that would be taken for that publisher,
    trusted as it is, and the link would lead to what it never wrote. A page in the AMP cache is its publisher's."""
    own = registrable_domain(unwrap_amp(article.url))
    if article.canonical_url and registrable_domain(article.canonical_url) != own:
        return replace(article, canonical_url=None)
    return article


def _with_entry(article: Article, entry: Entry) -> Article:
    title = article.title or entry.title or ""
    excerpt = article.excerpt or _shortened(plain_text(entry.summary or "")) or None
    images = article.images or entry.images
    updated = article.updated or iso(entry.updated)
    language = article.language or entry.language
    return replace(article, title=title, excerpt=excerpt, images=images, updated=updated, language=language)


def _named(source: Source | None, entry: Entry) -> Source | None:
    """The source under the name that its entry gives the publication (a news sitemap), where it has none itself."""
    named = source is not None and not source.name and entry.publication
    return replace(source, name=entry.publication) if source is not None and named else source


def _provider(article: Article, organizations: Mapping[str, Organization], source: Source | None) -> Provider:
    """The registry's name goes before the page's own, that before the name of a source of the same publisher; one
    that nobody names is called by its domain."""
    host = host_of(article.canonical_url or article.url) or host_of(article.url)
    domain = registrable_domain(host)
    known = organizations.get(host) or organizations.get(host.removeprefix("www.")) or organizations.get(domain)
    if known is not None:
        return Provider(known.name, known.domain)
    own = article.provider.name if article.provider else ""
    fed = source.name if source and source.name and registrable_domain(source.url) == domain else ""
    return Provider(own or fed or domain, domain)


def _shortened(text: str) -> str:
    """At most about 300 characters, ending at a sentence where one ends early enough, else at a word."""
    if len(text) <= EXCERPT_LENGTH:
        return text
    cut = text[:EXCERPT_LENGTH]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? ", "。"))
    return cut[: end + 1] if end > EXCERPT_LENGTH // 3 else cut.rsplit(" ", 1)[0] + "…"
