"""Sponsors on the site: whose words stand where on a day, for the pages and as `api/ads/<place>/index.json`.

Who stands on the front page and on the first page of a topic follows from `Publication.day`. A page of a day or of a
story keeps the sponsors of its own day, as the issue of a newspaper does: so a day that passes changes the front page
and the topics, and not all pages there ever were.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from broadsheet.model.publication import OutputFile, Publication
from broadsheet.model.sponsor import Place, Sponsor, sponsors_of
from broadsheet.stages.publish.site.links import Links, links_of, web_address


@dataclass(frozen=True, slots=True)
class Ad:
    """A sponsor's words as a page shows them, labelled. `image` is the address of its picture on our site, which the
    style sheet gives a place of fixed size, so that nothing moves when it comes."""

    name: str
    text: str
    url: str
    image: str | None


class Ads:
    """Chooses for each page of one publication."""

    def __init__(self, publication: Publication, links: Links | None = None) -> None:
        self._sponsors = publication.sponsors
        self._files: Mapping[str, object] = publication.files
        self._day = publication.day
        self._links = links or links_of(publication.site)

    def front(self) -> Ad | None:
        """Of the front page."""
        return self._at(Place.FRONT, self._day)

    def topic(self, topic_id: str) -> Ad | None:
        """Of the first page of a topic."""
        return self._at(Place.TOPIC, self._day, topic_id)

    def day(self, day: date) -> Ad | None:
        """Of the page of a day."""
        return self._at(Place.DAY, day)

    def story(self, day: date, *topic_ids: str) -> Ad | None:
        """Of the page of a story that began on that day."""
        return self._at(Place.STORY, day, *topic_ids)

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


def ad_files(publication: Publication) -> Iterator[OutputFile]:
    """`api/ads/<place>/index.json`, `{"place", "value": [{"id", "name", "url", "text", "image", "topics", "startDate",
    "endDate"}...]}`: those that stand there on this day, the one whose turn it is first. None without sponsors.
    """
    if not publication.sponsors:
        return
    for place in Place:
        shown = sponsors_of(publication.sponsors, place, publication.day) if publication.day else ()
        body = {"place": place.value, "value": [_said(s, publication) for s in shown if web_address(s.url)]}
        text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
        yield OutputFile(f"api/ads/{place.value}/index.json", text.encode("utf-8", "replace"))


def _said(sponsor: Sponsor, publication: Publication) -> dict[str, object]:
    return {
        "id": sponsor.id,
        "name": sponsor.name,
        "url": sponsor.url,
        "text": sponsor.text,
        "image": sponsor.image if sponsor.image in publication.files else None,
        "topics": list(sponsor.topics),
        "startDate": sponsor.starts.isoformat() if sponsor.starts else None,
        "endDate": sponsor.ends.isoformat() if sponsor.ends else None,
    }
