"""A stream of news as long as one likes, made of the real articles of the labelled sets.

Replica after replica of all articles, each with its rare words renamed (see `renaming`), so that it tells other stories
with the same structure. Each story begins at a moment drawn within its replica's stretch of the stream and its
articles follow within two days, most in the first hours. The stream is in its steady state from its first article on:
it is cut in where the stories of two days before are still told. Everything follows from the seed.

Nothing but one article at a time is made; what waits to be told are numbers.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import numpy as np
from numpy.typing import NDArray

from bench.stories.renaming import Renamer, Vocabulary
from broadsheet.model.story import StoryArticle

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
TOLD = 2 * 86_400.0  # seconds over which a story is told
KEPT_DIRECTIONS = 8
_ADDRESS = re.compile(r"(?P<host>\w+://[^/]*)(?P<path>.*?)(?P<ending>(?:\.\w{2,5})?)", re.DOTALL)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Told:
    """One article of the stream, the story that it truly tells, and what a model would say of it."""

    article: StoryArticle
    story: str
    embedding: Floats | None


class Stream:
    """Makes the stream; `rows` are the embeddings of the articles, None for a stream without."""

    def __init__(
        self,
        articles: Sequence[StoryArticle],
        truth: Mapping[str, str],
        a_day: float,
        rows: Floats | None = None,
        seed: int = 1,
    ) -> None:
        self._articles, self._seed = articles, seed
        names = {story: number for number, story in enumerate(sorted(set(truth.values())))}
        self._stories = np.array([names[truth[a.id]] for a in articles])
        self._stretch = len(articles) / a_day * 86_400.0
        self._vocabulary = Vocabulary(text for a in articles for text in (a.title, a.excerpt, a.text, a.url))
        self._turner = None if rows is None else Turner(rows, seed)
        self._renamers: dict[int, Renamer] = {}

    def __iter__(self) -> Iterator[Told]:
        waiting: list[tuple[float, int, int]] = []
        for replica in count():
            waiting = sorted(waiting + self._moments(replica))
            due = bisect_left(waiting, ((replica + 1) * self._stretch, 0, 0))
            for at, number, index in waiting[:due]:
                if at >= TOLD:
                    yield self._tell(at, number, index)
            waiting = waiting[due:]
            self._forget(min((number for _, number, _ in waiting), default=replica))

    def _moments(self, replica: int) -> list[tuple[float, int, int]]:
        """When each article of the replica appears, in seconds: a story's first hours are its busiest."""
        chance = np.random.default_rng((self._seed, replica))
        starts = chance.uniform(0, self._stretch, self._stories.max() + 1)[self._stories]
        after = TOLD * chance.beta(1, 4, len(self._stories))
        times = replica * self._stretch + starts + after
        return [(float(at), replica, index) for index, at in enumerate(times)]

    def _tell(self, at: float, replica: int, index: int) -> Told:
        if replica not in self._renamers:
            self._renamers[replica] = Renamer(self._vocabulary, replica, self._seed)
        rename = self._renamers[replica].rename
        source = self._articles[index]
        article = replace(
            source,
            id=f"{replica}-{source.id}",
            title=rename(source.title),
            excerpt=rename(source.excerpt),
            text=rename(source.text),
            url=_elsewhere(source.url, rename),
            published=BEGIN + timedelta(seconds=at - TOLD),
        )
        embedding = self._turner.row(index, replica) if self._turner else None
        return Told(article, f"{replica}-{self._stories[index]}", embedding)

    def _forget(self, oldest: int) -> None:
        self._renamers = {number: kept for number, kept in self._renamers.items() if number >= oldest}
        if self._turner:
            self._turner.forget(oldest)


def _elsewhere(url: str, rename: Callable[[str], str]) -> str:
    """The same publisher, another page; the file's ending stays."""
    parts = _ADDRESS.fullmatch(url)
    return f"{parts['host']}{rename(parts['path'])}{parts['ending']}" if parts else ""


class Turner:
    """Embeddings of replicas: the real ones, turned.

    A turn keeps every cosine within a replica. The few directions along which the articles differ most are not turned:
    they say that something is news, of politics or of sports, and all news has them. So two replicas of an
    article are about as near to each other as two articles on one subject, and those of unrelated articles as
    unrelated articles are.
    """

    def __init__(self, rows: Floats, seed: int, kept: int = KEPT_DIRECTIONS) -> None:
        self._seed, self._kept = seed, kept
        _, self._axes = np.linalg.eigh(rows.T @ rows)
        self._axes = self._axes[:, ::-1].astype(np.float32)
        self._rows = (rows @ self._axes).astype(np.float32)
        self._turns: dict[int, Floats] = {}

    def row(self, index: int, replica: int) -> Floats:
        """The embedding of the article in the replica, of length 1 like the real one."""
        if replica not in self._turns:
            self._turns[replica] = self._turn(replica)
        return np.asarray(self._rows[index] @ self._turns[replica], np.float32)

    def _turn(self, replica: int) -> Floats:
        """From the axes to the replica's: the kept ones back to where they were, the others turned at random."""
        free = self._axes.shape[1] - self._kept
        chance = np.random.default_rng((self._seed, replica, 1))
        turned, _ = np.linalg.qr(chance.normal(size=(free, free)))
        return np.vstack([self._axes[:, : self._kept].T, turned.astype(np.float32) @ self._axes[:, self._kept :].T])

    def forget(self, oldest: int) -> None:
        """Replicas before this one come no more."""
        self._turns = {number: turn for number, turn in self._turns.items() if number >= oldest}
