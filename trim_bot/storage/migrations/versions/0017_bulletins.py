"""Makes room for people counted once in a period, and for the bulletins that come of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add what is new. A desk that is there counts people from now on, and tells of periods that begin after it."""
    op.create_table(
        "bulletin",
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("period", _TEXT, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", _TEXT, nullable=False),
        sa.Column("signature", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counted_person",
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("cell", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_counted_person_cell", "counted_person", ["organisation", "cell"])
    op.create_table(
        "counting_since",
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take it all away again."""
    for name in ("counting_since", "counted_person", "bulletin"):
        op.drop_table(name)
