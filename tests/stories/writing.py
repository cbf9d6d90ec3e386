"""Articles of our own for the tests of the story engine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
from numpy.typing import NDArray

from broadsheet.model.story import Assignment, StoryArticle
from broadsheet.stages.stories import StoryOptions, assign_stories
from broadsheet.stages.stories.assign import embedded_text

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def article(identity: str, title: str, excerpt: str = "", hours: float = 0, text: str = "") -> StoryArticle:
    return StoryArticle(identity, title, START + timedelta(hours=hours), excerpt=excerpt, text=text)


def groups(*rows: tuple[str, str, str]) -> set[frozenset[int]]:
    """The stories, as sets of row numbers, of rows (expected story, title, excerpt), an hour apart."""
    articles = [article(f"a{n}", title, excerpt, n) for n, (_, title, excerpt) in enumerate(rows)]
    found: dict[str, set[int]] = {}
    for assignment in assign_stories(articles, {}, StoryOptions()):
        found.setdefault(assignment.story_id, set()).add(int(assignment.article_id[1:]))
    return {frozenset(members) for members in found.values()}


def expected(*rows: tuple[str, str, str]) -> set[frozenset[int]]:
    """What the first column of the rows says."""
    return {frozenset(n for n, row in enumerate(rows) if row[0] == story) for story in {row[0] for row in rows}}


SYLLABLES = [
    "ka",
    "lo",
    "mi",
    "ren",
    "tas",
    "vor",
    "bel",
    "dun",
    "fi",
    "gar",
    "hul",
    "jen",
    "pol",
    "sab",
    "tor",
    "wim",
    "zek",
    "ast",
    "und",
    "ohl",
]
COMMON = [
    "minister",
    "city",
    "report",
    "people",
    "plan",
    "house",
    "work",
    "trade",
    "court",
    "group",
    "market",
    "public",
    "water",
    "school",
]


def _name(random: Random) -> str:
    return "".join(random.choices(SYLLABLES, k=random.randint(2, 4))).capitalize()


def stream(seed: int, count: int, hours: float = 200, places: int = 12) -> list[StoryArticle]:
    """A made-up stream: `count` articles over so many hours of events that go on for two days or so. An event has its
    names, figure and place (which others share); some articles are copies, some have the very words of another one,
    some no words. In the order of time."""
    random = Random(seed)
    towns = [_name(random) for _ in range(places)]
    events = [_event(random, random.uniform(-24, hours), towns) for _ in range(max(1, count // 6))]
    found: list[StoryArticle] = []
    for number in range(count):
        near = [event for event in events if event.starts <= (at := random.uniform(0, hours)) <= event.starts + 50]
        told = _report(random, f"a{number:05}", random.choice(near or events), at)
        earlier = random.choice(found) if found and random.random() < 0.15 else None
        found.append(_repeated(random, told, earlier) if earlier else told)
    return sorted(found, key=lambda article: (article.published, article.id))


@dataclass(frozen=True)
class _Event:
    starts: float
    names: tuple[str, ...]
    words: tuple[str, ...]


def _event(random: Random, starts: float, towns: list[str]) -> _Event:
    names = (random.choice(towns), *(_name(random) for _ in range(4)), str(random.randint(11, 900)))
    return _Event(starts, names, tuple(random.sample(COMMON, 5)))


def _report(random: Random, identity: str, event: _Event, hours: float) -> StoryArticle:
    title = random.sample(event.names, 4) + random.sample(event.words, 2)
    excerpt = random.sample(event.names, 5) + random.sample(event.words, 3) + random.sample(COMMON, 2)
    random.shuffle(title)
    text = " ".join(random.choices([*event.names, *COMMON], k=60)) if random.random() < 0.3 else ""
    return article(identity, " ".join(title), " ".join(excerpt), hours, text)


def _repeated(random: Random, told: StoryArticle, earlier: StoryArticle) -> StoryArticle:
    """One that repeats the text of another one, its words, or says nothing."""
    kind = random.choice(["text", "words", "nothing"])
    if kind == "text":
        return replace(told, text=earlier.text, title=random.choice([told.title, earlier.title]))
    return (
        replace(told, title="", excerpt="")
        if kind == "nothing"
        else replace(told, title=earlier.title, excerpt=earlier.excerpt, text="")
    )


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Rows as a language model might give them: of the letters of the words."""
    rows = np.zeros((len(texts), 16), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in text.split():
            row[sum(map(ord, word.casefold())) % 16] += 1
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def meaning(articles: Sequence[StoryArticle]) -> NDArray[np.float32]:
    """The same of articles."""
    return embed([embedded_text(article) for article in articles])


def partition(assignments: Iterable[Assignment]) -> set[frozenset[str]]:
    """Who is together, whatever the stories are called."""
    found: dict[str, set[str]] = {}
    for assignment in assignments:
        found.setdefault(assignment.story_id, set()).add(assignment.article_id)
    return {frozenset(members) for members in found.values()}
