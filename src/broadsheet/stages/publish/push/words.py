"""The words of a post: title, publisher, how many report it, and the link, within the limits of a service."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

import regex

from broadsheet.model.instants import from_iso, iso
from broadsheet.model.outgoing import StoryNews
from broadsheet.model.story import Story
from broadsheet.stages.publish.site.words import words_for

MASTODON_CHARACTERS, MASTODON_LINK = 500, 23
"""A status of Mastodon, in which each address counts alike (https://docs.joinmastodon.org/user/posting/)."""
BLUESKY_GRAPHEMES, BLUESKY_BYTES = 300, 3000
"""`text` in the lexicon app.bsky.feed.post."""
LONGEST_TITLE = 2_000
_GRAPHEME = regex.compile(r"\X")
_PING = re.compile(r"(?<![\w/])([@#])(?=\w)")
_BREAK = "\u200b"


def news_of(story: Story, url: str) -> StoryNews:
    """What there is to be said of a published story whose page is at `url`."""
    head = story.head
    return StoryNews(
        id=story.id,
        title=plain(story.title),
        url=url,
        publisher=plain(head.provider_name),
        source_url=head.url,
        published=head.published,
        began=min(m.published for m in story.members),
        heat=story.heat,
        reports=len(story.independent),
        copies=len(story.copies),
        deck=plain(head.excerpt or ""),
        language=head.language or "",
        topics=story.topics,
        records=tuple(m.record for m in story.members),
    )


def news_json(news: StoryNews) -> dict[str, Any]:
    """The news as it is kept, and as webhooks are given it: instants as text."""
    row = asdict(news) | {"published": iso(news.published), "began": iso(news.began)}
    return {**row, "topics": list(news.topics), "records": list(news.records)}


def news_from(row: Mapping[str, Any]) -> StoryNews:
    """The news that `news_json` wrote."""
    instants = {name: from_iso(row[name]).astimezone(UTC) for name in ("published", "began")}
    return StoryNews(**{**row, **instants, "topics": tuple(row["topics"]), "records": tuple(row["records"])})


def mastodon_text(news: StoryNews, locale: str) -> str:
    """A status: at most 500 characters as Mastodon counts them. A name of a title calls nobody."""
    room = MASTODON_CHARACTERS - MASTODON_LINK - 1
    return f"{_fitting(news, locale, room)}\n{news.url}"


def bluesky_text(news: StoryNews, locale: str) -> tuple[str, tuple[int, int]]:
    """A post's text, and where its link stands: the first byte of it and the first after it, in UTF-8."""
    parts = urlsplit(news.url)
    link = shortened(f"{parts.netloc}{parts.path}".rstrip("/"), 60)
    said = _fitting(news, locale, BLUESKY_GRAPHEMES - graphemes(link) - 1)
    said = _within_bytes(said, BLUESKY_BYTES - len(link.encode()) - 1)
    start = len(f"{said}\n".encode())
    return f"{said}\n{link}", (start, start + len(link.encode()))


def graphemes(text: str) -> int:
    """How many characters a reader sees (extended grapheme clusters, https://www.unicode.org/reports/tr29/)."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def shortened(text: str, most: int) -> str:
    """The text in at most so many graphemes, with an ellipsis where something is left out, cut at a word if one is
    near."""
    found = [match.group() for match in _GRAPHEME.finditer(text)]
    if len(found) <= most:
        return text
    kept = "".join(found[: max(most - 1, 0)])
    word = kept.rpartition(" ")[0]
    return (word if len(word) > 0.8 * len(kept) else kept).rstrip() + "…" if most > 0 else ""


def plain(text: str) -> str:
    """A stranger's text in one line, without what steers a reader's machine: controls, marks of direction, tags."""
    kept = (c if c.isspace() or unicodedata.category(c) not in {"Cc", "Cs", "Co"} else "" for c in text)
    return " ".join("".join(kept).translate(_STEERING).split())[:LONGEST_TITLE]


_STEERING = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])


def _fitting(news: StoryNews, locale: str, room: int) -> str:
    """Title and tail in so many graphemes; the title gives way."""
    tail = _silent(shortened(_tail(news, locale), 150))
    return f"{shortened(_silent(news.title), room - graphemes(tail) - 1)}\n{tail}"


def _silent(text: str) -> str:
    """A name with an @ calls its owner, and # makes a tag: not where a stranger's title has them."""
    return _PING.sub(rf"\1{_BREAK}", text)


def _tail(news: StoryNews, locale: str) -> str:
    """`The Ledger · 3 independent reports`; of a single one the publisher says it all."""
    said = [news.publisher] if news.publisher else []
    if news.reports > 1:
        said.append(words_for(locale)("independent_reports", n=news.reports))
    return " · ".join(said)


def _within_bytes(text: str, most: int) -> str:
    """Graphemes can be long: cut so that the UTF-8 fits as well."""
    while len(text.encode()) > most:
        text = shortened(text, graphemes(text) - 1)
    return text
