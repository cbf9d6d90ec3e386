"""Implements the `ArticleTable` port."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, update
from sqlalchemy.dialects.sqlite import insert

from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.item_table import DONE
from broadsheet.adapters.storage.tables import article_marks, articles, changes, items, stories
from broadsheet.model.article import Article
from broadsheet.model.kept import Change, Item, KeptArticle
from broadsheet.model.story import Assignment, receipt_from_json

IDS_A_QUERY = 500


class SqlArticles:
    """Articles."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def keep(self, item: Item, article: KeptArticle, changed: Sequence[Change], mark: int | None = None) -> None:
        """The article of `item`, its item done and its story to be published anew, in one transaction."""
        with self.database.transaction() as connection:
            _keep_article(connection, article)
            if mark is not None:
                row = {"mark": mark, "article_id": article.id}
                connection.execute(insert(article_marks).values(**row).on_conflict_do_nothing())
            for number, change in enumerate(changed):
                _keep_change(connection, change, number)
            done: dict[str, object] = {
                "state": DONE,
                "reason": None,
                "article_id": article.id,
                "entry": {},
            }  # the article has what the entry said
            connection.execute(update(items).where(items.c.key == item.key).values(**done))

    def marked(self, mark: int) -> str | None:
        """The id of the article that was kept first with this mark."""
        query = select(article_marks.c.article_id).where(article_marks.c.mark == mark)
        with self.database.transaction() as connection:
            return connection.execute(query).scalar()

    def muted(self) -> list[KeptArticle]:
        """Those that are muted, by time."""
        return self._select(_by_time(articles.c.muted.is_not(None)))

    def unmute(self, ids: Iterable[str]) -> None:
        """These are not muted any more."""
        with self.database.transaction() as connection:
            for batch in batches(ids):
                connection.execute(update(articles).where(articles.c.id.in_(batch)).values(muted=None))

    def by_id(self, ids: Iterable[str]) -> dict[str, KeptArticle]:
        """Those of these ids that we have."""
        found: dict[str, KeptArticle] = {}
        for batch in batches(ids):
            found |= {a.id: a for a in self._select(select(articles).where(articles.c.id.in_(batch)))}
        return found

    def unassigned(self) -> list[KeptArticle]:
        """Those that no story engine has seen, by time."""
        return self._select(_by_time(articles.c.story_id.is_(None) & articles.c.muted.is_(None)))

    def between(self, start: datetime, end: datetime) -> list[KeptArticle]:
        """Those published in `[start, end]`, by time."""
        return self._select(_by_time(articles.c.published_at.between(start, end)))

    def recent(self, span: timedelta) -> list[KeptArticle]:
        """Those with a story that were published at most `span` before the newest of them, by time."""
        has_story = articles.c.story_id.is_not(None)
        newest = select(func.max(articles.c.published_at)).where(has_story)
        with self.database.transaction() as connection:
            last = connection.execute(newest).scalar()
        if last is None:
            return []
        return self._select(_by_time(has_story & (articles.c.published_at >= last - span)))

    def changes(self, ids: Iterable[str]) -> list[Change]:
        """What their publishers changed, by time."""
        found: list[Change] = []
        with self.database.transaction() as connection:
            for batch in batches(ids):
                query = select(changes).where(changes.c.article_id.in_(batch))
                found += [_change(row) for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda c: (c.at, c.article_id, c.field, c.before))

    def shared_images(self, at_least: int) -> set[str]:
        """Addresses of lead images that stand on `at_least` articles."""
        query = select(articles.c.image_url).where(articles.c.image_url.is_not(None)).group_by(articles.c.image_url)
        with self.database.transaction() as connection:
            return set(connection.execute(query.having(func.count() >= at_least)).scalars())

    def count(self) -> int:
        """How many there are."""
        with self.database.transaction() as connection:
            return connection.execute(select(func.count()).select_from(articles)).scalar_one()

    def _select(self, query: "Select[Any]") -> list[KeptArticle]:
        with self.database.transaction() as connection:
            return [kept_article(row) for row in connection.execute(query).mappings()]


def batches(ids: Iterable[str]) -> Iterable[list[str]]:
    """Lists short enough for one query's parameters."""
    rest = iter(sorted(set(ids)))
    return iter(lambda: list(islice(rest, IDS_A_QUERY)), [])


def kept_article(row: Mapping[Any, Any]) -> KeptArticle:
    """The article of a row of `articles`."""
    assignment = None
    if row["story_id"] is not None:
        receipt = receipt_from_json(row["receipt"] or {})
        assignment = Assignment(row["id"], row["story_id"], receipt, row["copy_of"], row["shared_text"])
    return KeptArticle(
        id=row["id"],
        article=Article.from_json(row["document"]),
        published_at=row["published_at"],
        first_seen=row["first_seen"],
        source_url=row["source_url"],
        official=row["official"],
        assignment=assignment,
        tags=tuple(row["tags"] or ()),
        muted=row["muted"],
    )


def _by_time(condition: "ColumnElement[bool]") -> "Select[Any]":
    return select(articles).where(condition).order_by(articles.c.published_at, articles.c.id)


def _keep_article(connection: Connection, article: KeptArticle) -> None:
    images = article.article.images
    row = {
        "document": article.article.as_json(),
        "published_at": article.published_at,
        "source_url": article.source_url,
        "official": article.official,
        "image_url": images[0].url if images else None,
        "tags": list(article.tags) or None,
        "muted": article.muted,
    }
    statement = insert(articles).values(id=article.id, first_seen=article.first_seen, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))
    story = select(articles.c.story_id).where(articles.c.id == article.id).scalar_subquery()
    anew = {"unpublished": True, "reason": "an article changed"}
    connection.execute(update(stories).where(stories.c.id == story).values(**anew))


def _keep_change(connection: Connection, change: Change, number: int) -> None:
    row = {"field": change.field, "before": change.before, "after": change.after}
    statement = insert(changes).values(article_id=change.article_id, at=change.at, number=number, **row)
    key = ["article_id", "at", "number"]
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=row))


def _change(row: Mapping[Any, Any]) -> Change:
    return Change(row["article_id"], row["at"], row["field"], row["before"], row["after"])
