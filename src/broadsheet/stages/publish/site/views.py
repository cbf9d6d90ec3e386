"""What the templates are given: a story and its reports with everything worked out, so that they only place it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from hashlib import blake2s
from html import unescape
from typing import Generic, NamedTuple, TypeVar

from broadsheet.model.images import Image
from broadsheet.model.pictures import mark_of
from broadsheet.model.publication import Publication, PublishedImage
from broadsheet.model.record import Record
from broadsheet.model.story import Correction, Member, Story
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.publish.site.links import (
    Links,
    links_of,
    provider_page_path,
    story_path,
    topic_path,
    web_address,
)
from broadsheet.stages.publish.site.words import words_for

Row = TypeVar("Row")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_REFERENCE = re.compile(r"&#(?:\d{2,6}|[xX][0-9a-fA-F]{2,5});")
FULL_HEAT = 200
"""The heat whose line is inked from edge to edge. Heat has no upper bound, but few stories pass this."""
_TONES = 3
_MOST_KEPT = 1_000  # so many languages, and sets of topics; strangers name them, so that there must be an end
MARK_SIDE = 32
"""Pixels of the square that stands for a publisher: twice its size on the page, for dense screens."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A publisher: the name, and its mark: the address of a logo that we serve, or a letter on one of three tones.

    `page` is the address of its page, None where its domain can't be part of one. It is the same publisher also where
    one record came with a logo and another did not.
    """

    name: str
    domain: str
    logo: str | None = field(compare=False)
    letter: str
    tone: int
    page: str | None = None


class Picture(NamedTuple):
    """A picture that we serve, in several widths."""

    src: str
    srcset: str
    width: int
    height: int
    alt: str
    full: str


@dataclass(frozen=True, slots=True)
class TopicLink:
    """A topic and the address of its page."""

    name: str
    path: str
    id: str


class Report(NamedTuple):
    """A member of a story. `url` is None where it gave no address that may be a link.

    `lang` is its language where that is another one than that of the site's words.
    """

    member: Member
    title: str
    url: str | None
    chip: Chip
    at: datetime
    lang: str | None
    shared: int | None

    @property
    def is_video(self) -> bool:
        """Whether it is to be watched rather than read."""
        return self.member.type == "video"


class Part(NamedTuple, Generic[Row]):
    """Some rows of a long list, with so many `before` them: the first rows are shown, the others folded."""

    rows: tuple[Row, ...]
    before: int = 0


def parted(rows: tuple[Row, ...], shown: int) -> tuple[Part[Row], ...]:
    """The rows in one part, or where there are more than are shown in two."""
    return (Part(rows),) if len(rows) <= shown else (Part(rows[:shown]), Part(rows[shown:], shown))


class CorrectionView(NamedTuple):
    """A correction and who made it."""

    correction: Correction
    publisher: str
    at: datetime


class StoryView(NamedTuple):
    """A story as the pages show it.

    `heat` is the record's own; `step` is how much of its line is inked, in hundredths and in steps of five, since the
    style sheet has a class for each. `independent` are the reports that are nobody's copy, the head first, `copies`
    those that repeat another one's text, `coverage` the independent ones besides the head. `began` is when the first
    report appeared (the day in the archive follows from it), `latest` when the newest did.
    """

    story: Story
    path: str
    title: str
    heat: int
    step: int
    head: Report
    reports: tuple[Report, ...]
    independent: tuple[Report, ...]
    copies: tuple[Report, ...]
    coverage: tuple[Report, ...]
    topics: tuple[TopicLink, ...]
    picture: Picture | None
    deck: str
    corrections: tuple[CorrectionView, ...]
    began: datetime
    latest: datetime

    @property
    def id(self) -> str:
        """The story's permanent id."""
        return self.story.id

    @property
    def kicker(self) -> TopicLink | None:
        """The first of its topics, None where it has only the site's own."""
        return self.topics[0] if self.topics else None

    @property
    def day(self) -> date:
        """The day in the archive, UTC."""
        return self.began.date()


class Viewer:
    """Makes the views of one publication. What it looks up often is indexed once."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.links: Links = links_of(publication.site)
        self._language = words_for(publication.site.locale).language.partition("-")[0]
        self._chips: dict[tuple[str, str, tuple[Image, ...]], Chip] = {}
        self._tags: dict[str | None, str | None] = {}
        self._links_of: dict[tuple[str, ...], tuple[TopicLink, ...]] = {}
        self.topics = tuple(_topic_link(t) for t in _children(publication.topics))
        self._by_name = _named(publication.topics)

    @cached_property
    def _records(self) -> Mapping[str, Record]:
        return {r.path: r.record for r in self.publication.records}

    def view(self, story: Story, records: Mapping[str, Record] | None = None) -> StoryView:
        """The view of a story. `records` has those of its members by path, where the publication was given none."""
        records = self._records if records is None else records
        reports = tuple([self._report(m, records.get(m.record)) for m in story.members])
        head = next((r for r in reports if r.member.is_head), reports[0])
        independent, copies, coverage, began, latest = _sorted_out(reports, head)
        heat = max(0, story.heat)
        record = records.get(head.member.record)
        return StoryView(
            story=story,
            path=story_path(story.id),
            title=_shown(story.title) or head.title,
            heat=heat,
            step=min(100, max(5, round(heat / FULL_HEAT * 20) * 5)) if heat else 0,
            head=head,
            reports=reports,
            independent=independent,
            copies=copies,
            coverage=coverage,
            topics=self._topics(story.topics),
            picture=self._picture(record.images) if record and record.images else None,
            deck=_deck(head.member, record),
            corrections=tuple([self._correction(c, reports) for c in story.corrections]) if story.corrections else (),
            began=began,
            latest=latest,
        )

    def _report(self, member: Member, record: Record | None) -> Report:
        at, tag, shared = member.published, member.language, member.shared_text
        return Report(
            member,
            _shown(member.title),
            web_address(member.url),
            self._chip(member.provider_name, member.provider_domain, record.provider.images if record else ()),
            at if at.tzinfo is UTC else at.astimezone(UTC),
            self._tags[tag] if tag in self._tags else self._foreign(tag),
            None if shared is None else round(100 * shared),
        )

    def _foreign(self, tag: str | None) -> str | None:
        """The language where it is another one than the site's. Kept by tag, of which there are few."""
        if len(self._tags) >= _MOST_KEPT:
            self._tags.clear()
        known = tag if tag and _LANGUAGE.fullmatch(tag) else None
        foreign = known if known and known.partition("-")[0].lower() != self._language else None
        self._tags[tag] = foreign
        return foreign

    def _topics(self, names: tuple[str, ...]) -> tuple[TopicLink, ...]:
        """The topics that have a page. Kept by names: a publication has few topics, and thousands of stories."""
        if names not in self._links_of:
            if len(self._links_of) >= _MOST_KEPT:
                self._links_of.clear()
            found = {link.id: link for name in names if (link := self._by_name.get(name.casefold()))}
            self._links_of[names] = tuple(found.values())
        return self._links_of[names]

    def _chip(self, name: str, domain: str, images: tuple[Image, ...]) -> Chip:
        key = name, domain, images  # also the images, so that no story's page depends on which story came before
        chip = self._chips.get(key)
        if chip is None:
            chip = self._chips[key] = Chip(
                name=name or domain,
                domain=domain,
                logo=self._logo(domain, images),
                letter=next((c.upper() for c in name or domain if c.isalnum()), "·"),
                tone=blake2s(domain.encode(), digest_size=1).digest()[0] % _TONES,
                page=self.links.at(path) if (path := provider_page_path(domain)) else None,
            )
        return chip

    def _logo(self, domain: str, images: tuple[Image, ...]) -> str | None:
        """The publisher's mark, else the first logo of which this site has the file."""
        mark = self.publication.pictures.get(mark_of(domain))
        if mark is not None:
            return self.links.at(next((path for path, side in mark.files if side >= MARK_SIDE), mark.files[-1][0]))
        organization = self.publication.organizations.get(domain)
        for image in (*(organization.images if organization else ()), *images):
            if image.url in self.publication.pictures:
                return self.links.at(self.publication.pictures[image.url].files[0][0])
            path = self._own_path(image.url)
            if path in self.publication.files:
                return self.links.at(path)
        return None

    def _own_path(self, url: str) -> str:
        """The path below the site's root that an address of our own stands for; any other comes back as it is."""
        root = self.links.full()
        return url.removeprefix(root).removeprefix(self.links.base).lstrip("/")

    def _picture(self, images: tuple[Image, ...]) -> Picture | None:
        shown = next((p for i in images if (p := self.publication.pictures.get(i.url)) and p.files), None)
        return self._served(shown) if shown else None

    def _served(self, shown: PublishedImage) -> Picture:
        return Picture(
            src=self.links.at(shown.files[-1][0]),
            srcset=", ".join(f"{self.links.at(path)} {width}w" for path, width in shown.files),
            width=shown.width,
            height=shown.height,
            alt=shown.alt,
            full=self.links.full(shown.share or shown.files[-1][0]),
        )

    def _correction(self, correction: Correction, reports: tuple[Report, ...]) -> CorrectionView:
        publisher = next((r.chip.name for r in reports if r.member.record == correction.record), reports[0].chip.name)
        return CorrectionView(correction, publisher, correction.at.astimezone(UTC))


def _sorted_out(
    reports: tuple[Report, ...], head: Report
) -> tuple[tuple[Report, ...], tuple[Report, ...], tuple[Report, ...], datetime, datetime]:
    """The independent reports, the copies, the coverage, and when the first and the last came."""
    if len(reports) == 1 and head.member.copy_of is None:  # as most stories
        return reports, (), (), head.at, head.at
    independent = tuple([r for r in reports if r.member.copy_of is None])
    copies = tuple([r for r in reports if r.member.copy_of is not None])
    times = [r.at for r in reports]
    return independent, copies, tuple([r for r in independent if r is not head]), min(times), max(times)


def _deck(head: Member, record: Record | None) -> str:
    """The head's summary; empty where it only says the headline again."""
    deck = _shown(head.excerpt or (record.excerpt if record else None) or "").strip()
    return "" if deck.casefold() == head.title.strip().casefold() else deck


def _shown(text: str) -> str:
    """The text with what is left of numeric character references in old records made into the characters meant.

    Those of markup stay as they are: somebody who writes about a tag means its letters.
    """
    return _REFERENCE.sub(_meant, text) if "&#" in text else text


def _meant(reference: re.Match[str]) -> str:
    char = unescape(reference.group())
    return char if (char.isprintable() or char == "\xa0") and char not in "<>&" else reference.group()


def _children(topics: tuple[Topic, ...]) -> list[Topic]:
    return sorted((t for t in topics if not t.is_site), key=lambda t: (t.order, t.id))


def _topic_link(topic: Topic) -> TopicLink:
    return TopicLink(topic.shortname or topic.name, topic_path(topic.id), topic.id)


def _named(topics: tuple[Topic, ...]) -> dict[str, TopicLink]:
    """Each topic that has a page, by its id and by its names without case: records name their topics."""
    return {
        key.casefold(): _topic_link(topic)
        for topic in _children(topics)
        for key in (topic.id, topic.name, topic.shortname or topic.name)
    }
