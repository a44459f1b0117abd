"""Nobody who keeps the roster gives themself a role that opens cases."""

from __future__ import annotations

import pytest

from tests.builders import Town
from trim_bot.app.seam.views import Done, FieldErrors, View
from trim_bot.domain.people import Grant, Role

pytestmark = pytest.mark.anyio


async def give(town: Town, by: str, to: str, role: str) -> View:
    form = await town.press(by, await town.say(by, "peer", "team"), "serving")
    return await town.send(by, form, person=town.actor(to).address.text, role=role)


async def roles(town: Town, name: str) -> set[Role]:
    grants = await town.all(Grant, member_id=town.ids[name])
    return {grant.role for grant in grants}


@pytest.mark.parametrize("role", ["practitioner", "lead", "deputy"])
async def test_a_coordinator_gives_themself_no_role_that_opens_cases(town: Town, role: str) -> None:
    view = await give(town, "cora", "cora", role)
    assert isinstance(view, FieldErrors)
    assert set(view.errors) == {"person"}
    assert await roles(town, "cora") == {Role.COORDINATOR}


async def test_somebody_who_also_administers_does_not_either(town: Town) -> None:
    await town.add("both", Role.COORDINATOR, Role.ADMINISTRATOR)
    assert isinstance(await give(town, "both", "both", "lead"), FieldErrors)
    assert isinstance(await give(town, "both", "both", "auditor"), Done)
    assert await roles(town, "both") == {Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR}


async def test_a_coordinator_gives_it_to_somebody_else(town: Town) -> None:
    assert isinstance(await give(town, "cora", "nurse", "lead"), Done)
    assert await roles(town, "nurse") == {Role.LEAD}
