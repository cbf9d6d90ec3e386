"""Sponsors on the pages: whose words stand on which page.

Who stands on the front page and on the first page of a topic follows from `Publication.day`. A page of a day or of a
story keeps the sponsors of its own day, as the issue of a newspaper does: so a day that passes changes the front page
and the topics, and not all pages there ever were.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from broadsheet.model.sponsor import Place, Sponsor, sponsors_of
from broadsheet.stages.publish.site.links import Links, web_address
from broadsheet.stages.publish.site.views import TopicLink


@dataclass(frozen=True, slots=True)
class Ad:
    """A sponsor's words as a page shows them, labelled. `image` is the address of its picture on our site, which the
    style sheet gives a place of fixed size, so that nothing moves when it comes."""

    name: str
    text: str
    url: str
    image: str | None


class Ads:
    """Chooses for each page of one site. `files` are the paths of the publication's own files, `day` its day."""

    def __init__(
        self, links: Links, sponsors: Iterable[Sponsor] = (), files: Collection[str] = (), day: date | None = None
    ) -> None:
        self._links, self._sponsors, self._files, self._day = links, tuple(sponsors), files, day

    def front(self) -> Ad | None:
        """Of the front page."""
        return self._at(Place.FRONT, self._day)

    def topic(self, topic_id: str) -> Ad | None:
        """Of the first page of a topic."""
        return self._at(Place.TOPIC, self._day, topic_id)

    def day(self, day: date) -> Ad | None:
        """Of the page of a day."""
        return self._at(Place.DAY, day)

    def story(self, day: date, topics: Iterable[TopicLink]) -> Ad | None:
        """Of the page of a story of these topics that began on that day."""
        return self._at(Place.STORY, day, *(topic.id for topic in topics)) if self._sponsors else None

    def _at(self, place: Place, day: date | None, *topics: str) -> Ad | None:
        if day is None or not self._sponsors:
            return None
        theirs = tuple(s for s in self._sponsors if not s.topics or not set(topics).isdisjoint(s.topics))
        chosen = next(iter(sponsors_of(theirs, place, day)), None)
        return self._ad(chosen) if chosen else None

    def _ad(self, sponsor: Sponsor) -> Ad | None:
        url = web_address(sponsor.url)
        if url is None:
            return None
        image = self._links.at(sponsor.image) if sponsor.image in self._files and sponsor.image else None
        return Ad(sponsor.name, sponsor.text, url, image)
