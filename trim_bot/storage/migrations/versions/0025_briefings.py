"""Makes room for group briefings, and for who was told of one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add both tables; no briefing was set before."""
    op.create_table(
        "briefing",
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("key_id", _TEXT, nullable=False),
        sa.Column("incident_id", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leader", _TEXT, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "briefing_invite",
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("key_id", _TEXT, nullable=False),
        sa.Column("briefing_id", _TEXT, nullable=False),
        sa.Column("member_id", _TEXT, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
        sqlite_with_rowid=False,
    )
    for table, columns in (
        ("briefing", ("incident_id", "leader", "key_id")),
        ("briefing_invite", ("briefing_id", "member_id", "key_id")),
    ):
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, ["organisation", column])


def downgrade() -> None:
    """Take both away: nobody finds a briefing on their page any more."""
    op.drop_table("briefing_invite")
    op.drop_table("briefing")
