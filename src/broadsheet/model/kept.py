"""What the store keeps between the stages: an item on its way to a page, and an article on its way to a record."""

from dataclasses import dataclass
from datetime import datetime

from broadsheet.model.article import Article
from broadsheet.model.feed import Entry
from broadsheet.model.story import Assignment


@dataclass(frozen=True, slots=True)
class Item:
    """An entry that a source offered. `key` is its identity across sources; `fingerprint` changes when the source
    says something new about it; `first_seen` and `not_before` are UTC.

    `marks` find it again under another address (`stages.sources.sameness`). `refused` is why it is no candidate for an
    article, None if it is one.
    """

    key: str
    url: str
    source_url: str
    entry: Entry
    fingerprint: str
    first_seen: datetime
    attempts: int = 0
    not_before: datetime | None = None
    marks: tuple[int, ...] = ()
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """An article with what enrichment settled. `id` follows from its address; `published_at` is UTC and never later
    than `first_seen`. `assignment` is None until the story engine has seen it; it never sees one that is `muted`, which
    is the reason for that. `tags` are those of its sources and of the rules."""

    id: str
    article: Article
    published_at: datetime
    first_seen: datetime
    source_url: str
    official: bool = False
    assignment: Assignment | None = None
    tags: tuple[str, ...] = ()
    muted: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence or title of an article that its publisher changed after we had it. `at` is UTC."""

    article_id: str
    at: datetime
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of the content repository as we last wrote it: `sha` of its bytes (None: to be deleted), `before` of the
    bytes it replaces; `dirty` until it is committed."""

    path: str
    sha: str | None
    before: str | None = None
    dirty: bool = True
