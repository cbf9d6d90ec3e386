"""The publisher: a name for readers, and the registrable domain."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from broadsheet.formats.urls import registrable_domain
from broadsheet.model.article import Provider
from broadsheet.model.images import Image
from broadsheet.stages.extract.address import absolute
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page, fold
from broadsheet.stages.extract.pictures import size_of
from broadsheet.stages.extract.structured import kinds, text_of

_MAX_NAME = 80


def find_provider(page: Page) -> Found[Provider] | None:
    """JSON-LD publisher, else og:site_name, else other names that the page gives its site, else its domain."""
    domain = registrable_domain(page.url) if "://" in page.url else ""
    publisher = fold(text_of(page.linked.resolve(page.linked.article.get("publisher"))))
    named = [
        ("og:site_name", *page.metas.get("og:site_name", ("",))[:1]),
        ("json-ld publisher", publisher),
        *(("json-ld organization", name) for name in page.linked.site_names[:1]),
        ("application-name", *page.metas.get("application-name", ("",))[:1]),
    ]
    for where, name in named:
        if name and len(name) <= _MAX_NAME and not _is_address(name):
            return Found(Provider(name.lstrip("@"), domain), where)
    return Found(Provider(domain, domain), "domain") if domain else None


def find_logo(page: Page) -> Found[Image] | None:
    """What JSON-LD calls the publisher's logo, with its size where it says so."""
    publisher = page.linked.resolve(page.linked.article.get("publisher"))
    for owner in (publisher, *page.linked.by_id.values()):
        if not isinstance(owner, Mapping) or (owner is not publisher and not kinds(owner) & _OWNERS):
            continue
        value = page.linked.resolve(owner.get("logo"))
        node = value if isinstance(value, dict) else {}
        href = node.get("url") or node.get("contentUrl") or value
        if isinstance(href, str) and (url := absolute(page, href)):
            return Found(Image(url, *(size_of(node.get("width"), node.get("height")) or (None, None))), "json-ld logo")
    return None


_OWNERS = frozenset(["organization", "newsmediaorganization"])


def _is_address(name: str) -> bool:
    """Whether somebody wrote the site's address where its name belongs."""
    try:
        return bool(urlsplit(name).netloc)
    except ValueError:
        return True
