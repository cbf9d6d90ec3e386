"""Gives every new article its story, in the order of time, a batch after the other."""

from collections.abc import Sequence
from datetime import timedelta

from broadsheet.model.kept import KeptArticle
from broadsheet.model.story import StoryArticle
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
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            counts["assigned"] += len(batch)
            counts["changed"] += _assign(room, batch)
            for _ in batch:
                room.progress.advance()
        counts["stories touched"] = len(room.store.stories.unpublished())
        room.progress.end(f"{counts['assigned']} articles, {counts['stories touched']} stories touched")


def _assign(room: Newsroom, batch: Sequence[KeptArticle]) -> int:
    """Assigns one batch among the articles of its window; an article that comes late meets those of its own days."""
    window = timedelta(days=room.settings.stories.window_days)
    first, last = batch[0].published_at, batch[-1].published_at
    around = [a for a in room.store.articles.between(first - window, last + window) if a.assignment is not None]
    previous = {a.id: a.assignment.story_id for a in around if a.assignment is not None}
    options = StoryOptions(window_days=room.settings.stories.window_days)
    articles = [story_article(a) for a in [*around, *batch]]
    return room.store.stories.assign(assign_stories(articles, previous, options))


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
