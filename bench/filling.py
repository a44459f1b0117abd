"""Fills a database with a great many rows in a few statements, in the form the store itself writes."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, create_engine, text

from trim_bot.domain.records import WeekSays
from trim_bot.storage.tables import metadata

FUTURE = datetime(2030, 1, 1, tzinfo=UTC)
"""When the first of the future steps is due; the others follow, one a minute."""
ORG = "org-one"

_NUMBERS = {
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows) SELECT i FROM n)",
    "postgresql": "(SELECT i FROM generate_series(1, CAST(:rows AS bigint)) AS g(i))",
}
_MINUTE = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S', '2030-01-01', '+' || i || ' minutes') || '.000000'",
    "postgresql": "timestamptz '2030-01-01 00:00:00+00' + i * interval '1 minute'",
}
_YES = {"sqlite": "1", "postgresql": "true"}
_BYTES = {"sqlite": "zeroblob(300)", "postgresql": "decode(repeat('00', 300), 'hex')"}


def future_steps(url: str, rows: int) -> None:
    """Open steps that are due one a minute from `FUTURE`; each has its own case, holders have 200 each."""
    _fill(
        url,
        rows,
        "step",
        {
            "organisation": f"'{ORG}'",
            "id": "'step-' || i",
            "kind": "'check_in'",
            "subject": "'check-in-' || i",
            "case_id": "'case-' || (i / 2)",
            "state": "'waiting'",
            "rung": "'assigned'",
            "holder": "'member-' || (i / 200)",
            "opens_at": "{minute}",
            "due_at": "{minute}",
            "reminders": "0",
            "tries": "0",
            "failures": "0",
        },
    )


def cases(url: str, rows: int) -> None:
    """Closed and open cases, a member for each, and the steps that wait for them."""
    future_steps(url, rows)
    _fill(
        url,
        rows,
        "member",
        {
            "organisation": f"'{ORG}'",
            "id": "'member-' || i",
            "key_id": "'key-' || i",
            "availability": "'room'",
            "messages_stopped": "NOT {yes}",
            "listed": "{yes}",
            "on_leave": "NOT {yes}",
            "left": "NOT {yes}",
            "known_as_key": "''",
            "asked": "{yes}",
            "sealed": "{bytes}",
        },
    )
    _fill(
        url,
        rows,
        "support_case",
        {
            "organisation": f"'{ORG}'",
            "id": "'case-' || i",
            "key_id": "'key-' || i",
            "member_id": "'member-' || i",
            "programme": "'trim_style_v1'",
            "state": "CASE WHEN i % 10 = 0 THEN 'open' ELSE 'closed' END",
            "opened_at": "{minute}",
            "holder": "'member-' || (i % 50)",
            "named": "{yes}",
            "notice": "'uk-1'",
            "sealed": "{bytes}",
        },
    )


def serving(url: str, people: int) -> None:
    """Practitioners with a role and training, among the first members."""
    common = {"organisation": f"'{ORG}'", "member_id": "'member-' || i"}
    _fill(
        url,
        people,
        "role_grant",
        common | {"id": "'grant-' || i", "role": "'practitioner'", "granted_at": "{minute}"},
    )
    _fill(
        url,
        people,
        "training",
        common
        | {
            "id": "'training-' || i",
            "key_id": "'key'",
            "sealed": "{bytes}",
            "trained_on": "date('2026-01-05')",
            "expires_on": "date('2028-01-05')",
        },
    )


def figures(url: str, totals: dict[str, dict[str, int]], week: str, now: datetime) -> None:
    """Kept figures by period and measure, and the frozen sentence of one week that was on track."""
    engine = create_engine(url)
    with engine.begin() as connection:
        rows = [
            {"organisation": ORG, "period": period, "measure": measure, "n": n}
            for period, kept in totals.items()
            for measure, n in kept.items()
        ]
        connection.execute(metadata.tables["counts"].insert(), rows)
        connection.execute(
            metadata.tables["week_status"].insert(),
            {
                "organisation": ORG,
                "id": week,
                "says": WeekSays.ON_TRACK.value,
                "written_at": now,
                "practitioners": "0-4",
                "leads": "0-4",
            },
        )
    engine.dispose()


def settled(url: str) -> None:
    """Let PostgreSQL do now what it does by itself within minutes of such a change."""
    engine = create_engine(url)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))
    engine.dispose()


def _fill(url: str, rows: int, table: str, columns: dict[str, str]) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        _prepare(engine, connection)
        connection.execute(text(_statement(engine.dialect.name, table, columns)), {"rows": rows})
        connection.commit()
    engine.dispose()


def _prepare(engine: Engine, connection: Connection) -> None:
    # Only while filling: the store opens connections of its own.
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
        connection.exec_driver_sql("PRAGMA cache_size=-200000")
    else:
        connection.exec_driver_sql("SET synchronous_commit = off")


def _statement(dialect: str, table: str, columns: dict[str, str]) -> str:
    """Only the columns that are named; every other one has to allow NULL."""
    values = {"minute": _MINUTE[dialect], "yes": _YES[dialect], "bytes": _BYTES[dialect]}
    drawn = ", ".join(value.format(**values) for value in columns.values())
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) SELECT {drawn} FROM {_NUMBERS[dialect]} AS numbers WHERE true"  # noqa: S608
