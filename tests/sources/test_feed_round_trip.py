"""Whatever a feed says in its proper form is what we read, in any of the formats and encodings."""

import json
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.model.feed import Entry
from broadsheet.stages.sources.feeds import read_feed

# Any text of XML that isn't a control or a blank at an end; blanks inside are single, as they come back.
WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cn", "Co")), min_size=1, max_size=12
)  # fmt: skip
TEXTS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda t: t.replace(microsecond=0, tzinfo=UTC))
ZONES = st.integers(-11 * 4, 13 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
PATHS = st.from_regex(r"[a-z0-9][a-z0-9/_-]{0,20}(\?[a-z]=[a-z0-9%+&=]{0,9})?", fullmatch=True)
ENTRIES = st.lists(
    st.tuples(TEXTS, TEXTS, INSTANTS, ZONES, PATHS, st.lists(TEXTS, max_size=3, unique=True)), max_size=4
)
Given = list[tuple[str, str, datetime, timezone, str, list[str]]]


def rss(title: str, entries: Given) -> str:
    items = "".join(
        f"<item><title>{escape(escape(name))}</title><description>{escape(escape(text))}</description>"
        f"<link>https://a.example/{escape(path)}</link><guid>{number}</guid>"
        f"<pubDate>{format_datetime(when.astimezone(zone))}</pubDate>"
        f"{''.join(f'<category>{escape(word)}</category>' for word in words)}</item>"
        for number, (name, text, when, zone, path, words) in enumerate(entries)
    )
    return f"<rss version='2.0'><channel><title>{escape(escape(title))}</title>{items}</channel></rss>"


def atom(title: str, entries: Given) -> str:
    items = "".join(
        f"<entry><title>{escape(name)}</title><summary>{escape(text)}</summary><id>{number}</id>"
        f"<link href={quoteattr(f'https://a.example/{path}')}/><published>{when.astimezone(zone).isoformat()}</published>"
        f"{''.join(f'<category term={quoteattr(word)}/>' for word in words)}</entry>"
        for number, (name, text, when, zone, path, words) in enumerate(entries)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{escape(title)}</title>{items}</feed>"


def json_feed(title: str, entries: Given) -> str:
    items = [
        {
            "id": str(number),
            "title": escape(name),
            "content_text": text,
            "url": f"https://a.example/{path}",
            "date_published": when.astimezone(zone).isoformat(),
            "tags": words,
        }
        for number, (name, text, when, zone, path, words) in enumerate(entries)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": escape(title), "items": items})


def _is_same(entry: Entry, number: int, said: tuple[str, str, datetime, timezone, str, list[str]]) -> None:
    name, text, when, _, path, words = said
    assert entry.id == str(number)
    assert entry.title == name
    assert entry.url == f"https://a.example/{path}"
    assert entry.published == when
    assert (entry.summary or entry.content) == escape(text)
    assert entry.categories == tuple(words)


@pytest.mark.parametrize("write", [rss, atom, json_feed])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-be"])
@settings(max_examples=25)
@given(TEXTS, ENTRIES)
def test_what_is_said_is_read(write: object, encoding: str, title: str, entries: Given) -> None:
    body = write(title, entries).encode(encoding)  # type: ignore[operator]
    feed = read_feed(body)
    assert feed.title == title
    assert len(feed.entries) == len(entries)
    for number, said in enumerate(entries):
        _is_same(feed.entries[number], number, said)


@settings(max_examples=40)
@given(TEXTS, ENTRIES, st.integers(1, 100))
def test_what_breaks_off_gives_no_more_and_nothing_else(title: str, entries: Given, percent: int) -> None:
    body = rss(title, entries).encode()
    body = body[: max(30, len(body) * percent // 100)]
    titles = [said[0] for said in entries]
    found = [entry.title for entry in read_feed(body).entries]
    assert len(found) <= len(titles)
    assert found[:-1] == titles[: max(0, len(found) - 1)]
