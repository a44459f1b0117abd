"""Whoever sets up, signs or searches is handed doors with no way to a case, and imports nothing that leads to one."""

import inspect
from dataclasses import fields
from types import ModuleType
from typing import cast, get_type_hints

import pytest

from tests.architecture.test_overview import OF_WORK, OUT_OF_REACH, imports, path_of, within
from trim_bot.app.auditing.scope import Auditing, JournalReading, auditing_of
from trim_bot.app.desk.routes import ROUTES
from trim_bot.app.seam.route import Use
from trim_bot.app.setting_up.scope import SetUp, SiteSettings, TestMessages, set_up_of
from trim_bot.app.signing.scope import Signatures, Signing, signing_of

GIVEN: dict[object, type] = {set_up_of: SetUp, signing_of: Signing, auditing_of: Auditing}
"""What makes the scope of a handler, and the scope."""
SUBJECTS = ("trim_bot.app.setting_up", "trim_bot.app.signing", "trim_bot.app.auditing")
HOLDS = {
    SetUp: {"overview", "settings", "messages", "today"},
    Signing: {"signatures", "definitions", "name", "today"},
    Auditing: {"journal", "zone"},
}
DOES = {
    SiteSettings: {"site", "values", "scored", "floors", "questionnaires", "moved", "keep", "put"},
    TestMessages: {"chats", "send"},
    Signatures: {"site", "keep"},
    JournalReading: {"found"},
}
USES = [
    use
    for route in ROUTES.values()
    for use in (route.show, route.do)
    if isinstance(use, Use) and use.given in GIVEN
]
HANDLERS = sorted({cast(ModuleType, inspect.getmodule(use.handler)).__name__ for use in USES})
DOORS = {
    *(one.__module__ for one in HOLDS),
    "trim_bot.app.people.roster",
    "trim_bot.app.people.counted",
    "trim_bot.app.seam.work",
    "trim_bot.app.seam.ports",
}
"""What has a way to the transaction, and is looked at by name below."""


def behind(module: str) -> set[str]:
    """Every module of the product reached from one, but not through a door."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen or name in DOORS or not path_of(name).is_file():
            continue
        seen.add(name)
        for origin, part in imports(path_of(name).read_text()):
            waiting += [origin, f"{origin}.{part}"]
    return seen


def ways(source: str) -> list[str]:
    """What a module imports, or reaches for, that could lead to a case."""
    found = []
    for module, name in imports(source):
        if within(f"{module}.{name}", *OUT_OF_REACH) or within(module, *OUT_OF_REACH):
            found.append(f"{module}.{name}")
        if module == "trim_bot.app.seam.work" and name not in OF_WORK:
            found.append(f"{module}.{name}")
        if module == "trim_bot.app.seam.ports":
            found.append(f"{module}.{name}")
    return found + [line for line in source.splitlines() if "__tx" in line or "__work" in line]


def test_there_is_something_to_guard() -> None:
    assert {name.split(".")[2] for name in HANDLERS} == {"setting_up", "signing", "auditing"}


@pytest.mark.parametrize("module", HANDLERS)
def test_nothing_behind_such_a_handler_reaches_a_case(module: str) -> None:
    assert ways(path_of(module).read_text()) == []
    assert not [name for name in behind(module) if within(name, *OUT_OF_REACH)]


def test_every_handler_is_given_no_more_than_its_scope() -> None:
    for use in USES:
        hints = get_type_hints(use.handler)
        names = list(inspect.signature(use.handler).parameters)
        assert [hints[name] for name in names] == [GIVEN[use.given], use.command]


def test_every_route_of_these_subjects_goes_through_a_scope() -> None:
    for route in ROUTES.values():
        for use in (route.show, route.do):
            if isinstance(use, Use) and within(use.handler.__module__, *SUBJECTS):
                assert use.given in GIVEN


def test_the_doors_do_only_what_is_listed() -> None:
    assert {kind: {field.name for field in fields(kind)} for kind in HOLDS} == HOLDS
    assert {kind: {name for name in vars(kind) if not name.startswith("_")} for kind in DOES} == DOES


@pytest.mark.parametrize(
    "planted",
    [
        "from trim_bot.domain.cases import Case",
        "from trim_bot.app.seam.work import Work",
        "from trim_bot.app.seam.ports import Tx",
        "from trim_bot.app.cases.state import get_case",
        "def leak(set_up):\n    return set_up.settings._SiteSettings__tx",
    ],
)
def test_a_planted_way_to_a_case_is_found(planted: str) -> None:
    assert ways(planted)
