"""Makes room for people told in person, for one sentence a week, and for the day a desk began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add what is new. Weeks keep what they said as a whole; a desk that is there began with its journal."""
    op.add_column("step", sa.Column("unowned_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("offer", sa.Column("taken_by", _TEXT, nullable=True))
    op.create_index("ix_offer_proposed", "offer", ["organisation", "proposed"])
    op.add_column("member", sa.Column("known_as_key", _TEXT, nullable=False, server_default=""))
    op.create_index("ix_member_known_as_key", "member", ["organisation", "known_as_key"])
    op.add_column("week_status", sa.Column("says", _TEXT, nullable=False, server_default="on_track"))
    op.execute("UPDATE week_status SET says = 'not_on_track' WHERE NOT on_track")
    with op.batch_alter_table("week_status") as weeks:
        weeks.drop_column("on_track")
        weeks.drop_column("late")
    op.create_table(
        "beginning",
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    op.execute(
        "INSERT INTO beginning (organisation, id, began_on) "
        "SELECT organisation, 'desk', date(min(at)) FROM journal GROUP BY organisation"
    )


def downgrade() -> None:
    """Take it all away again; which stages of a week were late is not known any more."""
    op.drop_table("beginning")
    op.add_column(
        "week_status", sa.Column("on_track", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("week_status", sa.Column("late", _TEXT, nullable=False, server_default="[]"))
    op.execute(sa.text("UPDATE week_status SET on_track = :no WHERE says <> 'on_track'").bindparams(no=False))
    with op.batch_alter_table("week_status") as weeks:
        weeks.drop_column("says")
    op.drop_index("ix_member_known_as_key", "member")
    with op.batch_alter_table("member") as member:
        member.drop_column("known_as_key")
    op.drop_index("ix_offer_proposed", "offer")
    with op.batch_alter_table("offer") as offer:
        offer.drop_column("taken_by")
    with op.batch_alter_table("step") as step:
        step.drop_column("unowned_since")
