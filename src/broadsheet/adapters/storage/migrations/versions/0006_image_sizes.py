"""Sizes of images that were read from their first bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """One table; what was there stays as it is."""
    op.create_table(
        "image_sizes",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("url"),
    )
