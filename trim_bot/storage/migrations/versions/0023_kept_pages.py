"""Keeps what shows a page again, so that a browser can go back to it: sealed with what that browser alone holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table; nothing that was shown before is in it."""
    op.create_table(
        "kept_page",
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("holder", _TEXT, nullable=False),
        sa.Column("member_id", _TEXT, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
        sqlite_with_rowid=False,
    )
    for column in ("holder", "member_id", "kept_at"):
        op.create_index(f"ix_kept_page_{column}", "kept_page", ["organisation", column])


def downgrade() -> None:
    """Take it away: *Back* leads to a page that says so, and to the start."""
    op.drop_table("kept_page")
