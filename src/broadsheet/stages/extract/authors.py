"""The people who wrote it: none rather than invented.

What the publisher wrote into JSON-LD for machines is taken nearly as it is; everything else is filtered, because meta
tags and author boxes name the site's owner, the theme's vendor and the picture agency as often as a person.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from broadsheet.formats.urls import host_of
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page, fold
from broadsheet.stages.extract.structured import text_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_MAX_AUTHORS, _MAX_META, _MAX_BOXED = 10, 4, 3
_METAS = (
    "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl",
    "dc.author", "citation_author", "og:author", "shareaholic:article_author_name", "twitter:data1",
)  # fmt: skip
_SPLIT = re.compile(r"\s*(?:;|\||/|,|•|·|\band\b|\bund\b|\bet\b|&|\by\b(?=\s+[A-ZÁÉÍÓÚÑ]))\s*")
_BY = re.compile(
    r"^\W*(?:(?:written|posted|words|story|report|text|geschrieben|verfasst|erstellt|veröffentlicht|publié|escrito|scritto)"
    r"\s+(?:by|von|par|por|da)|by|von|vom|par|por|di|door|af|av|text|autor(?:in|en|innen)?(?:/autor)?|auteurs?|authors?|redactor"
    r"|作者|责任编辑|記者|기자)(?:\b\s*[:：]?\s+|\s*[:：]\s*)",
    re.I,
)
_CODE = re.compile(r"\s*\([^()]{1,12}\)$")  # an author's mark in the house: `Ada Lovelace (al)`
_CUT = re.compile(
    r"\s*(?:[|•·–—]|\s-\s|\(|\d{1,2}[./: ]|\n|,\s*\d|\b(?:updated|published|aktualisiert|am|on|um)\b).*$", re.S | re.I
)
_GENERIC = frozenset(
    [
        "administrator",
        "administrador",
        "editor",
        "editors",
        "editorial",
        "redaktion",
        "redaction",
        "redazione",
        "redaccion",
        "redacción",
        "rédaction",
        "redactie",
        "staff",
        "webmaster",
        "publisher",
        "author",
        "autor",
        "guest",
        "gast",
        "gastautor",
        "gastbeitrag",
        "anonymous",
        "unknown",
        "user",
        "root",
        "wordpress",
        "correspondent",
        "reporter",
        "desk",
        "newsdesk",
        "news",
        "team",
        "support",
        "info",
        "alle",
        "all",
        "more",
        "mehr",
        "posts",
        "beiträge",
        "artikel",
        "articles",
        "autoren",
        "authors",
        "profile",
        "profil",
        "null",
        "none",
        "undefined",
        "true",
        "false",
        "deleted",
        "agencies",
        "agenturen",
        "share",
        "teilen",
        "follow",
    ]
)
_SYSTEM = re.compile(r"admin|webmaster|wordpress|redaktion", re.I)
_ORGANISATION = re.compile(
    r"\b(?:gmbh|ag|e\.\s?v|inc|ltd|llc|corp|verlag|redaktion|redaktionsteam|news|blog|magazin|magazine|media|medien"
    r"|zeitung|tv|online|team|staff|verein|verband|agentur|agency|press|presse|institut|institute|university"
    r"|universität|stiftung|foundation|ministerium|ministry|portal|radio|journal|group|gruppe|company|editorial|bundes\w+"
    r"|society|association|network|studio|community|partei|kirche|zentrum|center|centre)\b"
    r"|\.(?:com|de|org|net|at|ch|info|fr|it|es|uk)\b",
    re.I,
)
_ADDRESS = re.compile(r"https?:|www\.|@|[<>{}]")
_NO_NAME = re.compile(r"\d\d|[:?!\"“”©]")
_AWAY = re.compile(
    r"(?:^|[\s_-])(?:comments?|kommentare?|respond|related|teasers?|sidebar|widgets?|footer|reply|replies"
    r"|recommend\w*|popular|newsletter)(?=$|[\s_-])",
    re.I,
)
_LEVELS = 8
_BOXES = (
    '[class*="author" i], [class*="byline" i], [class*="autor" i], [class*="auteur" i], [id*="author" i],'
    ' [id*="byline" i], [data-testid*="byline" i], [class*="contributor" i], byline'
)
_BOX_WORD = re.compile(
    r"(?:^|[\s_-]|[a-z](?=[A-Z]))(?:authors?|bylines?|autor(?:en|in|es)?|auteurs?|contributors?|author-?name"
    r"|byline-?name)(?=$|[\s_-]|[A-Z])",
    re.I,
)
_BAD_BOX = re.compile(r"bio|avatar|image|img|photo|pic|list|comment|title|job|role|desc|social|follow|box-|time", re.I)


def find_authors(page: Page) -> Found[tuple[str, ...]] | None:
    """JSON-LD, else meta, else the author boxes of the page."""
    if names := _linked(page):
        return Found(names, "json-ld author")
    for meta in _METAS:
        names = _people(page.metas.get(meta, ()), page)
        if names and len(names) <= _MAX_META:
            return Found(names, f"meta {meta}")
    for where, selector in (
        ("itemprop author", '[itemprop~="author" i], [itemprop~="creator" i]'),
        ("rel author", '[rel~="author" i]'),
        ("author box", _BOXES),
    ):
        if names := _from_boxes(page, selector):
            return Found(names, where)
    return None


_NEAR, _LINE = 12, 90


def find_by_line(page: Page, lines: Sequence[str], title: str) -> Found[tuple[str, ...]] | None:
    """A short block that begins with "by": near the title, else anywhere."""
    folded = title.casefold()
    at = next((i for i, line in enumerate(lines) if line.casefold() == folded), 0)
    for line in (*lines[at : at + _NEAR], *lines):
        if len(line) <= _LINE and (begin := _BY.match(line)):
            names = _people([_cut(line[begin.end() :])], page)
            if names and all(len(name.split()) > 1 and name[0].isupper() for name in names):
                return Found(names[:_MAX_BOXED], "by-line")
    return None


def _linked(page: Page) -> tuple[str, ...]:
    node = page.linked.article
    value = node.get("author") or node.get("creator") or (page.linked.page.get("author") if not node else None)
    return tuple(dict.fromkeys(_linked_names(page, value)))[:_MAX_AUTHORS]


def _linked_names(page: Page, value: object) -> Iterable[str]:
    for item in value[:30] if isinstance(value, list) else [value]:
        name = _CODE.sub("", _BY.sub("", fold(text_of(page.linked.resolve(item))))).strip(" ,;")
        is_clean = len(name) <= 120 and not _ADDRESS.search(name) and not _SYSTEM.fullmatch(name)
        if name and is_clean and name.casefold() not in _GENERIC and not _is_site(name, page):
            yield name


def _is_site(name: str, page: Page) -> bool:
    """Whether it is the very name of the site, or its host."""
    key = _key(name)
    return (
        not key
        or key in {_key(site) for site in page.site_names}
        or key == _key(host_of(page.url).removeprefix("www."))
    )


def _people(values: Iterable[str], page: Page) -> tuple[str, ...]:
    names: list[str] = []
    for value in values:
        text = _BY.sub("", fold(value))
        if len(text) <= 300 and not _ADDRESS.search(text):
            names += [name for part in _SPLIT.split(text) if is_person(name := _CODE.sub("", part).strip(), page)]
    return tuple(dict.fromkeys(names))


def is_person(name: str, page: Page) -> bool:
    """Whether this may be the name of a person: none of the words that sites, agencies and systems are called by."""
    words = name.split()
    if not 1 <= len(words) <= 6 or not 3 <= len(name) <= 60 or _NO_NAME.search(name):
        return False
    if any(word.casefold().strip(".,") in _GENERIC for word in words) or _ORGANISATION.search(name):
        return False
    if len(words) == 1 and (name[0].islower() or _SYSTEM.search(name)):
        return False
    return name[0].isalpha() and not _is_site(name, page) and not (len(words) == 1 and _is_in_site(name, page))


def _is_in_site(name: str, page: Page) -> bool:
    """Whether a single word is a part of the site's name or holds it."""
    key = _key(name)
    sites = [_key(site) for site in (*page.site_names, host_of(page.url).removeprefix("www."))]
    return any(key in site or (len(site) > 4 and site in key) for site in sites if site)


def _key(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _from_boxes(page: Page, selector: str) -> tuple[str, ...]:
    is_box = selector is _BOXES
    names: list[str] = []
    for node in page.tree.css(selector)[:40]:
        attributes = node.attributes
        label = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('data-testid') or ''}"
        if is_box and node.tag != "byline" and (not _BOX_WORD.search(label) or _BAD_BOX.search(label)):
            continue
        if node.tag in {"meta", "link", "script", "body", "html", "img"} or _is_away(node):
            continue
        names += [n for n in _names_in(node, page) if n not in names and not (is_box and " " not in n)]
        if names and is_box:
            break
    return tuple(names) if len(names) <= _MAX_BOXED else tuple(names[:1])


def _names_in(node: "LexborNode", page: Page) -> tuple[str, ...]:
    """The names in an author's box: of its parts that are marked as names or link somewhere, else of its text."""
    inner = node.css('[itemprop~="name" i]') or (node.css("a") if node.tag != "a" else [])
    texts = [fold(n.text(separator=" "))[:200] for n in inner[:6]]
    if people := _people(map(_cut, texts), page):
        return people
    return _people([_cut(fold(node.text(separator=" "))[:200])], page)


def _cut(text: str) -> str:
    return _CUT.sub("", _BY.sub("", text))


def _is_away(node: "LexborNode") -> bool:
    """Whether the element belongs to comments, related articles and the like, judged by what is around it."""
    current: LexborNode | None = node
    for _ in range(_LEVELS):
        if current is None or current.tag in {"body", "html", "-document"}:
            return False
        if current.tag in {"footer", "aside"}:
            return True
        attributes = current.attributes
        if _AWAY.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
            return True
        current = current.parent
    return False
