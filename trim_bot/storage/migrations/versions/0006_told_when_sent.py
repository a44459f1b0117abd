"""Finds a sent message by the digest of what its buttons carry."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add an index, and forget what platforms called the messages sent so far: nothing asks for it."""
    op.execute("UPDATE outgoing SET handle = ''")
    op.create_index("ix_outgoing_handle", "outgoing", ["organisation", "handle"])


def downgrade() -> None:
    """Take the index away."""
    op.drop_index("ix_outgoing_handle", "outgoing")
