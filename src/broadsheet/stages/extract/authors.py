"""The people who wrote it: none rather than invented.

What the publisher wrote into JSON-LD for machines is taken as it is; everything else is filtered, because meta tags
and author boxes name the site's owner, the theme's vendor and the picture agency as often as a person.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from broadsheet.formats.urls import host_of
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page, fold
from broadsheet.stages.extract.structured import text_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_MAX_AUTHORS = 10
_METAS = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "dc.author",
    "citation_author",
    "twitter:data1",
)
_SPLIT = re.compile(r"\s*(?:;|\||/|,|•|·|\band\b|\bund\b|\bet\b|&|\by\b(?=\s+[A-ZÁÉÍÓÚÑ]))\s*")
_BY = re.compile(
    r"^\s*(?:by|von|par|por|di|door|af|av|text|autor(?:in)?|author|written by|posted by|geschrieben von|veröffentlicht von|words by)\b\s*:?\s+",
    re.I,
)
_BY_LINE = re.compile(
    r"^(?:by|von|par|por|di|door|af|av)\s+((?:[A-ZÀ-ÞŁŚŻŠČ][\w'’.-]*\s*(?:(?:van|von|de|der|den|la|le|da|dos|und|and|et|y|e)\s+)*(?:,\s+)?){2,8})$"
)
_CUT = re.compile(
    r"\s*(?:[|•·–—]|\s-\s|\(|\d{1,2}[./: ]|\n|,\s*\d|\b(?:updated|published|aktualisiert|am|on|um)\b).*$", re.S | re.I
)
_GENERIC = frozenset(
    "admin administrator administrador editor editors editorial redaktion redaction redazione redaccion redacción rédaction redactie"
    " staff webmaster publisher author autor guest gast gastautor gastbeitrag anonymous unknown user root wordpress"
    " correspondent reporter desk newsdesk news team support info alle all more mehr posts beiträge artikel articles"
    " autoren authors profile profil null none undefined true false deleted agencies agenturen share teilen follow".split()
)  # fmt: skip
_ORGANISATION = re.compile(
    r"\b(?:gmbh|ag|e\.\s?v|inc|ltd|llc|corp|verlag|redaktion|redaktionsteam|news|blog|magazin|magazine|media|medien|zeitung|tv|online|team|staff|verein|verband"
    r"|agentur|agency|press|presse|institut|institute|university|universität|stiftung|foundation|ministerium|ministry|portal|radio|journal|group|gruppe"
    r"|company|editorial|bundes\w+|society|association|network|studio|community|partei|kirche|zentrum|center|centre)\b|\.(?:com|de|org|net|at|ch|info|fr|it|es|uk)\b",
    re.I,
)
_ADDRESS = re.compile(r"https?:|www\.|@|[<>{}]")
_AWAY = re.compile(
    r"comment|kommentar|related|teaser|sidebar|widget|footer|reply|replies|avatar|recommend|popular|newsletter|promo|share|social",
    re.I,
)
_BOXES = '[class*="author" i], [class*="byline" i], [class*="autor" i], [class*="auteur" i], [id*="author" i], [id*="byline" i], [class*="authors" i]'
_BOX_WORD = re.compile(
    r"(?:^|[\s_-])(?:p-|entry-|post-|article-|meta-|c-|m-)?(?:authors?|bylines?|autor(?:en|in|es)?|auteurs?|author-?name|byline-?name|authorname)(?:$|[\s_-])",
    re.I,
)
_BAD_BOX = re.compile(
    r"bio|avatar|image|img|photo|pic|list|comment|title|job|role|desc|social|follow|box-|date|time", re.I
)


def find_authors(page: Page) -> Found[tuple[str, ...]] | None:
    """JSON-LD, else meta, else the page's author boxes, else a line that begins with "by"."""
    if names := _linked(page):
        return Found(names, "json-ld author")
    for meta in _METAS:
        values = page.metas.get(meta, ())
        names = _people(values, page)
        if names and len(names) <= 4:
            return Found(names, f"meta {meta}")
    for where, selector in (
        ("itemprop author", '[itemprop~="author" i], [itemprop~="creator" i]'),
        ("rel author", '[rel~="author" i]'),
        ("author box", _BOXES),
    ):
        if names := _from_boxes(page, selector, check_name=selector is _BOXES):
            return Found(names, where)
    return None


def _linked(page: Page) -> tuple[str, ...]:
    node = page.linked.article
    value = node.get("author") or node.get("creator") or (page.linked.page.get("author") if not node else None)
    return tuple(dict.fromkeys(_linked_names(page, value)))[:_MAX_AUTHORS]


def _linked_names(page: Page, value: object) -> Iterable[str]:
    for item in value[:30] if isinstance(value, list) else [value]:
        name = _BY.sub("", fold(text_of(page.linked.resolve(item))))
        if name and not _ADDRESS.search(name) and len(name) <= 120 and name.casefold() not in _GENERIC:
            yield name.strip(" ,;")


def _people(values: Iterable[str], page: Page) -> tuple[str, ...]:
    names: list[str] = []
    for value in values:
        text = _BY.sub("", fold(value))
        if len(text) <= 300 and not _ADDRESS.search(text):
            names += [part for part in _SPLIT.split(text) if is_person(part, page)]
    return tuple(dict.fromkeys(names))


def is_person(name: str, page: Page) -> bool:
    """Whether this may be the name of a person: none of the words that sites, agencies and systems are called by."""
    words = name.split()
    if not 1 <= len(words) <= 6 or not 3 <= len(name) <= 60 or re.search(r"\d\d|[:?!\"“”©]", name):
        return False
    if any(word.casefold().strip(".,") in _GENERIC for word in words) or _ORGANISATION.search(name):
        return False
    key = re.sub(r"\W", "", name.casefold())
    sites = [re.sub(r"\W", "", site.casefold()) for site in (*page.site_names, host_of(page.url).removeprefix("www."))]
    return name[0].isalpha() and not any(key in site or (len(site) > 4 and site in key) for site in sites if site)


def _from_boxes(page: Page, selector: str, *, check_name: bool) -> tuple[str, ...]:
    names: list[str] = []
    for node in page.tree.css(selector)[:40]:
        label = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if check_name and (not _BOX_WORD.search(label) or _BAD_BOX.search(label)):
            continue
        if node.tag in {"meta", "link", "script", "body", "html", "img"} or _is_away(node):
            continue
        names += [n for n in _names_in(node, page) if n not in names]
        if names and check_name:
            break
    return tuple(names) if len(names) <= 3 else tuple(names[:1])


def _names_in(node: "LexborNode", page: Page) -> tuple[str, ...]:
    inner = node.css('[itemprop~="name" i]') or (node.css("a") if node.tag != "a" else [])
    texts = [fold(n.text(separator=" "))[:200] for n in inner[:6]]
    if people := _people(map(_cut, texts), page):
        return people
    text = _cut(_BY.sub("", fold(node.text(separator=" "))[:200]))
    return _people([text], page)


def _cut(text: str) -> str:
    return _CUT.sub("", _BY.sub("", text))


def _is_away(node: "LexborNode") -> bool:
    """Whether the element belongs to comments, related articles and the like, judged by what is around it."""
    current: LexborNode | None = node
    for _ in range(12):
        if current is None or current.tag in {"body", "html", "-document"}:
            return False
        if current.tag in {"footer", "aside"}:
            return True
        attributes = current.attributes
        if _AWAY.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
            return True
        current = current.parent
    return False
