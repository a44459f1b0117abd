"""From the first command to the welcome: nobody is written to before `greet`, and nothing undoes that by itself."""

from __future__ import annotations

import pytest

from tests.e2e.operating.conftest import Place

LEAD, PRACTITIONER = ("web:lena@example.org", "Lena"), ("web:priya@example.org", "Priya")


def line(place: Place) -> str:
    """What doctor says of it."""
    return next((one["text"] for one in place.json("doctor") if one["name"] == "greeting"), "")


@pytest.fixture
def set_up(place: Place) -> Place:
    """A deployment whose site file is in force and whose people are named."""
    place.run("site", "apply", place.site_file())
    for role, (who, name) in (("lead", LEAD), ("practitioner", PRACTITIONER)):
        place.run("members", "grant", role, who, "--name", name)
    return place


def test_it_refuses_in_words_until_the_set_up_is_done(place: Place) -> None:
    place.run("members", "grant", "administrator", "web:adam@example.org", "--name", "Adam")
    said = place.run("greet", "--yes", code=3)
    assert "trim-bot site apply FILE" in said
    assert "trim-bot members grant practitioner ACTOR" in said
    assert "Nobody of default was written to yet" in line(place)


def test_it_asks_and_then_everybody_may_be_written_to(set_up: Place) -> None:
    assert "trim-bot greet" in line(set_up)
    assert "asks first" in set_up.run("greet", code=3)
    assert set_up.json("greet", "--yes") == {"organisation": "example-transport", "changed": True}
    assert line(set_up) == ""
    assert set_up.json("greet", "--yes")["changed"] is False


def test_it_stays_so_through_settings_applied_anew_and_a_restore(set_up: Place) -> None:
    set_up.run("site", "apply", set_up.site_file())
    set_up.run("backup", "before")
    for name in ("data.db", "keys.db"):
        (set_up.folder / name).unlink()
    set_up.run("restore", "before", "--yes")
    assert "trim-bot greet" in line(set_up)
    set_up.run("greet", "--yes")
    set_up.run("site", "apply", set_up.site_file())
    assert line(set_up) == ""
