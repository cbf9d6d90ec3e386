"""What the pipeline needs of the world, each need a protocol with its errors. `adapters/` has what fills them."""

from broadsheet.ports.mail import LetterTable, Mailer, Outcome, SubscriberTable
from broadsheet.ports.outgoing import Channel, Deployment, DeployTable, OutboxTable
from broadsheet.ports.store import (
    ArticleTable,
    EmbeddingTable,
    FileTable,
    ItemTable,
    JournalTable,
    NoteTable,
    PictureTable,
    SourceTable,
    Store,
    StoryTable,
    SubscriptionTable,
    VitalsTable,
)
from broadsheet.ports.world import Apart, Archive, Blobs, Clock, Embedder, Engine, Http, Lanes, Progress, Repository

__all__ = [
    "Apart",
    "Archive",
    "ArticleTable",
    "Blobs",
    "Channel",
    "Clock",
    "DeployTable",
    "Deployment",
    "Embedder",
    "EmbeddingTable",
    "Engine",
    "FileTable",
    "Http",
    "ItemTable",
    "JournalTable",
    "Lanes",
    "LetterTable",
    "Mailer",
    "NoteTable",
    "OutboxTable",
    "Outcome",
    "PictureTable",
    "Progress",
    "Repository",
    "SourceTable",
    "Store",
    "StoryTable",
    "SubscriberTable",
    "SubscriptionTable",
    "VitalsTable",
]
