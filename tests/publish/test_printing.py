"""What grew by thousands of changes is, byte for byte, what is printed from nothing."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.model.publication import OutputFile, Publication, Site
from broadsheet.model.record import FiledRecord, Record, RecordProvider
from broadsheet.model.story import Correction, Member, Receipt, Story
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.publish.ledger import Ledger, read_ledger
from broadsheet.stages.publish.printing import Gone, Printed, Printer, Sheet, lone_sheet

SITE = Site("Tideline", url="https://tideline.example", base_path="/paper")
TOPICS = (
    Topic(id="tideline", name="Tideline", services={"news": ""}),
    Topic(id="reefs", name="Reefs", order=1, parent="Tideline", services={"news": ""}),
    Topic(id="boats", name="Boats", order=2, parent="Tideline", services={"news": ""}),
    Topic(id="nets", name="Nets", order=3, parent="Tideline"),
)
NAMES = ("Reefs", "Boats", "Nets", "Unlisted")
BEGAN = datetime(2026, 5, 1, 8, tzinfo=UTC)
PAPERS = tuple((f"Paper {n}", f"paper{n}.example") for n in range(7))
WORDS = ("anchor", "buoy", "crab", "dune", "eel", "foam", "gull", "harbour", "inlet", "jetty", "kelp", "lagoon")


class Sea:
    """A publication that changes at random, and what has been printed of it so far."""

    def __init__(self, seed: int, *, numbered_from_newest: bool = False) -> None:
        self.random = random.Random(seed)
        self.frame = Publication(SITE, TOPICS, {}, (), numbered_from_newest=numbered_from_newest)
        self.sheets: dict[str, Sheet] = {}
        self.moved: dict[str, str] = {}
        self.ledger = Ledger()
        self.tree: dict[str, bytes] = {}
        self.printer = Printer(self.frame, self.ledger, self.sheets.get, self.tree.get, keep=seed % 4 * 5)
        self.tree |= {f.path: f.body for f in self.printer.whole(())}
        self.count = 0
        self.wrote: Counter[str] = Counter()

    def print(self, *changed: str, gone: tuple[str, ...] = ()) -> set[str]:
        """Prints what these changes touch; gives the paths whose files differ now."""
        return self.take(self.printer.change([self.sheets[s] for s in changed], gone, self.moved))

    def take(self, files: Iterable[Printed]) -> set[str]:
        differs: set[str] = set()
        for printed in list(files):
            if isinstance(printed, Gone):
                if self.tree.pop(printed.path, None) is not None:
                    differs.add(printed.path)
            elif self.tree.get(printed.path) != printed.body:
                self.tree[printed.path] = printed.body
                differs.add(printed.path)
        return differs

    def from_nothing(self) -> dict[str, bytes]:
        lines = "\n".join(self.ledger.lines()).encode()
        frame = replace(self.frame, moved=dict(self.moved))
        printer = Printer(frame, read_ledger({"a": lines}), self.sheets.get, lambda _: None)
        tree: dict[str, bytes] = {}
        for file in printer.whole(self.shuffled()):
            assert isinstance(file, OutputFile)
            assert file.path not in tree
            tree[file.path] = file.body
        return tree

    def shuffled(self) -> list[Sheet]:
        sheets = list(self.sheets.values())
        self.random.shuffle(sheets)
        return sheets

    def title(self) -> str:
        return " ".join(self.random.choices(WORDS, k=5)).capitalize()

    def record(self, at: datetime, *, published: bool) -> tuple[str, Record]:
        self.count += 1
        name, domain = self.random.choice(PAPERS)
        url = f"https://{domain}/{self.count}"
        topics = ("Tideline", *self.random.sample(NAMES, self.random.randrange(3)))
        heat = self.random.randrange(20, 160) if published else -1
        record = Record(
            title=self.title(), published_date_time=at, original_url=url, web_url=self.random.choice((url, url, None)),
            provider=RecordProvider(name, domain), topics=topics, excerpt=self.title(), heat=heat, published=published,
        )  # fmt: skip
        return f"_news/{at:%Y-%m-%d}-{self.count}.md", record

    def later(self) -> datetime:
        """An instant that is mostly a little after the last, at times a day or a year off."""
        minutes = self.random.choice((5, 30, 300, 1500, -400, -3000, -200_000))
        return BEGAN + timedelta(minutes=30 * self.count + minutes)

    def sheet(self, story: str, records: dict[str, Record], *, published: bool = True) -> Sheet:
        """A story of these records; the first is its head."""
        paths = list(records)
        members = tuple(
            Member(
                record=path, title=r.title, url=r.web_url or r.original_url, provider_name=r.provider.name,
                provider_domain=r.provider.domain, published=r.published_date_time, receipt=Receipt(),
                excerpt=r.excerpt, is_head=path == paths[0],
                copy_of=paths[0] if path != paths[0] and self.random.random() < 0.3 else None,
            )
            for path, r in records.items()
        )  # fmt: skip
        head = records[paths[0]]
        fixed = (
            (Correction(paths[0], head.published_date_time, "title", "a", "b"),) if self.random.random() < 0.1 else ()
        )
        made = Story(
            story, head.title, max(0, head.heat or 0), published, members, head.topics, corrections=fixed,
            reachable=not published and self.random.random() < 0.5,
        )  # fmt: skip
        return Sheet(made, records)

    def choose(self) -> str:
        return self.random.choice(sorted(self.sheets))

    # What may happen.

    def add(self) -> set[str]:
        story = f"s{self.count:05}"
        at = self.later()
        records = dict(
            self.record(at + timedelta(hours=n), published=n == 0) for n in range(self.random.choice((1, 1, 1, 3)))
        )
        self.sheets[story] = self.sheet(story, records)
        return self.print(story)

    def add_alone(self) -> set[str]:
        path, record = self.record(self.later(), published=True)
        sheet = lone_sheet(FiledRecord(path, record))
        assert sheet is not None
        self.sheets[sheet.story.id] = sheet
        return self.print(sheet.story.id)

    def grow(self) -> set[str]:
        story = self.choose()
        old = self.sheets[story]
        last = max(m.published for m in old.story.members)
        path, record = self.record(last + timedelta(hours=2), published=False)
        self.sheets[story] = self.sheet(story, {**old.records, path: record}, published=old.story.published)
        return self.print(story)

    def edit(self) -> set[str]:
        story = self.choose()
        old = self.sheets[story]
        path = next(iter(old.records))
        change = self.random.choice(
            ({"title": self.title()}, {"heat": self.random.randrange(0, 170)}, {"published_date_time": self.later()},
             {"topics": ("Tideline", self.random.choice(NAMES))}, {"provider": RecordProvider(*self.random.choice(PAPERS))})
        )  # fmt: skip
        record = replace(old.records[path], **change)  # type: ignore[arg-type]
        self.sheets[story] = self.sheet(story, {**old.records, path: record}, published=old.story.published)
        return self.print(story)

    def hide(self) -> set[str]:
        story = self.choose()
        old = self.sheets[story]
        published = not old.story.published
        records = {p: replace(r, published=published and n == 0) for n, (p, r) in enumerate(old.records.items())}
        self.sheets[story] = self.sheet(story, records, published=published)
        return self.print(story)

    def delete(self) -> set[str]:
        story = self.choose()
        del self.sheets[story]
        return self.print(gone=(story,))

    def merge(self) -> set[str]:
        if len(self.sheets) < 2:
            return set()
        into, gone = self.random.sample(sorted(self.sheets), 2)
        records = {**self.sheets[into].records, **self.sheets[gone].records}
        del self.sheets[gone]
        self.sheets[into] = self.sheet(into, records)
        self.moved = {**self.moved, gone: into}
        return self.print(into, gone=(gone,))

    def unmerge(self) -> set[str]:
        for gone in sorted(self.moved)[:1]:
            self.moved = {k: v for k, v in self.moved.items() if k != gone}
        return self.print()

    def many(self) -> set[str]:
        stories = []
        for _ in range(self.random.randrange(2, 40)):
            story = f"s{self.count:05}"
            self.sheets[story] = self.sheet(story, dict([self.record(self.later(), published=True)]))
            stories.append(story)
        return self.print(*stories)

    def housekeep(self) -> set[str]:
        return self.take(self.printer.housekeep())

    def step(self) -> None:
        steps = (self.add, self.add, self.add, self.add_alone, self.grow, self.edit, self.edit, self.hide, self.delete,
                 self.merge, self.unmerge, self.many, self.housekeep)  # fmt: skip
        chosen = self.random.choice(steps if self.sheets else (self.add,))
        self.wrote[chosen.__name__] = max(self.wrote[chosen.__name__], len(chosen()))


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


@pytest.mark.parametrize("seed", range(24))
def test_a_publication_that_grew_is_the_one_printed_from_nothing(seed: int) -> None:
    sea = Sea(seed, numbered_from_newest=seed % 6 == 5)
    for number in range(60):
        for _ in range(1 + seed % 3):
            sea.step()
        if number % 6 == 5:
            assert differences(sea.tree, sea.from_nothing()) == [], sea.wrote
