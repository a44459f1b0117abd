"""Gives every question an index that leaves few rows, whatever has ended and however many people there are."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_NEW: dict[str, tuple[tuple[str, ...], ...]] = {
    "member": (("key_id",),),
    "account": (("key_id",),),
    "joined_member": (("key_id",),),
    "training": (("key_id",),),
    "incident": (("key_id",),),
    "exposure": (("key_id",),),
    "offer": (("state",), ("closes_at",), ("key_id",)),
    "support_case": (("key_id",),),
    "interview": (("key_id",),),
    "referral": (("key_id",),),
    "support_request": (("ended_at",), ("key_id",)),
    "step": (("state", "kind"),),
    "outgoing": (("state", "kind"),),
    "grant_request": (("key_id",),),
}
_LONGER: dict[str, tuple[tuple[str, ...], ...]] = {
    "incident": (("logged_by", "logged_at"),),
    "offer": (("proposed", "state"),),
    "support_case": (
        ("holder", "state"),
        ("cover", "state"),
        ("closed_by", "state"),
        ("state", "closed_at"),
    ),
    "support_request": (("member_id", "state"), ("taken_by", "state")),
    "step": (("holder", "state"), ("rung", "state")),
    "outgoing": (("member_id", "state"),),
}
"""Indexes that were there with their first column alone."""
_ENDED = {"step": "state NOT IN ('waiting', 'told')", "outgoing": "state <> 'queued'"}
_UNOWNED = text("rung = 'nobody' AND state IN ('waiting', 'told')")


def upgrade() -> None:
    """Make the indexes; `migrate` then tells SQLite's planner of them."""
    for table, several in _LONGER.items():
        for columns in several:
            op.drop_index(f"ix_{table}_{columns[0]}", table)
            _make(table, columns)
    for table, several in _NEW.items():
        for columns in several:
            _make(table, columns)
    for table, condition in _ENDED.items():
        where = text(condition)
        op.create_index(
            f"ix_{table}_ended",
            table,
            ["organisation", "due_at"],
            sqlite_where=where,
            postgresql_where=where,
        )
    op.drop_index("ix_step_unowned", "step")
    op.drop_index("ix_support_case_closed_at", "support_case")


def downgrade() -> None:
    """Have them as they were."""
    op.create_index(
        "ix_step_unowned",
        "step",
        ["organisation", "rung", "state"],
        sqlite_where=_UNOWNED,
        postgresql_where=_UNOWNED,
    )
    op.create_index("ix_support_case_closed_at", "support_case", ["organisation", "closed_at"])
    for table in _ENDED:
        op.drop_index(f"ix_{table}_ended", table)
    for table, several in _NEW.items():
        for columns in several:
            op.drop_index(f"ix_{table}_{columns[0]}", table)
    for table, several in _LONGER.items():
        for columns in several:
            op.drop_index(f"ix_{table}_{columns[0]}", table)
            _make(table, columns[:1])


def _make(table: str, columns: tuple[str, ...]) -> None:
    op.create_index(f"ix_{table}_{columns[0]}", table, ["organisation", *columns])
