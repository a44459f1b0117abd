"""Whoever holds something sees it first and always, whatever the ladder did; leads see what came to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.asking import taken
from tests.app.beginnings import open_case_for, refused, step_of
from tests.app.handover.test_planning import manages
from tests.builders import Town, log_values
from tests.reading import all_blocks, blocks_of, buttons, everything_in, form_of, name_of, words_of
from trim_bot.app.cases.supervision import ask_lead
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Alert, Done, Heading, Text, Tone
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Member
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind
from workflows.engine import Reason

pytestmark = pytest.mark.anyio


async def eight_late(town: Town) -> None:
    """Eight cases of one practitioner, and nobody who did anything for six weeks."""
    await town.settle(most_open_cases=8)
    for number in range(8):
        await town.add(f"crew{number}")
        await open_case_for(town, f"crew{number}", holder="priya")
    for _ in range(42):
        await town.pass_time(days=1)
    steps = await town.all(Step, kind=StepKind.CHECK_IN, state=OPEN_STATES)
    assert sum(step.rung is Rung.NOBODY for step in steps) >= 8


async def test_with_eight_late_cases_and_the_ladder_at_its_end_the_holder_sees_eight(town: Town) -> None:
    await eight_late(town)
    due = await town.say("priya", "peer", "due")
    assert "Nothing waits for you now." not in everything_in(due)
    late = [block.text for block in blocks_of(due, Text) if not block.quiet]
    assert len(late) >= 8 and all(one.endswith("It is still open.") for one in late)
    opened = await town.press("priya", due, "open")
    assert name_of(opened) == "case"
    waiting = await town.say("priya", "waiting")
    assert len(buttons(waiting, "open")) == len(late)
    assert "16 things are waiting for you." in words_of(await town.say("priya", "home"))
    cases = await town.say("priya", "peer", "cases")
    alerts = blocks_of(cases, Alert)
    assert len(alerts) == 8


@pytest.mark.parametrize("rung", [Rung.COVER, Rung.LEAD, Rung.DEPUTY, Rung.NOBODY])
@pytest.mark.parametrize(
    "kind", [StepKind.CHECK_IN, StepKind.REFERRAL, StepKind.REVIEW, StepKind.FIRST_CONTACT]
)
async def test_wherever_a_step_has_climbed_it_stays_on_its_holders_list(
    town: Town, kind: StepKind, rung: Rung
) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    to = {Rung.COVER: "paul", Rung.LEAD: "lena", Rung.DEPUTY: "dev"}
    holder = town.ids[to[rung]] if rung in to else None
    await town.work(lambda work: waits.begin(work, kind, case.id, rung, holder, case=case.id))
    rows = words_of(await town.say("priya", "peer", "due"))
    assert "It is still open." in rows


async def test_a_request_one_took_stays_on_ones_list(town: Town) -> None:
    await taken(town)
    for _ in range(30):
        await town.pass_time(days=1)
    assert (await step_of(town, rung=Rung.NOBODY)) != []
    due = await town.say("priya", "peer", "due")
    opened = await town.press("priya", due, "open")
    assert name_of(opened) == "request_taken"


async def test_late_work_of_ones_own_comes_before_what_one_may_take(town: Town) -> None:
    await open_case_for(town, "nurse")
    await town.clockwork.drain()
    town.clock.move(timedelta(minutes=5))
    case = await open_case_for(town, "driver", holder="priya")
    await town.work(lambda work: waits.begin(work, StepKind.REVIEW, case.id, Rung.NOBODY, None, case=case.id))
    due = await town.say("priya", "peer", "due")
    rows = [block.text for block in blocks_of(due, Text)]
    assert rows[0].startswith("Someone you support: what comes next") and rows[0].endswith("still open.")
    assert rows[1].startswith("Someone said yes")


async def test_a_call_for_safety_that_reached_nobody_is_first_with_its_holder_and_open_to_a_lead(
    town: Town,
) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    await town.work(lambda work: waits.begin(work, StepKind.REVIEW, case.id, Rung.NOBODY, None, case=case.id))
    await town.work(lambda work: waits.begin(work, StepKind.SAFETY, case.id, Rung.NOBODY, None, case=case.id))
    for name in ("priya", "lena"):
        due = await town.say(name, "peer", "due")
        alert = all_blocks(due)[0]
        assert isinstance(alert, Alert) and alert.tone is Tone.DANGER, name
    cases = await town.say("priya", "peer", "cases")
    assert "A call for safety is open." in words_of(cases)
    assert name_of(await town.press("priya", await town.say("priya", "peer", "due"), "open")) == "safety"
    call = await town.press("lena", await town.say("lena", "peer", "due"), "open")
    assert name_of(call) == "safety_called"
    done = await town.press("lena", call, "safety_have")
    assert name_of(done) == "safety_acknowledged"


async def test_a_case_with_an_open_call_comes_first_on_every_list_of_cases(town: Town) -> None:
    for name in ("nurse", "driver", "porter"):
        await open_case_for(town, name, holder="priya")
        town.clock.move(timedelta(minutes=1))
    [last] = [one for one in await town.all(Case) if one.member_id == town.ids["porter"]]
    await town.work(
        lambda work: waits.begin(work, StepKind.SAFETY, last.id, Rung.LEAD, town.ids["lena"], case=last.id)
    )
    cases = await town.say("priya", "peer", "cases")
    assert isinstance(cases, Done)
    assert blocks_of(cases, Heading)[0].text == "Porter"
    board = await town.say("lena", "peer", "team")
    first = blocks_of(board, Alert)[0]
    assert first.tone is Tone.DANGER


async def test_a_lead_meets_no_case_of_somebody_they_manage_on_the_board_nor_by_its_button(
    town: Town,
) -> None:
    await open_case_for(town, "nurse")
    board = await town.say("lena", "peer", "team")
    form = form_of(await town.press("lena", board, "assign"))
    await manages(town, "lena", "nurse")
    assert "No case is open now." in words_of(await town.say("lena", "peer", "team"))
    assert refused(await town.press("lena", board, "assign"))
    assert refused(await town.send("lena", form, holder=town.ids["paul"], cover="any"))
    assert ": Support after a hard event" in words_of(await town.say("dev", "peer", "team"))


async def test_somebody_who_left_is_being_handed_on_and_not_ones_colleague(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), mine=True))
    await town.press("nurse", await town.press("nurse", await town.say("nurse", "me"), "offer"), "offer_yes")
    assert "Your colleague is Priya." in words_of(await town.say("nurse", "me"))
    await town.write(lambda tx: _leave(tx, town.ids["priya"]))
    mine = await town.say("nurse", "me")
    assert "Priya" not in everything_in(mine)
    assert "Your talks are being handed on to another one." in words_of(mine)
    board = await town.say("lena", "peer", "team")
    assert "Priya" not in everything_in(board) and "Being handed on" in words_of(board)


async def test_a_lead_who_is_to_talk_something_over_reads_that_it_is_handed_on(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    await town.work(lambda work: ask_lead(work, case, Reason.PERSON_ASKS) and None)
    page = await town.press("lena", await town.say("lena", "peer", "due"), "open")
    assert "Priya" in words_of(page) and "Being handed on" not in everything_in(page)
    await town.write(lambda tx: _leave(tx, town.ids["priya"]))
    after = await town.press("lena", await town.say("lena", "peer", "due"), "open")
    assert "Priya" not in everything_in(after)
    assert "Being handed on, since they have left" in words_of(after)
    assert "Your colleague" not in everything_in(after)


async def test_an_offer_names_nobody_who_left(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), mine=True))
    await town.write(lambda tx: _leave(tx, town.ids["priya"]))
    offer = everything_in(await town.press("nurse", await town.say("nurse", "me"), "offer"))
    assert "Priya" not in offer


def _leave(tx: Tx, id: MemberId) -> None:
    member = tx.get(Member, id)
    assert member is not None
    tx.save(replace(member, left=True))
