"""Lets the newest training of somebody be read from an index alone."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put a wider index in the place of one that it begins with; no row changes."""
    op.create_index(
        "ix_training_newest", "training", ["organisation", "member_id", "trained_on", "expires_on"]
    )
    op.drop_index("ix_training_member_id", "training")


def downgrade() -> None:
    """Put the narrower one back."""
    op.create_index("ix_training_member_id", "training", ["organisation", "member_id"])
    op.drop_index("ix_training_newest", "training")
