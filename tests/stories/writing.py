"""Articles of our own for the tests of the story engine."""

from datetime import UTC, datetime, timedelta

from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories import StoryOptions, assign_stories

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
