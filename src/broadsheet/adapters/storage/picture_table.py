"""Implements the `PictureTable` port."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from broadsheet.adapters.storage.article_table import batches
from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.tables import image_sizes, picture_uses, pictures
from broadsheet.model.pictures import MARK, KeptPicture
from broadsheet.model.publication import PublishedImage


class SqlPictures:
    """Pictures and publishers' marks, fetched for the site."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def known(self) -> dict[str, PublishedImage | None]:
        """All that were tried; None for one that can't be had."""
        with self.database.transaction() as connection:
            rows = connection.execute(select(pictures.c.url, pictures.c.picture))
            return {row.url: _picture(row.picture) for row in rows}

    def of(self, urls: Iterable[str]) -> dict[str, KeptPicture]:
        """What is known of these."""
        found: dict[str, KeptPicture] = {}
        with self.database.transaction() as connection:
            for batch in batches(urls):
                rows = connection.execute(select(pictures).where(pictures.c.url.in_(batch)))
                found |= {row.url: _kept(row) for row in rows}
        return found

    def keep(self, *kept: KeptPicture) -> None:
        """What came of asking for them, in one transaction."""
        with self.database.transaction() as connection:
            for one in kept:
                row = _row(one)
                statement = upsert(pictures).values(url=one.url, **row)
                connection.execute(statement.on_conflict_do_update(index_elements=["url"], set_=row))

    def want(self, kept: Sequence[KeptPicture]) -> None:
        """These wait for their turn, as far as nothing is known of them yet."""
        with self.database.transaction() as connection:
            for one in kept:
                connection.execute(upsert(pictures).values(url=one.url, **_row(one)).on_conflict_do_nothing())

    def due(self, now: datetime, most: int, *, marks: bool) -> list[KeptPicture]:
        """The first of those that are to be asked for now: what was never tried, then by how long it has waited."""
        is_mark = pictures.c.url.startswith(MARK)
        query = select(pictures).where(pictures.c.not_before <= now, is_mark if marks else ~is_mark)
        query = query.order_by(pictures.c.attempts > 0, pictures.c.not_before, pictures.c.url).limit(most)
        with self.database.transaction() as connection:
            return [_kept(row) for row in connection.execute(query)]

    def forget(self, urls: Iterable[str]) -> None:
        """Nothing is known of these any more."""
        with self.database.transaction() as connection:
            for batch in batches(urls):
                connection.execute(delete(pictures).where(pictures.c.url.in_(batch)))
                connection.execute(delete(picture_uses).where(picture_uses.c.url.in_(batch)))

    def use(self, uses: Mapping[str, Collection[str]]) -> None:
        """The records of these stories name exactly these pictures."""
        rows = [{"story_id": story, "url": url} for story, urls in uses.items() for url in sorted(set(urls))]
        with self.database.transaction() as connection:
            for batch in batches(uses):
                connection.execute(delete(picture_uses).where(picture_uses.c.story_id.in_(batch)))
            if rows:
                connection.execute(insert(picture_uses), rows)

    def stories_with(self, urls: Iterable[str]) -> set[str]:
        """The stories whose records name one of these."""
        found: set[str] = set()
        with self.database.transaction() as connection:
            for batch in batches(urls):
                query = select(picture_uses.c.story_id).where(picture_uses.c.url.in_(batch))
                found.update(connection.execute(query).scalars())
        return found

    def unused(self) -> list[str]:
        """The pictures (no marks) that no record names."""
        named = select(picture_uses.c.url).where(picture_uses.c.url == pictures.c.url).exists()
        query = select(pictures.c.url).where(~pictures.c.url.startswith(MARK), ~named).order_by(pictures.c.url)
        with self.database.transaction() as connection:
            return list(connection.execute(query).scalars())

    def sizes(self, urls: Sequence[str]) -> dict[str, tuple[int, int] | None]:
        """Those of these images that were asked for; None where there is none to be had."""
        found: dict[str, tuple[int, int] | None] = {}
        with self.database.transaction() as connection:
            for batch in batches(urls):
                for row in connection.execute(select(image_sizes).where(image_sizes.c.url.in_(batch))):
                    found[row.url] = (row.width, row.height) if row.width and row.height else None
        return found

    def keep_size(self, url: str, size: tuple[int, int] | None, reason: str = "") -> None:
        """What came of asking."""
        width, height = size or (None, None)
        row = {"width": width, "height": height, "reason": reason or None}
        with self.database.transaction() as connection:
            statement = upsert(image_sizes).values(url=url, **row)
            connection.execute(statement.on_conflict_do_update(index_elements=["url"], set_=row))


def _kept(row: Any) -> KeptPicture:
    return KeptPicture(
        row.url, _picture(row.picture), row.reason or "", row.attempts, row.not_before, row.address or ""
    )


def _row(kept: KeptPicture) -> dict[str, object]:
    return {
        "picture": _picture_json(kept.picture) if kept.picture else None,
        "reason": kept.reason or None,
        "attempts": kept.attempts,
        "not_before": kept.not_before,
        "address": kept.address or None,
    }


def _picture(row: Mapping[str, Any] | None) -> PublishedImage | None:
    if row is None:
        return None
    sizes = tuple((path, width) for path, width in row["files"])
    return PublishedImage(sizes, row["width"], row["height"], row["alt"], row.get("share", ""))


def _picture_json(picture: PublishedImage) -> dict[str, object]:
    sizes = [list(file) for file in picture.files]
    shown = {"files": sizes, "width": picture.width, "height": picture.height, "alt": picture.alt}
    return {**shown, "share": picture.share} if picture.share else shown
