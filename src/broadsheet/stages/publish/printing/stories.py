"""What a story makes by itself, whatever else the publication holds: its entry, and the files at its address."""

from collections.abc import Callable, Sequence

from broadsheet.model.publication import OutputFile, Publication
from broadsheet.model.record import FiledRecord
from broadsheet.stages.publish import api_documents as api
from broadsheet.stages.publish.api import item_as_text, offers_news
from broadsheet.stages.publish.ledger import NEWS, STORIES
from broadsheet.stages.publish.printing.entries import Entry, Facts, Item, packed
from broadsheet.stages.publish.printing.sheets import Sheet
from broadsheet.stages.publish.site.cards import Card, card_of
from broadsheet.stages.publish.site.pages import Pages
from broadsheet.stages.publish.site.providers import copied_in, shelf_of, told_in
from broadsheet.stages.publish.site.views import StoryView
from broadsheet.stages.publish.story_files import emit_story

_MOST_KEPT = 1_000  # so many sets of topics; strangers name them, so that there must be an end


class StoryPrinter:
    """Prints stories one by one. It knows of the publication what is there without any story, and remembers nothing of
    those that it has printed, so that several processes may each print some: entries can be pickled."""

    def __init__(self, publication: Publication) -> None:
        self.pages = Pages(publication)
        self._locale = publication.site.locale
        self._news = {t.name: f"{NEWS}/{t.id}" for t in publication.topics if offers_news(t)}
        self._lists: dict[tuple[object, ...], tuple[str, ...]] = {}

    def printed(self, sheet: Sheet) -> tuple[Entry, Sequence[OutputFile]]:
        """The story's entry, and its page and document; no files where it has no address. Raises Rejected where an id
        can't be part of one."""
        view = self._view(sheet)
        return self._entry(sheet, view), self._files(view, sheet.document) if view else ()

    def entry(self, sheet: Sheet) -> Entry:
        """The story's entry alone."""
        return self._entry(sheet, self._view(sheet))

    def _view(self, sheet: Sheet) -> StoryView | None:
        return self.pages.viewer.view(sheet.story, sheet.records) if sheet.has_page else None

    def _files(self, view: StoryView, document: bytes | None) -> tuple[OutputFile, OutputFile]:
        return self.pages.story(view), OutputFile(f"api/{view.path}index.json", document or emit_story(view.story))

    def _entry(self, sheet: Sheet, view: StoryView | None) -> Entry:
        story, records = sheet.story, sheet.records
        published = [(path, record) for path, record in records.items() if record.published is not False]
        texts = [item_as_text(FiledRecord(path, record), self._locale) for path, record in published]
        items = tuple([Item(p, r.published_date_time, self._of(r.topics), not r.web_url) for p, r in published])
        if view is None or not sheet.shown:
            title, lang = (view.title, view.head.lang) if view else ("", None)
            facts = Facts(story.id, None, (), items, (), (), (), title, lang, has_page=view is not None)
            return Entry(facts, packed("", texts, ()))
        card = card_of(view)
        facts = Facts(
            id=story.id,
            card=card,
            lists=self._listing(card),
            items=items,
            told=tuple(told_in(view)),
            copied=tuple(copied_in(view)) if view.copies else (),
            corrections=view.corrections,
            title=card.title,
            lang=view.head.lang,
            has_page=True,
        )
        reports = [r.member for r in view.reports if shelf_of(r.chip.domain) is not None]
        told = [api.report_item(member, story.id) for member in reports]
        return Entry(facts, packed(api.story_summary(story), texts, told))

    def _of(self, topics: tuple[str, ...]) -> tuple[str, ...]:
        """The lists of the news that a record of these topics is in."""
        return self._same(topics, lambda: (NEWS, *(self._news[name] for name in topics if name in self._news)))

    def _listing(self, card: Card) -> tuple[str, ...]:
        """The lists of stories that one with this card is in."""
        ids = [t.id for t in card.topics]
        return self._same((STORIES, tuple(ids)), lambda: (STORIES, *(f"{STORIES}/{i}" for i in ids)))

    def _same(self, key: tuple[object, ...], make: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """The same value for each story that has the same topics."""
        found = self._lists.get(key)
        if found is None:
            if len(self._lists) >= _MOST_KEPT:
                self._lists.clear()
            found = self._lists[key] = make()
        return found
