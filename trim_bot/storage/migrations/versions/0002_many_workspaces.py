"""Makes room for many workspaces: where an account's messages go, and what was installed where."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add one column and one table; everything that is there stays as it is."""
    op.add_column("account", sa.Column("first", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "installation",
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("key_id", _TEXT, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )


def downgrade() -> None:
    """Take both away again."""
    op.drop_table("installation")
    with op.batch_alter_table("account") as account:
        account.drop_column("first")
