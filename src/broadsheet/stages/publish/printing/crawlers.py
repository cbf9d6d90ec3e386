"""Prints what search engines are told: the sitemaps of stories, of pages, of the news, and which there are."""

from collections.abc import Iterable, Iterator
from datetime import date

from broadsheet.model.publication import OutputFile, Publication
from broadsheet.stages.publish.ledger import NEWS, STORIES
from broadsheet.stages.publish.printing.catalogue import Catalogue
from broadsheet.stages.publish.printing.lists import ListPages
from broadsheet.stages.publish.printing.printed import Gone, Printed
from broadsheet.stages.publish.printing.touching import Relisted, Touched
from broadsheet.stages.publish.site.cards import Card
from broadsheet.stages.publish.site.links import Links, topic_path
from broadsheet.stages.publish.sitemaps import (
    LIST_PAGES,
    NEWS_AGE,
    PAGES,
    news_sitemap,
    origin_news_sitemap,
    pages_sitemap,
    sitemap_index,
    sitemap_of,
    sitemap_path,
    stories_sitemap,
)

PLAIN_PAGES = ("about/", "corrections/", "days/", "feeds/", "providers/", "search/")


class SitemapPages:
    """Prints the sitemaps of one publication. A story goes into one when the day on which it began is over."""

    def __init__(self, publication: Publication, catalogue: Catalogue, links: Links, lists: ListPages) -> None:
        self._site, self._from_newest = publication.site, publication.numbered_from_newest
        self._topics = [t.id for t in publication.topics if not t.is_site]
        self._catalogue, self._ledger, self._links, self._lists = catalogue, catalogue.ledger, links, lists
        self._there: set[int] = set()
        self._news: dict[str, tuple[Card, str]] = {}
        self._today: date | None = None

    def all(self) -> set[Touched]:
        """All sitemaps of stories."""
        self._today = self._catalogue.today
        return {Touched("sitemap", "", n) for n in range(1, sitemap_of(self._ledger.last(STORIES)) + 1)}

    def touched(self, relisted: Iterable[Relisted]) -> set[Touched]:
        """The sitemaps with stories that changed: those whose day is, or was, over. When a day is over, its stories go
        into the sitemaps, and its number into the archive."""
        before, self._today = self._today, self._catalogue.today
        today = {before} if before == self._today else {None}
        stories = {s for s, old, now in relisted if any(c and c.day not in today for c in (old, now))}
        touched = set[Touched]()
        if before != self._today:
            stories |= self._between(before, self._today)
            touched |= {Touched("days"), Touched("pages")}
        pages = {self._ledger.page(STORIES, s) for s in stories}
        return touched | {Touched("sitemap", "", sitemap_of(p)) for p in pages if p}

    def _between(self, *days: date | None) -> set[str]:
        """The stories of these days and of those between."""
        earlier, later = min(filter(None, days)), max(filter(None, days))
        return {s for day, stories in self._catalogue.days.items() if earlier <= day <= later for s in stories}

    def sitemap(self, number: int) -> Iterator[Printed]:
        """A sitemap of stories."""
        first = (number - 1) * LIST_PAGES + 1
        cards = [c for page in range(first, first + LIST_PAGES) for c in self._catalogue.cards(STORIES, page)]
        today = self._catalogue.today
        file = stories_sitemap(self._links, number, (c for c in cards if c.day != today))
        if file:
            self._there.add(number)
            yield file
        else:
            self._there.discard(number)
            yield Gone(sitemap_path(number))

    def index(self) -> OutputFile:
        """Which sitemaps there are."""
        return sitemap_index(self._links, [PAGES, *map(sitemap_path, sorted(self._there))])

    def pages(self) -> OutputFile:
        """The pages that are no stories."""
        return pages_sitemap(self._links, self._paths())

    def _paths(self) -> Iterator[str]:
        today = self._catalogue.today
        yield from ("", *map(topic_path, self._topics), *PLAIN_PAGES)
        yield from (f"days/{day.isoformat()}/" for day in self._catalogue.all_days if day != today)
        yield from (f"{name}/" for name in sorted(self._catalogue.shelves))

    def news(self) -> OutputFile:
        """What is new."""
        if self._from_newest:
            shown = ((i.at, _stem(i.path)) for i, _ in self._lists.all_items(NEWS) if i.own_page)
            return origin_news_sitemap(self._site, shown)
        newest = self._catalogue.newest
        cards = self._catalogue.since(newest - NEWS_AGE) if newest else ()
        return news_sitemap(self._site, cards, newest, self._news)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")
