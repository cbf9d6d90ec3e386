"""The people who wrote it: none rather than invented.

What the publisher wrote into JSON-LD for machines is taken nearly as it is; everything else is filtered, because meta
tags and author boxes name the site's owner, the theme's vendor and the picture agency as often as a person. What is a
name is decided in `names`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.names import (
    after_by,
    is_full,
    is_house,
    is_nick,
    is_own_claim,
    is_person,
    people,
    stripped,
)
from broadsheet.stages.extract.page import Page, fold
from broadsheet.stages.extract.structured import kinds, text_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_MAX_AUTHORS, _MAX_META, _MAX_BOXED, _LONG = 10, 4, 3, 60
_METAS = (
    "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl",
    "dc.author", "citation_author", "og:author", "shareaholic:article_author_name", "twitter:data1",
)  # fmt: skip
_CUT = re.compile(
    r"\s*(?:[|•·–—]|\s-\s|\(|\d{1,2}[./: ]|\n|,\s*\d|\b(?:updated|published|aktualisiert|erstellt"
    r"|veröffentlicht|publié|am|on|um|le(?=\s\d))\b).*$",
    re.S | re.I,
)
_AWAY = re.compile(
    r"(?:^|[\s_-])(?:comments?|kommentare?|respond|related|teasers?|sidebar|widgets?|footer|reply|replies"
    r"|recommend\w*|popular|newsletter)(?=$|[\s_-])",
    re.I,
)
_OF_ARTICLE = re.compile(r"(?:entry|post|article|content)[\w-]{0,12}(?:footer|meta|info)", re.I)  # foot of the article
_LAID_OUT = re.compile(
    r"\b(?:has|no|with|without|content|main|boxed|one|two|single)[-_]sidebars?"
    r"|sidebars?[-_](?:right|left|none|no|content|active|wrapper)",
    re.I,
)
_LEVELS = 8
_BOX = "author box"
_MARKED = '[itemprop~="author" i], [itemprop~="creator" i]', '[rel~="author" i]'
_BOXES = (
    '[class*="author" i], [class*="byline" i], [class*="autor" i], [class*="auteur" i], [id*="author" i],'
    ' [id*="byline" i], [data-testid*="byline" i], [class*="contributor" i], byline, [class~="submitted" i]'
)
# Few selectors, because each is tried on each element; which word it is exactly is looked at afterwards.
_PROFILES = 'a[href*="/aut"], a[href*="/staff/"], a[href*="/profil/"]'
_PROFILE = re.compile("/(?:authors?|autor|autoren|auteur|staff|profil)/")
_BOX_WORD = re.compile(
    r"(?:^|[\s_-]|[a-z](?=[A-Z]))(?:authors?|bylines?|autor(?:en|in|es|enzeile)?|auteurs?|contributors?|author-?name"
    r"|byline-?name|submitted)(?=$|[\s_-]|[A-Z])",
    re.I,
)
_BAD_BOX = re.compile(r"bio|avatar|image|img|photo|pic|list|comment|title|job|role|desc|social|follow|box-|time", re.I)
_ACCOUNTS = '.username, .fn, [rel~="author"], a[href*="/author/"]'
_NICKED = re.compile(r"(?:^|\s)(?:vcard|fn|username)(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Claims:
    """Who wrote it by the marks of a page, before its text is known: `linked` are the names of JSON-LD, `site` those
    of them that are the site's own, `marked` what else was found where `linked` is empty, and `profiled` the people
    whose profiles the page links where that is empty too."""

    linked: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    marked: Found[tuple[str, ...]] | None = None
    profiled: Found[tuple[str, ...]] | None = None


def read_claims(page: Page) -> Claims:
    """JSON-LD, else meta, else the author boxes and links to profiles."""
    names = tuple(dict.fromkeys(_linked_names(page)))[:_MAX_AUTHORS]
    linked = tuple(n for n in names if _is_somebody(n, page))
    if linked:
        return Claims(linked)
    marked = _from_metas(page) or _from_marks(page)
    site = names if any("newsarticle" in kind for kind in kinds(page.linked.article)) else ()
    return Claims((), site, marked, None if marked else _from_profiles(page))


def find_authors(page: Page, claims: Claims, lines: Sequence[str], title: str) -> Found[tuple[str, ...]] | None:
    """The names that JSON-LD has, completed by what readers see; else marked ones; else a by-line; last the site.

    A publisher who calls a page news and itself its author, where nobody else is named anywhere, means the newsroom;
    the evidence says so. What is no news has no newsroom.
    """
    if linked := tuple(n for n in claims.linked if not _is_login(n, lines)):
        fuller = _completed(page, linked, lines, title)
        return Found(fuller, "json-ld author, by-line") if fuller else Found(linked, "json-ld author")
    beside = _by_line(page, _near(lines, title), title) if claims.marked and claims.marked.where == _BOX else None
    found = beside or claims.marked or _by_line(page, lines, title) or claims.profiled
    if found is None and claims.site:
        return Found(claims.site[:1], "json-ld author, the publisher itself")
    return found


# --- JSON-LD --------------------------------------------------------------------------------------------------------


def _linked_names(page: Page) -> Iterable[str]:
    node = page.linked.article
    value = node.get("author") or node.get("creator") or (page.linked.page.get("author") if not node else None)
    for item in value[:30] if isinstance(value, list) else [value]:
        name = stripped(text_of(page.linked.resolve(item)))
        if len(name) > _LONG and "," in name:
            yield from _of_many(name, page)
        elif is_own_claim(name):
            yield name


def _of_many(names: str, page: Page) -> Iterable[str]:
    """A list of people, or one with office and house."""
    found = people([names], page)
    if all(map(is_full, found)):
        return found
    first = names.partition(",")[0]
    return [first] if is_person(first, page) else []


def _is_somebody(name: str, page: Page) -> bool:
    """Somebody other than the site; or the one person whose site it is."""
    if not is_house(name, page):
        return True
    publisher = page.linked.resolve(page.linked.article.get("publisher"))
    return isinstance(publisher, dict) and "person" in kinds(publisher) and text_of(publisher) == name


_MIN_LOGIN = 5


def _is_login(name: str, lines: Sequence[str]) -> bool:
    """A name of an account, in small letters, that no reader sees."""
    if " " in name or not name[0].islower() or len(name) < _MIN_LOGIN:
        return False
    folded = name.casefold()
    return not any(folded in line.casefold() for line in lines)


def _completed(page: Page, linked: tuple[str, ...], lines: Sequence[str], title: str) -> tuple[str, ...]:
    """The names of a by-line that has all those of JSON-LD and more of them, or one of them in full."""
    found = _by_line(page, _near(lines, title), title)
    if found is None or len(found.value) < len(linked) or found.value == linked:
        return ()
    whole = [n.casefold() for n in found.value]
    known = [n.casefold() for n in linked]
    fits = all(any(w == n or (" " not in n and w.startswith(f"{n} ")) for w in whole) for n in known)
    return found.value if fits and all(map(is_full, found.value)) else ()


# --- Elements -------------------------------------------------------------------------------------------------------


def _from_metas(page: Page) -> Found[tuple[str, ...]] | None:
    for meta in _METAS:
        if meta in page.metas:
            names = people(page.metas[meta], page)
            if names and len(names) <= _MAX_META:
                return Found(names, f"meta {meta}")
    return None


def _from_marks(page: Page) -> Found[tuple[str, ...]] | None:
    for where, selector in (
        ("itemprop author", _MARKED[0]),
        ("rel author", _MARKED[1]),
        (_BOX, _BOXES),
    ):
        if names := _from_boxes(page, selector):
            return Found(names, where)
    return None


def _from_profiles(page: Page) -> Found[tuple[str, ...]] | None:
    """The first link to a profile in the article; accounts may be called as they like."""
    links = ((node, node.attrs.get("href") or "") for node in page.tree.css(_PROFILES))
    for node, href in islice((link for link in links if _PROFILE.search(link[1])), 10):
        if _is_away(node):
            continue
        name = stripped(_cut(fold(node.text(separator=" "))[:80]))
        is_account = "/author/" in href
        if (is_full(name) and is_person(name, page)) or (is_account and is_nick(name, page)):
            return Found((name,), "link to a profile")
    return None


def _from_boxes(page: Page, selector: str) -> tuple[str, ...]:
    is_box = selector is _BOXES
    names: list[str] = []
    for node in page.tree.css(selector)[:40]:
        attributes = node.attrs
        label = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('data-testid') or ''}"
        if is_box and node.tag != "byline" and (not _BOX_WORD.search(label) or _BAD_BOX.search(label)):
            continue
        if node.tag in {"meta", "link", "script", "body", "html", "img"} or _is_away(node):
            continue
        found = _names_in(node, page)
        if is_box:
            found = tuple(filter(is_full, found))
        if not found and (not is_box or _NICKED.search(label) or node.css_first(_ACCOUNTS) is not None):
            found = _nicks_in(node, page)
        names += [n for n in found if n not in names]
        if names and is_box:
            break
    return tuple(names) if len(names) <= _MAX_BOXED else tuple(names[:1])


def _names_in(node: "LexborNode", page: Page) -> tuple[str, ...]:
    """The names in an author's box: of its parts that are marked as names or link somewhere, else of its text."""
    inner = node.css('[itemprop~="name" i]') or (node.css("a") if node.tag != "a" else [])
    texts = [fold(n.text(separator=" "))[:200] for n in inner[:6]]
    if names := people(map(_cut, texts), page):
        return names
    return people([_cut(fold(node.text(separator=" "))[:200])], page)


def _nicks_in(node: "LexborNode", page: Page) -> tuple[str, ...]:
    inner = node.css('[itemprop~="name" i], .fn, a')
    for part in (*inner[:3], node):
        name = stripped(_cut(fold(part.text(separator=" "))[:80]))
        if is_nick(name, page):
            return (name,)
    return ()


def _cut(text: str) -> str:
    return _CUT.sub("", after_by(text) or text)


def _is_away(node: "LexborNode") -> bool:
    """Whether the element belongs to comments, related articles and the like, judged by what is around it."""
    current: LexborNode | None = node
    for _ in range(_LEVELS):
        if current is None or current.tag in {"body", "html", "-document"}:
            return False
        attributes = current.attrs
        label = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if current.tag == "aside" or (current.tag == "footer" and not _OF_ARTICLE.search(label)):
            return True
        if _AWAY.search(_OF_ARTICLE.sub("", _LAID_OUT.sub("", label))):
            return True
        current = current.parent
    return False


# --- Lines ----------------------------------------------------------------------------------------------------------

_NEAR, _LINE = 12, 90


def _near(lines: Sequence[str], title: str) -> Sequence[str]:
    folded = title.casefold()
    at = next((i for i, line in enumerate(lines) if line.casefold() == folded), 0)
    return lines[at : at + _NEAR]


def _by_line(page: Page, lines: Sequence[str], title: str) -> Found[tuple[str, ...]] | None:
    """A short block that begins with "by": near the title, else anywhere."""
    for line in (*_near(lines, title), *lines):
        if len(line) <= _LINE and (rest := after_by(line)):
            names = people([_cut(rest)], page)
            if names and all(len(name.split()) > 1 and name[0].isupper() for name in names):
                return Found(names[:_MAX_BOXED], "by-line")
    return None
