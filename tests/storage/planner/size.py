"""A PostgreSQL of the size that plans are asked at: rows that nobody can read, but as many and as alike as real ones.

One organisation has 50,000 people and as many closed cases, and two thousand small ones stand beside it. Nothing of
theirs is due for years, so that others can go about beside them.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Boolean, Connection, Date, LargeBinary, Table, text
from sqlalchemy.types import Integer

from trim_bot.storage.columns import Instant
from trim_bot.storage.tables import metadata

GIANT = "giant"
PEOPLE = 50_000
ROWS: Mapping[str, int] = {
    **dict.fromkeys(("member", "account", "offer", "support_case", "check_in", "step", "outgoing"), PEOPLE),
    **dict.fromkeys(("exposure", "interview", "journal", "stored_outcome"), 20_000),
    **dict.fromkeys(
        (
            "incident",
            "support_request",
            "session",
            "kept_page",
            "reporting_line",
            "planned_event",
            "briefing",
        ),
        10_000,
    ),
    **dict.fromkeys(("briefing_invite",), 10_000),
    **dict.fromkeys(("referral", "counted_person", "greeting"), 5_000),
    **dict.fromkeys(("joined_member", "counts"), 2_000),
    **dict.fromkeys(("role_grant", "training", "grant_request"), 100),
}
"""Rows of the large organisation, by table; of any other table there are few, and they do not matter here."""
_SMALL = 2_000
STATES = {
    "support_case": ("open", "closed"),
    "step": ("waiting", "done"),
    "outgoing": ("queued", "sent"),
    "offer": ("waiting", "accepted"),
    "support_request": ("waiting", "closed"),
}
"""The state of one row in three hundred, and of all others."""
_VALUES = {
    "id": "reverse(lpad(i::text, 7, '0'))",
    "seq": "i",
    "member_id": "reverse(lpad(i::text, 7, '0'))",
    "case_id": "reverse(lpad((i / 2)::text, 7, '0'))",
    "subject": "'subject-' || i",
    "step_id": "'step-' || i",
    "check_in_id": "'check-in-' || i",
    "briefing_id": "'briefing-' || i / 6",
    "incident_id": "'incident-' || i / 6",
    "person": "'person-' || i",
    "manager": "'person-' || i / 10",
    "address_key": "md5(i::text)",
    "known_as_key": "CASE WHEN i % 10 = 1 THEN md5(i::text) ELSE '' END",
    "cell": "'cell-' || i % 40",
    "kind": "(ARRAY['check_in', 'contact', 'safety', 'referral', 'offer'])[1 + i % 5]",
    "code_key": "md5(i::text)",
    "key_id": "'key-' || i",
    "handle": "md5(i::text)",
    "role": "(ARRAY['practitioner', 'lead', 'coordinator'])[1 + i % 3]",
    "rung": "CASE WHEN i % 300 = 1 THEN 'nobody' ELSE 'assigned' END",
    "period": "'period-' || i / 20",
    "measure": "'measure-' || i % 20",
    **dict.fromkeys(
        ("holder", "closed_by", "taken_by", "proposed", "logged_by", "leader"), "'server-' || i % 60"
    ),
    "cover": "CASE WHEN i % 100 = 1 THEN 'server-' || i % 60 END",
}


def fill(connection: Connection) -> None:
    """Fill every table, in a transaction of the caller's that sees every row; indexes are made at the end."""
    for name, rows in ROWS.items():
        table = metadata.tables[name]
        # One after the other they would take longer than the rows.
        for index in table.indexes:
            index.drop(connection)
        _fill(connection, table, f"'{GIANT}'", rows)
        _fill(connection, table, f"'small-' || i % {_SMALL}", rows // 10)
        for index in table.indexes:
            index.create(connection)


def _fill(connection: Connection, table: Table, organisation: str, rows: int) -> None:
    drawn = {one.name: _value(table.name, one.name, one.type) for one in table.columns}
    drawn["organisation"] = organisation
    names = ", ".join(f'"{name}"' for name in drawn)
    values = ", ".join(drawn.values())
    numbers = "FROM generate_series(1, :rows) AS g(i)"
    statement = f"INSERT INTO {table.name} ({names}) SELECT {values} {numbers}"
    connection.execute(text(statement), {"rows": rows})


def _value(table: str, column: str, kind: object) -> str:
    if column == "state" and table in STATES:
        going_on, ended = STATES[table]
        return f"CASE WHEN i % 300 = 1 THEN '{going_on}' ELSE '{ended}' END"
    if column in _VALUES:
        return _VALUES[column]
    match kind:
        case Boolean():
            return "false"
        case Integer():
            return "0"
        case Instant():
            return "timestamptz '2060-01-01 00:00:00+00' + i * interval '1 minute'"
        case Date():
            return "date '2026-01-01' + i % 300"
        case LargeBinary():
            return "'\\x00'::bytea"
        case _:
            return "'word'"
