"""Row-level security of the data on PostgreSQL: a transaction sees the rows of the organisation it names, or none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Connection, MetaData, Table, func, inspect, select, text

from trim_bot.domain.errors import SafeError
from trim_bot.storage.database_roles import OWNER, DatabaseRole, quoted, run
from trim_bot.storage.tables import looks, metadata, organisations, outgoing, steps, workspaces

SETTING = "trim_bot.organisation"
"""What PostgreSQL asks for; once a transaction that set it is over it is empty, and nothing is seen."""
ALL_WORK = "all:work"
"""Steps and messages of every organisation: the worker alone."""
ALL_ROWS = "all:rows"
"""Every row: whoever owns the tables alone, to migrate, back up, restore and verify."""
_NOW = f"(SELECT current_setting('{SETTING}', true))"
_NAMED = f"(SELECT CASE WHEN starts_with({_NOW}, 'of:') THEN substr({_NOW}, 4) END)"
_SEE = text(f"SELECT set_config('{SETTING}', :sees, true)")


class NotTheOwner(SafeError):
    """A command that has to see every row was run with a login that does not own the tables."""

    text = (
        "This needs the login that owns the tables: run it with the addresses of the owner. "
        "Where somebody else's tables lie in the database too, give the desk one of its own"
    )


@dataclass(frozen=True, slots=True)
class TablePolicy:
    """One line of what a table lets through. `to` is a role, or nothing for everybody who has rights on it."""

    name: str
    command: str
    condition: str
    to: tuple[DatabaseRole, ...] = ()


BY_ORGANISATION = TablePolicy("by_organisation", "ALL", f"organisation = {_NAMED}")
_WHOLE = TablePolicy("whole", "ALL", f"{_NOW} = '{ALL_ROWS}'", (OWNER,))
_WORK = f"{_NOW} = '{ALL_WORK}'"
_WORKERS = (OWNER, DatabaseRole.WORKER)


def of(organisation: str) -> str:
    """The sight of one organisation; the empty one has the facts of the deployment."""
    return f"of:{organisation}"


def see(connection: Connection, sight: str) -> None:
    """From here until the end of the transaction see this and nothing else. SQLite has no such bounds."""
    if connection.dialect.name == "postgresql":
        connection.execute(_SEE, {"sees": sight})


def each_organisation(connection: Connection) -> Iterator[str]:
    """Every organisation in turn, seen while it is given; afterwards the facts of the deployment are seen."""
    for id in list(
        connection.scalars(organisations.select().with_only_columns(organisations.c.organisation))
    ):
        see(connection, of(id))
        yield id
    see(connection, of(""))


def policies_of(table: Table) -> list[TablePolicy]:
    """All that a table lets through. Whoever is not named in any line sees none of its rows."""
    held = [BY_ORGANISATION, _WHOLE]
    if table in (organisations, workspaces):
        # Which organisation is meant is looked up here before any can be named; neither says anything of anybody.
        held.append(TablePolicy("directory", "SELECT", "true"))
    if table in (steps, outgoing):
        held += [TablePolicy(f"work_{verb.lower()}", verb, _WORK, _WORKERS) for verb in ("SELECT", "UPDATE")]
    if table is looks:
        # Which organisation is to be looked at; nothing of anybody.
        held.append(TablePolicy("work_select", "SELECT", _WORK, _WORKERS))
    for role in (DatabaseRole.FIGURES, DatabaseRole.AUDIT):
        if table.name in role.reads:
            held.append(TablePolicy(role.value, "SELECT", "true", (role,)))
    return held


def secure(connection: Connection, logins: Mapping[DatabaseRole, str]) -> None:
    """Put every policy in place, and force them on the owner too; what stands as it should is not touched.

    So nobody who reads or writes is waited for where nothing changes. Policies of other names are left as they are.
    `logins` are the roles that there are, by name. Nothing happens on SQLite.
    """
    if connection.dialect.name != "postgresql":
        return
    there, forced = set(inspect(connection).get_table_names()), set(connection.scalars(_FORCED))
    standing = {(row.table, row.policy): row for row in connection.execute(_AS_IT_STANDS)}
    made: dict[tuple[str, str], str] = {}
    for table in (one for one in metadata.sorted_tables if one.name in there):
        place = quoted(table.name)
        if table.name not in forced:
            run(connection, f"ALTER TABLE {place} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        wanted = {policy.name: _making(table, policy, logins) for policy in policies_of(table)}
        for name in _OURS:
            held, making = standing.get((table.name, name)), wanted.get(name, "")
            if held is not None and held.mark == _mark(making, held.state):
                continue
            if held is not None:
                run(connection, f"DROP POLICY {name} ON {place}")
            if making:
                run(connection, making)
                made[table.name, name] = making
    if made:
        for row in connection.execute(_AS_IT_STANDS).all():
            if making := made.get((row.table, row.policy), ""):
                mark = _mark(making, row.state)
                run(connection, f"COMMENT ON POLICY {row.policy} ON {quoted(row.table)} IS '{mark}'")


def _making(table: Table, policy: TablePolicy, logins: Mapping[DatabaseRole, str]) -> str:
    """The statement that makes a policy; nothing where it is for nobody there is."""
    to = [quoted(logins[role]) for role in policy.to if role in logins] if policy.to else ["PUBLIC"]
    if not to:
        return ""
    return (
        f"CREATE POLICY {policy.name} ON {quoted(table.name)} FOR {policy.command} "
        f"TO {', '.join(to)} USING ({policy.condition})"
    )


def _mark(making: str, state: str) -> str:
    """What is noted beside a policy: it fits as long as neither what was asked for nor what stands there changes."""
    return hashlib.sha256(f"{making}\n{state}".encode()).hexdigest()


_OURS = sorted({policy.name for table in metadata.sorted_tables for policy in policies_of(table)})
# PostgreSQL writes a condition in words of its own, so what stands there is compared with what stood there once made.
_AS_IT_STANDS = text(
    "SELECT c.relname AS table, p.polname AS policy, obj_description(p.oid, 'pg_policy') AS mark, concat_ws(' ', "
    "p.polcmd, p.polpermissive, p.polroles, pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid)) "
    "AS state FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid "
    "WHERE c.relnamespace = current_schema()::regnamespace"
)
_STANDING = text("SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema()")
_FORCED = text(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
    "AND relrowsecurity AND relforcerowsecurity"
)


def unprotected(connection: Connection, of_tables: MetaData = metadata) -> Sequence[str]:
    """Tables that show rows to a transaction that names no organisation: each needs `trim-bot migrate`."""
    forced = set(connection.scalars(_FORCED))
    held = {(row.tablename, row.policyname) for row in connection.execute(_STANDING)}
    return sorted(
        table.name
        for table in of_tables.sorted_tables
        if table.name not in forced or (table.name, BY_ORGANISATION.name) not in held
    )


def read_through(connection: Connection) -> bool:
    """Have PostgreSQL read every table of any of the three stores, so that a damaged page is met; always true."""
    names = inspect(connection).get_table_names()
    for name in names:
        connection.execute(text(f"SELECT count(*) FROM {quoted(name)}"))  # noqa: S608 (a name of the database's own)
    if organisations.name in names:
        # Nothing is read through of what is not seen.
        for _ in each_organisation(connection):
            for table in metadata.sorted_tables:
                connection.execute(select(func.count()).select_from(table))
    return True


def sees_all_work(connection: Connection) -> bool:
    """Whether this login is given the steps and messages of every organisation. Always so on SQLite."""
    return connection.dialect.name != "postgresql" or bool(connection.scalar(_GIVEN_WORK))


_GIVEN_WORK = text(
    "SELECT NOT row_security_active('step') OR EXISTS (SELECT FROM pg_policy, unnest(polroles) AS whose "
    "WHERE polrelid = 'step'::regclass AND polname = 'work_select' AND pg_has_role(current_user, whose, 'USAGE'))"
)


def must_own(connection: Connection) -> None:
    """Check that this login owns the tables, where there are any. Raises `NotTheOwner`."""
    if not owns_tables(connection):
        raise NotTheOwner


def owns_tables(connection: Connection) -> bool:
    """Whether this login owns the tables, where there are any. Always so on SQLite."""
    return connection.dialect.name != "postgresql" or not connection.scalar(_STRANGE)


_STRANGE = text(
    "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' "
    "AND NOT pg_has_role(current_user, relowner, 'USAGE'))"
)


def see_all_rows(connection: Connection) -> None:
    """See every row of every organisation until the end of the transaction. Raises `NotTheOwner`.

    Whoever may not would be shown nothing, which looks like a database that is whole and empty.
    """
    must_own(connection)
    see(connection, ALL_ROWS)


class LoginStanding(Enum):
    """How far row-level security binds the login of a connection."""

    ABOVE = "above"
    """Not at all: it is a superuser, or is let past."""
    OWNER = "owner"
    """As long as it wants: it owns the tables."""
    BOUND = "bound"
    """Always."""


def standing_of(connection: Connection) -> LoginStanding:
    """How far this login is bound. On PostgreSQL alone."""
    above = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    if connection.scalar(above):
        return LoginStanding.ABOVE
    return LoginStanding.BOUND if connection.scalar(_STRANGE) else LoginStanding.OWNER
