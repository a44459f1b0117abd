"""Makes room for who served when a week closed, in bands, which the employer page shows instead of live counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COLUMNS = ("practitioners", "leads")


def upgrade() -> None:
    """Add two columns; of weeks that closed before, nothing was kept."""
    for name in _COLUMNS:
        op.add_column("week_status", sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("week_status") as week:
        for name in _COLUMNS:
            week.drop_column(name)
