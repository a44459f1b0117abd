"""The logins of a deployment on PostgreSQL: what each may do in data, key store and ledger, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Connection, text

_SUFFIX = "_owner"


class DatabaseRole(Enum):
    """What a login is for; it is named by a word of the deployment's own and this value, as `trim_bot_web`."""

    OWNER = "owner"
    """Owns the tables: migrates, backs up, restores, rotates, verifies. Never used to serve."""
    WEB = "web"
    """Answers people."""
    WORKER = "worker"
    """Does what is due, of every organisation; erases; runs commands."""
    FIGURES = "figures"
    """Reads counts and what was published of them."""
    AUDIT = "audit"
    """Reads the journal."""

    @property
    def reads(self) -> tuple[str, ...]:
        """The tables of the data that this login reads across organisations, and may read alone."""
        match self:
            case DatabaseRole.FIGURES:
                return ("counts", "week_status", "bulletin")
            case DatabaseRole.AUDIT:
                return ("journal",)
            case DatabaseRole.OWNER | DatabaseRole.WEB | DatabaseRole.WORKER:
                return ()


OWNER = DatabaseRole.OWNER


@dataclass(frozen=True, slots=True)
class Rights:
    """What web and worker may do with one table, by the first letters of the verbs: `SIUD`."""

    web: str
    worker: str


_VERBS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
_RECORD = Rights("SIU", "SIUD")
"""A record, where nothing else is said: it goes by erasure or retention alone, which are the worker's."""
_TAKEN_OUT = Rights("SIUD", "SIUD")
"""A record that somebody's gesture may take out as well."""
_BY_THE_CLOCK = Rights("S", "SIUD")
"""What the clock writes and people read."""
_DATA = {
    "alembic_version": Rights("S", "S"),
    # Nobody but the owner could change or remove a row, or make an organisation go.
    "journal": Rights("SI", "SI"),
    "organisation": Rights("SIU", "SIU"),
    "workspace": Rights("SID", "SID"),
    "meta": Rights("SID", "SID"),
    "taking_back": Rights("SI", "SID"),
    "counts": Rights("SIU", "SIU"),
    **dict.fromkeys(("bulletin", "week_status", "beginning", "counting_since"), _BY_THE_CLOCK),
    **dict.fromkeys(
        (
            "account", "counted_person", "exposure", "grant_request", "greeting", "installation", "kept_page", "member",
            "note_sent", "outgoing", "reporting_line", "role_grant", "session", "training",
        ),
        _TAKEN_OUT,
    ),
}  # fmt: skip
_KEYS = {
    # No update: a wrapping is replaced by a rotation alone, which is the owner's.
    "data_keys": Rights("SID", "SID"),
    "keys_in_hand": Rights("SID", "SID"),
    # The right to update is what locking a row asks for.
    **dict.fromkeys(("spare_keys", "unused_keys", "generations", "key_store_facts"), _TAKEN_OUT),
}
_LEDGER = {
    # An erasure is begun by the worker. What no line may suffer is refused by the ledger's own triggers as well; the
    # right to update digests is what locking the table asks for.
    "ledger_lines": Rights("S", "SI"),
    "ledger_digests": Rights("SIU", "SIU"),
    "ledger_takings": Rights("SI", "SID"),
    "ledger_facts": _TAKEN_OUT,
}


class StoreKind(Enum):
    """Which of the three stores a database is."""

    DATA = "data"
    """Records."""
    KEYS = "keys"
    """Wrapped keys."""
    LEDGER = "ledger"
    """What was erased and taken back."""


_RIGHTS: Mapping[StoreKind, Mapping[str, Rights]] = {
    StoreKind.DATA: _DATA,
    StoreKind.KEYS: _KEYS,
    StoreKind.LEDGER: _LEDGER,
}


def quoted(name: str) -> str:
    """A name as PostgreSQL takes it, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def run(connection: Connection, statement: str) -> None:
    """Run a statement that takes no values; the driver would read a percent sign as the place of one."""
    connection.exec_driver_sql(statement.replace("%", "%%"))


def names_of(prefix: str) -> dict[DatabaseRole, str]:
    """What each login of a deployment is called."""
    return {role: f"{prefix}_{role.value}" for role in DatabaseRole}


def logins_beside(connection: Connection) -> dict[DatabaseRole, str]:
    """The login of this connection as the owner, and those of the same deployment that the server knows.

    Only where it is called as an owner is are there others: any other name is a single login for everything.
    """
    if connection.dialect.name != "postgresql":
        return {}
    mine = str(connection.scalar(text("SELECT current_user")))
    if not mine.endswith(_SUFFIX):
        return {OWNER: mine}
    names = names_of(mine.removesuffix(_SUFFIX))
    known = text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:names)")
    there = set(connection.scalars(known, {"names": list(names.values())}))
    return {role: name for role, name in names.items() if name in there}


def grant(connection: Connection, kind: StoreKind, logins: Mapping[DatabaseRole, str]) -> None:
    """Give each login its rights in one store, and take away every other; `logins` are those that there are."""
    if not logins:
        return
    tables = list(
        connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"))
    )
    for role, login in logins.items():
        if role is OWNER:
            continue
        whom = quoted(login)
        run(connection, f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {whom}")
        run(connection, f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {whom}")
        for table in tables:
            if verbs := _verbs(role, kind, table):
                run(connection, f"GRANT {verbs} ON {quoted(table)} TO {whom}")
        if kind is StoreKind.LEDGER and role is DatabaseRole.WORKER:
            run(connection, f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {whom}")


def _verbs(role: DatabaseRole, kind: StoreKind, table: str) -> str:
    if role in (DatabaseRole.FIGURES, DatabaseRole.AUDIT):
        return "SELECT" if kind is StoreKind.DATA and table in role.reads else ""
    known = _RIGHTS[kind].get(table, _RECORD if kind is StoreKind.DATA else None)
    letters = "" if known is None else known.web if role is DatabaseRole.WEB else known.worker
    return ", ".join(_VERBS[letter] for letter in letters)


def sql_for_administrator(kind: StoreKind, database: str, prefix: str) -> str:
    """What the administrator of a server runs for one database, by `psql`; run again, it changes nothing more.

    It makes the logins, lets only those in that have something to do there, and gives the owner what is there already.
    `prefix` is a plain word. What each may do with a table comes from the owner's `trim-bot migrate`.
    """
    names = names_of(prefix)
    owner = quoted(names[OWNER])
    inside = [DatabaseRole.WEB, DatabaseRole.WORKER]
    if kind is StoreKind.DATA:
        inside += [DatabaseRole.FIGURES, DatabaseRole.AUDIT]
    let_in = ", ".join(quoted(names[role]) for role in inside)
    made = "\n".join(
        f"  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{names[role]}') THEN\n"
        f"    CREATE ROLE {quoted(names[role])} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;\n"
        "  END IF;"
        for role in (OWNER, *inside)
    )
    place = quoted(database)
    return f"""\\connect {place}
DO $$ BEGIN
{made}
END $$;
ALTER DATABASE {place} OWNER TO {owner};
REVOKE ALL ON DATABASE {place} FROM PUBLIC;
GRANT CONNECT ON DATABASE {place} TO {let_in};
ALTER SCHEMA public OWNER TO {owner};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {let_in};
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE public.%I OWNER TO %I', one.name, '{names[OWNER]}');
  END LOOP;
  FOR one IN SELECT oid::regprocedure AS name FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND starts_with(proname, 'ledger_') LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO %I', one.name, '{names[OWNER]}');
  END LOOP;
END $$;
"""  # noqa: S608 (a plain word, and names of our own)
