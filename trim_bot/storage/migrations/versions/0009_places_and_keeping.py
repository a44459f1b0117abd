"""Makes room for when a request ended, was answered and was read, from which its keeping counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS = ("ended_at", "answered_at", "read_at")


def upgrade() -> None:
    """Add three times. When a request ended was not kept so far: one that has counts from now, as does its answer."""
    for name in _COLUMNS:
        op.add_column("support_request", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    now = sa.func.now()
    request = sa.table("support_request", sa.column("state"), sa.column("ended_at"), sa.column("answered_at"))
    ended = request.c.state.in_(("closed", "withdrawn", "case"))
    op.execute(sa.update(request).where(ended).values(ended_at=now))
    op.execute(
        sa.update(request).where(request.c.state.in_(("taken", "closed", "case"))).values(answered_at=now)
    )


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("support_request") as request:
        for name in _COLUMNS:
            request.drop_column(name)
