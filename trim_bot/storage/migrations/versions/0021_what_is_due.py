"""Keeps what a sweep need not look at: how each account stood on its list, and when each organisation is due.

And finds the workspaces of an organisation by an index.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add a column, which the next reading of the lists fills, and a table, which the clock fills."""
    op.add_column("account", sa.Column("listed_as", _TEXT, nullable=False, server_default=""))
    op.create_table(
        "next_look",
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_workspace_organisation", "workspace", ["organisation"])
    op.create_index("ix_next_look_due", "next_look", ["id", "due_at"])


def downgrade() -> None:
    """Take both away: each sweep goes to everybody again."""
    op.drop_table("next_look")
    op.drop_index("ix_workspace_organisation", "workspace")
    with op.batch_alter_table("account") as account:
        account.drop_column("listed_as")
