"""A case that changes under people's hands: nothing is lost, nobody in conflict keeps it, nothing goes silent."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from tests.app.desk.test_journey import fill
from tests.builders import MONDAY, Town, log_values
from tests.reading import everything_in, field_of, fields_of, form_of, words_of
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Choices, Done, FieldErrors, View
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.incidents import Offer
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind

pytestmark = pytest.mark.anyio


async def event(town: Town, *names: str, hour: int = 8, answer: str = "offer_yes", mine: bool = True) -> View:
    """An event is logged by the practitioner, and the first person answers."""
    form = await town.say("priya", "peer", "log")
    people = [town.actor(name) for name in names]
    done = await town.send("priya", form, **log_values(*people, mine=mine, at=time(hour)))
    await town.clockwork.drain()
    await town.press(names[0], await town.open(names[0]), answer)
    await town.clockwork.drain()
    return done


async def cases(town: Town) -> list[Case]:
    return await town.all(Case, order_by="opened_at")


async def unfinished(town: Town, stage: str) -> list[CheckIn]:
    states = (CheckInState.PLANNED, CheckInState.OPEN)
    return await town.all(CheckIn, stage=stage, state=states)


async def open_of(town: Town, case: Case) -> list[Step]:
    return await town.all(Step, case_id=case.id, state=OPEN_STATES)


async def hold(town: Town, name: str, case: View, *overrides: str) -> View:
    """Hold the talk that is open, from the case form to the answer after the last step."""
    view = await town.press(name, case, "interview")
    if form_of(view).name == "notice":
        view = await town.send(name, view, acknowledged=True)
    ending = await fill(town, name, view)
    return await town.send(name, ending, overrides=overrides)


async def test_a_cover_who_sees_danger_sees_the_safety_screen_and_goes_on_with_it(town: Town) -> None:
    await event(town, "nurse")
    await town.in_touch("priya")
    await town.pass_time(days=3)
    for _ in range(5):
        await town.pass_time(days=1)
    [step] = await town.all(Step, kind=StepKind.CHECK_IN, state=OPEN_STATES, rung=Rung.COVER)
    name = next(one for one, id in town.ids.items() if id == step.holder)
    screen = await hold(town, name, await town.open(name), "safety")
    assert isinstance(screen, Done)
    assert screen.name == "safety"
    [case] = await cases(town)
    assert case.holder == town.ids[name]
    assert {one.holder for one in await open_of(town, case) if one.kind is StepKind.CHECK_IN} == {case.holder}


async def test_a_second_event_leaves_the_talk_that_is_open_and_brings_one_of_its_own(town: Town) -> None:
    await event(town, "nurse")
    await town.pass_time(days=3)
    [before] = await unfinished(town, "first")
    assert before.state is CheckInState.OPEN
    form = await town.say("priya", "peer", "log")
    ended = town.clock.now() - timedelta(hours=1)
    values = log_values(town.actor("nurse"), mine=True, on=ended.date(), at=ended.time())
    await town.send("priya", form, **values)
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    [still, after] = sorted(await unfinished(town, "first"), key=lambda one: one.opens_at)
    assert still == before
    assert after.opens_at >= ended.replace(second=0, microsecond=0) + timedelta(hours=72)
    assert after.state is CheckInState.PLANNED
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    assert "It can be held once this time has come" in words_of(case)


async def test_a_second_yes_after_everything_was_held_opens_a_case_of_its_own(town: Town) -> None:
    await event(town, "nurse")
    await town.pass_time(days=3)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    for action in ("skip", "skip"):
        case = await town.press("priya", case, action)
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), mine=True, on=town.clock.now().date()))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    assert len(await cases(town)) == 2
    assert len(await unfinished(town, "first")) == 1


async def test_an_open_case_always_waits_for_something(town: Town) -> None:
    await event(town, "nurse")
    await town.in_touch("priya")
    await town.pass_time(days=3)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    for action in ("skip", "skip"):
        case = await town.press("priya", case, action)
    [found] = await cases(town)
    assert [one.kind for one in await open_of(town, found)] == [StepKind.REVIEW]
    town.slack.sent.clear()
    for _ in range(14):
        await town.pass_time(days=1)
    assert town.messages("priya")
    assert town.messages("paul") or town.messages("lena")
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    await town.send("priya", await town.press("priya", case, "close"), reason="finished")
    assert await open_of(town, found) == []


async def test_a_practitioner_exposed_to_the_second_event_lets_go(town: Town) -> None:
    await event(town, "nurse")
    form = await town.say("paul", "peer", "log")
    people = (town.actor("nurse"), town.actor("priya"))
    await town.send("paul", form, **log_values(*people, at=time(9)))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    [case] = await cases(town)
    assert case.holder is None
    assert all(one.holder != town.ids["priya"] for one in await open_of(town, case))


async def test_someone_added_to_the_event_lets_go_of_its_cases(town: Town) -> None:
    done = await event(town, "nurse")
    mend = await town.press("priya", done, "incident")
    values = {"ended_on": MONDAY.date().isoformat(), "ended_at": "08:00"}
    await town.send("priya", mend, **values, more=(town.actor("priya").address.text,))
    [case] = await cases(town)
    assert case.holder is None


async def test_yes_with_someone_else_counts_for_the_open_case_too(town: Town) -> None:
    await event(town, "nurse")
    await event(town, "nurse", hour=9, answer="offer_other")
    [case] = await cases(town)
    assert case.holder != town.ids["priya"]
    assert town.ids["priya"] in case.refused


async def test_closing_waits_for_an_open_safety_call(town: Town) -> None:
    await event(town, "nurse")
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    await town.press("priya", await town.press("priya", case, "safety"), "safety_call")
    form = await town.press("priya", case, "close")
    refused = await town.send("priya", form, reason="finished")
    assert isinstance(refused, FieldErrors)
    assert "reason" in refused.errors
    await town.clockwork.drain()
    await town.press("lena", await town.open("lena"), "safety_have")
    assert isinstance(await town.send("priya", form, reason="finished"), FieldErrors), "they speak first"
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    spoken = await town.press("priya", case, "after_call")
    await town.send("priya", spoken, told_whom="", told_when="", told_why="", agreed="", spoken="yes")
    closed = await town.send("priya", form, reason="finished")
    assert isinstance(closed, Done)
    assert (await cases(town))[0].state is CaseState.CLOSED


async def test_a_withdrawal_does_not_silence_a_safety_call(town: Town) -> None:
    await event(town, "nurse")
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    await town.press("priya", await town.press("priya", case, "safety"), "safety_call")
    await town.press("nurse", await town.own_choice("nurse"), "withdraw")
    await town.clockwork.drain()
    call = await town.open("lena")
    assert "Priya" in words_of(call)
    assert "Nurse" not in everything_in(call)
    await town.press("lena", call, "safety_have")
    assert not await town.all(Step, kind=StepKind.SAFETY, state=OPEN_STATES)


async def test_a_corrected_time_moves_a_talk_that_was_open_already(town: Town) -> None:
    done = await event(town, "nurse")
    await town.pass_time(days=3)
    mend = await town.press("priya", done, "incident")
    ended = town.clock.now() - timedelta(hours=1)
    values = {"ended_on": ended.date().isoformat(), "ended_at": ended.strftime("%H:%M")}
    await town.send("priya", mend, **values)
    [first] = await unfinished(town, "first")
    assert first.opens_at > town.clock.now() + timedelta(hours=70)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    assert "It can be held once this time has come" in words_of(case)


async def test_taking_out_looks_the_same_whatever_was_answered(town: Town) -> None:
    done = await event(town, "nurse", "driver")
    for _ in range(2):
        mend = await town.press("priya", done, "incident")
        listed = [field_of(mend, "take_out", Choices)] if "take_out" in fields_of(mend) else []
        out = tuple(option.value for field in listed for option in field.options)
        values = {"ended_on": MONDAY.date().isoformat(), "ended_at": "08:00"}
        await town.send("priya", mend, **values, take_out=out)
        mend = await town.press("priya", done, "incident")
        assert "take_out" not in fields_of(mend)
        people = tuple(town.actor(name).address.text for name in ("nurse", "driver"))
        await town.send("priya", mend, **values, more=people)
        await town.clockwork.drain()
    assert len(await town.all(Offer)) == 2
    assert len(town.messages("driver")) == 1, "made once more at most, and that waits on their page"
    assert (await cases(town))[0].holder == town.ids["priya"]


async def test_a_time_agreed_ends_when_the_case_is_given_back(town: Town) -> None:
    await event(town, "nurse")
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    day = (town.clock.now() + timedelta(days=7)).date().isoformat()
    case = await town.send("priya", await town.press("priya", case, "move"), day=day, at="14:00", tell=True)
    await town.press("priya", case, "pass_case")

    def agreed(tx: Tx) -> list[object]:
        times = [one.agreed_at for one in tx.find(CheckIn) if one.agreed_at is not None]
        return [*times, *tx.find(Step, kind=StepKind.AGREED_TIME, state=OPEN_STATES)]

    assert await town.write(agreed) == []


async def test_skipping_and_then_switching_can_still_be_read(town: Town) -> None:
    await town.send("nurse", await town.say("nurse", "support"), name="named")
    await town.clockwork.drain()
    taken = await town.press("priya", await town.open("priya"), "take_request")
    case = await town.send("priya", taken, then="stress")
    case = await town.press("priya", case, "skip")
    form = await town.press("priya", case, "switch")
    case = await town.send("priya", form, ended_on=MONDAY.date().isoformat(), ended_at="08:00")
    assert "They did not want this one" in words_of(case)
