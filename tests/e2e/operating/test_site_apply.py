"""A site file is applied whole at the first try, and what is said when it was not is true."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from tests.e2e.operating.conftest import SITE, Place
from trim_bot.app.people.meeting import meet
from trim_bot.app.seam.ports import Tx
from trim_bot.app.workspaces import site_in_force as site_writing
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.people import Member, Profile

ADMIN = "web:someone@example.org"


def _staff(number: int) -> str:
    return "".join(f'[[staff]]\naddress = "web:p{n}@example.org"\nname = "P{n}"\n' for n in range(number))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("number", [97, 300])
def test_any_number_of_staff_is_listed_at_the_first_try(
    place: Place, request: pytest.FixtureRequest, database: str, number: int
) -> None:
    if database == "postgresql":
        new = request.getfixturevalue("new_postgres_database")
        place.set(DATABASE_URL=new(), KEYSTORE_URL=new(), LEDGER_URL=new())
        place.run("migrate")
    place.run("members", "grant", "administrator", ADMIN, "--name", "Sam")
    told = place.json("site", "apply", place.site_file(SITE + _staff(number)))
    assert isinstance(told, dict)
    assert (told["staff_added"], told["renamed_from"]) == (number, "default")
    again = place.json("site", "apply", place.site_file(SITE + _staff(number)))
    assert isinstance(again, dict)
    assert again["staff_added"] == 0


def test_what_was_applied_is_said_truly_when_the_rest_was_not(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.run("members", "grant", "administrator", ADMIN, "--name", "Sam")

    met: set[str] = set()

    def fail_after_the_first_hundred(tx: Tx, profile: Profile, *given: Any, **more: Any) -> Member:
        met.add(profile.name)
        # By how many came and not by whom: they are listed in no order.
        if len(met) >= 150:
            raise StoreUnavailable
        return meet(tx, profile, *given, **more)

    monkeypatch.setattr(f"{site_writing.__name__}.meet", fail_after_the_first_hundred)
    said = place.run("site", "apply", place.site_file(SITE + _staff(230)), code=3)
    assert "The settings of example-transport are in force, but 130 of 230" in said
    assert "Nothing" not in said
    monkeypatch.setattr(f"{site_writing.__name__}.meet", meet)
    told = place.json("site", "apply", place.site_file(SITE + _staff(230)))
    assert isinstance(told, dict)
    assert (told["organisation"], told["renamed_from"], told["staff_added"]) == (
        "example-transport",
        None,
        130,
    )


THRESHOLD = """
[[thresholds]]
questionnaire = "trauma_month_v1"
floor = {}
step = 3
"""


def test_a_floor_of_nought_is_taken_where_it_is_in_force_alone(place: Place) -> None:
    nought = SITE + THRESHOLD.format(0)
    assert "A floor of 0 is taken only where" in place.run("site", "check", place.site_file(nought))
    said = place.run("site", "apply", place.site_file(nought), code=1)
    line = nought.splitlines().index("floor = 0") + 1
    assert f"site.toml:{line}" in said and "from 1 to 999" in said and "Nothing was changed" in said
    place.run("site", "apply", place.site_file(SITE + THRESHOLD.format(5)))
    place.run("site", "apply", place.site_file(nought), code=1)


def test_slug_and_settings_change_together_or_not_at_all(place: Place) -> None:
    place.run("members", "grant", "administrator", ADMIN, "--name", "Sam")
    with sqlite3.connect("data.db") as data:
        data.execute(
            "CREATE TRIGGER stop BEFORE UPDATE ON site BEGIN SELECT RAISE(ABORT, 'stopped on purpose'); END"
        )
    place.result("site", "apply", place.site_file(SITE))
    assert data.execute("SELECT slug FROM organisation").fetchone() == ("default",)
    data.execute("DROP TRIGGER stop")
    place.run("site", "apply", place.site_file(SITE))
    assert data.execute("SELECT slug FROM organisation").fetchone() == ("example-transport",)
    data.close()
