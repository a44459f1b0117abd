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
    """Add columns to conversations, cases and steps; what is there belongs to the first event of its case."""
    op.add_column("check_in", sa.Column("exposure", _TEXT, nullable=False, server_default=""))
    op.add_column("check_in", sa.Column("met_by", _TEXT, nullable=True))
    op.add_column("step", sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("support_case", sa.Column("closed_by", _TEXT, nullable=True))
    op.create_index("ix_support_case_closed_by", "support_case", ["organisation", "closed_by"])
    op.add_column("step", sa.Column("tries", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Take all five away again."""
    op.drop_index("ix_support_case_closed_by", "support_case")
    with op.batch_alter_table("support_case") as case:
        case.drop_column("closed_by")
    with op.batch_alter_table("step") as step:
        step.drop_column("tries")
        step.drop_column("promised_at")
    with op.batch_alter_table("check_in") as check_in:
        check_in.drop_column("met_by")
        check_in.drop_column("exposure")
