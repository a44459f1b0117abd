"""Makes room for one person in two chats: who turned out to be whom, and on which of the two somebody has left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add two columns and one table; everything that is there stays as it is."""
    op.add_column("account", sa.Column("left", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("member", sa.Column("asked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "joined_member",
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("key_id", _TEXT, nullable=False),
        sa.Column("member_id", _TEXT, nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    op.create_index("ix_joined_member_member_id", "joined_member", ["organisation", "member_id"])


def downgrade() -> None:
    """Take all three away again."""
    op.drop_table("joined_member")
    with op.batch_alter_table("member") as member:
        member.drop_column("asked")
    with op.batch_alter_table("account") as account:
        account.drop_column("left")
