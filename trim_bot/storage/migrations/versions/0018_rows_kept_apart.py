"""From here on PostgreSQL keeps the rows of organisations apart, so that no earlier program may open the data.

A program that names no organisation would see none, and take the data for empty. The policies themselves follow from
the tables and stand in `storage/row_security.py`; they are put in place after the last step.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing moves."""


def downgrade() -> None:
    """Let every table show its rows again, as an earlier program asks for them."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    policies = text("SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema()")
    for table, policy in connection.execute(policies).all():
        op.execute(f'DROP POLICY "{policy}" ON "{table}"')
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY')
