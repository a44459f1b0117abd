"""What following a guide needs: a machine, a PostgreSQL on it, and the times at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.deploy.followed.machine import Machine, machine, why_not
from tests.deploy.followed.settling import settle_on_sqlite
from tests.deploy.steps import told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Every step with its time."""
    for line in told():
        terminalreporter.write_line(line)


@contextmanager
def _new_machine() -> Iterator[Machine]:
    if lacking := why_not():
        pytest.skip(f"THE GUIDE FOR SYSTEMD IS NOT FOLLOWED: {lacking}")
    with (
        TemporaryDirectory(prefix="deploy-", ignore_cleanup_errors=True) as folder,
        machine(Path(folder)) as one,
    ):
        yield one


@pytest.fixture
def linux() -> Iterator[Machine]:
    """A machine with systemd, thrown away after the test."""
    with _new_machine() as one:
        yield one


@pytest.fixture(scope="session")
def desk() -> Iterator[Machine]:
    """A machine on which the guide for systemd was followed, on SQLite. Each test leaves the desk open."""
    with _new_machine() as one:
        settle_on_sqlite(one)
        yield one
