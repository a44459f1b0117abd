"""What the command line ends: a role, a suspended lead's way back, and what was only asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.oversight.test_second_yes import ask, begin, has, suspend
from tests.builders import Town
from tests.reading import words_of
from trim_bot.app.oversight.role_grants import (
    NO_PROVIDER,
    NotTrainedYet,
    OnlyDeputy,
    record_training,
    take_role,
)
from trim_bot.app.people.asked_roles import coming
from trim_bot.app.people.roster import Roster
from trim_bot.app.people.roster_records import Taught
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import NotThere
from trim_bot.domain.grants import GrantRequest, GrantState
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Role, Training
from trim_bot.domain.site import Site
from trim_bot.domain.steps import Step

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


async def test_a_training_from_the_command_line_counts_at_once_and_every_other_lead_is_told(
    founded: Town,
) -> None:
    town, day = founded, founded.clock.now().date()
    await town.add("lara", Role.LEAD)
    await town.add("noor", Role.PRACTITIONER, trained=False)
    home, kept = OrganisationId(town.organisation.id), town.desk.outside
    until, _ = await record_training(
        kept, home, town.actor("noor").address, "Course", day - timedelta(days=2)
    )
    assert until == day - timedelta(days=2) + timedelta(days=730)
    [training] = await town.write(lambda tx: tx.find(Training, member_id=town.ids["noor"]))
    assert (training.provider, training.expires_on) == ("Course", until)
    for lead in ("lena", "lara"):
        shown = words_of(await town.press(lead, await town.say(lead, "peer", "due"), "open"))
        assert "noor" in shown.lower() and "on the command line" in shown


async def test_no_training_is_recorded_that_is_to_come_or_of_somebody_who_does_not_serve(
    founded: Town,
) -> None:
    town, day = founded, founded.clock.now().date()
    home, kept = OrganisationId(town.organisation.id), town.desk.outside
    with pytest.raises(NotTrainedYet):
        await record_training(kept, home, town.actor("lena").address, "", day + timedelta(days=1))
    with pytest.raises(NotThere):
        await record_training(kept, home, town.actor("nurse").address, "", day)


async def test_the_day_of_a_training_is_judged_by_the_clock_of_the_site(founded: Town) -> None:
    town = founded
    town.clock.move_to(town.clock.now().replace(hour=12) + timedelta(days=1))
    home, kept, tomorrow = OrganisationId(town.organisation.id), town.desk.outside, town.clock.now().date()
    tomorrow += timedelta(days=1)
    lena = town.actor("lena").address
    with pytest.raises(NotTrainedYet):
        await record_training(kept, home, lena, "", tomorrow)

    def move(tx: Tx) -> None:
        [site] = tx.find(Site)
        tx.save(replace(site, zone="Pacific/Kiritimati"))

    await town.write(move)
    assert (await record_training(kept, home, lena, "", tomorrow)).until > tomorrow


async def test_what_was_asked_about_another_training_waits_on(founded: Town) -> None:
    town, day = founded, founded.clock.now().date()
    await town.add("noor", Role.PRACTITIONER, trained=False)
    home, kept, noor = OrganisationId(town.organisation.id), town.desk.outside, town.ids["noor"]
    now, asked_day = town.clock.now(), day - timedelta(days=9)

    def ask_training(tx: Tx) -> None:
        taught = Taught("Course", asked_day, day + timedelta(days=9))
        Roster(tx).ask_training(noor, taught, town.ids["cora"], now, now + timedelta(days=7), day)

    await town.write(ask_training)
    await record_training(kept, home, town.actor("noor").address, "", day - timedelta(days=900))
    [waiting] = await town.write(lambda tx: coming(tx, noor))
    assert waiting.trained_on == asked_day
    await record_training(kept, home, town.actor("noor").address, "", asked_day)
    assert await town.write(lambda tx: coming(tx, noor)) == []


async def given(town: Town) -> list[tuple[GrantState, str]]:
    found = await town.all(GrantRequest, member_id=town.ids["noor"], role=None)
    return [(one.state, one.provider) for one in found]


async def test_a_training_that_is_recorded_again_is_one(founded: Town) -> None:
    town, day = founded, founded.clock.now().date() - timedelta(days=2)
    await town.add("noor", Role.PRACTITIONER, trained=False)
    home, kept, noor = OrganisationId(town.organisation.id), town.desk.outside, town.actor("noor").address
    first = await record_training(kept, home, noor, "", day)
    before = (await town.all(Training), await town.all(Step))
    again = await record_training(kept, home, noor, "", day)
    assert (first.changed, again.changed, again.until) == (True, False, first.until)
    assert (await town.all(Training), await town.all(Step)) == before
    assert await given(town) == [(GrantState.GIVEN, NO_PROVIDER)]
    assert (await record_training(kept, home, noor, "Course", day)).changed
    assert not (await record_training(kept, home, noor, "Course", day)).changed
    [training] = await town.all(Training, member_id=town.ids["noor"])
    assert training.provider == "Course"


async def test_one_that_waits_for_a_second_yes_is_given_and_no_other_beside_it(founded: Town) -> None:
    town, day = founded, founded.clock.now().date() - timedelta(days=2)
    await town.add("noor", Role.PRACTITIONER, trained=False)
    home, kept, now = OrganisationId(town.organisation.id), town.desk.outside, town.clock.now()

    def ask_training(tx: Tx) -> None:
        taught = Taught("Course", day, day + timedelta(days=90))
        Roster(tx).ask_training(
            town.ids["noor"], taught, town.ids["cora"], now, now + timedelta(days=7), now.date()
        )

    await town.write(ask_training)
    done = await record_training(kept, home, town.actor("noor").address, "", day)
    assert done == (day + timedelta(days=90), True)
    assert await given(town) == [(GrantState.GIVEN, "Course")]
    [training] = await town.all(Training, member_id=town.ids["noor"])
    assert (training.provider, training.expires_on) == ("Course", day + timedelta(days=90))
    assert await record_training(kept, home, town.actor("noor").address, "", day) == (done.until, False)
    assert await given(town) == [(GrantState.GIVEN, "Course")]
