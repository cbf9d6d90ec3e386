"""Prints a publication: all of it, or what a change touches. Both give the same files."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from broadsheet.errors import StorageError
from broadsheet.model.publication import OutputFile, Publication
from broadsheet.model.record import FiledRecord, Record
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.publish import api_documents as api
from broadsheet.stages.publish.ads import ad_files
from broadsheet.stages.publish.api import item_as_text, news_page_files, offers_news, origin_files
from broadsheet.stages.publish.api_entry import entry_files
from broadsheet.stages.publish.directions import direction_files
from broadsheet.stages.publish.ledger import NEWS, PROVIDERS, STORIES, Ledger
from broadsheet.stages.publish.newsletter.pages import letter_files
from broadsheet.stages.publish.printing.catalogue import (
    Catalogue,
    Entry,
    Item,
    Relisted,
    Supplied,
    Touched,
    newest_item_first,
)
from broadsheet.stages.publish.printing.printed import Gone, Printed
from broadsheet.stages.publish.printing.searching import SearchPrinter
from broadsheet.stages.publish.printing.sheets import Sheet
from broadsheet.stages.publish.site.cards import Card, card_of
from broadsheet.stages.publish.site.edition import (
    DAYS,
    FILLED_TO,
    WINDOW,
    DayCount,
    Shown,
    enough,
    in_full,
    plan_front,
)
from broadsheet.stages.publish.site.links import ROOT, provider_page_path, provider_step, story_path, topic_path
from broadsheet.stages.publish.site.listing import (
    Spoken,
    Titled,
    TopicPart,
    archive_page,
    day_page,
    front_page,
    topic_page,
)
from broadsheet.stages.publish.site.pages import Pages
from broadsheet.stages.publish.site.providers import Provider, copied_in, provider_index, provider_page, told_in
from broadsheet.stages.publish.site.views import CorrectionView, StoryView
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
from broadsheet.stages.publish.source_files import source_files
from broadsheet.stages.publish.stories import end_of
from broadsheet.stages.publish.story_files import emit_moved, emit_story
from broadsheet.stages.publish.syndication import Feed, FeedWriter

CORRECTIONS = 500
PLAIN_PAGES = ("about/", "corrections/", "days/", "feeds/", "providers/", "search/")


class Printer:
    """Holds the publication in memory and prints it.

    `publication` gives everything but records and stories; these come as sheets, of which `sheet` gives one again by
    its story's id, None where there is none any more. What joins a list is written into the `ledger`, which the caller
    files. `read` gives the bytes of a file that was printed before.
    """

    def __init__(
        self,
        publication: Publication,
        ledger: Ledger,
        sheet: Callable[[str], Sheet | None],
        read: Callable[[str], bytes | None],
    ) -> None:
        self.publication = publication
        self.catalogue = Catalogue(ledger)
        self._ledger = ledger
        self._pages = Pages(publication)
        self._feeds = FeedWriter(publication.site, publication.hubs)
        self._moved: Mapping[str, str] = dict(publication.moved)
        self._links = self._pages.viewer.links
        self._topics: dict[str, Topic] = {t.id: t for t in publication.topics if not t.is_site}
        self._news = {t.name: t.id for t in publication.topics if offers_news(t)}
        self._sheet = sheet
        self._search = SearchPrinter(self.catalogue, read)
        self._views = _Views(self._view_anew)
        self._leading: dict[str, set[str]] = {}
        self._sitemaps: set[int] = set()
        self._months: set[date] = set()
        self._today: date | None = None

    def around(self, publication: Publication) -> Iterator[OutputFile]:
        """What no story changes, as this publication says it: its plain pages, letters, sources, sponsors."""
        yield from self._pages.plain(publication)
        yield from letter_files(self._pages.theme, publication)
        for files in (source_files, entry_files, direction_files, ad_files):
            yield from files(publication)
        yield from (OutputFile(path, key.encode()) for path, key in sorted(publication.keys.items()))

    def whole(self, sheets: Iterable[Sheet], moved: Mapping[str, str] | None = None) -> Iterator[OutputFile]:
        """Every file that these stories make; `moved`, where given, may fill while they are read. Raises Rejected where
        an id can't be an address."""
        for sheet in sheets:
            view = self._enter(sheet)
            yield from self._story_files(view) if view else ()
        self.catalogue.touched()
        self._moved = dict(self._moved if moved is None else moved)
        self._lead()
        for printed in self._everything():
            if isinstance(printed, OutputFile):
                yield printed
        yield from self._search.whole()

    def change(
        self, sheets: Iterable[Sheet], gone: Iterable[str] = (), moved: Mapping[str, str] | None = None
    ) -> Iterator[Printed]:
        """The files that change where these stories came or changed and those of `gone` went. `moved`, where given, is
        the whole of where the addresses of stories without reports lead now."""
        for story in gone:
            self._views.drop(story)
            self.catalogue.drop(story)
        for sheet in sheets:
            self._enter(sheet)
        touched = self.catalogue.touched() | self._lead_on(moved)
        relisted = self.catalogue.relisted()
        touched |= self._in_sitemaps(relisted) | self._turn_of_day()
        yield from self._print(touched)
        yield from self._search.change(relisted)

    @property
    def ungrouped(self) -> int:
        """How many stories the search has not put in order yet."""
        return self._search.ungrouped

    def housekeep(self) -> Iterator[Printed]:
        """Regroups the files of the search, which change grain by grain in between: once a day is enough."""
        yield from self._search.regroup()

    # Stories enter.

    def _enter(self, sheet: Sheet) -> StoryView | None:
        """Takes a story into the catalogue; gives the view of one that has a page."""
        view = self._pages.viewer.view(sheet.story, sheet.records) if sheet.has_page else None
        self.catalogue.put(self._entry(sheet, view))
        if view:
            self._views.put(view)
        else:
            self._views.drop(sheet.story.id)
        return view

    def _entry(self, sheet: Sheet, view: StoryView | None) -> Entry:
        story = sheet.story
        shown = view if view and sheet.shown else None
        return Entry(
            id=story.id,
            card=card_of(shown) if shown else None,
            summary=api.story_summary(story) if shown else "",
            items=tuple(self._items(sheet.records)),
            supplied=tuple(_supplied(shown)) if shown else (),
            copied=tuple(copied_in(shown)) if shown else (),
            corrections=shown.corrections if shown else (),
            title=view.title if view else "",
            lang=view.head.lang if view else None,
            has_page=view is not None,
        )

    def _items(self, records: Mapping[str, Record]) -> Iterator[Item]:
        locale = self.publication.site.locale
        for path, record in records.items():
            if record.published is not False:
                topics = tuple(self._news[name] for name in record.topics if name in self._news)
                text = item_as_text(FiledRecord(path, record), locale)
                yield Item(path, record.published_date_time, topics, text, own_page=not record.web_url)

    def _view_anew(self, story: str) -> StoryView:
        sheet = self._sheet(story)
        if sheet is None:
            raise StorageError(f"the story {story} can't be read again", hint="Run again: what changed is read anew")
        return self._pages.viewer.view(sheet.story, sheet.records)

    def _full(self, shown: Shown) -> StoryView:
        return self._views.get(shown.id)

    def _story_files(self, view: StoryView) -> Iterator[OutputFile]:
        yield self._pages.story(view)
        yield OutputFile(f"api/{view.path}index.json", emit_story(view.story))

    # Addresses that lead on.

    def _lead(self) -> None:
        """Notes which addresses lead to which story."""
        self._leading = {}
        for story in self._moved:
            self._leading.setdefault(end_of(story, self._moved), set()).add(story)

    def _lead_on(self, moved: Mapping[str, str] | None) -> set[Touched]:
        """What it touches that addresses lead elsewhere now."""
        before = {s: end_of(s, self._moved) for s in self._moved}
        if moved is not None and moved != self._moved:
            self._moved = dict(moved)
            self._lead()
        after = {s: end_of(s, self._moved) for s in self._moved}
        return {Touched("address", s) for s in before.keys() | after.keys() if before.get(s) != after.get(s)}

    def _address(self, story: str) -> Iterator[Printed]:
        """The page and the document of a story's address, and of those that lead there."""
        yield from self._at_address(story)
        for other in sorted(self._leading.get(story, ())):
            if other != story:
                yield from self._at_address(other)

    def _at_address(self, story: str) -> Iterator[Printed]:
        page, document = f"{story_path(story)}index.html", f"api/{story_path(story)}index.json"
        entry = self.catalogue.entries.get(story)
        to = self.catalogue.entries.get(end_of(story, self._moved)) if story in self._moved else None
        if entry and entry.has_page:
            yield from self._story_files(self._views.get(story))
        elif to and to.has_page:
            yield self._pages.moved(story_path(story), _titled(to))
            yield OutputFile(document, emit_moved(story, to.id))
        else:
            yield Gone(page)
            yield Gone(document)

    # What a change touches.

    def _in_sitemaps(self, relisted: Iterable[Relisted]) -> set[Touched]:
        """The sitemaps with stories that changed: those whose day is, or was, over."""
        today = {self._today, self.catalogue.today} if self._today == self.catalogue.today else {None}
        stories = {s for s, before, now in relisted if any(c and c.day not in today for c in (before, now))}
        pages = {self._ledger.page(STORIES, s) for s in stories}
        return {Touched("sitemap", "", sitemap_of(p)) for p in pages if p}

    def _turn_of_day(self) -> set[Touched]:
        """When a day is over, its stories go into the sitemaps, and its number into the archive."""
        before, self._today = self._today, self.catalogue.today
        if before == self._today:
            return set()
        earlier, later = min(d for d in (before, self._today) if d), max(d for d in (before, self._today) if d)
        days = [d for d in self.catalogue.days if earlier <= d <= later]
        stories = {s for d in days for s in self.catalogue.days[d]}
        pages = {self._ledger.page(STORIES, s) for s in stories}
        return {Touched("days"), Touched("pages"), *(Touched("sitemap", "", sitemap_of(p)) for p in pages if p)}

    def _everything(self) -> Iterator[Printed]:
        self._today = self.catalogue.today
        lists = [
            NEWS,
            STORIES,
            *(f"{NEWS}/{t}" for t in self._news.values()),
            *(f"{STORIES}/{t}" for t in self._topics),
        ]
        lists += [f"{PROVIDERS}/{step}" for step in self.catalogue.shelves]
        touched = {Touched("list", name, page) for name in lists for page in range(1, self._ledger.last(name) + 1)}
        touched |= {Touched("day", day.isoformat()) for day in self.catalogue.days}
        touched |= {Touched("sitemap", "", n) for n in range(1, sitemap_of(self._ledger.last(STORIES)) + 1)}
        touched |= {Touched(kind) for kind in ("front", "days", "providers", "corrections", "pages")}
        moved = [s for s in sorted(self._moved) if not self._has_page(s)]
        yield from self._print(touched)
        for story in moved:
            yield from self._at_address(story)

    def _has_page(self, story: str) -> bool:
        entry = self.catalogue.entries.get(story)
        return entry is not None and entry.has_page

    def _print(self, touched: set[Touched]) -> Iterator[Printed]:
        kinds = {self._open_or_own(t) for t in self._implied(touched)}
        for one in sorted(kinds):
            yield from self._one(one)
        if self.publication.numbered_from_newest and any(t.name.startswith(NEWS) for t in touched):
            yield from self._origin_lists()
        if any(t.kind in ("list", "sitemap", "front") for t in touched):
            yield self._sitemap_index()

    def _implied(self, touched: set[Touched]) -> set[Touched]:
        """With what they touch in turn: the front shows corrections, days and what is newest; sitemaps have stories."""
        more = {Touched("front"), Touched("news sitemap")} if any(t.kind != "address" for t in touched) else set()
        today = self.catalogue.today.isoformat() if self.catalogue.today else ""
        if any(t.kind == "counted" and t.name != today for t in touched):
            more.add(Touched("days"))
        if any(t.kind in ("days", "providers") for t in touched):
            more.add(Touched("pages"))
        return touched | more

    def _open_or_own(self, one: Touched) -> Touched:
        """The last two pages of most lists are shown together, at the list's own address."""
        together = one.kind == "list" and not one.name.startswith(NEWS) and one.page > self._closed(one.name)
        return one._replace(page=self._ledger.last(one.name)) if together else one

    def _one(self, one: Touched) -> Iterator[Printed]:
        match one.kind:
            case "list":
                yield from self._list(one.name, one.page)
            case "day":
                yield from self._day(date.fromisoformat(one.name))
            case "address":
                yield from self._address(one.name)
            case "sitemap":
                yield from self._sitemap(one.page)
            case _:
                yield from self._single(one.kind)

    def _single(self, kind: str) -> Iterator[Printed]:
        match kind:
            case "front":
                yield self._front()
            case "days":
                yield from self._days()
            case "providers":
                yield from self._providers()
            case "corrections":
                yield self._pages.corrections(self._corrections())
            case "pages":
                yield pages_sitemap(self._links, self._page_paths())
            case "news sitemap":
                yield self._news_sitemap()

    # Lists.

    def _list(self, name: str, page: int) -> Iterator[Printed]:
        kind, _, part = name.partition("/")
        if kind == NEWS and not self.publication.numbered_from_newest:
            if not part or part in self._news.values():
                items = [item.text for item in self.catalogue.items_of(name, page)]
                yield from news_page_files(name, page, items, is_open=page == self._ledger.last(name))
        elif kind == STORIES and (not part or part in self._topics):
            yield from self._stories(name, self._topics.get(part), page)
        elif kind == PROVIDERS:
            yield from self._provider(part, page)

    def _closed(self, name: str) -> int:
        """How many pages of a list have an address of their own: the last two are at the list's own."""
        return max(0, self._ledger.last(name) - 2)

    def _newest(self, name: str) -> list[Card]:
        """The cards of the last two pages of a list, the story that began last first."""
        last = self._ledger.last(name)
        cards = [*self.catalogue.cards(name, last), *(self.catalogue.cards(name, last - 1) if last > 1 else ())]
        return sorted(cards, key=lambda c: c.by_age, reverse=True)

    def _stories(self, name: str, topic: Topic | None, page: int) -> Iterator[Printed]:
        closed, title = self._closed(name), self.publication.site.title
        path = topic_path(topic.id) if topic else ""
        feed = Feed(f"{title}: {topic.name}" if topic else title, path, closed)
        open_page = page > closed
        cards = (
            self._newest(name)
            if open_page
            else sorted(self.catalogue.cards(name, page), key=lambda c: c.by_age, reverse=True)
        )
        if topic:
            part = TopicPart(topic, None if open_page else page, (closed if open_page else page - 1) or None, closed)
            yield topic_page(self._pages.theme, part, cards, self._full)
        if open_page:
            yield from self._feeds.feeds(feed, cards)
        else:
            yield self._feeds.archive(feed, page, cards)

    def _provider(self, step: str, page: int) -> Iterator[Printed]:
        name, shelf = f"{PROVIDERS}/{step}", self.catalogue.shelves.get(step)
        closed = self._closed(name)
        own = None if page > closed else page
        if shelf is None:
            yield from (Gone(path) for path in _provider_paths(step, own))
            return
        facts = shelf.facts(self.publication.official, frozenset(self.publication.organizations))
        shown = self.catalogue.supplied(name, page)
        if own is None:
            last = self._ledger.last(name)
            shown = [
                *self.catalogue.supplied(name, last),
                *(self.catalogue.supplied(name, last - 1) if last > 1 else ()),
            ]
            shown.sort(key=lambda s: (s.told.at, s.key), reverse=True)
        yield provider_page(self._pages.theme, facts, [s.told for s in shown], page=own, closed=closed)
        older = (closed if own is None else own - 1) or None
        items = [s.text for s in shown]
        document = api.provider_path(facts.chip.domain, own)
        if document:
            body = (
                api.provider_document(_facts(facts), items, older)
                if own is None
                else api.provider_page(own, items, older)
            )
            yield OutputFile(document, body)

    def _providers(self) -> Iterator[Printed]:
        official, trusted = self.publication.official, frozenset(self.publication.organizations)
        facts = [shelf.facts(official, trusted) for _, shelf in sorted(self.catalogue.shelves.items())]
        yield provider_index(self._pages.theme, facts)
        yield OutputFile(api.PROVIDERS_INDEX, api.providers_document((f.chip.name, f.chip.domain) for f in facts))

    # Days, the front, corrections.

    def _cards_of(self, day: date) -> list[Card]:
        return sorted(self.catalogue.cards_of(day), key=lambda c: c.by_heat)

    def _day(self, day: date) -> Iterator[Printed]:
        cards = self._cards_of(day)
        if not cards:
            yield from (Gone(path) for path in (f"days/{day.isoformat()}/index.html", api.day_path(day)))
            return
        before, after = self.catalogue.beside(day)
        yield day_page(self._pages.theme, cards, before, after, self._full)
        yield OutputFile(
            api.day_path(day), api.day_document(day, [self.catalogue.entries[c.id].summary for c in cards])
        )

    def _days(self) -> Iterator[Printed]:
        days = sorted(self.catalogue.days, reverse=True)
        yield archive_page(self._pages.theme, [self._counted(day) for day in days])
        months = sorted({day.replace(day=1) for day in days}, reverse=True)
        open_month = [d for d in days if d.replace(day=1) == months[0]]
        yield OutputFile(api.DAYS_INDEX, api.days_document(open_month, months[1:]))
        for month in months[1:]:
            body = api.month_document(month, [d for d in days if d.replace(day=1) == month])
            yield OutputFile(api.month_path(month), body)
        yield from (Gone(api.month_path(month)) for month in sorted(self._months.difference(months[1:])))
        self._months = set(months[1:])

    def _counted(self, day: date) -> DayCount:
        """A day as the archive shows it; how many stories the newest has is told when it is over."""
        count = len(self.catalogue.days[day]) if day != self.catalogue.today else 0
        return DayCount(day, count, self.catalogue.top(day))

    def _front(self) -> OutputFile:
        newest = self.catalogue.newest
        recent = list(self.catalogue.since(newest - WINDOW)) if newest else []
        front = in_full(plan_front(enough(recent, self.catalogue.last(FILLED_TO))), self._full)
        week = sorted(self.catalogue.days)[-DAYS:]
        days = [DayCount(day, len(self.catalogue.days[day]), self.catalogue.top(day)) for day in week]
        return front_page(self._pages.theme, front, newest, days, self._corrections())

    def _corrections(self) -> Sequence[tuple[Titled, CorrectionView]]:
        """The newest corrections of all stories; a story's page has its own, however many there are."""
        entries = (self.catalogue.entries[story] for story in self.catalogue.corrected)
        found = [(entry, correction) for entry in entries for correction in entry.corrections]
        found.sort(key=lambda f: (f[1].at, f[0].id), reverse=True)
        return [(_titled(entry), correction) for entry, correction in found[:CORRECTIONS]]

    # Sitemaps.

    def _sitemap(self, number: int) -> Iterator[Printed]:
        first = (number - 1) * LIST_PAGES + 1
        cards = [c for page in range(first, first + LIST_PAGES) for c in self.catalogue.cards(STORIES, page)]
        today = self.catalogue.today
        file = stories_sitemap(self._links, number, (c for c in cards if c.day != today))
        if file:
            self._sitemaps.add(number)
            yield file
        else:
            self._sitemaps.discard(number)
            yield Gone(sitemap_path(number))

    def _sitemap_index(self) -> OutputFile:
        return sitemap_index(self._links, [PAGES, *map(sitemap_path, sorted(self._sitemaps))])

    def _page_paths(self) -> Iterator[str]:
        yield from ("", *(topic_path(t) for t in self._topics), *PLAIN_PAGES)
        yield from (f"days/{day.isoformat()}/" for day in sorted(self.catalogue.days) if day != self.catalogue.today)
        yield from (path for step in sorted(self.catalogue.shelves) if (path := provider_page_path(step)))

    def _news_sitemap(self) -> OutputFile:
        if self.publication.numbered_from_newest:
            shown = ((i.at, _stem(i.path)) for i in self._all_items(NEWS) if i.own_page)
            return origin_news_sitemap(self.publication.site, shown)
        newest = self.catalogue.newest
        cards = self.catalogue.since(newest - NEWS_AGE) if newest else ()
        return news_sitemap(self.publication.site, cards, newest)

    # The origin's form.

    def _all_items(self, name: str) -> list[Item]:
        pages = range(1, self._ledger.last(name) + 1)
        return sorted((i for page in pages for i in self.catalogue.items_of(name, page)), key=newest_item_first)

    def _origin_lists(self) -> Iterator[Printed]:
        for name in (NEWS, *(f"{NEWS}/{topic}" for topic in self._news.values())):
            pages = list(origin_files(name, [item.text for item in self._all_items(name)]))
            yield from pages
            yield from (Gone(f"api/{name}/page/{n}/index.json") for n in range(len(pages), self._ledger.last(name) + 1))


def _provider_paths(step: str, page: int | None) -> Iterator[str]:
    yield f"{provider_page_path(step, page)}index.html"
    yield api.provider_path(step, page) or ""


def _facts(facts: Provider) -> api.ProviderFacts:
    logo = facts.chip.logo.removeprefix(ROOT) if facts.chip.logo else None
    page = provider_page_path(facts.step)
    return api.ProviderFacts(facts.chip.name, facts.chip.domain, logo, page, facts.trusted, facts.official)


def _titled(entry: Entry) -> Titled:
    return Titled(story_path(entry.id), entry.title, Spoken(entry.lang))


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _supplied(view: StoryView) -> Iterator[Supplied]:
    members = (r.member for r in view.reports if provider_step(r.chip.domain) is not None)
    for (step, told, chip), member in zip(told_in(view), members, strict=True):
        key = member.record or f"{view.story.id} {member.url}"
        yield Supplied(key, step, told, chip, api.report_item(member, view.story.id))


class _Views:
    """The stories used last, whole, for the pages that show more of them than a line."""

    MOST = 2_000

    def __init__(self, make: Callable[[str], StoryView]) -> None:
        self._make = make
        self._views: OrderedDict[str, StoryView] = OrderedDict()

    def get(self, story: str) -> StoryView:
        view = self._views.get(story)
        if view is None:
            view = self._make(story)
        self.put(view)
        return view

    def put(self, view: StoryView) -> None:
        self._views[view.story.id] = view
        self._views.move_to_end(view.story.id)
        if len(self._views) > self.MOST:
            self._views.popitem(last=False)

    def drop(self, story: str) -> None:
        self._views.pop(story, None)
