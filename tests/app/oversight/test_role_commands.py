"""What the command line ends: a role, a suspended lead's way back, and what was only asked."""

from __future__ import annotations

import pytest

from tests.app.oversight.test_second_yes import ask, begin, has, suspend
from tests.builders import Town
from trim_bot.app.oversight.role_grants import OnlyDeputy, take_role
from trim_bot.app.people.asked_roles import coming
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Role

pytestmark = pytest.mark.anyio


@pytest.fixture
async def founded(town: Town) -> Town:
    """A desk that a lead has opened."""
    await town.say("lena", "peer", "team")
    return town


async def test_the_command_line_ends_a_suspended_lead_with_all_that_was_asked(founded: Town) -> None:
    town = founded
    await town.add("lara", Role.LEAD)
    await suspend(town, "lena")
    await ask(town, "cora", "lena", "lead")
    kept = town.desk.outside
    address = town.actor("lena").address
    assert await take_role(kept, OrganisationId(town.organisation.id), address, Role.LEAD)
    assert await has(town, "lena") == {Role.PRACTITIONER}
    assert await town.write(lambda tx: coming(tx, town.ids["lena"])) == []
    assert not await take_role(kept, OrganisationId(town.organisation.id), address, Role.LEAD)


async def test_the_command_line_takes_back_what_was_only_asked(founded: Town) -> None:
    town = founded
    await ask(town, "cora", "nurse", "deputy")
    address = town.actor("nurse").address
    assert await take_role(town.desk.outside, OrganisationId(town.organisation.id), address, Role.DEPUTY)
    await begin(town)
    assert await has(town, "nurse") == set()


async def test_the_command_line_leaves_somebody_who_leads(founded: Town) -> None:
    town = founded
    await suspend(town, "lena")
    with pytest.raises(OnlyDeputy):
        await take_role(
            town.desk.outside, OrganisationId(town.organisation.id), town.actor("dev").address, Role.DEPUTY
        )
