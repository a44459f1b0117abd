"""What opens a case ends with a stated term: being called in for safety, and holding it without training in date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.app.asking import taken, the_request
from tests.app.beginnings import open_case_for, refused
from tests.builders import MONDAY, Town
from tests.reading import buttons, everything_in, form_of, words_of
from trim_bot.app.seam.gestures import Press, Submit
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import View
from trim_bot.domain.cases import Case
from trim_bot.domain.people import Training
from trim_bot.domain.policy import POLICY
from trim_bot.domain.requests import RequestState

TODAY = MONDAY.date()
pytestmark = pytest.mark.anyio


async def opens(town: Town, name: str, case: Case) -> View:
    token = town.tokens.sign(town.organisation.id, "case", {"case": case.id}, nonce=None, expires_at=None)
    return await town.desk.receive(town.actor(name), Press("case", token))


async def now(town: Town, case: Case) -> Case:
    kept = await town.write(lambda tx: tx.get(Case, case.id))
    assert kept is not None
    return kept


async def lapse(town: Town, *names: str, on: date = TODAY) -> None:
    def body(tx: Tx) -> None:
        for name in names:
            for one in tx.find(Training, member_id=town.ids[name]):
                tx.save(replace(one, expires_on=on))

    await town.write(body)


async def days(town: Town, count: int) -> None:
    for _ in range(count):
        await town.pass_time(days=1)
        await town.clockwork.sweep()


async def test_a_lead_called_in_opens_the_case_for_fourteen_days_after_the_call_ended(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    page = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    await town.press("priya", await town.press("priya", page, "safety"), "safety_call")
    await town.clockwork.drain()
    called = await town.open("lena")
    assert "14 days after the call has ended" in words_of(called)
    await town.press("lena", called, "safety_have")
    page = await opens(town, "lena", case)
    assert "You were called in for safety. You can open this until" in words_of(page)
    town.clock.move(POLICY.called_in_lasts - timedelta(minutes=1))
    assert not refused(await opens(town, "lena", case))
    assert not refused(await town.press("lena", called, "case"))
    town.clock.move(timedelta(minutes=2))
    assert refused(await opens(town, "lena", case))
    assert refused(await town.press("lena", called, "case"))
    assert not refused(await opens(town, "priya", case)), "whoever holds it goes on"


async def test_holder_and_lead_hear_of_ended_training_and_the_case_goes_to_a_colleague(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    await lapse(town, "priya")
    await days(town, 1)
    assert (await now(town, case)).holder == town.ids["priya"]
    assert "Your training has run out." in words_of(await opens(town, "priya", case))
    asked = await town.press("lena", await town.say("lena", "peer", "due"), "open", 0)
    assert "Their training has run out." in words_of(asked)
    assert "Nurse" not in everything_in(asked)
    await days(town, POLICY.lapsed_holds_for.days - 1)
    assert (await now(town, case)).holder == town.ids["priya"]
    await days(town, 1)
    kept = await now(town, case)
    assert kept.holder not in (None, town.ids["priya"], town.ids["nurse"])
    assert refused(await opens(town, "priya", case))
    name = next(name for name, id in town.ids.items() if id == kept.holder)
    assert not refused(await opens(town, name, case))


async def test_training_again_in_time_leaves_the_case_where_it_is(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    await lapse(town, "priya")
    await days(town, 3)
    await lapse(town, "priya", on=date(2028, 1, 1))
    await days(town, 20)
    assert (await now(town, case)).holder == town.ids["priya"]
    assert not refused(await opens(town, "priya", case))


async def test_a_date_long_ago_moves_nothing_at_once(town: Town) -> None:
    """Or whoever records training could send a case to somebody of their choice."""
    case = await open_case_for(town, "nurse", holder="priya")
    await lapse(town, "priya", on=date(2026, 1, 6))
    await days(town, 2)
    assert (await now(town, case)).holder == town.ids["priya"]


async def test_where_no_colleague_can_take_it_a_lead_is_asked_to_give_it_to_one(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    await lapse(town, "priya", "paul", "lena", "dev")
    await days(town, POLICY.lapsed_holds_for.days + 1)
    assert (await now(town, case)).holder is None
    form = words_of(await town.press("lena", await town.say("lena", "peer", "team"), "assign"))
    assert form
    assert refused(await opens(town, "priya", case))


async def test_whoever_took_a_request_holds_it_for_the_same_time_after_their_training_ended(
    town: Town,
) -> None:
    form = await taken(town)
    held = Submit("request_taken", form_of(form).token, {})
    await lapse(town, "priya")
    await days(town, 1)
    assert (await the_request(town)).taken_by == town.ids["priya"]
    page = await town.say("priya", "waiting")
    labels = [button.label for button in buttons(page, "open")]
    told = await town.press(
        "priya", page, "open", labels.index("A request you took goes to a colleague soon")
    )
    assert "Your training has run out. You can open this until" in words_of(told)
    await days(town, POLICY.lapsed_holds_for.days - 1)
    assert (await the_request(town)).taken_by == town.ids["priya"]
    await days(town, 1)
    assert (await the_request(town)).state is RequestState.WAITING
    assert refused(await town.desk.receive(town.actor("priya"), held))


async def test_it_opens_no_more_when_the_time_is_over_though_the_clock_stood_still(town: Town) -> None:
    await taken(town)
    await lapse(town, "priya")
    await days(town, 1)
    page = await town.say("priya", "waiting")
    town.clock.move(POLICY.lapsed_holds_for + timedelta(days=1))
    for nth in range(len(buttons(page, "open"))):
        assert "Your training has run out" not in everything_in(await town.press("priya", page, "open", nth))


async def test_training_again_in_time_leaves_the_request_where_it_is(town: Town) -> None:
    await taken(town)
    await lapse(town, "priya")
    await days(town, 3)
    await lapse(town, "priya", on=date(2028, 1, 1))
    await days(town, 2)
    assert (await the_request(town)).taken_by == town.ids["priya"]
    labels = [button.label for button in buttons(await town.say("priya", "waiting"), "open")]
    assert "A request you took goes to a colleague soon" not in labels
