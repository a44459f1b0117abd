"""Takes from the rows what told who came when, and whom each message that was sent was for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from trim_bot.storage.columns import PLAIN_TEXT
from trim_bot.storage.migrations.rewriting import without_row_numbers

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None

_WELCOMED = """
    INSERT INTO greeting (organisation, id, stopped)
    SELECT DISTINCT account.organisation, account.address_key, account.left AND FALSE
    FROM account WHERE account.address_key <> '' AND NOT EXISTS (
        SELECT 1 FROM outgoing WHERE outgoing.organisation = account.organisation
        AND outgoing.member_id = account.member_id AND outgoing.kind = 'welcome'
        AND outgoing.state IN ('queued', 'dead')
    )
"""
_FORGET = """
    UPDATE outgoing SET member_id = '', step_id = NULL, lease_until = NULL, due_at = {day} WHERE state <> 'queued'
"""
_DAY = {
    "sqlite": "substr(due_at, 1, 10) || ' 00:00:00.000000'",
    "postgresql": "date_trunc('day', due_at, 'UTC')",
}


def upgrade() -> None:
    """Note who was welcomed, forget whom ended messages were for, and let rows lie in the order of their ids.

    `migrate` then writes the whole file anew, so that no page keeps what stood there.
    """
    op.create_table(
        "greeting",
        sa.Column("organisation", PLAIN_TEXT, primary_key=True),
        sa.Column("id", PLAIN_TEXT, primary_key=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
    )
    op.add_column("outgoing", sa.Column("about", PLAIN_TEXT, nullable=False, server_default=""))
    op.execute(_WELCOMED)
    connection = op.get_bind()
    op.execute(_FORGET.format(day=_DAY[connection.dialect.name]))
    without_row_numbers(connection)


def downgrade() -> None:
    """Take the table away; what is forgotten does not come back, and an earlier version reads these rows as well."""
    op.drop_table("greeting")
    with op.batch_alter_table("outgoing") as outgoing:
        outgoing.drop_column("about")
