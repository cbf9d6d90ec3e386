"""Articles from JSON Lines, as strangers may write them."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from broadsheet.errors import Rejected
from broadsheet.formats.instants import parse_instant
from broadsheet.model.story import StoryArticle

LONGEST_LINE = 8_000_000
LONGEST_ID = 1_000
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def read_articles(lines: Iterable[bytes]) -> Iterator[StoryArticle | dict[str, object]]:
    """An article for each line, or `{line, error}` for one that is none. Blank lines are left out.

    An article without a readable `publishedDateTime` is put at the start of 1970, where it meets only its like.
    """
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            article = read_article(line)
            if article.id in seen:
                raise Rejected(f"the id {article.id[:80]!r} was there before")
        except Rejected as error:
            yield {"line": number, "error": str(error)}
        else:
            seen.add(article.id)
            yield article


def read_article(line: bytes) -> StoryArticle:
    """Raises Rejected with what is wrong."""
    if len(line) > LONGEST_LINE:
        raise Rejected(f"longer than {LONGEST_LINE:,} bytes")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Rejected("not JSON") from error
    if not isinstance(row, dict):
        raise Rejected("not a JSON object")
    identity = row.get("id")
    if isinstance(identity, (int, float)) and not isinstance(identity, bool) and math.isfinite(identity):
        identity = str(identity)
    if not isinstance(identity, str) or not identity or len(identity) > LONGEST_ID:
        raise Rejected("no id")
    provider = row.get("provider")
    return StoryArticle(
        id=identity,
        title=_text(row, "title"),
        published=_published(row),
        url=_text(row, "url"),
        excerpt=_text(row, "excerpt"),
        text=_text(row, "text"),
        provider_domain=_text(provider, "domain") if isinstance(provider, dict) else "",
        language=_text(row, "language"),
    )


def _text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _published(row: Mapping[str, object]) -> datetime:
    return parse_instant(_text(row, "publishedDateTime")[:100]) or EARLIEST
