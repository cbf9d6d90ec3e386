"""The tables. A change here needs a revision in `migrations/versions` (a test compares the two)."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, UTC in and out; SQLite itself knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC; a naive value is refused."""
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant without a zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Back with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

sources = Table(
    "sources",
    metadata,
    Column("url", Text, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", Text),
    Column("official", Boolean, nullable=False),
    Column("watched", Boolean, nullable=False),
    Column("next_due", Instant),
    Column("last_polled", Instant),
    Column("last_success", Instant),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("interval_seconds", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("last_error", Text),
    Column("moved_to", Text),
    Column("moved_since", Instant),
    Column("moved_polls", Integer, nullable=False, server_default="0"),
    Column("rhythm", JSON),
    Column("retired", Boolean, nullable=False),
    Index("sources_due", "watched", "next_due"),
)

vitals = Table(
    "vitals",
    metadata,
    Column("source_url", Text, primary_key=True),
    Column("body", JSON, nullable=False),
)

items = Table(
    "items",
    metadata,
    Column("key", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("source_url", Text, nullable=False),
    Column("entry", JSON, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant),
    Column("reason", Text),
    Column("article_id", Text),
    Index("items_state", "state", "not_before"),
)

item_marks = Table(
    "item_marks",
    metadata,
    Column("mark", Integer, primary_key=True, autoincrement=False),
    Column("item_key", Text, nullable=False),
)

listings = Table(
    "listings",
    metadata,
    Column("item_key", Text, primary_key=True),
    Column("source_url", Text, primary_key=True),
)

source_notes = Table(
    "source_notes",
    metadata,
    Column("source_url", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("source_url", Text, primary_key=True),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked", Instant, nullable=False),
    Column("expires", Instant),
    Column("reason", Text),
    UniqueConstraint("token"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document", JSON, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("source_url", Text, nullable=False),
    Column("official", Boolean, nullable=False),
    Column("image_url", Text),
    Column("story_id", Text),
    Column("receipt", JSON),
    Column("copy_of", Text),
    Column("shared_text", Float),
    Column("tags", JSON),
    Column("muted", Text),
    Index("articles_published", "published_at"),
    Index("articles_story", "story_id"),
    Index("articles_image", "image_url"),
)

article_marks = Table(
    "article_marks",
    metadata,
    Column("mark", Integer, primary_key=True, autoincrement=False),
    Column("article_id", Text, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("field", String(32), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
)

stories = Table(
    "stories",
    metadata,
    Column("id", Text, primary_key=True),
    Column("head", Text),
    Column("unpublished", Boolean, nullable=False),
    Column("reason", Text),
    Index("stories_unpublished", "unpublished"),
)

files = Table(
    "files",
    metadata,
    Column("path", Text, primary_key=True),
    Column("sha", Text),
    Column("before", Text),
    Column("dirty", Boolean, nullable=False),
    Index("files_dirty", "dirty"),
)

record_paths = Table(
    "record_paths",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("path", Text, nullable=False, unique=True),
)

pictures = Table(
    "pictures",
    metadata,
    Column("url", Text, primary_key=True),
    Column("picture", JSON),
    Column("reason", Text),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Instant),
    Column("address", Text),
    Index("pictures_due", "not_before"),
)

picture_uses = Table(
    "picture_uses",
    metadata,
    Column("story_id", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Index("picture_uses_url", "url"),
)

image_sizes = Table(
    "image_sizes",
    metadata,
    Column("url", Text, primary_key=True),
    Column("width", Integer),
    Column("height", Integer),
    Column("reason", Text),
)

facts = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("started", Instant, nullable=False),
    Column("ended", Instant, nullable=False),
    Column("report", JSON, nullable=False),
)

failures = Table(
    "failures",
    metadata,
    Column("run_id", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("stage", String(16), nullable=False),
    Column("item", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

embeddings = Table(
    "embeddings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("embedder", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("row", LargeBinary, nullable=False),
    UniqueConstraint("embedder", "digest"),
)

engine_state = Table(
    "engine_state",
    metadata,
    Column("name", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("address", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked", Instant, nullable=False),
    Column("confirmed", Instant),
    Column("ended", Instant),
    Column("reason", Text, nullable=False),
    Column("soft", Integer, nullable=False),
    Column("soft_at", Instant),
)

suppressed = Table(
    "suppressed",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

letters = Table(
    "letters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("made", Instant, nullable=False),
    Column("finished", Instant),
)

letter_stories = Table(
    "letter_stories",
    metadata,
    Column("letter", Text, primary_key=True),
    Column("story_id", Text, primary_key=True),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("letter", Text, primary_key=True),
    Column("subscriber", String(32), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
)

deployed = Table(
    "deployed",
    metadata,
    Column("target", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("digest", String(64)),
    Column("size", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
)

announcements = Table(
    "announcements",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("standing", String(16), nullable=False),
    Column("heat", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("records", JSON, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("queued", Instant, nullable=False),
    Column("not_before", Instant),
    Column("uncertain", Instant),
    Column("ended", Instant),
    Column("said", Text, nullable=False),
    Index("announcements_standing", "channel", "standing", "ended"),
)

announced_records = Table(
    "announced_records",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("record", Text, primary_key=True),
    Column("subject", Text, nullable=False),
)
