"""Implements the `EmbeddingTable` port."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from broadsheet.adapters.storage.article_table import batches
from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.tables import embeddings

MOST_KEPT = 200_000
"""Rows; at 1 KB each they take 200 MB at the most."""


class SqlEmbeddings:
    """Rows of language models. Only the newest `most` are kept: an older text is read again if it is asked for."""

    def __init__(self, database: Database, most: int = MOST_KEPT) -> None:
        self.database = database
        self.most = most

    def known(self, embedder: str, digests: Sequence[str]) -> dict[str, bytes]:
        """What is kept under the embedder's name: digest of the text to its row."""
        found: dict[str, bytes] = {}
        with self.database.transaction() as connection:
            for batch in batches(digests):
                query = select(embeddings.c.digest, embeddings.c.row)
                query = query.where(embeddings.c.embedder == embedder, embeddings.c.digest.in_(batch))
                found |= {row.digest: row.row for row in connection.execute(query)}
        return found

    def keep(self, embedder: str, rows: Mapping[str, bytes]) -> None:
        """Keeps them, in one transaction, and forgets the oldest over `most`."""
        if not rows:
            return
        with self.database.transaction() as connection:
            given = [{"embedder": embedder, "digest": digest, "row": row} for digest, row in rows.items()]
            connection.execute(insert(embeddings).on_conflict_do_nothing(), given)
            newest = connection.execute(select(func.max(embeddings.c.id))).scalar() or 0
            connection.execute(delete(embeddings).where(embeddings.c.id <= newest - self.most))
