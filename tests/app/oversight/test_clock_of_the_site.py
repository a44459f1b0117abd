"""Pages of those who keep the roster, set up, sign or search show the site's hours and say so, wherever they live."""

from __future__ import annotations

import re

import pytest

from tests.app.events.test_right_hour import PERTH, lives_in, with_places
from tests.app.oversight.test_second_yes import ask
from tests.builders import Town
from tests.reading import words_of
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.desk.routes import ROUTES
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.views import FieldErrors, Form, View

pytestmark = pytest.mark.anyio
ROOMS = ("oversight", "auditing", "setting_up", "signing", "bulletins", "handouts")
HOUR = re.compile(r"\b\d{1,2}:\d\d\b")
NAMES = re.compile(r"\w time\)|Hours are by \w+ time|Time zone|GMT|UTC|In each one's zone")
"""A clock that is named, beside an hour or above all of a page's."""


def of_rooms() -> dict[str, View]:
    """The examples of every form and page of these rooms."""
    names = {
        name
        for name, route in ROUTES.items()
        for use in (route.show,)
        if use is not None and getattr(use, "handler", use).__module__.split(".")[2] in ROOMS
    }
    return {name: view for name, view in catalogue().items() if name.partition("/")[0] in names}


def hours_without_a_clock(view: View) -> list[str]:
    said = words_of(view.form if isinstance(view, FieldErrors) else view)
    return [] if NAMES.search(said) else HOUR.findall(said)


def test_every_page_that_shows_an_hour_names_its_clock() -> None:
    found = of_rooms()
    assert {name: hours for name, view in found.items() if (hours := hours_without_a_clock(view))} == {}
    assert sum(bool(HOUR.search(words_of(view))) for view in found.values() if isinstance(view, Form)) >= 3


async def test_a_coordinator_who_lives_in_perth_reads_london_hours_and_that_they_are(town: Town) -> None:
    await town.say("lena", "peer", "team")
    await with_places(town, PERTH)
    await lives_in(town, "cora", "Australia/Perth")
    await town.add("noor")
    await ask(town, "cora", "noor", "practitioner")
    view = await town.desk.receive(town.actor("cora"), Press("roster", ""))
    shown = words_of(await town.press("cora", view, "asked_role"))
    assert "10:00 (London time)" in shown
