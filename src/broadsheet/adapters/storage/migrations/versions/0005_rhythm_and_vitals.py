"""The rhythm of sources, where they moved and since when, and how they are."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Three columns and a table; what was there stays as it is."""
    op.add_column("sources", sa.Column("moved_since", sa.DateTime(timezone=True)))
    op.add_column("sources", sa.Column("moved_polls", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sources", sa.Column("rhythm", sa.JSON()))
    op.create_table(
        "vitals",
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source_url"),
    )
