"""Whatever is asked without a name is kept; what a flood sets off is bounded, and leads take the rest one at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.asking import NOBODY, ask_unknown
from tests.app.beginnings import refused, step_of
from tests.builders import Town
from tests.reading import buttons, form_of, words_of
from trim_bot.app.people.roster import Roster
from trim_bot.app.requests import tray
from trim_bot.app.seam.gestures import Invoke, Submit
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Done, View
from trim_bot.domain.people import Grant, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung, StepKind

pytestmark = pytest.mark.anyio
LABEL = "Requests without a name, on top of today's"


@pytest.fixture(autouse=True)
def two_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tray, "POLICY", replace(POLICY, signed_out_waiting=2, signed_out_kept=6))


async def flood(town: Town, many: int) -> None:
    for _ in range(many):
        await ask_unknown(town)


async def try_to_ask(town: Town) -> View:
    form = form_of(await town.desk.receive(NOBODY, Invoke(("ask",))))
    return await town.desk.receive(NOBODY, Submit(form.name, form.token, {"text": "", "contact": ""}))


async def test_every_request_is_kept_and_the_rest_of_a_day_goes_to_the_tray_alone(town: Town) -> None:
    await flood(town, 5)
    assert len(await town.write(lambda tx: tx.find(SupportRequest, state=RequestState.WAITING))) == 5
    assert len(await step_of(town, kind=StepKind.REQUEST)) == 2
    [step] = await step_of(town, kind=tray.TrayStep.FULL)
    assert (step.rung, step.holder) == (Rung.LEAD, town.ids["lena"])
    assert len(buttons(await town.say("paul", "waiting"), "open")) == 2


async def test_a_lead_opens_one_at_a_time_and_takes_it_like_any_other(town: Town) -> None:
    await flood(town, 4)
    waiting = await town.say("lena", "waiting")
    labels = [button.label for button in buttons(waiting, "open")]
    page = await town.press("lena", waiting, "open", labels.index(LABEL))
    assert len(buttons(page, "take_from_tray")) == 2
    request = await town.press("lena", page, "take_from_tray")
    taken = await town.press("lena", request, "take_request")
    assert form_of(taken).name == "request_taken"
    page = await town.press("lena", await town.say("lena", "peer", "team"), "tray")
    assert len(buttons(page, "take_from_tray")) == 1
    passed = await town.press("lena", page, "take_from_tray")
    await town.press("lena", passed, "pass_request")
    assert await step_of(town, kind=tray.TrayStep.FULL) == [], "nothing lies there any more"
    assert len(await step_of(town, kind=StepKind.REQUEST, rung=Rung.POOL)) == 3


async def test_the_day_after_requests_are_passed_on_at_once_again(town: Town) -> None:
    await flood(town, 3)
    town.clock.move(timedelta(days=1, minutes=1))
    await ask_unknown(town)
    assert len(await step_of(town, kind=StepKind.REQUEST)) == 3


async def test_a_flood_leaves_room_for_those_who_serve(town: Town) -> None:
    await flood(town, 6)
    full = await try_to_ask(town)
    assert isinstance(full, Done) and full.name == "ask_full"
    assert "999" in words_of(full)
    form = await town.say("nurse", "support")
    done = await town.send("nurse", form, name="named", text="", contact="")
    assert isinstance(done, Done) and done.name == "request_received"


async def test_without_a_lead_the_tray_goes_to_the_deputy_and_then_counts_as_without_an_owner(
    town: Town,
) -> None:
    await flood(town, 3)
    for _ in range(9):
        await town.pass_time(days=1)
    [step] = await step_of(town, kind=tray.TrayStep.FULL)
    assert step.rung in (Rung.DEPUTY, Rung.NOBODY), "nothing that was asked goes silent"


async def test_with_neither_lead_nor_deputy_what_lies_there_has_no_owner_and_the_next_lead_finds_it(
    town: Town,
) -> None:
    def end_roles(tx: Tx) -> None:
        for one in tx.find(Grant, role=(Role.LEAD, Role.DEPUTY), limit=None):
            tx.drop(Grant, one.id)

    await town.write(end_roles)
    await flood(town, 3)
    [step] = await step_of(town, kind=tray.TrayStep.FULL)
    assert (step.rung, step.holder) == (Rung.NOBODY, None)
    await town.write(lambda tx: Roster(tx).grant(town.ids["paul"], Role.LEAD, town.clock.now()))
    page = await town.press("paul", await town.say("paul", "peer", "team"), "tray")
    assert len(buttons(page, "take_from_tray")) == 1


@pytest.mark.parametrize("name", ["priya", "cora", "nurse"])
async def test_nobody_else_opens_the_tray(town: Town, name: str) -> None:
    await flood(town, 3)
    team = await town.say("lena", "peer", "team")
    page = await town.press("lena", team, "tray")
    assert refused(await town.press(name, team, "tray"))
    assert refused(await town.press(name, page, "take_from_tray"))
