"""Every search is answered by an index that leaves few rows, and asking for due work by one of open work alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Table, create_engine, event, text

from tests.conftest import fresh_databases
from tests.database_logins import Logins
from tests.storage.planner.journeys import heard, journeys, shape
from tests.storage.planner.plans import Way, prepared_ways, ways
from tests.storage.planner.size import GIANT, fill
from tests.storage.planner.source import Question, ask, questions
from tests.storage.running import NOW
from tests.storage.story import sqlite_places
from trim_bot.domain.ids import OrganisationId
from trim_bot.storage.claims import claim
from trim_bot.storage.database_roles import DatabaseRole
from trim_bot.storage.engine import writing_engine
from trim_bot.storage.migrate import migrate
from trim_bot.storage.row_security import ALL_WORK, of, see
from trim_bot.storage.small_stores import durable_engine
from trim_bot.storage.status_figures import SqlCounts
from trim_bot.storage.tables import outgoing, steps
from trim_bot.storage.upgrading import config_for

pytestmark = pytest.mark.anyio

ALLOWED = {
    "find Member() by id": "once for the whole organisation: a breach report, a site file, what a restore takes back",
    "find Member(left) by id": "once a month or when somebody greets: everybody is written to",
    "tally Member(left, listed) by id": "whom forms can name: ids alone, for a hundredth of the time",
    "find Account() by id": "once, when everybody is greeted or an organisation removed",
    "find Account(left, platform) by id, limit": "a list of the other chat, which ends at a limit",
    "tally Member(left) by id": "once a day while a note to everybody is on its way: ids alone, and nobody is opened",
    "tally Member() by id": "once, for a breach report",
    "tally Account() by id": "once, for a breach report",
    "tally Account(platform) by id": "once, for a breach report",
    "tally Account(left) by id": "once a quarter: how many could be counted",
    "tally SupportRequest() by id": "once, for a breach report",
    "find CountedPerson() by id": "once a day, when a quarter that is over is let go",
    "find ReportingLine() by id": "once, when a site file brings lines",
}
"""Searches that read a whole organisation, each with the reason why it may."""


WHOLE = {
    "FROM journal WHERE journal.organisation = ? ORDER BY journal.seq DESC LIMIT 1": "the newest row",
    "FROM journal WHERE journal.organisation = ? ORDER BY journal.seq DESC LIMIT 1 OFFSET ?": "the newest row",
    "FROM member WHERE member.organisation = ? LIMIT ? OFFSET ?": "whether there is anybody: one row",
    "FROM member WHERE member.organisation = ? LIMIT ?": "whether there is anybody: one row",
    "FROM reporting_line WHERE reporting_line.organisation = ? ORDER BY reporting_line.id": "read once by a process",
    "FROM stored_outcome WHERE stored_outcome.organisation = ?": "an erasure looks through the answers of thirty days",
    "FROM support_case WHERE support_case.organisation = ? ORDER BY support_case.id ASC, support_case.id":
        "what the walk looks at itself, after each move",
}  # fmt: skip
"""Statements of journeys that may read a whole organisation, from their first table on."""
WHOLE_ON_POSTGRES = {
    "FROM incident WHERE incident.organisation = ? AND incident.logged_at < ? AND NOT": "retention, once a night",
    "FROM offer WHERE offer.organisation = ? AND offer.closes_at < ?": "retention, once a night",
}  # fmt: skip
"""The same by how they begin: PostgreSQL joins all that may go with all cases at once, in place of one by one."""
SWEPT = "SELECT DISTINCT"
"""How a statement begins that reads a column of its own index through: the sweep for keys that nothing uses."""


@dataclass
class Asked:
    """A database that is asked how it would answer; each plan is one statement's ways into tables."""

    connection: Connection
    plans: list[list[Way]]

    def of(self, question: Question) -> list[Way]:
        """Every way a search may go, with one value for each field and with lists."""
        self.plans.clear()
        for many in (False, True):
            ask(self.connection, GIANT, question, many=many)
        return [way for plan in self.plans for way in plan]


@contextmanager
def _asked(url: str, *, prepared: bool = False) -> Iterator[Asked]:
    engine = create_engine(url)
    with engine.connect() as connection:
        see(connection, of(GIANT))
        asked = Asked(connection, [])

        def note(_: object, cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
            if not statement.startswith(("EXPLAIN", "PREPARE", "DEALLOCATE", "SET")):
                way = (
                    prepared_ways(connection, statement)
                    if prepared
                    else ways(connection, statement, parameters)
                )
                asked.plans.append(way)

        event.listen(engine, "before_cursor_execute", note)
        yield asked
    engine.dispose()


def _wide(asked: Asked) -> dict[str, list[str]]:
    """Searches that read too much, with where they stand and how they are answered."""
    found = {one: asked.of(one) for one in questions()}
    return {
        str(one): [*one.places, *(way.said for way in plan)]
        for one, plan in found.items()
        if any(way.is_wide or (way.is_by_state_alone and one.is_endless) for way in plan)
    }


@pytest.fixture
def sqlite_at_size(tmp_path: Path) -> str:
    """A SQLite file: its planner goes by what is written in it, however many rows there are."""
    url = f"sqlite:///{tmp_path / 'data.sqlite'}"
    migrate(url)
    return url


@pytest.fixture(scope="module")
def postgres_at_size(postgres_url: str) -> Iterator[Logins]:
    """A PostgreSQL with a large organisation and many small ones, as it is once it has looked at its rows."""
    with fresh_databases(postgres_url) as new_database:
        made = Logins.made(new_database)
        migrate(made.places(DatabaseRole.OWNER).data)
        engine = create_engine(made.data)
        with engine.begin() as connection:
            fill(connection)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        engine.dispose()
        yield made


def test_every_search_in_the_source_finds_few_rows_on_sqlite(sqlite_at_size: str) -> None:
    with _asked(sqlite_at_size) as asked:
        wide = _wide(asked)
    assert len(questions()) > 100
    assert {name: said for name, said in wide.items() if name not in ALLOWED} == {}
    assert ALLOWED.keys() <= wide.keys(), "an exception that nothing needs any more"


@pytest.mark.parametrize(("role", "prepared"), [(DatabaseRole.WEB, False), (DatabaseRole.WORKER, True)])
def test_every_search_in_the_source_finds_few_rows_on_postgresql(
    postgres_at_size: Logins, role: DatabaseRole, prepared: bool
) -> None:
    with _asked(postgres_at_size.places(role).data, prepared=prepared) as asked:
        wide = _wide(asked)
    assert {name: said for name, said in wide.items() if name not in ALLOWED} == {}


class Fitting:
    """Every row is as it was written."""

    def fits(self, table: Table, row: Mapping[str, object], /) -> bool:
        return True

    def lacks(self, table: Table, id: str, /) -> bool:
        return False

    def bind(self, table: Table, row: Mapping[str, object], /) -> None:
        raise AssertionError


def _too_much(plans: dict[str, list[Way]]) -> dict[str, list[str]]:
    return {
        shape(statement): [way.said for way in plan if way.is_wide]
        for statement, plan in plans.items()
        if any(way.is_wide for way in plan)
        and not statement.startswith(SWEPT)
        and shape(statement) not in WHOLE
    }


async def test_every_statement_of_journeys_finds_few_rows_on_sqlite(tmp_path: Path) -> None:
    places = sqlite_places(tmp_path)
    with heard(places.data) as statements:
        await journeys(places)
    with _asked(places.data) as asked:
        plans = {one: ways(asked.connection, one, values) for one, values in statements.items()}
    assert len(plans) > 150
    assert _too_much(plans) == {}


async def test_every_statement_of_journeys_finds_few_rows_on_postgresql(postgres_at_size: Logins) -> None:
    places = postgres_at_size.places(DatabaseRole.OWNER)
    with heard(places.data) as statements:
        organisation = await journeys(places)
    with _asked(postgres_at_size.places(DatabaseRole.WORKER).data) as asked:
        plans: dict[str, list[Way]] = {}
        for statement, values in statements.items():
            large = {name: GIANT if value == organisation else value for name, value in values.items()}
            plans[statement] = ways(asked.connection, statement, large) + prepared_ways(
                asked.connection, statement
            )
    assert len(plans) > 150
    wide = _too_much(plans)
    assert {name: said for name, said in wide.items() if not name.startswith(tuple(WHOLE_ON_POSTGRES))} == {}


@pytest.fixture(params=["sqlite", "postgresql"])
def at_size(request: pytest.FixtureRequest) -> str:
    """Either database at size, for whoever does what is due."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_at_size"))
    logins: Logins = request.getfixturevalue("postgres_at_size")
    return logins.places(DatabaseRole.WORKER).data


@pytest.mark.parametrize("table", [steps, outgoing], ids=str)
def test_due_work_is_found_by_its_index(at_size: str, table: Table) -> None:
    with _asked(at_size) as asked:
        see(asked.connection, ALL_WORK)
        asked.plans.clear()
        claim(asked.connection, table, NOW, NOW, 60, 50)
    assert len(asked.plans) == 1
    assert f"ix_{table}_due" in str(asked.plans[0])


def test_the_status_page_is_one_statement_that_reads_indexes(at_size: str) -> None:
    with _asked(at_size) as asked:
        SqlCounts(asked.connection, OrganisationId(GIANT), Fitting()).standing(
            ("2026-W47", "2026-W46"), NOW.date()
        )
    assert len(asked.plans) == 1
    assert not any(way.is_wide for way in asked.plans[0])


def _statistics(url: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
        return file.execute("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx").fetchall()


def test_what_somebody_counted_in_a_file_is_put_right_when_it_is_opened(sqlite_at_size: str) -> None:
    before = _statistics(sqlite_at_size)
    with closing(sqlite3.connect(sqlite_at_size.removeprefix("sqlite:///"))) as file:
        file.execute("INSERT INTO counted_person (organisation, id, cell) VALUES ('one', 'a', 'b')")
        file.execute("ANALYZE")
        file.execute("PRAGMA optimize")
        file.commit()
    assert _statistics(sqlite_at_size) != before
    engine = writing_engine(sqlite_at_size, 1.0)
    with engine.connect() as connection:
        [plan] = ways(
            connection, "SELECT * FROM account WHERE organisation = ? AND member_id = ? ORDER BY id", ("", "")
        )
        assert "ix_account_member_id" in plan.said
    engine.dispose()
    assert _statistics(sqlite_at_size) == before


def test_a_file_that_somebody_writes_to_meanwhile_is_opened_all_the_same(sqlite_at_size: str) -> None:
    with closing(sqlite3.connect(sqlite_at_size.removeprefix("sqlite:///"), isolation_level=None)) as file:
        file.execute("DELETE FROM sqlite_stat1")
        file.execute("BEGIN IMMEDIATE")
        writing_engine(sqlite_at_size, 0.0).dispose()
    assert _statistics(sqlite_at_size) == []


def test_a_file_of_an_earlier_version_is_told_by_migrating(sqlite_at_size: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'earlier.sqlite'}"
    engine = durable_engine(url)
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "0019")
    engine.dispose()
    migrate(url)
    assert _statistics(url) == _statistics(sqlite_at_size)
