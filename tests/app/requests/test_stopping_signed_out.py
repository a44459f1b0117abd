"""Somebody whom nobody knows can stop with their code, and cannot flood the pool."""

from __future__ import annotations

import pytest

from tests.app.asking import NOBODY, ask_unknown, submit_unknown, the_request, unknown
from tests.app.beginnings import refused
from tests.builders import Town
from tests.reading import buttons, words_of
from trim_bot.app.people.meeting import add_account
from trim_bot.app.seam.gestures import Invoke, Press
from trim_bot.app.seam.views import Done, View
from trim_bot.domain.cases import Case, CaseState, CloseReason
from trim_bot.domain.people import Address, Member
from trim_bot.domain.requests import RequestState
from trim_bot.domain.steps import OPEN_STATES, Step

pytestmark = pytest.mark.anyio


async def with_code(town: Town, code: str) -> View:
    return await submit_unknown(town, await unknown(town, Invoke(("reply",))), code=code)


async def stop(town: Town, view: View) -> View:
    [button] = buttons(view, "stop_request")
    return await unknown(town, Press(button.action, button.token))


async def in_a_talk(town: Town) -> tuple[Case, str]:
    _, code = await ask_unknown(town)
    await town.clockwork.drain()
    form = await town.press("priya", await town.open("priya"), "take_request")
    await town.send("priya", form, then="stress", reply="I will ring")
    [case] = await town.all(Case)
    return case, code


async def open_steps(town: Town) -> list[Step]:
    return await town.all(Step, state=OPEN_STATES)


async def test_a_request_is_taken_back_with_its_code(town: Town) -> None:
    _, code = await ask_unknown(town)
    done = await stop(town, await with_code(town, code))
    assert isinstance(done, Done)
    assert done.name == "request_stopped"
    request = await the_request(town)
    assert (request.state, request.text, request.contact) == (RequestState.WITHDRAWN, "", "")
    assert await open_steps(town) == []
    again = await with_code(town, code)
    assert "You took it back" in words_of(again)
    assert not buttons(again, "stop_request")


async def test_talks_that_came_of_it_end_with_its_code(town: Town) -> None:
    case, code = await in_a_talk(town)
    await stop(town, await with_code(town, code))
    kept = await town.write(lambda tx: tx.get(Case, case.id))
    assert kept is not None
    assert (kept.state, kept.close_reason) == (CaseState.CLOSED, CloseReason.WITHDRAWN)
    assert await open_steps(town) == []
    assert not buttons(await town.say("priya", "peer", "cases"), "case")
    assert not buttons(await with_code(town, code), "stop_request")


async def test_talks_about_somebody_with_an_account_are_theirs_to_end(town: Town) -> None:
    case, code = await in_a_talk(town)
    view = await with_code(town, code)

    def known(tx) -> None:
        member = tx.get(Member, case.member_id)
        assert member is not None
        add_account(tx, member, Address.parse("web:somebody@example.org"))

    await town.write(known)
    assert refused(await stop(town, view))


async def test_what_a_member_asked_is_not_stopped_by_nobody(town: Town) -> None:
    form = await town.say("nurse", "support")
    await town.send("nurse", form, name="unnamed", text="", contact="")
    request = await the_request(town)
    token = town.tokens.sign(
        town.organisation.id, "stop_request", {"request": request.id}, nonce="n", expires_at=None
    )
    assert refused(await town.desk.receive(NOBODY, Press("stop_request", token)))


async def test_refusals_of_one_kind_leave_one_row_an_hour(town: Town) -> None:
    for number in range(20):
        assert refused(await unknown(town, Press("case", f"forged {number}")))
    rows = await town.write(lambda tx: tx.journal.about([""], 50))
    assert [row.what for row in rows] == ["token"]
    await town.pass_time(hours=1)
    await unknown(town, Press("case", "forged"))
    assert len(await town.write(lambda tx: tx.journal.about([""], 50))) == 2
