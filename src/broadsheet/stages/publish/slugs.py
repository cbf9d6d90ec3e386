"""Names of record files. The rule is the origin's: it gives 673 of its 674 names."""

import hashlib
import re
import unicodedata
from collections.abc import Container
from datetime import UTC, datetime

MAX_LENGTH = 144
LONGEST_WORD = 80
"""Of a title that is one word: no language has one so long, but some file systems have short names."""
_LONGEST_TITLE_LOOKED_AT = 2_000
_DROPPED = re.compile(r"[^a-z0-9 -]+")
_GAPS = re.compile(r"[ -]+")


def slug(title: str) -> str:
    """The title in `[a-z0-9-]`, never empty, at most 144 characters long, 80 where it is a single word.

    Lower-cased, accents folded (canonical decomposition), everything but letters, digits, blanks and hyphens dropped,
    blanks and hyphens folded to one hyphen, cut at a word. A title of which nothing is left (one in Chinese, say)
    gives `story-` and ten hexadecimal digits of its SHA-256.
    """
    folded = unicodedata.normalize("NFD", " ".join(title.split())[:_LONGEST_TITLE_LOOKED_AT].lower())
    name = _GAPS.sub("-", _DROPPED.sub("", folded)).strip("-")
    if not name:
        return "story-" + hashlib.sha256(title.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return _cut(name)


def record_path(published: datetime, title: str, taken: Container[str]) -> str:
    """`_news/YYYY-MM-DD-<slug>.md`, the day in UTC; `-2`, `-3` and so on where `taken` has the path already.

    A record keeps the path that it got first, whatever becomes of its title.
    """
    stem = f"_news/{published.astimezone(UTC):%Y-%m-%d}-{slug(title)}"
    path, number = f"{stem}.md", 1
    while path in taken:
        number += 1
        path = f"{stem}-{number}.md"
    return path


def _cut(name: str) -> str:
    if "-" not in name:
        return name[:LONGEST_WORD]
    if len(name) <= MAX_LENGTH:
        return name
    if name[MAX_LENGTH] == "-":
        return name[:MAX_LENGTH]
    return name[:MAX_LENGTH].rpartition("-")[0] or name[:MAX_LENGTH]
