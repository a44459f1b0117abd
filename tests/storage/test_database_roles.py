"""Each login of a deployment on PostgreSQL does what its part of the desk needs, and is refused everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

import psycopg
import pytest
from sqlalchemy import Column, Connection, Engine, MetaData, Table, create_engine, func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from tests.conftest import fresh_databases
from tests.database_logins import Logins
from tests.fakes_crypto import MemoryKeyStore
from tests.storage.conftest import KEYRING
from tests.storage.running import NOW, run, step
from trim_bot.app.seam.ports import Tx
from trim_bot.bootstrap.store_opening import settle_rights
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.crypto.vault import Vault
from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.domain.ids import MemberId, OrganisationId, new_id
from trim_bot.domain.people import Grant, Joined
from trim_bot.domain.records import Action
from trim_bot.storage import tables as t
from trim_bot.storage.columns import PRIVACY, Privacy
from trim_bot.storage.database_roles import DatabaseRole, logins_beside
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.erasure.erasure_plan import referenced_keys
from trim_bot.storage.journal_check import verify_journal
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.migrate import migrate
from trim_bot.storage.row_security import (
    BY_ORGANISATION,
    LoginStanding,
    NotTheOwner,
    of,
    policies_of,
    secure,
    see,
    standing_of,
    unprotected,
)
from trim_bot.storage.store import SqlStore

OWNER, WEB, WORKER = DatabaseRole.OWNER, DatabaseRole.WEB, DatabaseRole.WORKER
FIGURES, AUDIT = DatabaseRole.FIGURES, DatabaseRole.AUDIT
SERVING = (WEB, WORKER)
REFUSED = "42501"


class Server:
    """Three databases that the owner has migrated, and everybody's way to them."""

    def __init__(self, logins: Logins) -> None:
        self.logins = logins
        places = logins.places(OWNER)
        migrate(places.data)
        settle_rights(places)
        self.keys = MemoryKeyStore()
        self._open: list[SqlStore] = []
        first = self.store(WEB)
        self.one = OrganisationId(run(first.found("one", None)).id)
        self.two = OrganisationId(run(first.found("two", None)).id)
        for organisation in (self.one, self.two):
            run(first.write(organisation, lambda tx: tx.add(step(f"step-of-{tx.organisation}"))))
            run(first.write(organisation, lambda tx: tx.journal.write("who", Action.SHOWED, "a", "b", NOW)))

    def store(self, role: DatabaseRole) -> SqlStore:
        """The store as one process opens it."""
        store = SqlStore(self.logins.places(role).data, Vault(KEYRING, self.keys), Pseudonyms(KEYRING))
        self._open.append(store)
        return store

    def engine(self, role: DatabaseRole, store: str = "data") -> Engine:
        """The bare way to one of the three databases."""
        return create_engine(getattr(self.logins.places(role), store), poolclass=NullPool)

    def refuses(self, role: DatabaseRole, statement: str, store: str = "data") -> bool:
        """Whether the server says that the login has no right to this."""
        try:
            with self.engine(role, store).begin() as connection:
                connection.execute(text(statement))
        except ProgrammingError as error:
            return getattr(error.orig, "sqlstate", "") == REFUSED
        return False

    def close(self) -> None:
        """Let go of every connection."""
        for one in self._open:
            one.close()


@pytest.fixture(scope="module")
def server(postgres_url: str) -> Iterator[Server]:
    """One for all of these tests, which leave no change behind that another would meet."""
    with fresh_databases(postgres_url) as create:
        made = Server(Logins.made(create))
        try:
            yield made
        finally:
            made.close()


_hours = count(1)


def _claimed(store: SqlStore) -> set[str]:
    """Whose steps a process is given, at a moment when whatever was leased before is free again."""
    real = NOW + timedelta(hours=next(_hours))
    return {organisation for organisation, _ in run(store.claim_steps(NOW, real, 60, 10))}


def _rows(connection: Connection, table: Table) -> int:
    return int(connection.scalar(select(func.count()).select_from(table)) or 0)


@pytest.mark.parametrize("role", [*SERVING, OWNER])
def test_a_transaction_that_names_no_organisation_sees_nothing(server: Server, role: DatabaseRole) -> None:
    with server.engine(role).connect() as connection:
        assert [_rows(connection, table) for table in (t.steps, t.journal, t.meta)] == [0, 0, 0]
        see(connection, of(server.one))
        assert _rows(connection, t.steps) == 1
        connection.commit()
        # Nor does one that follows another which did, on the same connection.
        assert [_rows(connection, table) for table in (t.steps, t.journal, t.meta)] == [0, 0, 0]


@pytest.mark.parametrize("role", [*SERVING, OWNER])
def test_one_organisation_sees_and_changes_nothing_of_another(server: Server, role: DatabaseRole) -> None:
    with server.engine(role).connect() as connection:
        see(connection, of(server.one))
        assert connection.scalars(select(t.steps.c.organisation)).all() == [server.one]
        assert connection.execute(t.steps.update().values(state="done")).rowcount == 1
        connection.rollback()
    with server.engine(role).connect() as connection:
        see(connection, of(server.one))
        row = {"organisation": server.two, "id": "g", "member_id": "m", "role": "lead", "granted_at": NOW}
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(t.grants.insert(), row)


def test_the_worker_is_given_the_work_of_all_and_web_none_of_it(server: Server) -> None:
    web, worker, owner = (server.store(role) for role in (WEB, WORKER, OWNER))
    assert [run(store.may_do_all_work()) for store in (web, worker, owner)] == [False, True, True]
    assert [_claimed(store) for store in (web, worker)] == [set(), {server.one, server.two}]


def test_the_sight_of_all_work_shows_the_worker_no_other_table(server: Server) -> None:
    with server.engine(WORKER).begin() as connection:
        for sight in ("all:work", "all:rows"):
            see(connection, sight)
            seen = {table.name for table in t.metadata.sorted_tables if _rows(connection, table)}
            # Which organisations there are is no secret from a process that serves them.
            work = {"step", "next_look"} if sight == "all:work" else set()
            assert seen - {"organisation", "workspace"} == work


def test_every_key_of_every_organisation_counts_as_used(server: Server) -> None:
    store, taken = server.store(WORKER), set[str]()

    def keep(tx: Tx) -> str:
        key = tx.new_key()
        tx.add(Joined(MemberId(new_id()), key, MemberId("m"), NOW))
        return key

    for organisation in (server.one, server.two):
        taken.add(run(store.write(organisation, keep)))
    used = run(store.read(OrganisationId(""), lambda tx: referenced_keys(connection_of(tx))))
    assert used == taken | {one.key_id for one in run(store.organisations())}
    assert len(used) == 4


@pytest.mark.parametrize("role", [WEB, WORKER, FIGURES, AUDIT])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'somebody'",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "DELETE FROM organisation",
        "DROP TABLE journal",
        "ALTER TABLE step DISABLE ROW LEVEL SECURITY",
        "DROP POLICY by_organisation ON step",
        "CREATE TABLE mine (n integer)",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_nobody_who_serves_can_change_the_journal_or_lift_a_bound(
    server: Server, role: DatabaseRole, statement: str
) -> None:
    assert server.refuses(role, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM support_case",
        "DELETE FROM interview",
        "DELETE FROM incident",
        "DELETE FROM support_request",
        "INSERT INTO bulletin VALUES ('o', 'b', 'p', now(), 'x', 'y')",
        "UPDATE bulletin SET body = ''",
        "UPDATE week_status SET says = ''",
    ],
)
def test_only_the_worker_erases_and_publishes(server: Server, statement: str) -> None:
    assert server.refuses(WEB, statement)
    if not statement.startswith("INSERT"):
        assert not server.refuses(WORKER, statement)


@pytest.mark.parametrize("table", t.metadata.sorted_tables, ids=lambda table: str(table.name))
def test_figures_and_audit_read_their_own_and_nothing_sealed(server: Server, table: Table) -> None:
    sealed = [c.name for c in table.columns if c.info[PRIVACY] is not Privacy.OPEN]
    for role in (FIGURES, AUDIT):
        may = not server.refuses(role, f'SELECT * FROM "{table.name}"')  # noqa: S608
        assert may is (table.name in role.reads), (role, table.name)
        assert not (may and sealed)
        for verb in (f'DELETE FROM "{table.name}"', f'INSERT INTO "{table.name}" DEFAULT VALUES'):  # noqa: S608
            assert server.refuses(role, verb)


def test_an_auditor_reads_the_journal_of_every_organisation(server: Server) -> None:
    with server.engine(AUDIT).begin() as connection:
        assert set(connection.scalars(select(t.journal.c.organisation))) == {server.one, server.two}


@pytest.mark.parametrize("role", [FIGURES, AUDIT])
@pytest.mark.parametrize("store", ["keys", "ledger"])
def test_figures_and_audit_do_not_get_into_keys_or_ledger(
    server: Server, role: DatabaseRole, store: str
) -> None:
    url = getattr(server.logins.places(role), store).replace("postgresql+psycopg", "postgresql")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(url)


@pytest.mark.parametrize("role", SERVING)
@pytest.mark.parametrize(
    ("store", "statement"),
    [
        ("keys", "UPDATE data_keys SET master_id = 'other'"),
        ("keys", "DROP TABLE data_keys"),
        ("ledger", "UPDATE ledger_lines SET record_id = ''"),
        ("ledger", "DELETE FROM ledger_lines"),
        ("ledger", "DELETE FROM ledger_digests"),
        ("ledger", "ALTER TABLE ledger_lines DISABLE TRIGGER ALL"),
        ("ledger", "DROP FUNCTION ledger_append_only() CASCADE"),
    ],
)
def test_no_process_that_serves_rewraps_a_key_or_changes_a_line(
    server: Server, role: DatabaseRole, store: str, statement: str
) -> None:
    assert server.refuses(role, statement, store)


def test_web_begins_no_erasure(server: Server) -> None:
    begin = "INSERT INTO ledger_lines (erasure_id) VALUES ('x')"
    assert server.refuses(WEB, begin, "ledger")
    assert not server.refuses(WORKER, "SELECT nextval('ledger_lines_seq_seq')", "ledger")


def test_a_command_that_must_see_all_is_refused_to_whoever_sees_part(server: Server) -> None:
    for role in SERVING:
        with pytest.raises(NotTheOwner):
            verify_journal(server.logins.places(role).data, Pseudonyms(KEYRING))
        with pytest.raises(NotTheOwner):
            migrate(server.logins.places(role).data)
    assert verify_journal(server.logins.places(OWNER).data, Pseudonyms(KEYRING)) == []


def test_every_table_has_its_policy_and_one_that_is_new_is_found(server: Server) -> None:
    with server.engine(OWNER).connect() as connection:
        assert unprotected(connection) == []
        with_one_more = MetaData()
        for table in t.metadata.sorted_tables:
            table.to_metadata(with_one_more)
        fresh = Table("brought_by_a_subject", with_one_more, Column("organisation", t.meta.c.value.type))
        fresh.create(connection)
        assert unprotected(connection, with_one_more) == ["brought_by_a_subject"]
        connection.execute(text("ALTER TABLE support_case NO FORCE ROW LEVEL SECURITY"))
        connection.execute(text("DROP POLICY by_organisation ON member"))
        assert unprotected(connection) == ["member", "support_case"]
        connection.rollback()


@pytest.mark.parametrize("table", t.metadata.sorted_tables, ids=lambda table: str(table.name))
def test_a_table_lets_through_one_organisation_and_little_else(table: Table) -> None:
    others = {policy.name for policy in policies_of(table)} - {BY_ORGANISATION.name, "whole"}
    assert others == {
        "organisation": {"directory"},
        "workspace": {"directory"},
        "step": {"work_select", "work_update"},
        "outgoing": {"work_select", "work_update"},
        "next_look": {"work_select"},
        "counts": {"figures"},
        "week_status": {"figures"},
        "bulletin": {"figures"},
        "journal": {"audit"},
    }.get(table.name, set())


def test_the_policies_are_put_in_place_as_often_as_one_likes(server: Server) -> None:
    migrate(server.logins.places(OWNER).data)
    assert _claimed(server.store(WORKER)) == {server.one, server.two}


def _policies(server: Server) -> dict[str, str]:
    query = "SELECT polrelid::regclass || ' ' || polname, oid || ' ' || pg_get_expr(polqual, polrelid) FROM pg_policy"
    with server.engine(OWNER).connect() as connection:
        return {str(name): str(policy) for name, policy in connection.execute(text(query))}


def test_what_stands_as_it_should_is_not_touched_and_nobody_is_waited_for(server: Server) -> None:
    before = _policies(server)
    with server.engine(OWNER).connect() as reads, server.engine(OWNER).begin() as secures:
        reads.execute(text("LOCK TABLE member, step, counts IN ACCESS SHARE MODE"))
        secures.execute(text("SET LOCAL lock_timeout = '1s'"))
        secure(secures, logins_beside(secures))
    migrate(server.logins.places(OWNER).data)
    assert _policies(server) == before


def test_a_policy_of_another_name_stays_and_one_of_ours_that_was_changed_is_put_right(server: Server) -> None:
    before = _policies(server)
    with server.engine(OWNER).begin() as connection:
        connection.execute(text("CREATE POLICY of_the_site ON member FOR SELECT TO PUBLIC USING (false)"))
        connection.execute(text("ALTER POLICY by_organisation ON member USING (true)"))
        connection.execute(text("CREATE POLICY directory ON member FOR SELECT TO PUBLIC USING (true)"))
    migrate(server.logins.places(OWNER).data)
    after = _policies(server)
    with server.engine(OWNER).begin() as connection:
        connection.execute(text("DROP POLICY of_the_site ON member"))
    assert after.keys() - before.keys() == {"member of_the_site"}
    assert {name for name in before if after[name] != before[name]} == {"member by_organisation"}
    assert (
        after["member by_organisation"].split(" ", 1)[1] == before["member by_organisation"].split(" ", 1)[1]
    )


def test_a_login_without_the_right_is_told_apart_from_a_store_that_is_away(server: Server) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        run(server.store(FIGURES).read(server.one, lambda tx: tx.find(Grant)))
    assert caught.value.trouble is StoreTrouble.REFUSED
    with pytest.raises(StoreUnavailable) as caught:
        SqlKeyStore(server.logins.places(WEB).data)
    assert caught.value.trouble is StoreTrouble.REFUSED


def test_a_single_login_that_owns_everything_goes_on_working(
    new_postgres_database: Callable[[], str],
) -> None:
    url = new_postgres_database()
    migrate(url)
    store = SqlStore(url, Vault(KEYRING, MemoryKeyStore()), Pseudonyms(KEYRING))
    try:
        one = OrganisationId(run(store.found("one", None)).id)
        run(store.write(one, lambda tx: tx.add(step("a"))))
        assert run(store.may_do_all_work())
        assert _claimed(store) == {one}
    finally:
        store.close()


def test_each_login_knows_how_far_it_is_bound(server: Server) -> None:
    found = {}
    for role in (OWNER, WEB, WORKER):
        with server.engine(role).begin() as connection:
            found[role] = standing_of(connection)
    assert found == {OWNER: LoginStanding.OWNER, WEB: LoginStanding.BOUND, WORKER: LoginStanding.BOUND}
    engine = create_engine(server.logins.data)
    with engine.begin() as connection:
        assert standing_of(connection) is LoginStanding.ABOVE
    engine.dispose()


def test_nothing_is_put_in_place_on_sqlite() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        secure(connection, {})
    engine.dispose()
