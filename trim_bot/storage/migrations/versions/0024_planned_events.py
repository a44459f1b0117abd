"""Makes room for events that a site plans first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table. Events that are there were offered when they were logged, and stay as they are."""
    op.create_table(
        "planned_event",
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("incident_id", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organisation", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_planned_event_incident_id", "planned_event", ["organisation", "incident_id"])


def downgrade() -> None:
    """Take it away: nothing more goes out for what waits to be planned."""
    op.drop_table("planned_event")
