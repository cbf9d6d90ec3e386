"""When it was published and changed, in the form that the page gave: with its zone, or a bare date."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page, fold
from broadsheet.stages.extract.written_dates import read_date

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_FIRST_YEAR = 1990
_PUBLISHED_METAS = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "published_time",
    "publish-date",
    "publish_date",
    "publication_date",
    "pubdate",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.issued",
    "dcterms.date",
    "dc.date.created",
    "dc.date",
    "dc.issued",
    "article:published",
    "og:published_time",
    "citation_publication_date",
    "citation_date",
    "article_date_original",
    "originalpublicationdate",
    "date",
    "datecreated",
    "displaydate",
    "og:pubdate",
    "ptime",
    "pub_date",
    "created",
    "bt:pubdate",
    "gentics.publishdate",
    "vr:published_time",
    "rnews:datepublished",
    "iso-8601-publish-date",
    "date_published",
    "datepublic",
    "shareaholic:article_published_time",
)
_UPDATED_METAS = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified", "lastmod",
    "last-modified", "article:updated_time", "revision_date", "bt:moddate",
)  # fmt: skip

_IN_URL = re.compile(
    r"/((?:19|20)\d{2})[/_-]?([01]\d)[/_-]?([0-3]\d)(?=[/_.-]|$)|[/_-]((?:20)\d{2})-([01]\d)-([0-3]\d)(?=\D|$)"
)
_DAY_FIRST_IN_URL = re.compile(r"[/_-]([0-3]\d)-([01]\d)-(20\d{2})(?=\D|$)")
_MONTH_IN_URL = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})/")


def find_published(page: Page, latest: int) -> Found[str] | None:
    """JSON-LD, else meta, else microdata, else the first time element, else the address, else dates in the text.

    `latest` is the year in which the page was fetched: a year after the next one is no date of publication. It is
    not taken more exactly, because archives are often stamped with neutral dates.
    """
    machine = _machine_dates(page)
    for sources in (machine, _human_dates(page)):
        for where, text in sources:
            when = read_date(text, month_first=_month_first(page))
            if when and _FIRST_YEAR <= int(when[:4]) <= latest + 1:
                return _with_zone(Found(when, where), sources) if sources is machine else Found(when, where)
    return None


def _with_zone(found: Found[str], others: Iterator[tuple[str, str]]) -> Found[str]:
    """The same time as another machine-readable place gives it with the publisher's own zone, if one does.

    A page that says 22:30Z in one place and 23:30+01:00 in another means the latter's day; one that says 23:30 and
    23:30+01:00 means the latter's instant.
    """
    clock, zone = found.value[:16], found.value[19:]
    if zone not in {"", "Z"} or len(clock) < 16:
        return found
    for where, text in islice(others, 4):
        other = read_date(text) or ""
        if other[19:] not in {"", "Z", "+00:00"} and abs(int(other[:4]) - int(clock[:4])) <= 1:
            moment = datetime.fromisoformat(other)
            if (other if not zone else moment.astimezone(UTC).isoformat())[:16] == clock:
                return Found(other, where)
    return found


def find_updated(page: Page, latest: int) -> Found[str] | None:
    """JSON-LD dateModified, else meta."""
    named = [("json-ld dateModified", page.linked.first("dateModified"))]
    named += [(f"meta {name}", page.metas[name][0]) for name in _UPDATED_METAS if name in page.metas]
    for where, text in named:
        when = read_date(text) if text else None
        if when and _FIRST_YEAR <= int(when[:4]) <= latest + 1:
            return Found(when, where)
    return None


def _machine_dates(page: Page) -> Iterator[tuple[str, str]]:
    for key in ("datePublished", "uploadDate", "dateCreated"):
        if text := page.linked.first(key):
            yield f"json-ld {key}", text
    for name in _PUBLISHED_METAS:
        for text in page.metas.get(name, ())[:1]:
            yield f"meta {name}", text
    for node in page.tree.css(
        '[itemprop~="datePublished" i], [property~="schema:datePublished" i], [itemprop~="dateCreated" i]'
    )[:3]:
        attributes = node.attributes
        yield "microdata", attributes.get("content") or attributes.get("datetime") or fold(node.text())[:100]
    yield from _time_elements(page)


def _human_dates(page: Page) -> Iterator[tuple[str, str]]:
    if found := _IN_URL.search(page.url):
        yield "address", "-".join(g for g in found.groups() if g)
    if found := _MONTH_IN_URL.search(page.url):
        yield "address", "{}-{:0>2}-{:0>2}".format(*found.groups())
    if found := _DAY_FIRST_IN_URL.search(page.url):
        yield "address", "-".join(reversed(found.groups()))
    yield from _script_dates(page.html)
    yield from _text_dates(page)


_SCRIPT_KEYS = (
    "datePublished", "date_published", "publishedAt", "published_at", "publishedDate", "publishDate", "publish_date",
    "publicationDate", "publishedTime", "firstPublished", "pubDate",
)  # fmt: skip
_MAX_SCRIPT = 20
_SCRIPT_VALUE = re.compile(r"""\\?["']?\s{0,3}[:=]\s{0,3}\\?["'](\d{4}-\d\d-\d\d[^"'\\]{0,24})""")


def _script_dates(html: str) -> Iterator[tuple[str, str]]:
    """The state that a page carries for its own scripts: the last resort before what is only written for readers."""
    for key in _SCRIPT_KEYS:
        at = html.find(key)
        for _ in range(_MAX_SCRIPT):
            if at < 0:
                break
            if found := _SCRIPT_VALUE.match(html, at + len(key)):
                yield "script", found.group(1)
            at = html.find(key, at + 1)


_AWAY = re.compile(
    r"comment|kommentar|related|modif|updat|aktualisier|footer|sidebar|widget|teaser|recommend|popular|ticker|copyright"
    r"|event|upcoming|calendar",
    re.I,
)
_DATE_WORDS = ("date", "datum", "publi", "fecha", "meta", "time", "posted", "byline", "info", "kicker")
_DATE_LABEL = ", ".join([*(f'[class*="{word}" i]' for word in _DATE_WORDS), '[id*="date" i]'])
_MAX_LABELS = 80


def _time_elements(page: Page) -> Iterator[tuple[str, str]]:
    nodes = page.tree.css("time[datetime]")[:20]
    good = [n for n in nodes if not _is_away(n, 6)]
    for node in sorted(
        good, key=lambda n: "pub" not in (n.attributes.get("class") or "") and "pubdate" not in n.attributes
    ):
        yield "time element", node.attributes.get("datetime") or ""


def _text_dates(page: Page) -> Iterator[tuple[str, str]]:
    for selector in ("time", _DATE_LABEL):
        for node in page.tree.css(selector)[:_MAX_LABELS]:
            text = fold(node.text(separator=" ")[:400])
            if 6 <= len(text) <= 200 and not _is_away(node, 8):
                yield "text", text


_NEAR, _LINE = 15, 120
_LABELLED = re.compile(r"(?:datum|date|fecha|data|veröffentlicht|publi\w+|posted|erstellt|created)\b", re.I)
_COPYRIGHT = re.compile(
    r"©|\(c\)|copyright|updated|aktualisiert|modified|zuletzt|last edited|mis à jour|actualizado", re.I
)


def find_written_date(page: Page, lines: Sequence[str], title: str, latest: int) -> Found[str] | None:
    """A date in a short block: the one nearest below the title, else the nearest above it, else the first of all."""
    folded = title.casefold()
    at = next((i for i, line in enumerate(lines) if line.casefold() == folded), 0)
    month_first = _month_first(page)
    near = (*lines[at + 1 : at + _NEAR], *reversed(lines[max(0, at - _NEAR) : at]), *lines[at + _NEAR :])
    for line in (*filter(_LABELLED.match, near), *near):
        if 6 <= len(line) <= _LINE and any(c.isdigit() for c in line) and not _COPYRIGHT.search(line):
            when = read_date(line, month_first=month_first)
            if when and _FIRST_YEAR <= int(when[:4]) <= latest + 1:
                return Found(when, "text")
    return None


def _is_away(node: "LexborNode", levels: int) -> bool:
    current: LexborNode | None = node
    for _ in range(levels):
        if current is None or current.tag in {"body", "html", "-document"}:
            return False
        if current.tag in {"footer", "aside"}:
            return True
        attributes = current.attributes
        if _AWAY.search(
            f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('itemprop') or ''}"
        ):
            return True
        current = current.parent
    return False


def _month_first(page: Page) -> bool:
    language = page.language_tag.lower().replace("_", "-")
    return (
        language in {"en-us", "en", ""}
        and not page.url.split("/")[2:3][0].endswith((".uk", ".au", ".ie", ".nz", ".in"))
        if "://" in page.url
        else False
    )
