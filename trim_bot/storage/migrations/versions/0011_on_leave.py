"""Makes room for whether leave with a last day lasts, which figures count and whose days stay sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add one column; the sweep after the start says of whom it is true."""
    op.add_column("member", sa.Column("on_leave", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("member") as member:
        member.drop_column("on_leave")
