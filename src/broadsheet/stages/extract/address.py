"""Addresses of a page: what it calls itself, and its AMP edition."""

import re
from urllib.parse import urljoin, urlsplit

from broadsheet.formats.urls import amp_cache_url, clean_url, registrable_domain
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page
from broadsheet.stages.extract.structured import text_of

_MAX_URL = 2000
# What joining and splitting would leave as it is: most addresses.
_PLAIN = re.compile(
    r"https?://[a-zA-Z0-9][a-zA-Z0-9.-]*(?:/[\w/.~%!$&'()*+,=:@-]*(?:\?[\w/.~%!$&'()*+,=:@?-]+)?)?", re.A
)
_NO_ADDRESS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def absolute(page: Page, href: str) -> str | None:
    """`href` as a full http(s) address, None where it is none."""
    if len(href) <= _MAX_URL and _PLAIN.fullmatch(href):
        return href
    href = "".join(href.split())
    if not href or len(href) > _MAX_URL or _NO_ADDRESS.search(href):
        return None
    try:
        parts = urlsplit(href)
        url = href
        if not (parts.scheme and parts.netloc) or ";" in href or parts.geturl() != href:  # else joining changes nothing
            url = urljoin(page.url, href)
            parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def find_canonical(page: Page) -> Found[str] | None:
    """`link rel=canonical`, else og:url, else JSON-LD; not one that points from an article to a front page."""
    named = [("link rel=canonical", href) for href in page.links.get("canonical", ())]
    named += [("og:url", url) for url in page.metas.get("og:url", ())]
    named += [("json-ld url", text_of(page.linked.article.get("url")))]
    for where, href in named:
        url = absolute(page, href)
        if url and not _is_front(url, page.url) and _same_site(url, page.url):
            return Found(clean_url(url), where)
    return None


def find_amp(page: Page) -> Found[tuple[str, str]] | None:
    """The AMP edition and its address on the AMP cache."""
    for href in page.links.get("amphtml", ()):
        if (url := absolute(page, href)) and _same_site(url, page.url):
            return Found((url, amp_cache_url(url)), "link rel=amphtml")
    if page.is_amp and absolute(page, page.url):
        return Found((page.url, amp_cache_url(page.url)), "html amp")
    return None


def _is_front(url: str, found_at: str) -> bool:
    try:
        return len(urlsplit(url).path) <= 1 and not urlsplit(url).query and len(urlsplit(found_at).path) > 1
    except ValueError:
        return True


def _same_site(url: str, found_at: str) -> bool:
    """A canonical at another publisher is allowed (syndication), one at a local or nameless host is not."""
    return "." in registrable_domain(url) or registrable_domain(url) == registrable_domain(found_at)
