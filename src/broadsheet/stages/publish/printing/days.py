"""Prints what goes by days: each day, the archive of them, the front; and the corrections, which the front shows."""

from collections.abc import Iterator, Sequence
from datetime import date

from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish import api_documents as api
from broadsheet.stages.publish.printing.catalogue import Catalogue
from broadsheet.stages.publish.printing.entries import Facts
from broadsheet.stages.publish.printing.printed import Gone, Printed
from broadsheet.stages.publish.site.edition import DAYS, FILLED_TO, WINDOW, DayCount, enough, plan_front
from broadsheet.stages.publish.site.links import story_path
from broadsheet.stages.publish.site.listing import Spoken, Titled, archive_page, day_page, front_page
from broadsheet.stages.publish.site.pages import Pages
from broadsheet.stages.publish.site.views import CorrectionView

CORRECTIONS = 500
CORRECTIONS_ON_FRONT = 3


class DayPages:
    """Prints the days of one publication, its front and its corrections."""

    def __init__(self, catalogue: Catalogue, pages: Pages) -> None:
        self._catalogue, self._pages, self._theme = catalogue, pages, pages.theme
        self._months: set[date] = set()

    def day(self, day: date) -> Iterator[Printed]:
        """The page of a day and its document."""
        cards = self._catalogue.cards_of(day)
        if not cards:
            yield from (Gone(path) for path in (f"days/{day.isoformat()}/index.html", api.day_path(day)))
            return
        before, after = self._catalogue.beside(day)
        yield day_page(self._theme, cards, before, after)
        summaries = [self._catalogue.texts.summary(c.id) for c in cards]
        yield OutputFile(api.day_path(day), api.day_document(day, summaries))

    def days(self) -> Iterator[Printed]:
        """The archive, and the documents of its months."""
        days = self._catalogue.all_days[::-1]
        yield archive_page(self._theme, [self._counted(day) for day in days])
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
        count = len(self._catalogue.days[day]) if day != self._catalogue.today else 0
        return DayCount(day, count, self._catalogue.top(day))

    def front(self) -> OutputFile:
        """The front page."""
        newest = self._catalogue.newest
        recent = list(self._catalogue.since(newest - WINDOW)) if newest else []
        front = plan_front(enough(recent, self._catalogue.last(FILLED_TO)))
        week = self._catalogue.all_days[-DAYS:]
        days = [DayCount(day, len(self._catalogue.days[day]), self._catalogue.top(day)) for day in week]
        return front_page(self._theme, front, newest, days, self._corrections(CORRECTIONS_ON_FRONT))

    def corrections(self) -> OutputFile:
        """The page of corrections."""
        return self._pages.corrections(self._corrections(CORRECTIONS))

    def _corrections(self, most: int) -> Sequence[tuple[Titled, CorrectionView]]:
        """The newest corrections of all stories; a story's page has its own, however many there are."""
        return [(titled(story), correction) for story, correction in self._catalogue.corrections(most)]


def titled(story: Facts) -> Titled:
    """A story by its headline."""
    return Titled(story_path(story.id), story.title, Spoken(story.lang))
