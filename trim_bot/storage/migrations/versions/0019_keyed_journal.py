"""Makes room in the journal for the rows that it binds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add one column. The first start with a keyring signs what is there."""
    op.add_column("journal", sa.Column("bound", _TEXT, nullable=False, server_default=""))


def downgrade() -> None:
    """Take it away: rows that were keyed cannot be verified by an earlier version."""
    with op.batch_alter_table("journal") as journal:
        journal.drop_column("bound")
