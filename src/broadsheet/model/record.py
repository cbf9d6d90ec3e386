"""A record: what readers get of one article, one Markdown file with YAML front matter in git.

The format is the origin's; `stages/publish/records` reads and writes it byte for byte.
"""

from dataclasses import dataclass
from datetime import datetime

from broadsheet.model.article import ArticleType
from broadsheet.model.images import Image

FOLDER = "_news"
"""Where records lie in the content repository."""


class Verbatim(str):
    """Text that stood in a record in a way that we read but would not write, such as `name: yes` without quotes.

    It equals the plain text in every respect; `source` is what stood there, and what is written back.
    """

    __slots__ = ("source",)
    source: str

    def __new__(cls, text: str, source: str) -> "Verbatim":
        """The text, and how it stood in the file."""
        value = super().__new__(cls, text)
        value.source = source
        return value

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # a str has one; both are needed to copy it
        return (str(self), self.source)


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
