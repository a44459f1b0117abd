"""What coordinators use is handed figures and a roster, and nothing it imports leads to a case."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import cast, get_type_hints

import pytest

from tests.architecture.tree import ROOT
from trim_bot.app.bulletins import commands as bulletins
from trim_bot.app.desk.routes import ROUTES
from trim_bot.app.handouts import commands as handouts
from trim_bot.app.oversight import commands as oversight
from trim_bot.app.people.access import overview_of
from trim_bot.app.people.counted import Bulletins
from trim_bot.app.people.roster import Overview, Roster
from trim_bot.app.seam.command import Command
from trim_bot.app.seam.links import OpenGivenRoles, OpenHandouts, OpenMonthly, OpenRoster, OpenStatus
from trim_bot.app.seam.route import Use

USES = [use for route in ROUTES.values() for use in (route.show, route.do) if isinstance(use, Use)]
OVER = [use for use in USES if use.given is overview_of]
"""What is handed an overview."""
HANDLERS = sorted({cast(ModuleType, inspect.getmodule(use.handler)).__name__ for use in OVER})
OF_WORK = {"Next", "Outcome"}
OF_PORTS = {"Counts"}
OF_COUNTED = {"Bulletins"}
OUT_OF_REACH = (
    "trim_bot.app.cases",
    "trim_bot.app.events",
    "trim_bot.app.requests",
    "trim_bot.app.safety",
    "trim_bot.app.interviews",
    "trim_bot.app.referrals",
    "trim_bot.app.handover",
    "trim_bot.app.waiting",
    "trim_bot.domain.cases",
    "trim_bot.domain.incidents",
    "trim_bot.domain.referrals",
    "trim_bot.domain.requests",
    "trim_bot.domain.steps",
    "trim_bot.storage",
    "trim_bot.crypto",
)
ALLOWED = (
    "__future__",
    "collections",
    "dataclasses",
    "datetime",
    "typing",
    "zoneinfo",
    "trim_bot.app.bulletins",
    "trim_bot.app.handouts",
    "trim_bot.app.oversight",
    "trim_bot.app.people.roster",
    "trim_bot.app.people.roster",
    "trim_bot.app.seam.links",
    "trim_bot.app.seam.links",
    "trim_bot.app.seam.mending",
    "trim_bot.app.seam.command",
    "trim_bot.app.seam.paging",
    "trim_bot.app.people.roster_records",
    "trim_bot.app.seam.unsigned",
    "trim_bot.app.words",
    "trim_bot.app.seam.views",
    "trim_bot.domain",
)
BULLETINS_DO = {"all", "one", "altered", "signature"}
ROSTER_DOES = {
    "all", "names", "some", "one", "member_for", "grant", "grant_at_once", "revoke", "suspend", "leads_alone", "train", 
    "note_to_all", "last_note", "ask_role", "ask_training", "asked", "asked_one", "requests", "agree",
    "refuse", "begin", "seen", "move_work", "leave_work", "move_at_once", "can_move", "may_agree_to_move",
    "agree_to_move",
}  # fmt: skip


def imports(source: str) -> Iterator[tuple[str, str]]:
    """Module and name of everything a source imports; the name is empty for a whole module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def faults(source: str) -> list[str]:
    """What a module in front of coordinators may not do."""
    found = []
    for module, name in imports(source):
        whole = f"{module}.{name}"
        if module == "trim_bot.app.seam.work":
            allowed = name in OF_WORK
        elif module == "trim_bot.app.people.counted":
            allowed = name in OF_COUNTED
        elif module == "trim_bot.app.seam.ports":
            allowed = name in OF_PORTS
        else:
            allowed = (within(module, *ALLOWED) or within(whole, *ALLOWED)) and not within(
                whole, *OUT_OF_REACH
            )
        if not allowed or within(module, *OUT_OF_REACH):
            found.append(f"imports {whole}")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            found.append(f"reaches for {node.attr}")
        if isinstance(node, ast.Name) and node.id in {"getattr", "vars", "object", "eval", "exec", "globals"}:
            found.append(f"uses {node.id}")
    return found


def path_of(module: str) -> Path:
    return ROOT / (module.replace(".", "/") + ".py")


def behind(module: str) -> set[str]:
    """Every module of the product reached from one, but not through the doors that are checked by name."""
    doors = {
        "trim_bot.app.seam.work",
        "trim_bot.app.seam.ports",
        "trim_bot.app.people.roster",
        "trim_bot.app.people.counted",
    }
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen or name in doors or not path_of(name).is_file():
            continue
        seen.add(name)
        for origin, part in imports(path_of(name).read_text()):
            waiting += [origin, f"{origin}.{part}"]
    return seen


def test_there_is_something_to_guard() -> None:
    assert len(USES) == sum((route.show is not None) + (route.do is not None) for route in ROUTES.values())
    assert [name.removeprefix("trim_bot.app.") for name in HANDLERS] == [
        "bulletins.handlers",
        "handouts.handlers",
        "oversight.handlers",
        "oversight.roster_lists",
    ]


@pytest.mark.parametrize("module", HANDLERS)
def test_a_handler_for_coordinators_imports_nothing_that_reaches_a_case(module: str) -> None:
    assert faults(path_of(module).read_text()) == []


@pytest.mark.parametrize("module", HANDLERS)
def test_nothing_behind_such_a_handler_reaches_a_case(module: str) -> None:
    reached = behind(module)
    assert not [name for name in reached - {module} if within(name, *OUT_OF_REACH)]
    for name in reached:
        of_work = {
            part for origin, part in imports(path_of(name).read_text()) if origin == "trim_bot.app.seam.work"
        }
        assert of_work <= OF_WORK, name


def test_every_such_handler_is_given_an_overview_and_its_own_command() -> None:
    for use in OVER:
        hints = get_type_hints(use.handler)
        assert [hints[name] for name in inspect.signature(use.handler).parameters] == [Overview, use.command]


def test_every_command_of_oversight_goes_through_an_overview() -> None:
    commands = {
        one
        for module in (oversight, bulletins, handouts)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Command) and one.__module__ == module.__name__
    } | {OpenGivenRoles, OpenHandouts, OpenMonthly, OpenRoster, OpenStatus}
    assert {use.command for use in OVER} == commands - {oversight.OpenHelp}


def test_an_overview_holds_no_transaction_and_the_roster_does_only_what_is_listed() -> None:
    assert {field.name for field in fields(Overview)} == {
        "counts", "bulletins", "link", "roster", "who", "site", "now", "calendar", "profiles", "nonce",
        "of_all_places",
    }  # fmt: skip
    assert {name for name in vars(Roster) if not name.startswith("_")} == ROSTER_DOES
    assert {name for name in vars(Bulletins) if not name.startswith("_")} == BULLETINS_DO


@pytest.mark.parametrize(
    "planted",
    [
        "from trim_bot.domain.cases import Case",
        "from trim_bot.domain import cases",
        "import trim_bot.domain.requests",
        "from trim_bot.app.seam.work import Work",
        "from trim_bot.app.seam.ports import Tx",
        "from trim_bot.app.people.counted import in_period",
        "from trim_bot.app.waiting.ladder import by_load",
        "from trim_bot.app.cases.state import get_case",
        "def leak(overview):\n    return overview.roster._Roster__tx",
        "def leak(overview):\n    return getattr(overview.roster, 'hidden')",
    ],
)
def test_a_planted_way_to_a_case_is_found(planted: str) -> None:
    assert faults(planted)
