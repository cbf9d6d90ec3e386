"""The headline, without the name of the site.

What the page says in several places is compared: two witnesses that agree beat the one that would come first.
"""

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from broadsheet.formats.urls import host_of
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page, fold
from broadsheet.stages.extract.structured import text_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SEPARATOR = re.compile(r"\s+[|│·•»«>:–—~/\\-]+\s+|\s*[|│]\s*|\s*»\s*(?=\S)(?![^«]*«)|\s*::\s*|(?<=\w):\s+")
_CJK_SITE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s?[-_|｜–—]\s?[^-_|｜–—]{2,12}$")
_ARCHIVES = frozenset(["blogarchive", "blogarchiv", "archive", "archiv", "home", "blog", "startseite", "news"])
_CRUMB = re.compile(
    r"bread-?crumb|seo-?title|seo-?headline|screen-?reader|sr-only|visually-?hidden|site-?title|logo", re.I
)
_CALLED_TITLE = (
    '[itemprop~="headline" i], .entry-title, .post-title, .article-title, hgroup h2, header h2,'
    ' h2[class*="headline" i], h2[class*="title" i]'
)
_KICKER = re.compile(
    r"kicker|over-?line|top-?line|high-?line|roof-?line|head-?liner|eyebrow|pre-?title|pre-?headline|supra|spitzmarke"
    r"|dachzeile|vorzeile|rubri[kc]|title-?header|antetitulo|surtitre|occhiello|(?:hidden|visually|aural|offscreen)",
    re.I,
)
_WORD = re.compile(r"\w+")
_WRITTEN_OUT = ("json-ld headline", "og:title")
_MAX_TITLE = 500
_MAX_HEADINGS = 8
_MIN_HEADING = 8  # word characters; shorter ones are names of sections


class _Heading(NamedTuple):
    """An h1: its text with a space where an inner element begins, and without; `bare` is without a kicker."""

    spaced: str
    glued: str
    bare: str


def find_title(page: Page) -> Found[str] | None:
    """The headline by the rule of docs/extraction.md."""
    own = _from_head(page)
    linked = fold(text_of(page.linked.article.get("headline")))[:_MAX_TITLE]
    headings = _headings(page)
    found = _under_kicker(headings, linked, [*own.values()]) or _told_twice(headings, linked, own)
    if found is None:
        plain = [h.bare for h in headings if len(_key(h.bare)) > _MIN_HEADING and not _is_site_name(h.bare, page)]
        named = {"json-ld headline": linked, "h1": plain[0] if len(plain) == 1 else "", **own}
        found = next((Found(title, where) for where, title in named.items() if title), None)
        found = found or (Found(plain[0], "h1") if plain else None)
    return Found(_read_twice(found.value), found.where) if found and "&" in found.value else found


def _read_twice(title: str) -> str:
    """Some write entities of entities; who writes of markup (`&lt;b&gt;`) means just that."""
    again = html.unescape(title)
    return title if "<" in again or ">" in again or html.unescape(again) != again else fold(again)


def _told_twice(headings: list[_Heading], linked: str, own: dict[str, str]) -> Found[str] | None:
    """What two places agree on: JSON-LD and og:title, or an h1 and one of the head."""
    if linked and own.get("og:title") and _same(linked, own["og:title"]):
        return Found(linked, "json-ld headline")
    witnesses = {"json-ld headline": linked, **own}
    return _agreed(headings, {where: w for where, w in witnesses.items() if len(_key(w)) > _MIN_HEADING})


def _under_kicker(headings: list[_Heading], linked: str, witnesses: list[str]) -> Found[str] | None:
    """The headline of an h1 that has a line above it inside, if the head of the page knows the same words.

    Where JSON-LD has both lines as one headline, the publisher means both.
    """
    for heading in headings:
        key = _key(heading.bare)
        if heading.bare == heading.spaced or (key != _key(linked) and key in _key(linked)):
            continue
        if any(key in _key(witness) for witness in (linked, *witnesses)):
            return Found(heading.bare, "h1 without kicker")
    return None


def _from_head(page: Page) -> dict[str, str]:
    named = {
        "og:title": page.metas.get("og:title", ("",))[0],
        "twitter:title": page.metas.get("twitter:title", ("",))[0],
        "title": page.title_tag,
        "dc.title": page.metas.get("dc.title", page.metas.get("dcterms.title", ("",)))[0],
        "parsely-title": page.metas.get("parsely-title", ("",))[0],
    }
    return {where: without_site(title[:_MAX_TITLE], page) for where, title in named.items() if title}


def _headings(page: Page) -> list[_Heading]:
    """The h1 elements that are headings of an article; where there is none, others that are called so."""
    found = [
        h for node in page.tree.css("h1")[:_MAX_HEADINGS] if not _is_crumb(node, page) and (h := _heading(node, page))
    ]
    if not found:
        found = [
            h for node in page.tree.css(_CALLED_TITLE)[:2] if not _is_crumb(node, page) and (h := _heading(node, page))
        ]
    return list(dict.fromkeys(found))


def _heading(node: "LexborNode", page: Page) -> _Heading | None:
    if node.css_first("style, script") is not None:
        node.strip_tags(["style", "script"])
    spaced = fold(node.text(separator=" "))[:_MAX_TITLE]
    glued = fold(node.text())[:_MAX_TITLE]
    if " :" in spaced and not page.language_tag.lower().startswith("fr"):
        spaced, glued = spaced.replace(" :", ":"), glued.replace(" :", ":")  # a colon in an element of its own
    return _Heading(spaced, glued, _without_kicker(node, spaced)) if spaced else None


def _without_kicker(node: "LexborNode", text: str) -> str:
    """The heading without the elements at its beginning that are called after a line above it."""
    bare = text
    for inner in node.css("span, small, strong, em, div, p")[:6]:
        first = fold(inner.text(separator=" "))
        is_kicker = inner.tag == "small" or _KICKER.search(inner.attrs.get("class") or "")
        if is_kicker and first and first != bare and bare.startswith(first):
            bare = bare[len(first) :].lstrip(" :|/•–—-")
    return bare if len(_key(bare)) > _MIN_HEADING else text


def _is_crumb(node: "LexborNode", page: Page) -> bool:
    """Whether it stands in the path of sections, is meant for search engines alone, or names the site."""
    current: LexborNode | None = node
    for _ in range(3):
        if current is None or current.tag in {"body", "main", "article"}:
            break
        attributes = current.attrs
        names = " ".join([name for name in attributes if name.startswith("data-")])
        if current.tag == "nav" or _CRUMB.search(f"{attributes.get('class') or ''} {names}"):
            return True
        current = current.parent
    link = node.css_first("a[href]")
    return link is not None and _is_front(link.attrs.get("href") or "", page) and _same(link.text(), node.text())


def _is_front(href: str, page: Page) -> bool:
    try:
        parts = urlsplit(urljoin(page.url, href.strip()))
        return parts.path in {"", "/"} and not parts.query and len(urlsplit(page.url).path) > 1
    except ValueError:
        return False


def _agreed(headings: list[_Heading], witnesses: dict[str, str]) -> Found[str] | None:
    """The first h1 that equals, holds or is held by what the head of the page calls it."""
    for heading, glued, _ in headings:
        for where, witness in witnesses.items():
            if _same(heading, witness):
                # An h1 of several elements leaves open what belongs between them; the head has it written out.
                is_pieced = glued != heading or glued.replace(" ", "") != witness.replace(" ", "")
                return Found(witness, where) if is_pieced and where in _WRITTEN_OUT else Found(heading, "h1")
    for heading, _, _ in headings:
        key = _key(heading)
        for where, witness in witnesses.items() if len(key) > _MIN_HEADING else ():
            other = _key(witness)
            if other in key:  # the h1 has a line above the headline
                return Found(witness, where) if key.endswith(other) and where != "title" else Found(heading, "h1")
            if key in other and 2 * len(key) >= len(other):
                return Found(heading, "h1")
    return None


def without_site(title: str, page: Page) -> str:
    """The title without a last (or first) part that names the site."""
    title = _CJK_SITE.sub("", title)
    marks = list(_SEPARATOR.finditer(title))
    while marks and _is_site_name(title[marks[-1].end() :], page):
        title = title[: marks.pop().start()]
    while marks and (first := title[: marks[0].start()]) and (_is_site_name(first, page) or _key(first) in _ARCHIVES):
        title = title[marks[0].end() :]
        marks = list(_SEPARATOR.finditer(title))
    return title.strip()


def _is_site_name(text: str, page: Page) -> bool:
    key = _key(text)
    if not key:
        return True
    if len(key) > 60:
        return False
    return any(_is_like(text, name) for name in _site_keys(page.site_names, host_of(page.url)))


def _is_like(text: str, name: str) -> bool:
    """Equal, a part of it, or it with a little more (`The Example News` for example)."""
    key = _key(text)
    if key == name or (len(key) > 3 and key in name):
        return True
    return len(name) > 3 and len(key) < 2 * len(name) + 6 and name in key and _stands_in(text, name)


def _stands_in(text: str, name: str) -> bool:
    """Whether whole words of the text make up the name, or begin with it."""
    words = [_key(word) for word in _WORD.findall(text)]
    return any("".join(words[at:]).startswith(name) for at in range(len(words)))


@lru_cache(maxsize=512)
def _site_keys(site_names: tuple[str, ...], host: str) -> tuple[str, ...]:
    labels = host.removeprefix("www.").split(".")
    hosts = ["".join(labels), *labels[-2:-1], *labels[-3:-2]]
    keys = [_key(name) for name in (*site_names, *hosts)]
    return tuple(dict.fromkeys(k for k in keys if len(k) > 2))


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))


def _same(a: str, b: str) -> bool:
    return _key(a) == _key(b)
