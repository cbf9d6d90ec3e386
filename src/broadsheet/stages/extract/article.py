"""Puts an Article together from what the finders of the fields found."""

import re
from typing import Any

from broadsheet.formats.markup import plain_text
from broadsheet.formats.urls import clean_url
from broadsheet.model.article import Article
from broadsheet.model.exchange import Response
from broadsheet.stages.extract.address import find_amp, find_canonical
from broadsheet.stages.extract.authors import find_authors, read_claims
from broadsheet.stages.extract.blocks import read_blocks
from broadsheet.stages.extract.blocktext import Hints
from broadsheet.stages.extract.dates import doubt_about, find_published, find_updated, read_dates
from broadsheet.stages.extract.embeds import find_video
from broadsheet.stages.extract.excerpt import find_excerpt
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.images import find_images, led_by
from broadsheet.stages.extract.language import find_language
from broadsheet.stages.extract.page import Page, read_page
from broadsheet.stages.extract.paywall import find_paywall
from broadsheet.stages.extract.provider import find_logo, find_provider
from broadsheet.stages.extract.publishers import Publisher, read_own, rule_for, take_out
from broadsheet.stages.extract.text import find_text
from broadsheet.stages.extract.title import find_title


def extract_article(response: Response, publishers: tuple[Publisher, ...] = ()) -> Article:
    """The article on a page, each value with where it was found. Pure.

    What the page's publisher's own rule finds (see `publishers`) goes before what is found in the general way;
    `publishers` are those of the publication, which go before those that come with Broadsheet.
    Raises Rejected for what is no HTML page, is empty, or is of another kind than it says. A page without an article
    gives an Article with little in it: whether that is enough is for others to judge.
    """
    page = read_page(response)
    found: dict[str, Found[Any] | None] = {
        "title": find_title(page),
        "canonicalUrl": find_canonical(page),
        "amp": find_amp(page),
        "updated": find_updated(page, response.fetched_at.year),
        "provider": find_provider(page),
        "logo": find_logo(page),
        "isPaywalled": find_paywall(page),
    }
    rule = rule_for(page, response.fetched_at, publishers)
    own = read_own(rule, page).found if rule else {}
    found |= own
    found["images"] = led_by(found.pop("image", None), find_images(page))
    claims = read_claims(page)
    dated = read_dates(page, response.fetched_at.year)
    # Splitting into blocks takes elements out of the tree: all finders that read the tree come before it.
    title = found["title"].value if found["title"] else ""
    for selector in rule.drop if rule else ():
        take_out(page.tree, selector)
    blocks = read_blocks(page.tree)
    found["text"] = own.get("text") or find_text(page, blocks, hints_of(page, title))
    text = found["text"].value if found["text"] else ""
    found["authors"] = own.get("authors") or find_authors(page, claims, blocks.texts, title)
    found["published"] = own.get("published") or find_published(
        page, dated, blocks.texts, title, response.fetched_at.year
    )
    found["excerpt"] = find_excerpt(page, text, title)
    found["language"] = find_language(page, text)
    found["video"] = find_video(page, text)
    doubt = doubt_about(found["published"], dated, found["updated"], response.fetched_at)
    doubts = {"publishedDateTime": doubt} if doubt else {}
    return _article(page, text, {name: f for name, f in found.items() if f is not None}, doubts)


def hints_of(page: Page, title: str) -> Hints:
    """What the choice of the text may lean on."""
    body = page.linked.article.get("articleBody")
    described = page.meta("og:description", "description")
    return Hints(
        title=title,
        description=described[1] if described else "",
        body="".join(_WORDS.findall(plain_text(body[:_MAX_BODY]).casefold()))
        if isinstance(body, str) and len(body) > _MIN_BODY
        else "",
    )


_WORDS = re.compile(r"\w+")
_MIN_BODY, _MAX_BODY = 200, 60_000
_EVIDENCE = {
    "amp": "ampWebUrl",
    "published": "publishedDateTime",
    "updated": "updatedDateTime",
    "video": "type",
}


def _article(page: Page, text: str, found: dict[str, Found[Any]], doubts: dict[str, str]) -> Article:
    def value(name: str, otherwise: Any = None) -> Any:
        return found[name].value if name in found else otherwise

    amp, cached_amp = value("amp", (None, None))
    evidence = {_EVIDENCE.get(name, name): f.where for name, f in found.items()}
    return Article(
        url=clean_url(page.url),
        title=value("title", ""),
        canonical_url=value("canonicalUrl"),
        amp_web_url=amp,
        cdn_amp_web_url=cached_amp,
        excerpt=value("excerpt"),
        text=text,
        authors=value("authors", ()),
        published=value("published"),
        updated=value("updated"),
        images=value("images", ()),
        provider=value("provider"),
        logo=value("logo"),
        language=value("language"),
        type="video" if "video" in found else "article",
        embed=value("video"),
        is_paywalled=value("isPaywalled"),
        evidence=evidence,
        doubts=doubts,
    )
