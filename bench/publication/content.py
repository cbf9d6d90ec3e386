"""A content folder of any size, made of invented words: records and story files in our own form.

Four stories in five have one report, the others two to eight, some of them copies; eight topics, two hundred
publishers, a picture on every third record, a correction on every fiftieth story, 150 records a day.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from pathlib import Path

from broadsheet.model.images import Image
from broadsheet.model.record import FiledRecord, Record, RecordProvider
from broadsheet.model.story import Correction, DecidedBy, Member, Receipt, Story
from broadsheet.stages.publish.records.emitter import emit_record
from broadsheet.stages.publish.slugs import slug
from broadsheet.stages.publish.story_files import emit_story, story_path

TITLE = "The Measured Gazette"
ADDRESS = "https://gazette.example"
SITE_TOPIC = "All news"
TOPICS = ("Harbours", "Rivers", "Bridges", "Weather", "Markets", "Courts", "Schools", "Stages")
PROVIDERS = 200
A_DAY = 150
NEWEST = datetime(2026, 11, 20, 18, tzinfo=UTC)
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "ar", "en", "il", "or")]


@dataclass(frozen=True, slots=True)
class Told:
    """A story and the records of its members."""

    story: Story
    records: tuple[FiledRecord, ...]


def stories(records: int, single: float = 0.8, seed: int = 7) -> Iterator[Told]:
    """Stories that have so many records together, oldest first; `single` is the share of those with one report."""
    maker = _Maker(random.Random(seed), NEWEST - timedelta(days=records / A_DAY))
    left = records
    while left:
        reports = 1 if maker.random.random() < single else maker.random.randint(2, 8)
        told = maker.story(min(reports, left))
        left -= len(told.records)
        yield told


def newest_stories(count: int, days_after: int = 4) -> Iterator[Told]:
    """Further stories of one report each by the same publishers, each newer than all of `stories`, on one day."""
    maker = _Maker(random.Random(7), NEWEST)
    maker.random, maker.now = random.Random(11), NEWEST.replace(hour=0) + timedelta(days=days_after)
    yield from (maker.story(1) for _ in range(count))


def write_content(folder: Path, told: Iterator[Told]) -> None:
    """The whole content folder: settings, topics, records and stories."""
    (folder / "_news").mkdir(parents=True)
    (folder / "_data" / "topics").mkdir(parents=True)
    settings = f'title = "{TITLE}"\nurl = "{ADDRESS}"\nlocale = "en-us"\ndescription = "Words that nobody wrote."\n'
    (folder / "broadsheet.toml").write_text(settings + '\n[publish]\nout = "public"\n')
    for number, name in enumerate((SITE_TOPIC, *TOPICS)):
        (folder / "_data" / "topics" / f"{number:02}-{topic_id(name)}.yaml").write_text(_topic(name))
    for one in told:
        write_told(folder, one)


def write_told(folder: Path, one: Told) -> None:
    """The records and the file of a story."""
    for filed in one.records:
        (folder / filed.path).write_bytes(emit_record(filed.record).encode())
    path = folder / story_path(one.story.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(emit_story(one.story))


def topic_id(name: str) -> str:
    """The topic's id in addresses."""
    return name.lower().replace(" ", "-")


def _topic(name: str) -> str:
    parent = "" if name == SITE_TOPIC else f"parent: {SITE_TOPIC}\n"
    service = f"services:\n  news: {ADDRESS}/api/news/{topic_id(name)}/\n"
    return f"taxonomy: topic\n_id: {topic_id(name)}\nname: {name}\n{parent}{service}"


class _Maker:
    """Makes one story after the other; every value follows from the seed."""

    def __init__(self, chance: random.Random, start: datetime) -> None:
        self.random = chance
        self.now = start.replace(microsecond=0)
        self.words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(6_000)]
        self.providers = [self._provider(number) for number in range(PROVIDERS)]
        self.made = 0

    def _provider(self, number: int) -> RecordProvider:
        name = self.text(2).title()
        domain = f"{name.replace(' ', '').lower()}{number}.example"
        logo = Image(f"{ADDRESS}/assets/images/organizations/{domain}-50x50.png", 50, 50)
        return RecordProvider(name, domain, (logo,) if number % 2 else ())

    def text(self, words: int) -> str:
        return " ".join(self.random.choices(self.words, k=words)).capitalize()

    def story(self, reports: int) -> Told:
        topics = (SITE_TOPIC, *self.random.sample(TOPICS, k=self.random.choice((1, 1, 2))))
        filed = [self._record(topics) for _ in range(reports)]
        story_id = blake2s(filed[0].path.encode(), digest_size=6).hexdigest()
        quality, related = self.random.randint(30, 90), 10 * (reports - 1)
        terms = (("quality", quality), (f"related coverage: {reports - 1} of other publishers", related))
        story = Story(
            id=story_id,
            title=filed[0].record.title,
            heat=quality + related,
            published=True,
            members=tuple(self._members(filed)),
            topics=topics,
            heat_terms=terms if related else terms[:1],
            head_reasons=(f"It came first, at {filed[0].record.published_date_time:%Y-%m-%d %H:%M} UTC.",),
            corrections=(self._correction(filed[0]),) if self.random.random() < 0.02 else (),
        )
        return Told(story, tuple(self._scored(filed, story)))

    def _record(self, topics: tuple[str, ...]) -> FiledRecord:
        self.now += timedelta(seconds=round(86_400 / A_DAY * self.random.uniform(0.5, 1.5)))
        self.made += 1
        provider = self.random.choice(self.providers)
        title = self.text(self.random.randint(6, 13))
        name = slug(title)
        url = f"https://{provider.domain}/{self.now:%Y/%m/%d}/{name}"
        picture = Image(f"https://{provider.domain}/media/{name[:40]}.jpg", 1200, 800, is_cached=True)
        record = Record(
            title=title,
            published_date_time=self.now,
            original_url=url,
            provider=provider,
            topics=topics,
            excerpt=f"{self.text(self.random.randint(12, 30))}.",
            web_url=url,
            quality=50,
            heat=-1,
            published=True,
            images=(picture,) if self.random.random() < 1 / 3 else (),
        )
        return FiledRecord(f"_news/{self.now:%Y-%m-%d}-{name}.md", record)

    def _scored(self, filed: Sequence[FiledRecord], story: Story) -> Iterator[FiledRecord]:
        for number, one in enumerate(filed):
            heat = -1 if number else story.heat
            yield FiledRecord(one.path, replace(one.record, heat=heat, published=not number))

    def _members(self, filed: Sequence[FiledRecord]) -> Iterator[Member]:
        for number, one in enumerate(filed):
            record = one.record
            copy = filed[0].path if number and self.random.random() < 0.3 else None
            yield Member(
                record=one.path,
                title=record.title,
                url=record.web_url or "",
                provider_name=record.provider.name,
                provider_domain=record.provider.domain,
                published=record.published_date_time,
                receipt=self._receipt(len(filed), copy),
                excerpt=record.excerpt,
                language="en",
                quality=record.quality or 0,
                is_head=not number,
                copy_of=copy,
                shared_text=0.93 if copy else None,
                adds=f"{self.text(8)}." if number and not copy and self.random.random() < 0.3 else None,
            )

    def _receipt(self, reports: int, copy: str | None) -> Receipt:
        if reports == 1:
            return Receipt(threshold=0.06, runner_up="0" * 12, runner_up_similarity=-0.031)
        parts = {"background": -0.287087, "meaning": 0.596837, "words": 0.223284, "title": 0.02485}
        return Receipt(
            similarity=round(sum(parts.values()), 6),
            threshold=0.06,
            runner_up="0" * 12,
            runner_up_similarity=-0.033539,
            names=tuple(self.random.choices(self.words, k=4)),
            numbers=("14",) if self.random.random() < 0.3 else (),
            terms=parts,
            decided_by=DecidedBy.COPY if copy else DecidedBy.SCORE,
        )

    def _correction(self, filed: FiledRecord) -> Correction:
        at = filed.record.published_date_time + timedelta(hours=2)
        return Correction(filed.path, at, "title", self.text(8), filed.record.title)
