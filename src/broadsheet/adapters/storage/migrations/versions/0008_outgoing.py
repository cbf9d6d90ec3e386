"""What targets of deployments hold, and announcements."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Three tables; what was there stays as it is."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "deployed",
        sa.Column("target", sa.Text(), primary_key=True),
        sa.Column("path", sa.Text(), primary_key=True),
        sa.Column("digest", sa.String(64)),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "announcements",
        sa.Column("channel", sa.Text(), primary_key=True),
        sa.Column("subject", sa.Text(), primary_key=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(16), nullable=False),
        sa.Column("heat", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("records", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued", instant, nullable=False),
        sa.Column("not_before", instant),
        sa.Column("uncertain", instant),
        sa.Column("ended", instant),
        sa.Column("said", sa.Text(), nullable=False),
    )
    op.create_index("announcements_standing", "announcements", ["channel", "standing", "ended"], unique=False)
    op.create_table(
        "announced_records",
        sa.Column("channel", sa.Text(), primary_key=True),
        sa.Column("record", sa.Text(), primary_key=True),
        sa.Column("subject", sa.Text(), nullable=False),
    )
