"""Notes beside the data which takings-back in the ledger were committed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from trim_bot.storage.columns import PLAIN_TEXT

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of tokens."""
    op.create_table(
        "taking_back",
        sa.Column("organisation", PLAIN_TEXT, primary_key=True),
        sa.Column("token", PLAIN_TEXT, primary_key=True),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("taking_back")
