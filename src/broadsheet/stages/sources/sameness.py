"""When two entries under different addresses are one article: marks that they have in common.

Addresses are compared first (`formats.urls.url_key`); marks speak for entries whose address is new. A mark is a number
below 2**63 that two entries share only if they are the same article:

- the guid, together with the title and the day, or with the second of publication: a guid alone is believed by nobody,
  since there are feeds that give one guid to everything and feeds that give that of yesterday to the news of today;
- title and text, or title and second of publication, of one publisher: this finds the entry again in feeds that change
  guids and addresses at every poll. Other publishers that print the same words are copies, which stories tell of;
- where an entry has neither text nor date, the title at the same path: the query may hold a number of the visit.
"""

import hashlib
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from broadsheet.formats.urls import registrable_domain
from broadsheet.model.feed import Entry
from broadsheet.model.kept import Item

SHORTEST_TITLE = 10
SHORTEST_TEXT = 80
SHORTEST_PAGE = 200
COMPARED = 5_000
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BETWEEN = re.compile(r"[\W_]+")
_OF_TEXT = 1  # the lowest bit tells marks of words from marks that only one entry of a poll can have


def item_marks(entry: Entry, url: str, source_url: str) -> tuple[int, ...]:
    """The marks of an entry that `source_url` lists at `url`; none where it says too little."""
    title, text = folded(entry.title or ""), folded(_words(entry.content or entry.summary or ""))
    return tuple(
        dict.fromkeys([*_guid_marks(entry, title, url, source_url), *_text_marks(entry, title, text, url, source_url)])
    )


def page_mark(title: str, text: str, url: str) -> int | None:
    """What two pages of one publisher share if they print the same article; None where they say too little."""
    title, text = folded(title), folded(text[: 2 * COMPARED])
    if len(title) < SHORTEST_TITLE or len(text) < SHORTEST_PAGE:
        return None
    return _mark("page", registrable_domain(url), title, text) | _OF_TEXT


def trusted_marks(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items of one poll without the marks that should be one entry's own and that several of them have."""
    listed = list(items)
    seen = Counter(mark for item in listed for mark in item.marks)
    return tuple(replace(item, marks=tuple(m for m in item.marks if m & _OF_TEXT or seen[m] == 1)) for item in listed)


def folded(text: str) -> str:
    """Letters and digits alone, in one case and one form, with single blanks between the words."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text[: 4 * COMPARED]).casefold()).strip()[:COMPARED]


def _guid_marks(entry: Entry, title: str, url: str, source_url: str) -> Iterator[int]:
    guid = (entry.id or "").strip()
    if not guid or guid == url:
        return
    if title:
        yield _mark("guid", source_url, guid, title, _day(entry.published))
    if second := _second(entry.published):
        yield _mark("guid at", source_url, guid, second)


def _text_marks(entry: Entry, title: str, text: str, url: str, source_url: str) -> Iterator[int]:
    domain = registrable_domain(url)
    if title and len(text) >= SHORTEST_TEXT:
        yield _mark("text", domain, title, text, _day(entry.published)) | _OF_TEXT
    if len(title) < SHORTEST_TITLE:
        return
    if second := _second(entry.published):
        yield _mark("title at", domain, title, second) | _OF_TEXT
    elif entry.published is None and len(text) < SHORTEST_TEXT and (path := _path_of_query(url)):
        yield _mark("path", source_url, path, title)


def _path_of_query(url: str) -> str:
    """Host and path of an address that has a query and a path of its own; else empty."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}".lower() if parts.query and parts.path.strip("/") else ""


def _day(when: datetime | None) -> str:
    return when.date().isoformat() if when else ""


def _second(when: datetime | None) -> str:
    """The instant to the second; empty for midnight, which is how a bare date is read."""
    return when.isoformat(timespec="seconds") if when and (when.hour, when.minute, when.second) != (0, 0, 0) else ""


def _words(markup: str) -> str:
    return html.unescape(_TAG.sub(" ", markup[: 4 * COMPARED]))


def _mark(*parts: str) -> int:
    said = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big") >> 1 & ~_OF_TEXT
