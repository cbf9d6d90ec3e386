"""Gives every new article its story, in the order of time, a batch after the other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from broadsheet.model.kept import KeptArticle
from broadsheet.model.story import Assignment, Receipt, StoryArticle, by_editor
from broadsheet.stages.stories import StoryEngine, StoryOptions
from broadsheet.stages.stories.assign import Embed, adopting, embedded_text, place_late
from broadsheet.steps.editorial import read_placements
from broadsheet.steps.newsroom import Newsroom, RunReport
from broadsheet.steps.recover import held_from_files

BATCH = 100
BATCHES_KEPT_TOGETHER = 20
TEXT_COMPARED = 20_000  # characters; two articles that agree so far are copies


def group(room: Newsroom, report: RunReport) -> None:
    """The fifth stage: articles to stories. What the engine says is kept together with its state, so that an
    interrupted run goes on where it was."""
    with report.stage("stories") as counts:
        new = room.store.articles.unassigned()
        room.progress.begin("stories", len(new))
        if new:
            desk = _Desk(room)
            for some in _portions(_batches(new, timedelta(days=room.settings.stories.window_days))):
                counts["assigned"] += sum(map(len, some))
                counts["changed"] += desk.assign(some)
        counts["stories touched"] = len(room.store.stories.unpublished())
        room.progress.end(f"{counts['assigned']} articles, {counts['stories touched']} stories touched")


def _batches(new: Sequence[KeptArticle], longest: timedelta) -> Iterator[Sequence[KeptArticle]]:
    """Runs of at most BATCH articles and of a window's length, so that what lies around them stays bounded."""
    start = 0
    for at in range(1, len(new) + 1):
        if at == len(new) or at - start == BATCH or new[at].published_at - new[start].published_at > longest:
            yield new[start:at]
            start = at


def _portions(batches: Iterable[Sequence[KeptArticle]]) -> Iterator[list[Sequence[KeptArticle]]]:
    portion: list[Sequence[KeptArticle]] = []
    for batch in batches:
        portion.append(batch)
        if len(portion) == BATCHES_KEPT_TOGETHER:
            yield portion
            portion = []
    if portion:
        yield portion


class _Desk:
    """The engine of a run, with what the editor and the files say."""

    def __init__(self, room: Newsroom) -> None:
        self._room = room
        model = room.reader.name if room.reader else ""
        self._options = StoryOptions(window_days=room.settings.stories.window_days, model=model)
        self._placements = read_placements(room)
        self._engine = self._resumed() or self._begun_anew()
        self._told: dict[str, Assignment] = {}
        self._take(self._engine.obey(self._placements.stories, self._placements.moved))

    def assign(self, batches: Sequence[Sequence[KeptArticle]]) -> int:
        """The stories of some batches, and what they changed, kept in one transaction. How many changed."""
        for batch in batches:
            self._assign(batch)
            for _ in batch:
                self._room.progress.advance()
        changed = self._room.store.stories.assign(list(self._told.values()), self._engine.state())
        self._told.clear()
        return changed

    def _assign(self, batch: Sequence[KeptArticle]) -> None:
        held = held_from_files(self._room, batch)
        placed = {article: filed.story_id for article, filed in held.items()} | dict(self._placements.stories)
        articles = [story_article(kept) for kept in batch]
        edge = self._engine.edge
        late = [article for article in articles if edge is not None and article.published < edge]
        here = [article for article in articles if edge is None or article.published >= edge]
        self._take(self._late([a for a in late if a.id not in placed]))
        self._take(Assignment(a.id, placed[a.id], Receipt()) for a in late if a.id in placed)
        self._take(self._engine.add(here, self._rows(here), placed, self._placements.moved, self._room.clock.now()))
        for article, filed in held.items():
            if self._told[article].story_id == filed.story_id:
                self._told[article] = replace(self._told[article], receipt=filed.receipt)

    def _take(self, assignments: Iterable[Assignment]) -> None:
        """Notes what is said, as the editor would have it: what was merged goes where it was merged to."""
        placements = self._placements
        for said in assignments:
            receipt = said.receipt
            if said.article_id in placements.stories:
                receipt = by_editor(placements.decided.get(said.article_id))
            story = placements.story_of(said.article_id, said.story_id)
            self._told[said.article_id] = replace(said, story_id=story, receipt=receipt)

    def _late(self, late: Sequence[StoryArticle]) -> list[Assignment]:
        """Articles from before the window meet those of their own days, as far as these have a story."""
        if not late:
            return []
        window = timedelta(days=self._options.window_days)
        near = self._room.store.articles.between(late[0].published - window, late[-1].published + window)
        stories = {kept.id: kept.assignment.story_id for kept in near if kept.assignment is not None}
        stories |= {article: said.story_id for article, said in self._told.items()}
        known = [story_article(kept) for kept in near if kept.id in stories]
        return place_late(late, known, stories, self._options, self._embed)

    def _resumed(self) -> StoryEngine | None:
        """The engine as the last run left it; None where there is none, or one of other settings."""
        state = self._room.store.stories.engine_state()
        reader = self._room.reader
        if state is None:
            return None
        dimensions, name = (reader.dimensions, reader.name) if reader else (0, "")
        try:
            return StoryEngine.resumed(
                self._options, state, self._articles, self._read if reader else None, dimensions, name
            )
        except ValueError:
            return None

    def _begun_anew(self) -> StoryEngine:
        """An engine that begins with the newest articles that have a story."""
        known = self._room.store.articles.recent(timedelta(days=self._options.window_days))
        stories = {kept.id: kept.assignment.story_id for kept in known if kept.assignment is not None}
        name = self._room.reader.name if self._room.reader else ""
        return adopting([story_article(kept) for kept in known], stories, self._options, self._embed, name)

    def _articles(self, ids: Sequence[str]) -> list[StoryArticle]:
        found = self._room.store.articles.by_id(ids)
        return [story_article(found[article]) for article in ids if article in found]

    def _rows(self, articles: Sequence[StoryArticle]) -> NDArray[np.float32] | None:
        return self._read(articles) if self._room.reader else None

    def _read(self, articles: Sequence[StoryArticle]) -> NDArray[np.float32]:
        """The rows of the language model, which has to be there."""
        return self._embed_texts([embedded_text(article) for article in articles])

    def _embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self._room.reader is None:
            raise ValueError("there is no language model")
        return self._room.reader.embed(texts)

    @property
    def _embed(self) -> Embed | None:
        return self._embed_texts if self._room.reader else None


def story_article(kept: KeptArticle) -> StoryArticle:
    """What the story engine reads of an article."""
    article = kept.article
    return StoryArticle(
        id=kept.id,
        title=article.title,
        published=kept.published_at,
        url=article.canonical_url or article.url,
        excerpt=article.excerpt or "",
        text=article.text[:TEXT_COMPARED],
        provider_domain=article.provider.domain if article.provider else "",
        language=article.language or "",
    )
