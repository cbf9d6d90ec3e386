"""The beginning of a publisher's file: what the general way finds on a page, and where else values stand."""

import json
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from broadsheet.formats.urls import registrable_domain
from broadsheet.model.article import Article
from broadsheet.stages.extract.page import Page
from broadsheet.stages.extract.publishers.applying import read_own
from broadsheet.stages.extract.publishers.model import Place, Rule, Wanted
from broadsheet.stages.extract.publishers.reading import parse_place

_PLACES = {
    "title": (
        "meta og:title", "json headline", "json alternativeHeadline", "title", "css h1", "css article h1",
        "css main h1", "meta twitter:title", "css h2",
    ),
    "authors": (
        "json author", "meta author", "meta article:author", "css [rel=author]", "css [itemprop=author]",
        "css [class*=author]", "css [class*=byline]",
    ),
    "published": (
        "json datePublished", "meta article:published_time", "meta date", "css time @datetime",
        "css [itemprop=datePublished] @content", "css time",
    ),
    "updated": ("json dateModified", "meta article:modified_time"),
    "image": (
        "meta og:image", "json image", "css link[rel=preload][as=image] @imagesrcset", "css article figure img",
        "css main figure img", "css article img",
    ),
}  # fmt: skip
_SHOWN = 110


def sketch(page: Page, article: Article, day: date) -> str:
    """A publisher's file for the page's host, in which the title already has a place and all else is a remark."""
    host = registrable_domain(page.url) or urlsplit(page.url).hostname or "example.com"
    name = article.provider.name if article.provider else host
    general = {
        "title": article.title,
        "authors": ", ".join(article.authors),
        "published": article.published or "",
        "updated": article.updated or "",
        "image": article.images[0].url if article.images else "",
    }
    lines = [
        "# Say only what the general way gets wrong; delete the rest. What holds no longer gets an `until`.",
        f"name = {_quoted(name)}",
        f"hosts = [{_quoted(host)}]",
        "",
        "[[rule]]",
        f"from = {day.isoformat()}",
    ]
    for field, value in general.items():
        lines += _field(page, field, value)
    lines += ["", '# text = ["css selectors of what holds the paragraphs"]', '# drop = ["of what is no text"]', ""]
    return "\n".join(lines)


def _field(page: Page, field: str, value: str) -> Iterator[str]:
    """Remarks on one value, and a line for it, live only for the title."""
    found = [(place, said) for text in _PLACES[field] if (said := _said(page, field, place := parse_place(text)))]
    width = max((len(str(place)) for place, _ in found), default=0)
    yield from ("", f"# {field}: the general way finds {_quoted(value)}")
    for place, said in found:
        yield f"#   {place!s:<{width}}  {_quoted(said)}"
    best = next(
        (place for place, said in found if said == value), found[0][0] if found else parse_place("meta og:title")
    )
    yield f"{'' if field == 'title' else '# '}{field} = [{_quoted(str(best))}]"


def _said(page: Page, field: str, place: Place) -> str:
    found = read_own(Rule(fields={field: Wanted((place,))}), page).found.get(field)
    if found is None:
        return ""
    value = found.value
    return ", ".join(value) if isinstance(value, tuple) else value if isinstance(value, str) else value.url


def _quoted(text: str) -> str:
    """A TOML string of one line: JSON's escapes are among TOML's."""
    return json.dumps(text if len(text) <= _SHOWN else text[:_SHOWN] + "...", ensure_ascii=False).replace("\x7f", "")
