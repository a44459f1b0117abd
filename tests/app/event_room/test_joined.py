"""Two members of one event who are one: what went out stays gone out once, and nobody leads what they were part of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.app.event_room.test_briefings import sent, set_it, town
from tests.app.event_room.test_planning_first import logged, open_steps
from tests.app.two_chats import TwoChats
from tests.builders import MONDAY, Town
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.briefings import Briefing, BriefingInvite
from trim_bot.domain.ids import BriefingInviteId, StepId, new_id
from trim_bot.domain.incidents import Chosen, Directness, Exposure
from trim_bot.domain.people import ReportingLine
from trim_bot.domain.planned_events import PlannedStep
from trim_bot.domain.steps import Rung, Step, StepState

pytestmark = pytest.mark.anyio
__all__ = ["town"]


@pytest.fixture
async def both(town: Town) -> TwoChats:
    """The same town with a second chat."""
    found = TwoChats(town)
    await found.open()
    return found


async def twice(both: TwoChats, name: str, **changes: Any) -> None:
    """Note that somebody was part of the event once more, as the member of the second chat."""
    await both.say(name, "me")
    there = await both.member(name)
    first = (await both.town.all(Exposure))[0]
    other = replace(first, id=new_id(), member_id=there, **changes)
    await both.town.write(lambda tx: tx.add(other))


async def test_what_has_gone_out_stays_gone_out_and_nothing_is_lost(both: TwoChats) -> None:
    town = both.town
    await logged(town, "nurse", near=("driver",))
    await sent(town, nurse="nothing", driver="leaflet")
    ended = MONDAY - timedelta(hours=1)
    await twice(both, "driver", directness=Directness.DIRECT, chosen=None, sent_at=None, ended_at=ended)
    await both.link("driver")
    [found] = await town.all(Exposure, member_id=town.ids["driver"])
    assert found.sent_at is not None and found.chosen is Chosen.LEAFLET
    assert found.directness is Directness.DIRECT and found.ended_at == ended


async def test_told_of_one_briefing_twice_one_invitation_stays(both: TwoChats) -> None:
    town = both.town
    await logged(town, "nurse", near=("driver",))
    await set_it(town)
    await sent(town, nurse="nothing")
    await twice(both, "driver", chosen=Chosen.BRIEFING, sent_at=MONDAY)
    there = await both.member("driver")

    def tell(tx: Tx) -> None:
        [invite] = tx.find(BriefingInvite)
        again = replace(invite, id=BriefingInviteId(new_id()), member_id=there)
        tx.add(again)
        [step] = tx.find(Step, kind=PlannedStep.BRIEFING)
        tx.add(replace(step, id=StepId(new_id()), subject=again.id, holder=there))

    await town.write(tell)
    await both.link("driver")
    [invite] = await town.all(BriefingInvite)
    [step] = await open_steps(town, PlannedStep.BRIEFING)
    assert invite.member_id == step.holder == town.ids["driver"] and step.subject == invite.id


async def test_a_leader_who_turns_out_to_be_part_of_it_leads_it_no_more(both: TwoChats) -> None:
    town = both.town
    await logged(town, "nurse")
    await set_it(town)
    page = await town.press("paul", await town.say("paul", "waiting"), "open")
    await town.press("paul", page, "briefing_lead")
    await twice(both, "paul")
    await both.link("paul")
    [briefing] = await town.all(Briefing)
    [step] = await open_steps(town, PlannedStep.LEAD_BRIEFING)
    assert briefing.leader is None and step.rung is Rung.LEAD


@pytest.mark.parametrize("joined", ["nurse", "paul"])
@pytest.mark.parametrize("agreed", [True, False])
async def test_a_manager_by_the_account_of_either_leads_it_no_more(
    both: TwoChats, joined: str, agreed: bool
) -> None:
    town = both.town
    await logged(town, "nurse")
    await set_it(town)
    if agreed:
        page = await town.press("paul", await town.say("paul", "waiting"), "open")
        await town.press("paul", page, "briefing_lead")
        # As on the last day, on which nobody is asked once more.
        [asked] = await open_steps(town, PlannedStep.LEAD_BRIEFING)
        await town.write(lambda tx: tx.save(replace(asked, state=StepState.DONE)))
    known = {name: town.actor(name).address.text for name in ("nurse", "paul")}
    known[joined] = both.actor(joined).address.text

    def line(tx: Tx) -> None:
        below, above = (tx.keyed("reporting_line", known[name]) for name in ("nurse", "paul"))
        tx.add(ReportingLine(new_id(), below, above))

    await town.write(line)
    await both.say(joined, "me")
    await both.link(joined)
    [briefing] = await town.all(Briefing)
    [step] = await open_steps(town, PlannedStep.LEAD_BRIEFING)
    assert briefing.leader is None and step.holder != town.ids["paul"]
