"""The feeds that we write, as other programs read them: how many entries each gives back as they were published.

    python -m bench feed_readers

A JSON line for each reader and format. The stories are of invented words, some of their titles with what readers
stumble over: markup, references, quotes, other scripts. In RSS nobody can tell whether `&lt;` in a title means those
four characters or one; our own reader takes it for one, as most publishers mean it.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import atoma
import fastfeedparser
import feedparser

from bench.publication.content import ADDRESS, TITLE, stories
from broadsheet.model.instants import from_iso, iso
from broadsheet.model.publication import Publication, Site
from broadsheet.stages.publish.build import build
from broadsheet.stages.sources.feeds import read_feed

TITLES = (
    "Prices < wages & rents > hopes", "What &amp; means, and &lt;b&gt;", "“Quotes”, 'others' and \"more\"",
    "]]> at last", "日本語の見出し", "עברית ועוד", "Naïve café – déjà vu…", "\U0001f6a2 leaves the harbour",
    "{{ not }} {% a %} template",
)  # fmt: skip
FILES = ("feed.xml", "atom.xml", "feed.json")


class Entry(NamedTuple):
    """What a reader must know of an entry."""

    id: str
    title: str
    link: str
    published: str


def main() -> None:
    """Builds once, reads with each."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        build(_publication(), out)
        for reader, file, read in _readers():
            published = _published(out / "feed.json", "url" if file.endswith(".json") else "external_url")
            found = list(read((out / file).read_bytes()))
            same = sum(entry in published for entry in found)
            row = {"bench": "feed_readers", "reader": reader, "file": file, "published": len(published)}
            print(json.dumps({**row, "read": len(found), "same": same}))


def _publication() -> Publication:
    told = [one for _, one in zip(range(60), stories(400), strict=False)]
    named = [
        replace(one.story, title=TITLES[at % len(TITLES)] + f" {at}" if at % 2 else one.story.title)
        for at, one in enumerate(told)
    ]
    records = tuple(record for one in told for record in one.records)
    return Publication(Site(TITLE, ADDRESS, description="Words that nobody wrote."), (), {}, records, tuple(named))


def _published(file: Path, link: str) -> set[Entry]:
    """As the plainest of the three says it, by nothing but Python's own JSON. JSON Feed has two links for an entry:
    to our page, and (as the other formats' only one) to the publisher's."""
    items = json.loads(file.read_bytes())["items"]
    return {Entry(i["id"], i["title"], i[link], i["date_published"]) for i in items}


def _readers() -> Iterator[tuple[str, str, Callable[[bytes], Iterator[Entry]]]]:
    for file in FILES:
        yield "broadsheet", file, _ours
    for file in FILES[:2]:
        yield "feedparser", file, _feedparser
        yield "fastfeedparser", file, _fastfeedparser
    yield "atoma", "feed.xml", _atoma_rss
    yield "atoma", "atom.xml", _atoma_atom


def _ours(body: bytes) -> Iterator[Entry]:
    for entry in read_feed(body).entries:
        yield Entry(entry.id or "", entry.title or "", entry.url or "", iso(entry.published) or "")


def _feedparser(body: bytes) -> Iterator[Entry]:
    for entry in feedparser.parse(body).entries:
        when = iso(datetime(*entry.published_parsed[:6], tzinfo=UTC)) or ""
        yield Entry(entry.id, entry.title, entry.link, when)


def _fastfeedparser(body: bytes) -> Iterator[Entry]:
    for entry in fastfeedparser.parse(body).entries:
        yield Entry(entry.id, entry.title, entry.link, iso(from_iso(entry.published)) or "")


def _atoma_rss(body: bytes) -> Iterator[Entry]:
    for item in atoma.parse_rss_bytes(body).items:
        yield Entry(item.guid, item.title, item.link, iso(item.pub_date) or "")


def _atoma_atom(body: bytes) -> Iterator[Entry]:
    for entry in atoma.parse_atom_bytes(body).entries:
        link: Any = next(one for one in entry.links if one.rel == "alternate")
        yield Entry(entry.id_, entry.title.value, link.href, iso(entry.published) or "")
