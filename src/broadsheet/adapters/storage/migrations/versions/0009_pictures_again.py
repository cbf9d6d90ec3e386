"""When a picture is to be asked for again, and which stories name it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """What could not be had is tried once more; which stories name a picture follows from their articles."""
    op.add_column("pictures", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("pictures", sa.Column("not_before", sa.DateTime(timezone=True)))
    op.add_column("pictures", sa.Column("address", sa.Text()))
    op.create_index("pictures_due", "pictures", ["not_before"])
    op.create_table(
        "picture_uses",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("story_id", "url"),
    )
    op.create_index("picture_uses_url", "picture_uses", ["url"])
    op.execute(
        "UPDATE pictures SET not_before = '1970-01-01 00:00:00.000000' WHERE picture IS NULL OR picture = 'null'"
    )
    op.execute(
        "INSERT INTO picture_uses SELECT DISTINCT story_id, image_url FROM articles"
        " WHERE story_id IS NOT NULL AND image_url IN (SELECT url FROM pictures)"
    )
