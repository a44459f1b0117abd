"""Makes every table of the first version, in one file since a step is one transaction."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_OPEN = "state IN ('waiting', 'told')"
_UNOWNED = "rung = 'nobody' AND state IN ('waiting', 'told')"


def upgrade() -> None:
    """Make the tables, from nothing."""
    _organisations()
    _people()
    _events()
    _cases()
    _waits()


def downgrade() -> None:
    """Refused: going back would drop every record."""
    raise NotImplementedError("there is no way back from the first version")


def _organisations() -> None:
    op.create_table(
        "organisation",
        _text("organisation"),
        _text("slug"),
        _text("key_id"),
        sa.PrimaryKeyConstraint("organisation"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "workspace",
        _text("workspace"),
        _text("organisation"),
        sa.PrimaryKeyConstraint("workspace"),
    )
    op.create_table(
        "meta",
        _text("organisation"),
        _text("name"),
        _text("value"),
        sa.PrimaryKeyConstraint("organisation", "name"),
    )
    op.create_table(
        "journal",
        _text("organisation"),
        _whole("seq"),
        _instant("at"),
        _text("actor"),
        _text("action"),
        _text("what"),
        _text("subject"),
        _text("digest"),
        sa.PrimaryKeyConstraint("organisation", "seq"),
    )
    _index("ix_journal_subject", "journal", "organisation", "subject", "seq")
    op.create_table(
        "counts",
        _text("organisation"),
        _text("period"),
        _text("measure"),
        _whole("n"),
        sa.PrimaryKeyConstraint("organisation", "period", "measure"),
    )
    mine = sa.PrimaryKeyConstraint("organisation", "id")
    op.create_table("note_sent", _text("organisation"), _text("id"), _instant("sent_at"), mine)
    op.create_table(
        "week_status",
        _text("organisation"),
        _text("id"),
        _flag("on_track"),
        _text("late"),
        _instant("written_at"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    op.create_table(
        "site",
        _text("organisation"),
        _text("id"),
        _text("key_id"),
        _bytes("sealed"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )


def _people() -> None:
    op.create_table(
        "member",
        _text("organisation"),
        _text("id"),
        _text("key_id"),
        _text("availability"),
        _flag("messages_stopped"),
        _flag("listed"),
        _flag("left"),
        _bytes("sealed"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    op.create_table(
        "account",
        _text("organisation"),
        _text("id"),
        _text("key_id"),
        _text("member_id"),
        _text("platform"),
        _text("address_key"),
        _bytes("sealed"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_account_address_key", "account", "organisation", "address_key")
    _index("ix_account_member_id", "account", "organisation", "member_id")
    op.create_table(
        "role_grant",
        _text("organisation"),
        _text("id"),
        _text("member_id"),
        _text("role"),
        _instant("granted_at"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_role_grant_member_id", "role_grant", "organisation", "member_id")
    _index("ix_role_grant_role", "role_grant", "organisation", "role")
    op.create_table(
        "training",
        _text("organisation"),
        _text("id"),
        _text("key_id"),
        _text("member_id"),
        _day("trained_on"),
        _day("expires_on"),
        _bytes("sealed"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_training_member_id", "training", "organisation", "member_id")
    op.create_table(
        "reporting_line",
        _text("organisation"),
        _text("id"),
        _text("person"),
        _text("manager"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_reporting_line_manager", "reporting_line", "organisation", "manager")
    _index("ix_reporting_line_person", "reporting_line", "organisation", "person")
    op.create_table(
        "session",
        _text("organisation"),
        _text("id"),
        _text("member_id"),
        _text("purpose"),
        _instant("expires_at"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    op.create_table(
        "erasure_asked",
        _text("organisation"),
        _text("id"),
        _text("member_id"),
        _instant("asked_at"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_erasure_asked_member_id", "erasure_asked", "organisation", "member_id")
    _index("ix_session_expires_at", "session", "organisation", "expires_at")
    _index("ix_session_member_id", "session", "organisation", "member_id")


def _events() -> None:
    op.create_table(
        "incident",
        _text("organisation"),
        _text("id"),
        _text("key_id"),
        _text("programme"),
        _text("logged_by"),
        _instant("logged_at"),
        _bytes("sealed"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_incident_logged_at", "incident", "organisation", "logged_at")
    _index("ix_incident_logged_by", "incident", "organisation", "logged_by")
    op.create_table(
        "exposure",
        _text("organisation"),
        _text("id"),
        _text("key_id"),
        _text("incident_id"),
        _text("member_id"),
        _bytes("sealed"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_exposure_incident_id", "exposure", "organisation", "incident_id")
    _index("ix_exposure_member_id", "exposure", "organisation", "member_id")
    op.create_table(
        "offer",
        _text("organisation"),
        _text("id"),
        _text("key_id"),
        _text("incident_id"),
        _text("member_id"),
        _text("programme"),
        _text("state"),
        _instant("made_at"),
        _instant("closes_at"),
        _text("proposed", optional=True),
        _flag("offered_again"),
        _instant("answered_at", optional=True),
        _text("case_id", optional=True),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_offer_case_id", "offer", "organisation", "case_id")
    _index("ix_offer_incident_id", "offer", "organisation", "incident_id")
    _index("ix_offer_member_id", "offer", "organisation", "member_id")


def _cases() -> None:
    op.create_table(
        "support_case",
        _text("organisation"),
        _text("id"),
        _text("key_id"),
        _text("member_id"),
        _text("programme"),
        _text("state"),
        _instant("opened_at"),
        _text("holder", optional=True),
        _text("cover", optional=True),
        _flag("named"),
        _text("notice"),
        _instant("closed_at", optional=True),
        _bytes("sealed"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_support_case_closed_at", "support_case", "organisation", "closed_at")
    _index("ix_support_case_cover", "support_case", "organisation", "cover")
    _index("ix_support_case_holder", "support_case", "organisation", "holder")
    _index("ix_support_case_member_id", "support_case", "organisation", "member_id")
    _index("ix_support_case_state", "support_case", "organisation", "state")
    op.create_table(
        "check_in",
        _text("organisation"),
        _text("id"),
        _text("case_id"),
        _text("stage"),
        _text("state"),
        _instant("opens_at"),
        _instant("due_at"),
        _instant("closes_at"),
        _instant("agreed_at", optional=True),
        _instant("held_at", optional=True),
        _text("programme"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_check_in_case_id", "check_in", "organisation", "case_id")
    op.create_table(
        "interview",
        _text("organisation"),
        _text("id"),
        _text("key_id"),
        _text("case_id"),
        _text("check_in_id"),
        _text("questionnaire"),
        _text("state"),
        _text("by"),
        _whole("step"),
        _whole("revision"),
        _instant("held_at", optional=True),
        _bytes("sealed"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_interview_case_id", "interview", "organisation", "case_id")
    _index("ix_interview_check_in_id", "interview", "organisation", "check_in_id")
    op.create_table(
        "referral",
        _text("organisation"),
        _text("id"),
        _text("key_id"),
        _text("case_id"),
        _text("state"),
        _instant("offered_at"),
        _instant("changed_at"),
        _bytes("sealed"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_referral_case_id", "referral", "organisation", "case_id")
    op.create_table(
        "support_request",
        _text("organisation"),
        _text("id"),
        _text("key_id"),
        _text("member_id", optional=True),
        _flag("named"),
        _text("state"),
        _instant("asked_at"),
        _text("taken_by", optional=True),
        _text("case_id", optional=True),
        _text("code_key"),
        _bytes("sealed"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_support_request_case_id", "support_request", "organisation", "case_id")
    _index("ix_support_request_code_key", "support_request", "organisation", "code_key")
    _index("ix_support_request_member_id", "support_request", "organisation", "member_id")
    _index("ix_support_request_state", "support_request", "organisation", "state")
    _index("ix_support_request_taken_by", "support_request", "organisation", "taken_by")


def _waits() -> None:
    op.create_table(
        "step",
        _text("organisation"),
        _text("id"),
        _text("kind"),
        _text("subject"),
        _text("case_id", optional=True),
        _text("state"),
        _text("rung"),
        _text("holder", optional=True),
        _instant("opens_at"),
        _instant("due_at"),
        _instant("lease_until", optional=True),
        _whole("reminders"),
        _whole("failures"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_step_case_id", "step", "organisation", "case_id")
    _index("ix_step_due", "step", "due_at", "id", where=_OPEN)
    _index("ix_step_holder", "step", "organisation", "holder")
    _index("ix_step_rung", "step", "organisation", "rung")
    _index("ix_step_subject", "step", "organisation", "subject")
    _index("ix_step_unowned", "step", "organisation", "rung", "state", where=_UNOWNED)
    op.create_table(
        "outgoing",
        _text("organisation"),
        _text("id"),
        _text("kind"),
        _text("member_id"),
        _text("step_id", optional=True),
        _text("state"),
        _instant("due_at"),
        _instant("lease_until", optional=True),
        _whole("attempts"),
        _text("handle"),
        _whole("priority"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_outgoing_due", "outgoing", "priority", "due_at", "id", where="state = 'queued'")
    _index("ix_outgoing_member_id", "outgoing", "organisation", "member_id")
    _index("ix_outgoing_step_id", "outgoing", "organisation", "step_id")
    op.create_table(
        "stored_outcome",
        _text("organisation"),
        _text("id"),
        _text("screen"),
        _text("ids"),
        _instant("stored_at"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    _index("ix_stored_outcome_stored_at", "stored_outcome", "organisation", "stored_at")


def _index(name: str, table: str, *columns: str, where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)


def _text(name: str, *, optional: bool = False) -> sa.Column[str]:
    # Both databases compare by bytes, whatever the server's locale.
    return sa.Column(name, sa.Text().with_variant(TEXT(collation="C"), "postgresql"), nullable=optional)


def _instant(name: str, *, optional: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def _day(name: str) -> sa.Column[date]:
    return sa.Column(name, sa.Date(), nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)
