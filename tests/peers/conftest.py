"""Tells in one line each what was shown, and keeps the tables until the end."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

TABLES = pytest.StashKey[list[str]]()
Tell = Callable[[str], None]


def pytest_configure(config: pytest.Config) -> None:
    """Nothing has been told yet."""
    config.stash[TABLES] = []


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Puts a table under the lines."""
    return request.config.stash[TABLES].append


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The first line of a test's docstring says what it shows."""
    report = yield
    document = (getattr(getattr(item, "function", None), "__doc__", "") or item.name).strip()
    where = Path(str(item.path)).stem.removeprefix("test_").replace("_", " ")
    report.user_properties = [("shows", f"{where:<14} {document.splitlines()[0]}")]
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """No dots: a line says it."""
    return ("passed" if report.when == "call" else "", "", "") if report.passed else None


class Lines:
    """Writes the line of each test as it ends."""

    def __init__(self, terminal: TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One line a test."""
        if report.when != "call" and not report.failed:
            return
        shows = dict(report.user_properties).get("shows", report.nodeid)
        word = "shown" if report.passed else "NOT SHOWN"
        self._terminal.write_line(f"{word:<10}{shows}  ({report.duration:.1f} s)")


def pytest_sessionstart(session: pytest.Session) -> None:
    """The lines go where the terminal's own would."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    assert isinstance(terminal, TerminalReporter)
    session.config.pluginmanager.register(Lines(terminal))


def pytest_terminal_summary(terminalreporter: TerminalReporter, config: pytest.Config) -> None:
    """The tables."""
    for table in config.stash[TABLES]:
        terminalreporter.write_line("")
        terminalreporter.write_line(table)
