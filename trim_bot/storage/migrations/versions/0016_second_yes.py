"""Makes room for roles that are asked and need a second yes, and for the end of the founding."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(TEXT(collation="C"), "postgresql")
_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add both tables. A desk that has a lead is founded: from now on roles need a second yes there."""
    op.create_table(
        "grant_request",
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("key_id", _TEXT, nullable=False),
        sa.Column("member_id", _TEXT, nullable=False),
        sa.Column("asked_by", _TEXT, nullable=True),
        sa.Column("agreed_by", _TEXT, nullable=True),
        sa.Column("role", _TEXT, nullable=True),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("asked_at", _WHEN, nullable=False),
        sa.Column("until", _WHEN, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
        # No numbers for its rows: they would tell who came first.
        sqlite_with_rowid=False,
    )
    for column in ("member_id", "asked_by", "agreed_by"):
        op.create_index(f"ix_grant_request_{column}", "grant_request", ["organisation", column])
    op.create_table(
        "founding",
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("ended_at", _WHEN, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
        # No numbers for its rows: they would tell who came first.
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO founding (organisation, id, ended_at) "
        "SELECT organisation, 'desk', min(granted_at) FROM role_grant WHERE role = 'lead' GROUP BY organisation"
    )


def downgrade() -> None:
    """Take both away: what was asked and had not begun is asked again."""
    op.drop_table("founding")
    op.drop_table("grant_request")
