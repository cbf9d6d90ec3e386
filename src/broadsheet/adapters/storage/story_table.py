"""Implements the `StoryTable` port."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from broadsheet.adapters.storage.article_table import batches, kept_article
from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.tables import articles, engine_state, stories
from broadsheet.model.kept import KeptArticle
from broadsheet.model.story import Assignment

ENGINE = "stories"


class SqlStories:
    """Stories."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def assign(self, assignments: Sequence[Assignment], state: bytes | None = None) -> int:
        """Takes over every assignment that says something new, in one transaction, with the `state` of the engine that
        made them.

        A receipt is kept as it was when the decision fell: only a new story or a new original makes it new.
        """
        with self.database.transaction() as connection:
            changed = [a.article_id for a in assignments if _assign(connection, a)]
            _mark_by_heads(connection, changed)
            if state is not None:
                keep = insert(engine_state).values(name=ENGINE, body=state)
                connection.execute(keep.on_conflict_do_update(index_elements=["name"], set_={"body": state}))
        return len(changed)

    def engine_state(self) -> bytes | None:
        """What the last `assign` kept of the engine."""
        query = select(engine_state.c.body).where(engine_state.c.name == ENGINE)
        with self.database.transaction() as connection:
            return connection.execute(query).scalar()

    def unpublished(self) -> list[str]:
        """Ids of stories that changed since they were last published, sorted."""
        query = select(stories.c.id).where(stories.c.unpublished).order_by(stories.c.id)
        with self.database.transaction() as connection:
            return list(connection.execute(query).scalars())

    def dissolved(self) -> list[str]:
        """Those of `unpublished` that have no article any more, sorted."""
        has_articles = select(articles.c.id).where(articles.c.story_id == stories.c.id).exists()
        query = select(stories.c.id).where(stories.c.unpublished, ~has_articles).order_by(stories.c.id)
        with self.database.transaction() as connection:
            return list(connection.execute(query).scalars())

    def of(self, article_ids: Iterable[str]) -> dict[str, str]:
        """The stories of those of these articles that have one."""
        found: dict[str, str] = {}
        with self.database.transaction() as connection:
            for batch in batches(article_ids):
                query = select(articles.c.id, articles.c.story_id).where(articles.c.id.in_(batch))
                rows = connection.execute(query.where(articles.c.story_id.is_not(None)))
                found |= {row.id: row.story_id for row in rows}
        return found

    def members(self, story_ids: Iterable[str]) -> dict[str, list[KeptArticle]]:
        """Their articles by time; a story that lost all of them has an empty list."""
        found: dict[str, list[KeptArticle]] = {}
        with self.database.transaction() as connection:
            for batch in batches(story_ids):
                found |= {story: [] for story in batch}
                query = select(articles).where(articles.c.story_id.in_(batch))
                for row in connection.execute(query.order_by(articles.c.published_at, articles.c.id)).mappings():
                    found[row["story_id"]].append(kept_article(row))
        return found

    def heads(self, story_ids: Iterable[str]) -> dict[str, str]:
        """Article ids of the present heads."""
        found: dict[str, str] = {}
        with self.database.transaction() as connection:
            for batch in batches(story_ids):
                query = select(stories.c.id, stories.c.head).where(stories.c.id.in_(batch), stories.c.head.is_not(None))
                found |= {row.id: row.head for row in connection.execute(query)}
        return found

    def mark(self, reason: str, story_ids: Iterable[str] | None = None) -> None:
        """These stories (None: all) are to be published anew."""
        with self.database.transaction() as connection:
            if story_ids is None:
                connection.execute(update(stories).values(unpublished=True, reason=reason))
            for story in sorted(set(story_ids or ())):
                _mark(connection, story, reason)

    def mark_by_images(self, urls: Iterable[str]) -> None:
        """The stories of articles whose lead image is one of these are to be published anew."""
        with self.database.transaction() as connection:
            for batch in batches(urls):
                touched = select(articles.c.story_id).where(articles.c.image_url.in_(batch))
                anew = {"unpublished": True, "reason": "a picture turned out to be a share card"}
                connection.execute(update(stories).where(stories.c.id.in_(touched)).values(**anew))

    def published(self, heads: Mapping[str, str]) -> None:
        """These stories are published, with these heads."""
        with self.database.transaction() as connection:
            for story, head in sorted(heads.items()):
                done = {"unpublished": False, "reason": None} | ({"head": head} if head else {})
                connection.execute(update(stories).where(stories.c.id == story).values(**done))


def _mark_by_heads(connection: Connection, changed: Sequence[str]) -> None:
    """The address of a story without reports leads to where its last head is, so it has to follow it."""
    anew = {"unpublished": True, "reason": "its last head joined another story"}
    for batch in batches(changed):
        connection.execute(update(stories).where(stories.c.head.in_(batch), ~stories.c.unpublished).values(**anew))


def _assign(connection: Connection, assignment: Assignment) -> int:
    query = select(articles.c.story_id, articles.c.copy_of).where(articles.c.id == assignment.article_id)
    before = connection.execute(query).first()
    if before is None or (before.story_id, before.copy_of) == (assignment.story_id, assignment.copy_of):
        return 0
    row = {
        "story_id": assignment.story_id,
        "receipt": assignment.receipt.as_json(),
        "copy_of": assignment.copy_of,
        "shared_text": assignment.shared_text,
    }
    connection.execute(update(articles).where(articles.c.id == assignment.article_id).values(**row))
    for story in {before.story_id, assignment.story_id} - {None}:
        _mark(connection, story, "an article joined or left")
    return 1


def _mark(connection: Connection, story: str, reason: str) -> None:
    anew = {"unpublished": True, "reason": reason}
    statement = insert(stories).values(id=story, **anew)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=anew))
