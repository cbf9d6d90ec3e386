"""Where dates stand on a page, in the order in which they are believed; what they mean is decided in `dates`."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from broadsheet.formats.urls import host_of
from broadsheet.stages.extract.classes import Classes
from broadsheet.stages.extract.page import Page, fold
from broadsheet.stages.extract.written_dates import read_date

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


class Said(NamedTuple):
    """A text that may be a date, and `where` it stands, in words for the article's evidence."""

    where: str
    text: str


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


def head_dates(page: Page) -> Iterator[Said]:
    """What the page says of its publication for machines: JSON-LD, then meta elements, then a video's upload."""
    if text := page.linked.first("datePublished"):
        yield Said("json-ld datePublished", text)
    metas = page.metas
    for name in _PUBLISHED_METAS:
        if name in metas:
            yield Said(f"meta {name}", metas[name][0])
    for key in ("uploadDate", "dateCreated"):
        if text := page.linked.first(key):
            yield Said(f"json-ld {key}", text)


def head_updates(page: Page) -> Iterator[Said]:
    """What the page says of its last change for machines."""
    if text := page.linked.first("dateModified"):
        yield Said("json-ld dateModified", text)
    for name in _UPDATED_METAS:
        if name in page.metas:
            yield Said(f"meta {name}", page.metas[name][0])


_MAX_MICRODATA, _MAX_TIMES = 3, 20
_MARKED = '[itemprop~="datePublished" i], [property~="schema:datePublished" i], [itemprop~="dateCreated" i], time'


def marked_dates(page: Page) -> list[Said]:
    """Microdata, then `time` elements, those marked as publication first; not those of comments and teasers."""
    micro: list[Said] = []
    times: list[Said] = []
    for node in page.tree.css(_MARKED)[: _MAX_TIMES + _MAX_MICRODATA]:
        attributes = node.attrs
        label = f"{attributes.get('itemprop') or ''} {attributes.get('property') or ''}".lower()
        if "datepublished" in label or "datecreated" in label:
            machine = attributes.get("content") or attributes.get("datetime")
            micro.append(Said("microdata", machine or fold(node.text())[:100]))
        elif not _is_away(node, 6):
            times.append(_time_element(node))
    times.sort(key=lambda said: said.where != "time of publication")
    return micro[:_MAX_MICRODATA] + times[:_MAX_TIMES]


def _time_element(node: "LexborNode") -> Said:
    """Some systems put the last change where the machine looks, and call only the words the publication."""
    attributes = node.attrs
    machine, words = attributes.get("datetime") or "", fold(node.text(separator=" ")[:200])
    if _PUBLISHED_WORD.match(words) and (written := read_date(words)):
        return Said("time of publication", machine if machine[:10] == written[:10] else words)
    marked = "pub" in (attributes.get("class") or "") or "pubdate" in attributes
    return Said("time of publication" if marked else "time element", machine or words)


def address_dates(url: str) -> Iterator[Said]:
    """A day that the address spells out."""
    if found := _IN_URL.search(url):
        yield Said("address", "-".join(g for g in found.groups() if g))
    if found := _MONTH_IN_URL.search(url):
        yield Said("address", "{}-{:0>2}-{:0>2}".format(*found.groups()))
    if found := _DAY_FIRST_IN_URL.search(url):
        yield Said("address", "-".join(reversed(found.groups())))


_SCRIPT_KEYS = (
    "datePublished", "date_published", "publishedAt", "published_at", "publishedDate", "publishDate", "publish_date",
    "publicationDate", "publishedTime", "firstPublished", "pubDate", "publication_date",
)  # fmt: skip
_MAX_SCRIPT = 20
_IN_KEYS = (b"ubl", b"ubD")  # each key has one of them
_SCRIPT_VALUE = re.compile(
    rb"""(ubl(?:ish|ication)[a-zA-Z_]{0,6}|ubDate)\\?["']?\s{0,3}[:=]\s{0,3}\\?["'](\d{4}-\d\d-\d\d[^"'\\]{0,24})"""
)


def script_dates(markup: bytes) -> Iterator[Said]:
    """The state that a page carries for its own scripts: the last resort before what is only written for readers."""
    values: dict[bytes, list[bytes]] = {key.encode(): [] for key in _SCRIPT_KEYS}
    for part in _IN_KEYS:
        at = markup.find(part)
        while at >= 0:
            if found := _SCRIPT_VALUE.match(markup, at):
                for key, said in values.items():
                    if markup.endswith(key, 0, found.end(1)) and len(said) < _MAX_SCRIPT:
                        said.append(found.group(2))
            at = markup.find(part, at + 1)
    for said in values.values():
        yield from (Said("script", value.decode("utf-8", "replace")) for value in said)


_PUBLISHED_WORD = re.compile(r"(?:publi|veröffentlicht|erschienen|erstellt|posted|pubblicat|geplaatst)", re.I)
_AWAY = re.compile(
    r"comment|kommentar|related|modif|updat|aktualisier|footer|sidebar|widget|teaser|recommend|popular|ticker|copyright"
    r"|event|upcoming|calendar",
    re.I,
)
_DATE_WORDS = ("date", "datum", "publi", "fecha", "meta", "time", "posted", "byline", "info", "kicker")
_CALLED_DATE = '[id*="date" i]'
_DATE_LABEL = ", ".join([*(f'[class*="{word}" i]' for word in _DATE_WORDS), _CALLED_DATE])
_MAX_LABELS = 80


def labelled_dates(page: Page) -> Iterator[Said]:
    """What readers see in elements that are called after dates."""
    is_called = page.tree.css_first(_CALLED_DATE) is not None
    nodes = page.tree.css(_DATE_LABEL) if is_called else Classes(page.tree).having(_DATE_WORDS, _MAX_LABELS)
    for node in nodes[:_MAX_LABELS]:
        text = fold(node.text(separator=" ")[:400])
        if 6 <= len(text) <= 200 and any(c.isdigit() for c in text) and not _is_away(node, 8):
            yield Said("text", text)


def _is_away(node: "LexborNode", levels: int) -> bool:
    current: LexborNode | None = node
    for _ in range(levels):
        if current is None or current.tag in {"body", "html", "-document"}:
            return False
        if current.tag in {"footer", "aside"}:
            return True
        attributes = current.attrs
        if _AWAY.search(
            f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('itemprop') or ''}"
        ):
            return True
        current = current.parent
    return False


# Languages of countries where strokes part no dates: who writes 3/4/2024 there is a machine of American making.
_NO_STROKES = frozenset(
    ["de", "ru", "uk", "pl", "cs", "sk", "fi", "no", "nb", "nn", "da", "tr", "hr", "sl", "et", "lv", "hu", "ro"]
)
_DAY_FIRST_LANDS = (".uk", ".au", ".ie", ".nz", ".in", ".za", ".ng", ".ke", ".pk", ".my", ".sg", ".mt")


def is_month_first(page: Page) -> bool:
    """Whether 3/4/2024 on this page means March: American English, or a language that writes dates with full stops."""
    language = page.language_tag.lower().replace("_", "-")
    if language[:2] in _NO_STROKES:
        return True
    return language in {"en-us", "en", ""} and not host_of(page.url).endswith(_DAY_FIRST_LANDS)
