"""Holds the place of a step of the schema."""

from __future__ import annotations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing changes yet."""


def downgrade() -> None:
    """Nothing changed."""
