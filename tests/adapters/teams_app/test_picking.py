"""Choosing people: Teams looks them up, or the desk lists them where nobody agreed to looking up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.adapters.slack_app.desk import LOG_FORM
from tests.adapters.teams_app.conftest import Rig
from tests.adapters.teams_app.fake_teams import TENANT
from tests.adapters.teams_app.person import PERSON, command, sent
from trim_bot.app.seam.gestures import Actor
from trim_bot.app.seam.views import FieldErrors, Form, PeopleInput
from trim_bot.app.words import common_answers
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.people import Address, Platform

pytestmark = pytest.mark.anyio
COLLEAGUE = "44444444-dddd-4ddd-8ddd-444444444444"
ANOTHER = "55555555-eeee-4eee-8eee-555555555555"
MINE = Address(Platform.TEAMS, TENANT, PERSON)
PEOPLE = [(f"teams:{TENANT}:{COLLEAGUE}", "Ann"), ("web:b@example.org", "Bo")]
NAMING = Form("log", "Log", (PeopleInput("who", "Who"),), "tok", "Save")
LOOKED_UP = {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}


@pytest.fixture
async def closed(rig: Rig) -> Rig:
    """A rig whose tenant was found to let the app look nobody up, with people to list and a form that names some."""
    rig.fake.consent = False
    await rig.teams.directory.look_up(MINE)
    rig.people.extend(PEOPLE)
    rig.desk.answer(NAMING)
    return rig


async def field(rig: Rig, activity: dict[str, Any]) -> dict[str, Any]:
    """The one picker of what an activity is answered with."""
    card = (await rig.post(activity)).json()["task"]["value"]["card"]["content"]
    [found] = [one for one in card["body"] if one["type"] == "Input.ChoiceSet"]
    return dict(found)


async def test_without_consent_a_picker_lists_whom_the_desk_may_list(closed: Rig) -> None:
    drawn = await field(closed, command("peer", closed.url))
    assert drawn["choices"] == [
        {"title": "Ann", "value": COLLEAGUE},
        {"title": "Bo", "value": "web:b@example.org"},
    ]
    assert "choices.data" not in drawn
    assert closed.asked == [Actor(MINE)], "as this person may see them"


async def test_it_does_so_again_with_errors_and_when_nothing_was_saved(closed: Rig) -> None:
    chosen = {"form": "log", "t": "tok", "k": {"who": "people"}, "who": COLLEAGUE}
    await field(closed, command("peer", closed.url))
    closed.desk.answer(FieldErrors(NAMING, {"who": "Choose"}))
    assert len((await field(closed, sent(chosen, closed.url)))["choices"]) == 2
    closed.desk.answer(common_answers.try_again("4f2a9c"))
    again = await field(closed, sent(chosen, closed.url))
    assert (len(again["choices"]), again["value"]) == (2, COLLEAGUE)


async def test_somebody_chosen_who_is_not_listed_is_not_lost(closed: Rig) -> None:
    closed.desk.answer(NAMING.filled({"who": (f"teams:{TENANT}:{ANOTHER}",)}))
    drawn = await field(closed, command("peer", closed.url))
    assert drawn["value"] == ANOTHER
    assert ANOTHER in [one["value"] for one in drawn["choices"]]


async def test_a_hundred_are_listed_and_with_more_teams_looks_up_as_well(closed: Rig) -> None:
    closed.people[:] = [(f"web:{number}@example.org", f"Name {number}") for number in range(100)]
    drawn = await field(closed, command("peer", closed.url))
    assert (len(drawn["choices"]), "choices.data" in drawn) == (100, False)
    closed.people.append(("web:x@example.org", "One more"))
    drawn = await field(closed, command("peer", closed.url))
    assert (len(drawn["choices"]), drawn["choices.data"]) == (100, LOOKED_UP)


@pytest.mark.parametrize("why", ["nobody is listed", "the store is gone"])
async def test_without_a_list_teams_is_asked(closed: Rig, why: str) -> None:
    closed.people.clear()
    if why == "the store is gone":
        closed.listing_failures.append(StoreUnavailable())
    drawn = await field(closed, command("peer", closed.url))
    assert (drawn["choices"], drawn["choices.data"]) == ([], LOOKED_UP)
    assert [line.split()[1] for line in closed.reports] == (
        ["nothing-saved"] if why == "the store is gone" else []
    )


async def test_with_consent_nobody_is_listed(closed: Rig) -> None:
    closed.fake.consent = True
    closed.fake.accounts[PERSON] = {"id": PERSON, "displayName": "Sample Member"}
    closed.teams._outbound.directory._graph._monotonic = lambda: float("inf")
    await closed.teams.directory.look_up(MINE)
    drawn = await field(closed, command("peer", closed.url))
    assert (drawn["choices"], drawn["choices.data"]) == ([], LOOKED_UP)
    assert closed.asked == []


async def test_a_form_that_names_nobody_asks_for_nobody(closed: Rig) -> None:
    closed.desk.answer(LOG_FORM)
    assert "Ann" not in json.dumps((await closed.post(command("peer", closed.url))).json())
    assert closed.asked == []
