"""Every table of the data with what each column gives away: one file, since all that a stolen file tells must
be found here.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

from sqlalchemy import Column, Index, MetaData, Table
from sqlalchemy import text as sql

from trim_bot.app.desk.routes import RECORD_RULES
from trim_bot.domain.bulletins import Bulletin, CountedPerson, CountingSince
from trim_bot.domain.cases import Case, CheckIn, Interview
from trim_bot.domain.chat_workspaces import Installation
from trim_bot.domain.incidents import Exposure, Incident, Offer
from trim_bot.domain.looks import NextLook
from trim_bot.domain.people import Account, Grant, Joined, Member, ReportingLine, Training
from trim_bot.domain.records import (
    Beginning,
    Erasure,
    Greeting,
    KeptPage,
    NoteSent,
    Session,
    StoredOutcome,
    WeekStatus,
)
from trim_bot.domain.referrals import Referral
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.site import Site
from trim_bot.domain.steps import Outgoing, Step
from trim_bot.storage.columns import (
    PLAIN_TEXT,
    PRIVACY,
    Privacy,
    columns_of,
    day,
    flag,
    ident,
    instant,
    keyed,
    organisation,
    sealed,
    several,
    text,
    whole,
)

metadata = MetaData()

# On SQLite no table has numbers of its own for its rows: they would tell who came first (`sqlite_with_rowid`).
# Written into statements as they stand: SQLite uses a partial index only for the very same condition.
STEP_OPEN = "state IN ('waiting', 'told')"
STEP_ENDED = "state NOT IN ('waiting', 'told')"
OUTGOING_QUEUED = "state = 'queued'"
OUTGOING_ENDED = "state <> 'queued'"


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, metadata, organisation(), *columns, sqlite_with_rowid=False)


def _index(
    table: Table, *columns: str, where: str | None = None, name: str = "", empty_first: tuple[str, ...] = ()
) -> None:
    """`empty_first` are columns by which rows are put in order, empty ones first or, backwards, last: what SQLite does
    by itself."""
    condition = None if where is None else sql(where)
    Index(
        f"ix_{table.name}_{name or '_'.join(columns)}",
        *(table.c[column] for column in columns),
        sqlite_where=condition,
        postgresql_where=condition,
        postgresql_ops=dict.fromkeys(empty_first, EMPTY_FIRST),
    )


EMPTY_FIRST = "NULLS FIRST"
"""Stands where a class of operators would, and means the same for both: how a column is put in order."""


def _by(table: Table, *columns: str, then: tuple[str, ...] = ()) -> None:
    """An index for each column; `then` goes on with what parts the rows that are asked for from those that ended."""
    for column in columns:
        _index(table, "organisation", column, *then, name=column)


organisations = Table(
    "organisation",
    metadata,
    organisation(),
    Column("slug", PLAIN_TEXT, nullable=False, unique=True, info={PRIVACY: Privacy.OPEN}),
    text("key_id"),
    sqlite_with_rowid=False,
)
workspaces = Table(
    "workspace",
    metadata,
    Column("workspace", PLAIN_TEXT, primary_key=True, info={PRIVACY: Privacy.OPEN}),
    text("organisation"),
    sqlite_with_rowid=False,
)
_index(workspaces, "organisation")
meta = _table("meta", ident("name"), text("value"))
journal = _table(
    "journal",
    Column("seq", whole("seq").type, primary_key=True, autoincrement=False, info={PRIVACY: Privacy.OPEN}),
    instant("at"),
    text("actor"),
    text("action"),
    text("what"),
    text("subject"),
    text("digest"),
    text("bound"),
)
_index(journal, "organisation", "subject", "seq", name="subject")
takings_back = _table("taking_back", ident("token"))
counts = _table("counts", ident("period"), ident("measure"), whole("n"))

members = _table(
    "member", ident(), text("key_id"), text("availability"), flag("messages_stopped"), flag("listed"), flag("on_leave"),
    flag("left"), flag("asked"), keyed("known_as_key", "known_as"),
    sealed(
        "name", "phone", "reach", "best_time", "zone", "hours", "shifts", "away_from", "away_until", "place",
        "language", "lines", "told_of_changes", "reads",
    ),
)  # fmt: skip
_by(members, "known_as_key", "key_id")
accounts = _table(
    "account",
    ident(),
    text("key_id"),
    text("member_id"),
    text("platform"),
    keyed("address_key", "address"),
    flag("first"),
    flag("left"),
    text("listed_as"),
    sealed("address", "route", "place"),
)
_by(accounts, "address_key", "member_id", "key_id")
joined = _table("joined_member", ident(), text("key_id"), text("member_id"), instant("joined_at"))
_by(joined, "member_id", "key_id")
grants = _table("role_grant", ident(), text("member_id"), text("role"), instant("granted_at"))
_by(grants, "member_id", "role")
trainings = _table(
    "training",
    ident(),
    text("key_id"),
    text("member_id"),
    day("trained_on"),
    day("expires_on"),
    sealed("provider"),
)
# All that is asked for the newest training of somebody, so that its row need not be read.
_index(trainings, "organisation", "member_id", "trained_on", "expires_on", name="newest")
_by(trainings, "key_id")
reporting_lines = _table("reporting_line", ident(), text("person"), text("manager"))
_by(reporting_lines, "person", "manager")

incidents = _table(
    "incident",
    ident(),
    text("key_id"),
    text("programme"),
    text("logged_by"),
    instant("logged_at"),
    sealed("kind", "ended_at", "account", "zone"),
)
_by(incidents, "logged_at", "key_id")
_by(incidents, "logged_by", then=("logged_at",))
exposures = _table(
    "exposure",
    ident(),
    text("key_id"),
    text("incident_id"),
    text("member_id"),
    sealed("directness", "name", "phone", "best_time", "chosen", "ended_at", "sent_at"),
)
_by(exposures, "incident_id", "member_id", "key_id")
offers = _table(
    "offer",
    ident(),
    text("key_id"),
    text("incident_id"),
    text("member_id"),
    text("programme"),
    text("state"),
    instant("made_at"),
    instant("closes_at"),
    text("proposed", optional=True),
    flag("offered_again"),
    text("taken_by", optional=True),
    instant("answered_at", optional=True),
    text("case_id", optional=True),
)
_by(offers, "incident_id", "member_id", "case_id", "state", "closes_at", "key_id")
_by(offers, "proposed", then=("state",))

cases = _table(
    "support_case", ident(), text("key_id"), text("member_id"), text("programme"), text("state"), instant("opened_at"),
    text("holder", optional=True), text("cover", optional=True), flag("named"), text("notice"),
    instant("closed_at", optional=True), text("closed_by", optional=True),
    sealed(
        "called", "exposure_ended", "exposures", "incidents", "account", "contact", "refused", "passed", "close_reason",
        "contact_by", "asks", "ended_with", "lapse_told_at", "reopened_at", "calls",
    ),
)  # fmt: skip
_by(cases, "member_id", "key_id")
_by(cases, "holder", "cover", then=("state",))
_by(cases, "closed_by", then=("state",))
# Those that ended are asked for in the order in which they did.
_index(cases, "organisation", "state", "closed_at", name="state", empty_first=("closed_at",))
check_ins = _table(
    "check_in",
    ident(),
    text("case_id"),
    text("stage"),
    text("state"),
    instant("opens_at"),
    instant("due_at"),
    instant("closes_at"),
    instant("agreed_at", optional=True),
    instant("held_at", optional=True),
    text("programme"),
    text("exposure"),
    text("met_by", optional=True),
)
_by(check_ins, "case_id")
interviews = _table(
    "interview",
    ident(),
    text("key_id"),
    text("case_id"),
    text("check_in_id"),
    text("questionnaire"),
    text("state"),
    text("by"),
    whole("step"),
    whole("revision"),
    instant("held_at", optional=True),
    sealed("answers", "notes", "overrides"),
)
_by(interviews, "case_id", "check_in_id", "key_id")
referrals = _table(
    "referral",
    ident(),
    text("key_id"),
    text("case_id"),
    text("state"),
    instant("offered_at"),
    instant("changed_at"),
    sealed("service"),
)
_by(referrals, "case_id", "key_id")
support_requests = _table(
    "support_request",
    ident(),
    text("key_id"),
    text("member_id", optional=True),
    flag("named"),
    text("state"),
    instant("asked_at"),
    text("taken_by", optional=True),
    text("case_id", optional=True),
    instant("ended_at", optional=True),
    instant("answered_at", optional=True),
    instant("read_at", optional=True),
    keyed("code_key", "code"),
    sealed("language", "text", "contact", "passed_by", "reply", "contact_by"),
)
_by(support_requests, "state", "code_key", "case_id", "ended_at", "key_id")
_by(support_requests, "member_id", "taken_by", then=("state",))

steps = _table(
    "step",
    ident(),
    text("kind"),
    text("subject"),
    text("case_id", optional=True),
    text("state"),
    text("rung"),
    text("holder", optional=True),
    instant("opens_at"),
    instant("due_at"),
    instant("lease_until", optional=True),
    whole("reminders"),
    whole("failures"),
    instant("unowned_since", optional=True),
    instant("promised_at", optional=True),
    whole("tries"),
)
_by(steps, "subject", "case_id")
_by(steps, "holder", "rung", then=("state",))
_by(steps, "state", then=("kind",))
_index(steps, "due_at", "id", where=STEP_OPEN, name="due")
_index(steps, "organisation", "due_at", where=STEP_ENDED, name="ended")
outgoing = _table(
    "outgoing", ident(), text("kind"), text("member_id"), text("step_id", optional=True), text("state"),
    instant("due_at"), instant("lease_until", optional=True), whole("attempts"), text("handle"),
    whole("priority"), text("about"),
)  # fmt: skip
_by(outgoing, "step_id", "handle")
_by(outgoing, "member_id", then=("state",))
_by(outgoing, "state", then=("kind",))
_index(outgoing, "priority", "due_at", "id", where=OUTGOING_QUEUED, name="due")
_index(outgoing, "organisation", "due_at", where=OUTGOING_ENDED, name="ended")

outcomes = _table("stored_outcome", ident(), text("screen"), several("ids"), instant("stored_at"))
_by(outcomes, "stored_at")
sessions = _table("session", ident(), text("member_id"), text("purpose"), instant("expires_at"))
_by(sessions, "member_id", "expires_at")
# What is in `kept` is sealed as it comes here, with a secret that is in none of the stores.
kept_pages = _table("kept_page", ident(), text("holder"), text("member_id"), instant("kept_at"), text("kept"))
_by(kept_pages, "holder", "member_id", "kept_at")
erasures_asked = _table("erasure_asked", ident(), text("member_id"), instant("asked_at"))
_by(erasures_asked, "member_id")
greetings = _table("greeting", ident(), flag("stopped"))
installations = _table(
    "installation", ident(), text("key_id"), instant("expires_at", optional=True),
    instant("lease_until", optional=True), sealed("token", "refresh", "app_user"),
)  # fmt: skip
weeks = _table(
    "week_status", ident(), text("says"), instant("written_at"), text("practitioners"), text("leads")
)
beginnings = _table("beginning", ident(), day("began_on"))
bulletins = _table(
    "bulletin", ident(), text("period"), instant("published_at"), text("body"), text("signature")
)
counted_people = _table("counted_person", ident(), text("cell"))
_by(counted_people, "cell")
counting_since = _table("counting_since", ident(), day("since"), flag("whole"))
notes_sent = _table("note_sent", ident(), instant("sent_at"))
looks = _table("next_look", ident(), instant("due_at"))
_index(looks, "id", "due_at", name="due")
sites = _table(
    "site", ident(), text("key_id"),
    sealed(*(field.name for field in fields(Site) if field.name not in ("id", "key_id"))),
)  # fmt: skip

RECORDS: dict[type[object], Table] = {
    Member: members,
    Account: accounts,
    Joined: joined,
    Grant: grants,
    Training: trainings,
    ReportingLine: reporting_lines,
    Incident: incidents,
    Exposure: exposures,
    Offer: offers,
    Case: cases,
    CheckIn: check_ins,
    Interview: interviews,
    Referral: referrals,
    SupportRequest: support_requests,
    Step: steps,
    Outgoing: outgoing,
    StoredOutcome: outcomes,
    Session: sessions,
    KeptPage: kept_pages,
    Greeting: greetings,
    Erasure: erasures_asked,
    Installation: installations,
    WeekStatus: weeks,
    Beginning: beginnings,
    Bulletin: bulletins,
    CountedPerson: counted_people,
    CountingSince: counting_since,
    NoteSent: notes_sent,
    NextLook: looks,
    Site: sites,
}
"""The table of each record type."""

ERASED_WHOLE: dict[object, Table] = {
    get_type_hints(kind)["id"]: RECORDS[kind]
    for kind in (Member, Incident, Case, CheckIn, Interview, Referral, SupportRequest)
}
"""By the type of its id, what a record of a subject may go with: whatever goes by erasure alone."""

for _rule in RECORD_RULES:
    RECORDS[_rule.kind] = _table(_rule.table, *columns_of(_rule))
    ERASED_WHOLE[get_type_hints(_rule.kind)["id"]] = RECORDS[_rule.kind]
    _by(RECORDS[_rule.kind], *_rule.goes_with, *_rule.lets_go_of, *(f"{name}_key" for name in _rule.keyed))
    _by(RECORDS[_rule.kind], *(("key_id",) if _rule.sealed else ()))

GOES_WITH: tuple[tuple[Table, str, Table], ...] = tuple(
    (RECORDS[rule.kind], name, ERASED_WHOLE[id_type])
    for rule in RECORD_RULES
    for name, id_type in rule.named()
    if name in rule.goes_with
)
"""Which table of a subject goes with which other, by a column that holds the id of the other."""
LETS_GO_OF = tuple(RECORDS[rule.kind].c[name] for rule in RECORD_RULES for name in rule.lets_go_of)
"""Columns of subjects that are emptied when the member in them is erased."""
