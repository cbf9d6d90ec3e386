"""The store: every table on one database file."""

from pathlib import Path

from sqlalchemy import text

from broadsheet.adapters.storage.article_table import SqlArticles
from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.embedding_table import SqlEmbeddings
from broadsheet.adapters.storage.item_table import SqlItems
from broadsheet.adapters.storage.letter_table import SqlLetters
from broadsheet.adapters.storage.note_table import SqlNotes
from broadsheet.adapters.storage.outgoing_tables import SqlDeployed, SqlOutbox
from broadsheet.adapters.storage.picture_table import SqlPictures
from broadsheet.adapters.storage.publication_tables import SqlFiles, SqlJournal
from broadsheet.adapters.storage.source_table import SqlSources
from broadsheet.adapters.storage.story_table import SqlStories
from broadsheet.adapters.storage.subscriber_table import SqlSubscribers
from broadsheet.adapters.storage.subscription_table import SqlSubscriptions
from broadsheet.adapters.storage.vitals_table import SqlVitals
from broadsheet.ports import (
    ArticleTable,
    DeployTable,
    EmbeddingTable,
    FileTable,
    ItemTable,
    JournalTable,
    LetterTable,
    NoteTable,
    OutboxTable,
    PictureTable,
    SourceTable,
    StoryTable,
    SubscriberTable,
    SubscriptionTable,
    VitalsTable,
)


class SqlStore:
    """Implements the `Store` port. Raises StoreTooNew and StorageError at opening."""

    def __init__(self, file: Path, *, read_only: bool = False) -> None:
        self.database = Database(file, read_only=read_only)
        self.sources: SourceTable = SqlSources(self.database)
        self.notes: NoteTable = SqlNotes(self.database)
        self.vitals: VitalsTable = SqlVitals(self.database)
        self.subscriptions: SubscriptionTable = SqlSubscriptions(self.database)
        self.items: ItemTable = SqlItems(self.database)
        self.articles: ArticleTable = SqlArticles(self.database)
        self.stories: StoryTable = SqlStories(self.database)
        self.files: FileTable = SqlFiles(self.database)
        self.pictures: PictureTable = SqlPictures(self.database)
        self.journal: JournalTable = SqlJournal(self.database)
        self.embeddings: EmbeddingTable = SqlEmbeddings(self.database)
        self.subscribers: SubscriberTable = SqlSubscribers(self.database)
        self.letters: LetterTable = SqlLetters(self.database)
        self.deployed: DeployTable = SqlDeployed(self.database)
        self.outbox: OutboxTable = SqlOutbox(self.database)

    def damage(self) -> list[str]:
        """What an integrity check finds wrong; empty for a sound store."""
        with self.database.transaction() as connection:
            said = list(connection.execute(text("PRAGMA quick_check")).scalars())
        return [] if said == ["ok"] else said

    def close(self) -> None:
        """Gives the connection back."""
        self.database.close()
