"""What sets an organisation up is handed settings and a roster, and nothing it imports leads to a case."""

import inspect
from dataclasses import fields
from types import ModuleType
from typing import cast, get_type_hints

import pytest

from tests.architecture.test_overview import OF_WORK, OUT_OF_REACH, imports, path_of, within
from trim_bot.app.desk.routes import ROUTES
from trim_bot.app.seam.route import Use
from trim_bot.app.setting_up.scope import SetUp, SiteSettings, TestMessages, set_up_of

USES = [
    use
    for route in ROUTES.values()
    for use in (route.show, route.do)
    if isinstance(use, Use) and use.given is set_up_of
]
HANDLERS = sorted({cast(ModuleType, inspect.getmodule(use.handler)).__name__ for use in USES})
DOORS = {
    "trim_bot.app.setting_up.scope",
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
    assert "trim_bot.app.setting_up.checklist_handlers" in HANDLERS


@pytest.mark.parametrize("module", HANDLERS)
def test_nothing_behind_a_handler_of_set_up_reaches_a_case(module: str) -> None:
    assert ways(path_of(module).read_text()) == []
    assert not [name for name in behind(module) if within(name, *OUT_OF_REACH)]


def test_every_handler_is_given_no_more_than_set_up() -> None:
    for use in USES:
        hints = get_type_hints(use.handler)
        assert [hints[name] for name in inspect.signature(use.handler).parameters] == [SetUp, use.command]
        assert use.given is set_up_of


def test_the_doors_do_only_what_is_listed() -> None:
    assert {field.name for field in fields(SetUp)} == {"overview", "settings", "messages", "chats"}
    assert {name for name in vars(SiteSettings) if not name.startswith("_")} == {"site"}
    assert {name for name in vars(TestMessages) if not name.startswith("_")} == {
        "one_was_taken",
        "reach_asker",
        "send",
    }


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
