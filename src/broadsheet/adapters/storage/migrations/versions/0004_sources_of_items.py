"""What makes two items one, who else lists them, what rules made of them, and what readers of sources remember."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Five tables and three columns; what was there stays as it is."""
    for table, name in (("item_marks", "item_key"), ("article_marks", "article_id")):
        op.create_table(
            table,
            sa.Column("mark", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column(name, sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("mark"),
        )
    op.create_table(
        "listings",
        sa.Column("item_key", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("item_key", "source_url"),
    )
    op.create_table(
        "source_notes",
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source_url", "name"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("source_url"),
        sa.UniqueConstraint("token"),
    )
    op.add_column("items", sa.Column("article_id", sa.Text()))
    op.add_column("articles", sa.Column("tags", sa.JSON()))
    op.add_column("articles", sa.Column("muted", sa.Text()))
