"""The look: templates compiled once a build, and the files that come with them (style sheet, fonts, icon)."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache, cached_property
from hashlib import blake2s
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple, Protocol

from markupsafe import Markup

from broadsheet.model.instants import iso
from broadsheet.model.publication import OutputFile, Site
from broadsheet.stages.publish.site.compiled import SiteTemplates
from broadsheet.stages.publish.site.framed import StoryFrame
from broadsheet.stages.publish.site.links import MISSING, Links
from broadsheet.stages.publish.site.sponsors import Ads
from broadsheet.stages.publish.site.views import Chip, TopicLink
from broadsheet.stages.publish.site.words import Words, words_for

_PACKAGE = "broadsheet.stages.publish.site"
_MOST_LINES = 5_000
_COMMENTS = re.compile(rb"/\*.*?\*/\s*|^ +", re.DOTALL | re.MULTILINE)  # a fifth of the style sheet as it is sent
_OF_MANY = ("day.html", "topic.html", "provider.html")
_MOST_PUBLISHERS = 5_000
_PER_PAGE = ("og_image", "og_type", "article", "description", "heading")


class FeedLink(NamedTuple):
    """A feed as a page names it in its head."""

    type: str
    title: str
    path: str


class Theme:
    """Renders the pages of one site."""

    def __init__(
        self,
        site: Site,
        links: Links,
        topics: tuple[TopicLink, ...],
        *,
        sources_page: bool = False,
        letters_page: bool = False,
        ads: Ads | None = None,
    ) -> None:
        self.words: Words = words_for(site.locale)
        self.title = site.title
        self.description = site.description or None
        self.topics = topics
        self._site, self._links = site, links
        self.ads = ads or Ads(links)
        self._lines: dict[tuple[str, date | None], tuple[object, Markup]] = {}
        self._publishers: dict[int, tuple[Chip, Markup]] = {}
        self._tellings: dict[str, tuple[object, Markup]] = {}
        self._older_tellings: dict[str, tuple[object, Markup]] = {}
        known = {
            "w": self.words,
            "at": links.at,
            "site": site,
            "sources_page": sources_page,
            "letters_page": letters_page,
            "style": stamped("broadsheet.css"),
            "direction": self.words.direction,
            "topics": topics,
            "stamp": iso,
            "minute": _minute,
            "line_of": self.line_of,
            "telling_of": self.telling_of,
            "publisher": self.publisher,
        }
        identity = repr((site, links, topics, self.words.language, sources_page, letters_page, known["style"]))
        self._environment = SiteTemplates(known, identity)
        self._environment.globals.update(dict.fromkeys(_PER_PAGE), ads=self.ads)

    def page(self, template: str, path: str, **values: object) -> OutputFile:
        """The page at `path` (a folder, or a file's name that ends in .html)."""
        frame = {"here": path, "canonical": self.canonical(path), "feeds": site_feeds(self._site.title)}
        body = self._links.resolved(self._environment.get_template(template).render(frame | values), path)
        return OutputFile(path if path.endswith(".html") else f"{path}index.html", body)

    def story_page(self, path: str, **values: object) -> OutputFile:
        """The page of a story."""
        return self._story_frame.page(path, canonical=self.canonical(path), **values)

    @cached_property
    def _story_frame(self) -> StoryFrame:
        return StoryFrame(self._environment, self._links, feeds=site_feeds(self._site.title))

    def prepare(self) -> None:
        """Compiles the templates of which there are many pages, so that processes forked from this one have them."""
        _ = self._story_frame, self._parts
        for template in _OF_MANY:
            self._environment.get_template(template)

    def publisher(self, chip: Chip) -> Markup:
        """A publisher, mark and name, leading to its page: made once, since one has many reports."""
        known = self._publishers.get(id(chip))
        if known is not None and known[0] is chip:
            return known[1]
        if len(self._publishers) >= _MOST_PUBLISHERS:
            self._publishers.clear()
        shown = Markup(self._parts.publisher(chip))  # noqa: S704 - a template escaped what is in it
        self._publishers[id(chip)] = chip, shown
        return shown

    def line_of(self, view: "Listed", today: date | None) -> Markup:
        """A story as a line of a list, its links still to be resolved: made once, since a day and each topic have the
        same. `today` as `Words.moment` takes it."""
        key = view.path, today
        known = self._lines.get(key)
        if known is not None and known[0] is view:
            return known[1]
        if len(self._lines) >= _MOST_LINES:
            self._lines.clear()
        line = Markup(self._parts.line(view, today))  # noqa: S704 - a template escaped what is in it
        self._lines[key] = view, line
        return line

    def telling_of(self, told: "Keyed", day: date) -> Markup:
        """A report, of that day, as a line of its publisher's page: made once, since it is there until fifty others
        came."""
        known = self._tellings.get(told.key) or self._older_tellings.get(told.key)
        if known is not None and known[0] is told:
            return known[1]
        if len(self._tellings) >= _MOST_LINES:
            self._older_tellings, self._tellings = self._tellings, {}
        line = Markup(self._parts.telling(told, day))  # noqa: S704 - a template escaped what is in it
        self._tellings[told.key] = told, line
        return line

    @cached_property
    def _parts(self) -> Any:
        return self._environment.get_template("parts.html").module

    def canonical(self, path: str) -> str | None:
        """The whole address of a page, None where the site has no host or the page no address of its own."""
        return self._links.full(path) if self._links.origin and path != MISSING else None


class Keyed(Protocol):
    """What has a key in its list."""

    @property
    def key(self) -> str:
        """The key."""


class Listed(Protocol):
    """What lists know a story by: its view, or what is left of one."""

    @property
    def path(self) -> str:
        """The address of its page."""


def _minute(at: datetime) -> str:
    """`2026-11-22T06:14Z` of an instant in UTC, as `datetime` of `<time>` takes it."""
    return f"{iso(at):.16}Z"


def site_feeds(title: str, path: str = "") -> tuple[FeedLink, ...]:
    """The three feeds of the site, or of the topic whose page is at `path`."""
    return (
        FeedLink("application/rss+xml", f"{title}, RSS", f"{path}feed.xml"),
        FeedLink("application/atom+xml", f"{title}, Atom", f"{path}atom.xml"),
        FeedLink("application/feed+json", f"{title}, JSON Feed", f"{path}feed.json"),
    )


@cache
def _static() -> tuple[OutputFile, ...]:
    return tuple(_below(resources.files(_PACKAGE) / "static", "assets"))


def _below(folder: Traversable, path: str) -> Iterator[OutputFile]:
    for item in sorted(folder.iterdir(), key=lambda i: i.name):
        if item.is_dir():
            yield from _below(item, f"{path}/{item.name}")
        else:
            body = item.read_bytes()
            yield OutputFile(f"{path}/{item.name}", _COMMENTS.sub(b"", body) if item.name.endswith(".css") else body)


def stamped(name: str) -> str:
    """The path of a static file with its fingerprint, so that a browser never shows a new page with an old one."""
    body = next(f.body for f in _static() if f.path == f"assets/{name}")
    return f"assets/{name}?v={blake2s(body, digest_size=4).hexdigest()}"


def static_files() -> tuple[OutputFile, ...]:
    """Style sheets, fonts with their licence, icon, the script of the search, under `assets/`."""
    return _static()
