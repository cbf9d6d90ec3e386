"""When it was published and changed, in the form that the page gave: with its zone, or a bare date."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING

from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page, fold
from broadsheet.stages.extract.structured import text_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_FIRST_YEAR = 1990
_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
    "article.published", "published_time", "publish-date", "publish_date", "publication_date", "pubdate", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "dc.date.issued", "dcterms.created", "dcterms.issued", "dcterms.date", "dc.date.created", "dc.date", "dc.issued", "article:published", "og:published_time",
    "citation_publication_date", "citation_date", "article_date_original", "originalpublicationdate", "date", "datecreated", "displaydate", "last-modified-date", "og:pubdate", "ptime", "pub_date", "created", "bt:pubdate", "gentics.publishdate", "vr:published_time", "rnews:datepublished", "iso-8601-publish-date", "date_published", "datepublic", "shareaholic:article_published_time",
)  # fmt: skip
_UPDATED_METAS = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified", "lastmod",
    "last-modified", "article:updated_time", "revision_date", "bt:moddate",
)  # fmt: skip

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier janv enero ene gennaio gen januari janeiro styczeń stycznia ledna января jan. janúar tammikuuta",
            "february feb februar février fevrier févr febrero febbraio februari fevereiro fev luty lutego února февраля helmikuuta",
            "march mar märz maerz mär mars marzo maart mrt março marco marzec marca března марта maaliskuuta",
            "april apr avril avr abril abr aprile kwiecień kwietnia dubna апреля huhtikuuta",
            "may mai mayo mag maggio mei maio maj maja května мая toukokuuta",
            "june jun juni juin junio giugno giu junho czerwiec czerwca června июня kesäkuuta",
            "july jul juli juillet juil julio luglio lug julho lipiec lipca července июля heinäkuuta",
            "august aug août aout agosto ago augustus augusti sierpień sierpnia srpna августа elokuuta",
            "september sep sept septembre septiembre settembre set setembro wrzesień września září сентября syyskuuta",
            "october oct oktober okt octobre octubre ottobre ott oktober outubro out październik października října октября lokakuuta",
            "november nov novembre noviembre novembro listopad listopada listopadu ноября marraskuuta",
            "december dec dezember dez décembre decembre déc diciembre dic dicembre desember desember des dezembro grudzień grudnia prosince декабря joulukuuta",
        ),
        start=1,
    )
    for name in names.replace(".", "").split()
}  # fmt: skip
_ISO = re.compile(
    r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:(?:T|\s{1,3}|\sat\s)(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,9})?)?\s{0,2}(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?(?!\d)",
    re.I,
)
_CLOCK = r"(?:\D{1,12}?(\d{1,2})[:.h](\d{2})(?::(\d{2}))?\s{0,2}([ap]\.?m\b)?\s{0,2}(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
_DAY_MONTH_YEAR = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.|er|º)?\s{0,2}(?:de\s)?[-\s]?([^\W\d_]{3,14})\.?,?[-\s]{1,3}(?:de\s|del\s)?(\d{4})(?!\d)"
    + _CLOCK,
    re.I,
)
_MONTH_DAY_YEAR = re.compile(
    r"([^\W\d_]{3,14})\.?\s{1,2}(\d{1,2})(?:st|nd|rd|th)?,?\s{1,2}(\d{4})(?!\d)" + _CLOCK, re.I
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)" + _CLOCK, re.I)
_CJK = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_IN_URL = re.compile(
    r"/((?:19|20)\d{2})[/_-]?([01]\d)[/_-]?([0-3]\d)(?=[/_.-]|$)|[/_-]((?:20)\d{2})-([01]\d)-([0-3]\d)(?=\D|$)"
)
_DAY_FIRST_IN_URL = re.compile(r"[/_-]([0-3]\d)-([01]\d)-(20\d{2})(?=\D|$)")
_MONTH_IN_URL = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})/")


def find_published(page: Page, latest: int) -> Found[str] | None:
    """JSON-LD, else meta, else microdata, else the first time element, else the address, else dates in the text.

    `latest` is the year in which the page was fetched: a year after the next one is no date of publication. It is not taken more
    exactly, because archives are often stamped with neutral dates.
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
    r"comment|kommentar|related|modif|updat|aktualisier|footer|sidebar|widget|teaser|recommend|popular|ticker|copyright|event|upcoming|calendar",
    re.I,
)
_DATE_LABEL = '[class*="date" i], [class*="datum" i], [class*="publi" i], [class*="fecha" i], [class*="meta" i], [class*="time" i], [id*="date" i], [class*="posted" i], [class*="byline" i], [class*="info" i], [class*="kicker" i]'
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


def read_date(text: str, *, month_first: bool = False) -> str | None:
    """The first date in `text` as ISO 8601, with time and zone only where they are given; None where there is none.

    `month_first` decides numeric dates that could be read both ways (3/4/2024).
    """
    text = text[:200].strip()
    if found := _ISO.search(text):
        return (
            _iso(*found.groups())
            if "T" in found.group().upper() or found.start() == 0 or "-" in found.group()
            else None
        )
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if found := _CJK.search(text):
        return _iso(*found.groups())
    for found in _DAY_MONTH_YEAR.finditer(text):
        if month := _MONTHS.get(found.group(2).lower()):
            return _clocked(found.group(3), month, found.group(1), found.groups()[3:])
    for found in _MONTH_DAY_YEAR.finditer(text):
        if month := _MONTHS.get(found.group(1).lower()):
            return _clocked(found.group(3), month, found.group(2), found.groups()[3:])
    if found := _NUMERIC.search(text):
        return _numeric(found, month_first=month_first)
    return None


def _numeric(found: re.Match[str], *, month_first: bool) -> str | None:
    first, separator, second, year = found.groups()[:4]
    day, month = (second, first) if month_first and separator == "/" else (first, second)
    if int(month) > 12:
        day, month = month, day
    if len(year) == 2:
        year = f"20{year}"
    return _clocked(year, int(month), day, found.groups()[4:])


def _clocked(year: str, month: int, day: str, clock: tuple[str | None, ...]) -> str | None:
    hour, minute, second, half, zone = clock
    if not second and zone and not zone.isalpha():
        zone = None  # `10:00-11:30` is a span of time, not a zone
    if hour and half:
        hour = str(int(hour) % 12 + (12 if half.lower().startswith("p") else 0))
    return _iso(year, str(month), day, hour, minute, second, zone)


def _iso(year: str, month: str, day: str, *clock: str | None) -> str | None:
    try:
        text = date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
    hour, minute, second, zone = (*(clock or (None,) * 4),)
    if hour is None or minute is None or int(hour) > 23 or int(minute) > 59:
        return text
    return f"{text}T{int(hour):02}:{int(minute):02}:{min(int(second or 0), 59):02}{_zone(zone)}"


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    if zone.upper() in {"Z", "UTC", "GMT"}:
        return "Z"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    return f"{zone[0]}{hours:02}:{minutes:02}" if hours < 24 and minutes < 60 else ""


def _month_first(page: Page) -> bool:
    language = page.language_tag.lower().replace("_", "-")
    return (
        language in {"en-us", "en", ""}
        and not page.url.split("/")[2:3][0].endswith((".uk", ".au", ".ie", ".nz", ".in"))
        if "://" in page.url
        else False
    )
