"""A record: what readers get of one article, one Markdown file with YAML front matter in git.

The format is the origin's; `stages/publish/records` reads and writes it byte for byte.
"""

from dataclasses import dataclass
from datetime import datetime

from broadsheet.model.article import ArticleType
from broadsheet.model.images import Image


@dataclass(frozen=True, slots=True)
class RecordProvider:
    """The publisher as a record names it; `images` has its logo only if it is trusted."""

    name: str
    domain: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """Another publisher's coverage of the same story, as it stands in the head's record."""

    title: str
    published_date_time: datetime
    provider: RecordProvider
    excerpt: str | None = None
    web_url: str | None = None
    amp_web_url: str | None = None
    cdn_amp_web_url: str | None = None
    type: ArticleType = "article"
    quality: int | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """All keys of the front matter. None and empty tuples are left out of the file, never written as null.

    `published_date_time` is UTC. `heat` is -1 on a record that is not the head of its story. Records in the
    origin's older form have neither quality nor heat nor published.
    """

    title: str
    published_date_time: datetime
    original_url: str
    provider: RecordProvider
    topics: tuple[str, ...] = ()
    category: str = "news"
    excerpt: str | None = None
    web_url: str | None = None
    amp_web_url: str | None = None
    cdn_amp_web_url: str | None = None
    type: ArticleType = "article"
    quality: int | None = None
    heat: int | None = None
    published: bool | None = None
    featured_content: str | None = None
    images: tuple[Image, ...] = ()
    related: tuple[Related, ...] = ()
    secured: str | None = None


@dataclass(frozen=True, slots=True)
class FiledRecord:
    """A record and where it is filed: `path` is `_news/YYYY-MM-DD-<slug>.md`, frozen at the first writing."""

    path: str
    record: Record
