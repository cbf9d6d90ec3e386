"""Gives every new article its story, in the order of time, a batch after the other."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from broadsheet.model.kept import KeptArticle
from broadsheet.model.story import Assignment, StoryArticle
from broadsheet.stages.stories.assign import assign_stories
from broadsheet.stages.stories.options import StoryOptions
from broadsheet.steps.newsroom import Newsroom, RunReport

BATCH = 100
TEXT_COMPARED = 20_000  # characters; two articles that agree so far are copies


def group(room: Newsroom, report: RunReport) -> None:
    """The fifth stage: articles to stories. Each batch is kept before the next begins, so that an interrupted run
    goes on where it was."""
    with report.stage("stories") as counts:
        new = room.store.articles.unassigned()
        room.progress.begin("stories", len(new))
        for batch in _batches(new, timedelta(days=room.settings.stories.window_days)):
            counts["assigned"] += len(batch)
            counts["changed"] += _assign(room, batch)
            for _ in batch:
                room.progress.advance()
        counts["stories touched"] = len(room.store.stories.unpublished())
        room.progress.end(f"{counts['assigned']} articles, {counts['stories touched']} stories touched")


def _batches(new: Sequence[KeptArticle], longest: timedelta) -> Iterator[Sequence[KeptArticle]]:
    """Runs of at most BATCH articles and of a window's length, so that what lies around them stays bounded."""
    start = 0
    for at in range(1, len(new) + 1):
        if at == len(new) or at - start == BATCH or new[at].published_at - new[start].published_at > longest:
            yield new[start:at]
            start = at


def _assign(room: Newsroom, batch: Sequence[KeptArticle]) -> int:
    """Assigns one batch among the articles of its window; an article that comes late meets those of its own days."""
    window = timedelta(days=room.settings.stories.window_days)
    first, last = batch[0].published_at, batch[-1].published_at
    near = room.store.articles.between(first - window, last + window)
    around = {a.id: a.assignment for a in near if a.assignment is not None}
    previous = {article: assignment.story_id for article, assignment in around.items()}
    options = StoryOptions(window_days=room.settings.stories.window_days)
    articles = [story_article(a) for a in [*(a for a in near if a.id in around), *batch]]
    assigned = assign_stories(articles, previous, options)
    return room.store.stories.assign([a for a in assigned if _is_news(a, around.get(a.article_id))])


def _is_news(said: Assignment, before: Assignment | None) -> bool:
    """A first decision, another story, or an original found. That no original is seen any more is none: it may have
    left the window, and a copy stays a copy."""
    if before is None or said.story_id != before.story_id:
        return True
    return said.copy_of is not None and said.copy_of != before.copy_of


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
