"""What a story makes by itself, whatever else the publication holds: its entry, and the files at its address."""

from collections.abc import Iterator, Mapping, Sequence

from broadsheet.model.publication import OutputFile, Publication
from broadsheet.model.record import FiledRecord, Record
from broadsheet.stages.publish import api_documents as api
from broadsheet.stages.publish.api import item_as_text, offers_news
from broadsheet.stages.publish.printing.entries import Entry, Item, Supplied
from broadsheet.stages.publish.printing.sheets import Sheet
from broadsheet.stages.publish.site.cards import card_of
from broadsheet.stages.publish.site.links import provider_step
from broadsheet.stages.publish.site.pages import Pages
from broadsheet.stages.publish.site.providers import copied_in, told_in
from broadsheet.stages.publish.site.views import StoryView
from broadsheet.stages.publish.story_files import emit_story


class StoryPrinter:
    """Prints stories one by one. It knows of the publication what is there without any story, and remembers nothing of
    those that it has printed, so that several processes may each print some: entries can be pickled."""

    def __init__(self, publication: Publication) -> None:
        self.pages = Pages(publication)
        self._locale = publication.site.locale
        self._news = {t.name: t.id for t in publication.topics if offers_news(t)}

    def printed(self, sheet: Sheet) -> tuple[Entry, Sequence[OutputFile]]:
        """The story's entry, and its page and document; no files where it has no address. Raises Rejected where an id
        can't be part of one."""
        view = self.pages.viewer.view(sheet.story, sheet.records) if sheet.has_page else None
        return self._entry(sheet, view), self._files(view) if view else ()

    def _files(self, view: StoryView) -> tuple[OutputFile, OutputFile]:
        return self.pages.story(view), OutputFile(f"api/{view.path}index.json", emit_story(view.story))

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
        for path, record in records.items():
            if record.published is not False:
                topics = tuple(self._news[name] for name in record.topics if name in self._news)
                text = item_as_text(FiledRecord(path, record), self._locale)
                yield Item(path, record.published_date_time, topics, text, own_page=not record.web_url)


def _supplied(view: StoryView) -> Iterator[Supplied]:
    members = (r.member for r in view.reports if provider_step(r.chip.domain) is not None)
    for (step, told, chip), member in zip(told_in(view), members, strict=True):
        key = member.record or f"{view.story.id} {member.url}"
        yield Supplied(key, step, told, chip, api.report_item(member, view.story.id))
