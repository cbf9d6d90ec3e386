"""A publication as the publishing stage gets it: the site, its registry, its records and stories."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from pathlib import Path

from broadsheet.model.letter import FiledLetter
from broadsheet.model.record import FiledRecord
from broadsheet.model.source import Source
from broadsheet.model.sponsor import Sponsor
from broadsheet.model.story import Story
from broadsheet.model.taxonomy import Organization, Topic
from broadsheet.model.vitals import SourceHealth


@dataclass(frozen=True, slots=True)
class Site:
    """What a publication says of itself, from `broadsheet.toml` or the origin's `_config.yml`.

    `url` + `base_path` is where the built files are served; `web_url` is where readers are sent (the origin kept
    the two apart), without a trailing slash. `locale` is a BCP 47 tag in the origin's lower-case form (`en-us`).
    """

    title: str
    url: str = ""
    base_path: str = ""
    web_url: str = ""
    locale: str = "en-us"
    description: str = ""


@dataclass(frozen=True, slots=True)
class PublishedImage:
    """A picture as we serve it: `files` are (path below the site's root, width) from small to large, all WebP;
    `width` and `height` are those of the largest. `share` is the path of a JPEG of the same size, for mail and for
    those who show links; empty where there is none."""

    files: tuple[tuple[str, int], ...]
    width: int
    height: int
    alt: str = ""
    share: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """All its files, below the site's root."""
        return (*(path for path, _ in self.files), *((self.share,) if self.share else ()))


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that the publishing stage needs; the output is a function of this and nothing else.

    `records` come in any order. `stories` may be empty (a folder in the origin's form): stories are then made from
    each head and its `related`. `pictures` maps an image's address to what we have cached of it; an image that is
    not in it is not shown, since the site never loads anything from a third party. `files` maps a path below the
    site's root to the file on disk that is copied there.
    `moved` maps the id of a story without reports to the id of the one that its address leads to.
    `health` is how the sources are, as far as runs on this machine know it; empty in a fresh clone, and where
    `[health] page` is off: then the site has no page on it.
    `letters` are the newsletters, as they were filed, `subscribe` is the address where readers ask for them.
    `official` are the domains that are the subject's own voice.
    `sources` are those that may be named to everybody. `sponsors` stand on pages on the days and in the places that
    they say; `today` (UTC) is the day of that, so that within a day nothing changes by itself. `ai_crawlers` is
    whether those who collect for language models are welcome. `hubs` are the addresses of the WebSub hubs that are
    told of our feeds, `keys` small texts that lie at the site's root to prove that it is ours, by their paths.
    """

    site: Site
    topics: tuple[Topic, ...]
    organizations: Mapping[str, Organization]
    records: tuple[FiledRecord, ...]
    stories: tuple[Story, ...] = ()
    pictures: Mapping[str, PublishedImage] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    health: tuple[SourceHealth, ...] = ()
    letters: tuple[FiledLetter, ...] = ()
    subscribe: str = ""
    official: frozenset[str] = frozenset()
    sources: tuple[Source, ...] = ()
    sponsors: tuple[Sponsor, ...] = ()
    today: date | None = None
    ai_crawlers: bool = True
    numbered_from_newest: bool = False
    hubs: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def day(self) -> date | None:
        """The day whose sponsors stand on the pages: today, or where nobody said it, that of the newest record."""
        newest = max((r.record.published_date_time for r in self.records), default=None) if not self.today else None
        return self.today or (newest.astimezone(UTC).date() if newest else None)


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file of the publication: `path` is relative, with forward slashes."""

    path: str
    body: bytes
