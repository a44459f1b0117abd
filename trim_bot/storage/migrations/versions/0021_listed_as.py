"""Keeps beside each account what the platform's list told of it last, as a digest: who stands there as before costs
nothing.
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
    """Add one column; the next reading of the lists fills it."""
    op.add_column("account", sa.Column("listed_as", _TEXT, nullable=False, server_default=""))


def downgrade() -> None:
    """Take it away: each reading opens everybody again."""
    with op.batch_alter_table("account") as account:
        account.drop_column("listed_as")
