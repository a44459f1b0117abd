"""Holds the place of a step of the schema."""

from __future__ import annotations

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing changes yet."""


def downgrade() -> None:
    """Nothing changed."""
