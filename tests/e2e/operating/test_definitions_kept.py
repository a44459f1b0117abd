"""Definitions are looked at before they count, taken out of new use and put back; their texts never change."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tests.e2e.operating.conftest import Place

TRAUMA = (files("workflows") / "definitions" / "trim_style_v1.toml").read_text(encoding="utf-8")
FIRST = (files("assessments") / "definitions" / "trauma_first_v1.toml").read_text(encoding="utf-8")


def file(place: Place, name: str, text: str) -> str:
    path = place.folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def begins(place: Place) -> dict[str, str]:
    """What new cases begin with, by what they are about."""
    return {
        one["begins"]: f"{one['id']}_v{one['version']}"
        for one in place.json("definitions", "list")
        if one["begins"]
    }


@pytest.fixture
def founded(place: Place) -> Place:
    place.run("members", "grant", "administrator", "web:adam@example.org", "--name", "Adam")
    return place


@pytest.fixture
def second(founded: Place) -> str:
    """A second version of the shipped programme, as a file."""
    return file(founded, "second.toml", TRAUMA.replace("version = 1", "version = 2", 1))


SHIPPED = {"hard events": "trim_style_v1", "requests about stress": "straw_style_v2"}
SECOND = SHIPPED | {"hard events": "trim_style_v2"}


def test_what_would_change_is_said_and_nothing_changes_without_a_yes(founded: Place, second: str) -> None:
    said = founded.run("definitions", "import", second, "--preview")
    assert "From now on new hard events begin with trim_style_v2. Running ones keep trim_style_v1." in said
    assert "asks first" in founded.run("definitions", "import", second, code=3)
    assert begins(founded) == SHIPPED
    told = founded.json("definitions", "import", second, "--yes")["from_now_on"]
    assert told == [{"what": "hard events", "before": "trim_style_v1", "after": "trim_style_v2"}]
    assert begins(founded) == SECOND
    newest = next(
        one for one in founded.json("definitions", "list") if (one["id"], one["version"]) == ("trim_style", 2)
    )
    assert (newest["version"], newest["from"], len(newest["since"])) == (2, "imported", 10)


def test_what_changes_nothing_for_new_cases_asks_nothing(founded: Place) -> None:
    own = file(founded, "own.toml", TRAUMA.replace('id = "trim_style"', 'id = "our_own"', 1))
    assert founded.json("definitions", "import", own)["from_now_on"] == []
    assert begins(founded) == SHIPPED
    founded.run("definitions", "retire", "trim_style", "1", "--yes")
    assert begins(founded)["hard events"] == "our_own_v1"


def test_retired_and_restored_through_a_backup(founded: Place, second: str) -> None:
    founded.run("definitions", "import", second, "--yes")
    said = founded.run("definitions", "retire", "trim_style", "2", "--yes")
    assert "trim_style_v2 is retired" in said
    assert begins(founded) == SHIPPED
    assert founded.json("definitions", "retire", "trim_style", "2")["changed"] is False
    founded.run("backup", "kept")
    for name in ("data.db", "keys.db"):
        (founded.folder / name).unlink()
    founded.run("restore", "kept", "--yes")
    assert begins(founded) == SHIPPED
    assert "taken" in founded.run("definitions", "import", second, code=1), "a published text never changes"
    founded.run("definitions", "restore", "trim_style", "2", "--yes")
    assert begins(founded) == SECOND


def test_what_something_new_needs_is_not_retired(founded: Place, second: str) -> None:
    assert "last programme for hard events" in founded.run("definitions", "retire", "trim_style", "1", code=3)
    assert "asks by trauma_first_v1" in founded.run("definitions", "retire", "trauma_first", "1", code=3)
    founded.run("definitions", "retire", "no_such", "1", code=1)


def test_a_programme_of_a_retired_questionnaire_is_not_brought_in(founded: Place) -> None:
    asking = FIRST.replace('id = "trauma_first"', 'id = "ours"', 1)
    founded.run("definitions", "import", file(founded, "ours.toml", asking))
    founded.run("definitions", "retire", "ours", "1")
    mine = TRAUMA.replace('id = "trim_style"', 'id = "mine"', 1).replace("trauma_first_v1", "ours_v1")
    said = founded.run("definitions", "import", file(founded, "mine.toml", mine), code=1)
    assert "which is retired" in said
