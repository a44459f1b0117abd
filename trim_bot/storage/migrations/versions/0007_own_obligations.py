"""Makes room for what each event is owed: whose conversation it is, what met it, and by when a person hears from us."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add two columns to conversations and two to steps; what is there belongs to the first event of its case."""
    op.add_column("check_in", sa.Column("exposure", _TEXT, nullable=False, server_default=""))
    op.add_column("check_in", sa.Column("met_by", _TEXT, nullable=True))
    op.add_column("step", sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("step", sa.Column("tries", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Take all four away again."""
    with op.batch_alter_table("step") as step:
        step.drop_column("tries")
        step.drop_column("promised_at")
    with op.batch_alter_table("check_in") as check_in:
        check_in.drop_column("met_by")
        check_in.drop_column("exposure")
