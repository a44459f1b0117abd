"""The place that puts parts together holds no behaviour: no rule of the domain, no definition, no transaction."""

from __future__ import annotations

import ast

from tests.architecture.tree import ROOT, name

BOOTSTRAP = ROOT / "trim_bot" / "bootstrap"
MOST_LINES = 2490
"""Half of what stood there when behaviour and assembly were told apart."""
HANDED_ON = {
    "trim_bot.domain.chat_workspaces": {"UnreachableWorkspace"},
    "trim_bot.domain.errors": {
        "EachInTurn",
        "RecordAltered",
        "SafeError",
        "StoreTrouble",
        "StoreUnavailable",
    },
    "trim_bot.domain.ids": {"OrganisationId"},
    "trim_bot.domain.key_use": {"KeyUse", "keys_for"},
    "trim_bot.domain.outages": {"PLATFORMS", "Outage", "OutagePart"},
    "trim_bot.domain.people": {"Address", "Platform"},
    "trim_bot.domain.process_beats": {"ProcessRole"},
    "trim_bot.domain.revocations": {"RestoredRevocations"},
    "trim_bot.domain.site": {"Organisation"},
}
"""All it may know of the domain: what goes into a use case or comes out of it, looked at by nobody here."""
RULES = ("trim_bot.domain", "workflows", "assessments", "checked_toml")


def known_rules(text: str) -> set[str]:
    """What a file imports of the domain and of definitions, beyond what is only handed on."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names if _is_rule(one.name)}
        elif isinstance(node, ast.ImportFrom) and node.module is not None and _is_rule(node.module):
            allowed = HANDED_ON.get(node.module, set())
            found |= {f"{node.module}.{one.name}" for one in node.names if one.name not in allowed}
    return found


def transactions(text: str) -> set[str]:
    """How a file comes to hold a transaction: by its name, or by running a body in one of a store."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and any(one.name == "Tx" for one in node.names):
            found.add("Tx")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if node.func.attr in ("write", "read") and owner.rpartition(".")[2] in ("store", "_store"):
                found.add(f"{owner}.{node.func.attr}")
    return found


def _is_rule(module: str) -> bool:
    return any(module == rule or module.startswith(f"{rule}.") for rule in RULES)


def test_it_knows_no_rule_of_the_domain() -> None:
    files = sorted(BOOTSTRAP.rglob("*.py"))
    assert files
    assert {name(path): found for path in files if (found := known_rules(path.read_text()))} == {}


def test_it_opens_no_transaction() -> None:
    files = sorted(BOOTSTRAP.rglob("*.py"))
    assert {name(path): found for path in files if (found := transactions(path.read_text()))} == {}


def test_it_stays_small() -> None:
    assert sum(len(path.read_text().splitlines()) for path in BOOTSTRAP.rglob("*.py")) <= MOST_LINES


def test_a_rule_and_a_transaction_are_found() -> None:
    rules = "from trim_bot.domain.people import Address, Role\nimport workflows.loader\nimport trim_bot.settings\n"
    assert known_rules(rules) == {"trim_bot.domain.people.Role", "workflows.loader"}
    assert transactions("from trim_bot.app.seam.ports import Store, Tx\n") == {"Tx"}
    assert transactions("async def f(d):\n    await d.store.write(id, body)\n    out.write(line)\n") == {
        "d.store.write"
    }
