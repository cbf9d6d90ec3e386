"""Subscribers, letters, the stories they told, and what became of each copy."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Five tables; what was there stays as it is."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "subscribers",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("address", sa.Text(), nullable=False, unique=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("asked", instant, nullable=False),
        sa.Column("confirmed", instant),
        sa.Column("ended", instant),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("soft", sa.Integer(), nullable=False),
        sa.Column("soft_at", instant),
    )
    op.create_table(
        "suppressed",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", instant, nullable=False),
    )
    op.create_table(
        "letters",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("made", instant, nullable=False),
        sa.Column("finished", instant),
    )
    op.create_table(
        "letter_stories",
        sa.Column("letter", sa.Text(), primary_key=True),
        sa.Column("story_id", sa.Text(), primary_key=True),
    )
    op.create_table(
        "deliveries",
        sa.Column("letter", sa.Text(), primary_key=True),
        sa.Column("subscriber", sa.String(32), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
