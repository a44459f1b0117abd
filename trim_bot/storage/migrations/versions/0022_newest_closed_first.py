"""Lets PostgreSQL read what ended last from its index: it puts empty values elsewhere than they are asked for."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_NAME, _TABLE, _COLUMNS = "ix_support_case_state", "support_case", ["organisation", "state", "closed_at"]


def upgrade() -> None:
    """Make the index anew; on SQLite it is as it was."""
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, _COLUMNS, postgresql_ops={"closed_at": "NULLS FIRST"})


def downgrade() -> None:
    """Have it as it was."""
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, _COLUMNS)
