"""The headline, without the name of the site.

What the page says in several places is compared: two witnesses that agree beat the one that would come first.
"""

import re
from functools import lru_cache

from broadsheet.formats.urls import host_of
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page, fold
from broadsheet.stages.extract.structured import text_of

_SEPARATOR = re.compile(r"\s+[|│·•»«>:–—~/\\-]+\s+|\s*[|│»]\s*|\s*::\s*|(?<=\w):\s+")
_WORD = re.compile(r"\w+")
_WRITTEN_OUT = ("json-ld headline", "og:title")
_MAX_TITLE = 500
_MAX_HEADINGS = 8
_MIN_HEADING = 8  # word characters; shorter ones are names of sections


def find_title(page: Page) -> Found[str] | None:
    """The headline by the rule of docs/extraction.md."""
    own = _from_head(page)
    linked = fold(text_of(page.linked.article.get("headline")))[:_MAX_TITLE]
    if linked and own.get("og:title") and _same(linked, own["og:title"]):
        return Found(linked, "json-ld headline")
    headings = _headings(page)
    witnesses = {"json-ld headline": linked, **own}
    if agreed := _agreed(headings, {where: w for where, w in witnesses.items() if len(_key(w)) > _MIN_HEADING}):
        return agreed
    if linked:
        return Found(linked, "json-ld headline")
    plain = [h for h, _ in headings if len(_key(h)) > _MIN_HEADING and not _is_site_name(h, page)]
    if len(plain) == 1:
        return Found(plain[0], "h1")
    for where, title in own.items():
        return Found(title, where)
    return Found(plain[0], "h1") if plain else None


def _from_head(page: Page) -> dict[str, str]:
    named = {
        "og:title": page.metas.get("og:title", ("",))[0],
        "twitter:title": page.metas.get("twitter:title", ("",))[0],
        "title": page.title_tag,
        "dc.title": page.metas.get("dc.title", page.metas.get("dcterms.title", ("",)))[0],
        "parsely-title": page.metas.get("parsely-title", ("",))[0],
    }
    return {where: without_site(title[:_MAX_TITLE], page) for where, title in named.items() if title}


def _headings(page: Page) -> list[tuple[str, str]]:
    """The h1 elements as text with a space where an inner element begins, and without."""
    found = []
    for node in page.tree.css("h1")[:_MAX_HEADINGS]:
        if node.css_first("style, script") is not None:
            node.strip_tags(["style", "script"])
        if spaced := fold(node.text(separator=" "))[:_MAX_TITLE]:
            found.append((spaced, fold(node.text())[:_MAX_TITLE]))
    return list(dict.fromkeys(found))


def _agreed(headings: list[tuple[str, str]], witnesses: dict[str, str]) -> Found[str] | None:
    """The first h1 that equals, holds or is held by what the head of the page calls it."""
    for heading, glued in headings:
        for where, witness in witnesses.items():
            if _same(heading, witness):
                # An h1 of several elements leaves open what belongs between them; the head has it written out.
                is_pieced = glued != heading or glued.replace(" ", "") != witness.replace(" ", "")
                return Found(witness, where) if is_pieced and where in _WRITTEN_OUT else Found(heading, "h1")
    for heading, _ in headings:
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
    marks = list(_SEPARATOR.finditer(title))
    while marks and _is_site_name(title[marks[-1].end() :], page):
        title = title[: marks.pop().start()]
    if marks and _is_site_name(title[: marks[0].start()], page):
        title = title[marks[0].end() :]
    return title.strip()


def _is_site_name(text: str, page: Page) -> bool:
    key = _key(text)
    if not key:
        return True
    if len(key) > 60:
        return False
    return any(_is_like(key, name) for name in _site_keys(page.site_names, host_of(page.url)))


def _is_like(key: str, name: str) -> bool:
    """Equal, a part of it, or it with a little more (`The Example News` for example)."""
    longer = len(name) > 3 and name in key and len(key) < 2 * len(name) + 6
    return key == name or longer or (len(key) > 3 and key in name)


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
