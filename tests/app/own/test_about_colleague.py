"""Somebody who fears a colleague who serves, or has a complaint, finds whom to turn to, and nobody learns of it."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from tests.app.beginnings import change_case, open_case_for
from tests.builders import Town
from tests.fakes.store import FakeStore
from tests.reading import buttons, everything_in, words_of
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import View
from trim_bot.domain.ids import OrganisationId, new_id
from trim_bot.domain.people import Grant, ReportingLine, Role
from trim_bot.domain.records import JournalEntry
from trim_bot.domain.site import OutsideWay, Site
from trim_bot.domain.steps import Step

pytestmark = pytest.mark.anyio
OUTSIDE = OutsideWay("The ombudsperson", "Ring 01632 960004")


@pytest.fixture
async def site(town: Town) -> None:
    """A site that names somebody outside."""

    def outside(tx: Tx) -> None:
        found = tx.get(Site, "site")
        assert found is not None
        tx.save(replace(found, outside=(OUTSIDE,)))

    await town.write(outside)


def journal(town: Town) -> list[JournalEntry]:
    return list(cast(FakeStore, town.store).states[OrganisationId(town.organisation.id)].journal)


async def page_of(town: Town, name: str) -> View:
    return await town.press(name, await town.say(name, "me"), "about_colleague")


@pytest.mark.parametrize("name", ["nurse", "priya", "cora"])
async def test_a_lead_and_a_deputy_are_named_and_a_way_outside(town: Town, site: None, name: str) -> None:
    words = words_of(await page_of(town, name))
    assert "Lena\nLeads here" in words and "Dev\nStands in for the lead" in words
    assert f"{OUTSIDE.name}\n{OUTSIDE.how}" in words


@pytest.mark.parametrize("tie", ["holder", "cover", "called", "refused"])
async def test_a_lead_who_has_or_had_it_in_hand_is_not_named(town: Town, site: None, tie: str) -> None:
    case = await open_case_for(town, "nurse", holder="lena" if tie == "holder" else "priya")
    lena = town.ids["lena"]
    if tie != "holder":
        await change_case(town, case, **{tie: lena if tie == "cover" else (lena,)})
    page = await page_of(town, "nurse")
    assert "Lena" not in everything_in(page)
    assert "Dev" in words_of(page)


async def test_whoever_leads_sees_the_others_alone(town: Town, site: None) -> None:
    page = await page_of(town, "lena")
    assert "Lena" not in everything_in(page)
    assert "Dev" in words_of(page)


async def test_whoever_manages_them_is_not_named(town: Town, site: None) -> None:
    def managed(tx: Tx) -> None:
        person, manager = (
            tx.keyed("reporting_line", town.actor(one).address.text) for one in ("nurse", "lena")
        )
        tx.add(ReportingLine(new_id(), person, manager))

    await town.write(managed)
    assert "Lena" not in everything_in(await page_of(town, "nurse"))


@pytest.mark.parametrize("deputy", [True, False])
async def test_where_the_only_lead_is_the_one_feared_the_deputy_or_the_way_outside_is_left(
    town: Town, site: None, deputy: bool
) -> None:
    def alone(tx: Tx) -> None:
        for grant in tx.find(Grant, role=(Role.DEPUTY,)):
            tx.drop(Grant, grant.id)

    await open_case_for(town, "nurse", holder="lena")
    if not deputy:
        await town.write(alone)
    page = await page_of(town, "nurse")
    assert "Lena" not in everything_in(page)
    assert ("Dev" in words_of(page)) is deputy
    assert ("Nobody who leads here is free of a tie to you." in words_of(page)) is not deputy
    assert OUTSIDE.how in words_of(page)


async def test_where_nobody_outside_is_named_that_is_said(town: Town) -> None:
    assert "Your site has named nobody yet." in words_of(await page_of(town, "nurse"))


async def test_looking_leaves_no_trace_and_reaches_nobody(town: Town, site: None) -> None:
    await open_case_for(town, "nurse", holder="priya", cover="paul")
    await town.clockwork.drain()
    mine = await town.say("nurse", "me")
    others = ("priya", "paul", "lena", "dev", "cora", "adam")
    before = {name: len(town.messages(name)) for name in others}
    noted = journal(town)
    steps = await town.all(Step)
    page = await town.press("nurse", mine, "about_colleague")
    button = Press("about_colleague", "")
    assert words_of(await town.desk.receive(town.actor("nurse"), button)) == words_of(page)
    await town.clockwork.drain()
    assert journal(town) == noted
    assert await town.all(Step) == steps
    assert {name: len(town.messages(name)) for name in others} == before
    shown = [words_of(await town.say("priya", "peer", place)) for place in ("cases", "due", "status")]
    assert all("turn to" not in one and "about a colleague" not in one.lower() for one in shown)


async def test_another_colleague_can_be_asked_for_from_there(town: Town, site: None) -> None:
    await open_case_for(town, "nurse", holder="priya")
    page = await page_of(town, "nurse")
    assert buttons(await town.press("nurse", page, "me"), "stop_or_change")
