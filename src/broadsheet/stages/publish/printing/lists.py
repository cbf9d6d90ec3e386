"""Prints pages of lists: of the news, of stories with their feeds, of providers."""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from broadsheet.model.publication import OutputFile, Publication
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.publish import api_documents as api
from broadsheet.stages.publish.api import news_page_files, offers_news, origin_files
from broadsheet.stages.publish.ledger import NEWS, PROVIDERS, STORIES
from broadsheet.stages.publish.printing.catalogue import Catalogue, newest_items_first
from broadsheet.stages.publish.printing.entries import Item
from broadsheet.stages.publish.printing.printed import Gone, Printed
from broadsheet.stages.publish.site.cards import Card
from broadsheet.stages.publish.site.links import ROOT, provider_page_path, topic_path
from broadsheet.stages.publish.site.listing import TopicPart, topic_page
from broadsheet.stages.publish.site.providers import Provider, Told, provider_index, provider_page
from broadsheet.stages.publish.site.theme import Theme
from broadsheet.stages.publish.syndication import Feed, FeedWriter


class ListPages:
    """Prints the lists that are divided into pages by the ledger."""

    def __init__(self, publication: Publication, catalogue: Catalogue, theme: Theme) -> None:
        self._catalogue, self._ledger, self._theme = catalogue, catalogue.ledger, theme
        self._title = publication.site.title
        self._from_newest = publication.numbered_from_newest
        self._official, self._trusted = publication.official, frozenset(publication.organizations)
        self._feeds = FeedWriter(publication.site, publication.hubs)
        self._topics: dict[str, Topic] = {t.id: t for t in publication.topics if not t.is_site}
        self._news = [t.id for t in publication.topics if offers_news(t)]

    def names(self) -> Iterator[str]:
        """The lists that have pages."""
        yield from (NEWS, STORIES)
        yield from (f"{NEWS}/{topic}" for topic in self._news)
        yield from (f"{STORIES}/{topic}" for topic in self._topics)
        yield from self._catalogue.shelves

    def page(self, name: str, page: int) -> Iterator[Printed]:
        """The files of a page of a list. The last two pages of most lists are shown together (`shown_with`)."""
        kind, _, part = name.partition("/")
        if kind == NEWS and not self._from_newest:
            if not part or part in self._news:
                items = [text for _, text in self._catalogue.items_of(name, page)]
                yield from news_page_files(name, page, items, is_open=page == self._ledger.last(name))
        elif kind == STORIES and (not part or part in self._topics):
            yield from self._stories(name, self._topics.get(part), page)
        elif kind == PROVIDERS:
            yield from self._provider(name, page)

    def shown_with(self, name: str, page: int) -> int:
        """The page that this one is printed as: most lists have their last two pages at their own address."""
        return self._ledger.last(name) if not name.startswith(NEWS) and page > self._closed(name) else page

    def _closed(self, name: str) -> int:
        """How many pages of a list have an address of their own."""
        return max(0, self._ledger.last(name) - 2)

    # Stories.

    def _stories(self, name: str, topic: Topic | None, page: int) -> Iterator[Printed]:
        closed = self._closed(name)
        feed = Feed(
            f"{self._title}: {topic.name}" if topic else self._title, topic_path(topic.id) if topic else "", closed
        )
        open_page = page > closed
        cards = self._cards(name, page, open_page=open_page)
        if topic:
            part = TopicPart(topic, None if open_page else page, (closed if open_page else page - 1) or None, closed)
            yield topic_page(self._theme, part, cards)
        if open_page:
            yield from self._feeds.feeds(feed, cards)
        else:
            yield self._feeds.archive(feed, page, cards)

    def _cards(self, name: str, page: int, *, open_page: bool) -> list[Card]:
        """The cards of a page, with those of the page before where it is the open one; what began last comes first."""
        cards = self._catalogue.cards(name, page)
        if open_page and page > 1:
            cards += self._catalogue.cards(name, page - 1)
        return sorted(cards, key=attrgetter("began", "id"), reverse=True)

    # Providers.

    def _provider(self, name: str, page: int) -> Iterator[Printed]:
        closed = self._closed(name)
        own = None if page > closed else page
        if name not in self._catalogue.shelves:
            yield from (Gone(path) for path in _provider_paths(name.partition("/")[2], own))
            return
        facts = self._catalogue.provider(name, self._official, self._trusted)
        shown = self._reports(name, page, open_page=own is None)
        yield provider_page(self._theme, facts, [told for told, _ in shown], page=own, closed=closed)
        document = api.provider_path(facts.chip.domain, own)
        if document:
            items, older = [text for _, text in shown], (closed if own is None else own - 1) or None
            known = api.provider_document(_facts(facts), items, older) if own is None else None
            yield OutputFile(document, known or api.provider_page(page, items, older))

    def _reports(self, name: str, page: int, *, open_page: bool) -> list[tuple[Told, str]]:
        """The reports of a page, with those of the page before where it is the open one, newest first."""
        shown = self._catalogue.told(name, page)
        if open_page and page > 1:
            shown += self._catalogue.told(name, page - 1)
        return sorted(shown, key=lambda told: (told[0].at, told[0].key), reverse=True)

    def providers(self) -> Iterator[Printed]:
        """The list of all providers."""
        shelves = sorted(self._catalogue.shelves)
        facts = [self._catalogue.provider(name, self._official, self._trusted) for name in shelves]
        yield provider_index(self._theme, facts)
        yield OutputFile(api.PROVIDERS_INDEX, api.providers_document((f.chip.name, f.chip.domain) for f in facts))

    # The origin's form.

    def origin(self) -> Iterator[Printed]:
        """All lists of the news, numbered from the newest."""
        for name in (NEWS, *(f"{NEWS}/{topic}" for topic in self._news)):
            pages = list(origin_files(name, [text for _, text in self.all_items(name)]))
            yield from pages
            yield from (Gone(f"api/{name}/page/{n}/index.json") for n in range(len(pages), self._ledger.last(name) + 1))

    def all_items(self, name: str) -> Sequence[tuple[Item, str]]:
        """The items of all pages of a list of the news, newest first."""
        pages = range(1, self._ledger.last(name) + 1)
        return newest_items_first(i for page in pages for i in self._catalogue.items_of(name, page))


def _provider_paths(step: str, page: int | None) -> Iterator[str]:
    yield f"{provider_page_path(step, page)}index.html"
    yield api.provider_path(step, page) or ""


def _facts(facts: Provider) -> api.ProviderFacts:
    logo = facts.chip.logo.removeprefix(ROOT) if facts.chip.logo else None
    page = provider_page_path(facts.step)
    return api.ProviderFacts(facts.chip.name, facts.chip.domain, logo, page, facts.trusted, facts.official)
