"""Help from the directory is offered with consent and followed until the loop is closed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from tests.app.beginnings import open_case_for, refused, step_of
from tests.builders import MONDAY, Town
from tests.reading import form_of, words_of
from trim_bot.app.seam.gestures import Press, Submit
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Choice, Done, FieldErrors, Form, View
from trim_bot.domain.cases import Case
from trim_bot.domain.records import Measure
from trim_bot.domain.referrals import NEXT, Referral, ReferralState
from trim_bot.domain.steps import Rung, Step, StepKind

pytestmark = pytest.mark.anyio


@pytest.fixture
async def case(town: Town) -> Case:
    """The nurse's case, held by Priya and covered by Paul."""
    return await open_case_for(town, "nurse", holder="priya", cover="paul")


async def form(town: Town) -> View:
    page = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    return await town.press("priya", page, "referral")


async def offer(town: Town, answer: str) -> Referral:
    done = await town.send("priya", await form(town), service="oh", answer=answer)
    assert isinstance(done, Done)
    assert done.name == "case"
    return (await town.all(Referral))[-1]


async def current(town: Town, referral: Referral) -> Referral:
    found = await town.write(lambda tx: tx.get(Referral, referral.id))
    assert found is not None
    return found


async def open_move(town: Town, referral: Referral, name: str = "priya") -> View:
    token = town.tokens.sign(
        town.organisation.id, "referral_next", {"referral": referral.id}, nonce=None, expires_at=None
    )
    return await town.desk.receive(town.actor(name), Press("referral_next", token))


async def move(town: Town, referral: Referral, to: str, name: str = "priya") -> View:
    return await town.send(name, await open_move(town, referral, name), state=to)


def states(view: View) -> list[str]:
    choice = next(one for one in form_of(view).inputs())
    assert isinstance(choice, Choice)
    return [option.value for option in choice.options]


async def referred(town: Town) -> int:
    return await town.write(lambda tx: tx.counts.totals("2026-Q4")[Measure.REFERRED])


async def test_yes_is_counted_and_looked_at_again_in_two_working_days(town: Town, case: Case) -> None:
    referral = await offer(town, "yes")
    assert (referral.state, referral.service, referral.key_id) == (ReferralState.ACCEPTED, "oh", case.key_id)
    (step,) = await step_of(town, kind=StepKind.REFERRAL)
    assert (step.rung, step.holder, step.subject) == (Rung.ASSIGNED, town.ids["priya"], referral.id)
    assert step.opens_at == MONDAY + timedelta(days=2)
    assert await referred(town) == 1


async def test_later_is_looked_at_again_in_five_working_days(town: Town, case: Case) -> None:
    referral = await offer(town, "later")
    assert referral.state is ReferralState.OFFERED
    (step,) = await step_of(town, kind=StepKind.REFERRAL)
    assert step.opens_at == MONDAY + timedelta(days=7)
    assert await referred(town) == 0


async def test_nothing_follows_from_no(town: Town, case: Case) -> None:
    referral = await offer(town, "no")
    assert referral.state is ReferralState.DECLINED
    assert await step_of(town, kind=StepKind.REFERRAL) == []
    assert await referred(town) == 0
    page = await open_move(town, referral)
    assert isinstance(page, Done)
    assert "Nothing more follows" in words_of(page)


async def test_an_empty_directory_is_a_calm_page_with_numbers(town: Town, case: Case) -> None:
    opened = await form(town)
    await town.settle(services=())
    page = await form(town)
    assert isinstance(page, Done)
    assert "ask your clinical lead" in words_of(page)
    assert "999" in words_of(page)
    sent = await town.send("priya", opened, service="oh", answer="yes")
    assert isinstance(sent, Done)
    assert await town.all(Referral) == []


async def test_a_service_out_of_the_directory_is_refused(town: Town, case: Case) -> None:
    answer = await town.send("priya", await form(town), service="elsewhere", answer="yes")
    assert isinstance(answer, FieldErrors)
    assert set(answer.errors) == {"service"}


async def test_the_loop_is_followed_to_its_close(town: Town, case: Case) -> None:
    referral = await offer(town, "later")
    for to in ("accepted", "made", "not_seen", "made", "seen"):
        await move(town, referral, to)
        assert (await current(town, referral)).state is ReferralState(to)
        assert len(await step_of(town, kind=StepKind.REFERRAL)) == 1
    assert await referred(town) == 1
    await move(town, referral, "closed")
    assert (await current(town, referral)).state is ReferralState.CLOSED
    assert await step_of(town, kind=StepKind.REFERRAL) == []


@pytest.mark.parametrize("answer", ["yes", "later"])
async def test_only_allowed_moves_are_offered_and_taken(town: Town, case: Case, answer: str) -> None:
    referral = await offer(town, answer)
    view = await open_move(town, referral)
    assert set(states(view)) == {state.value for state in NEXT[referral.state]} | {"nothing_new"}
    forged = await town.send("priya", view, state="seen")
    assert isinstance(forged, FieldErrors)
    assert (await current(town, referral)).state is referral.state


async def test_nothing_new_puts_the_look_off(town: Town, case: Case) -> None:
    referral = await offer(town, "yes")
    await town.pass_time(days=3)
    await move(town, referral, "nothing_new")
    assert await current(town, referral) == referral
    (step,) = await step_of(town, kind=StepKind.REFERRAL)
    assert step.opens_at == MONDAY + timedelta(days=3) + timedelta(days=7)


async def test_the_page_tells_how_to_reach_the_service(town: Town, case: Case) -> None:
    words = words_of(await open_move(town, await offer(town, "yes")))
    assert "Occupational health" in words
    assert "Ring 1234" in words


async def test_somebody_else_gets_nothing_of_it(town: Town, case: Case) -> None:
    referral = await offer(town, "yes")
    for name in ("paul", "lena", "cora", "nurse"):
        assert refused(await open_move(town, referral, name))
    opened = form_of(await open_move(town, referral))
    stolen = await town.desk.receive(
        town.actor("paul"), Submit(opened.name, opened.token, {"state": "closed"})
    )
    assert refused(stolen)
    assert await current(town, referral) == referral


def drop(step: Step, tx: Tx) -> None:
    tx.drop(Step, step.id)


async def test_a_cover_whose_part_ends_with_the_move_keeps_what_they_did(town: Town, case: Case) -> None:
    referral = await offer(town, "yes")
    await town.press("priya", await town.say("priya", "peer", "cover"), "hand_over_all")
    await move(town, referral, "made", "paul")
    (step,) = await step_of(town, kind=StepKind.REFERRAL)
    assert (step.rung, step.holder) == (Rung.COVER, town.ids["paul"])
    for check_in in await step_of(town, kind=StepKind.CHECK_IN):
        await town.write(partial(drop, check_in))
    await move(town, referral, "seen", "paul")
    done = await move(town, referral, "closed", "paul")
    assert isinstance(done, Done)
    assert done.name == "referral_kept"
    assert (await current(town, referral)).state is ReferralState.CLOSED


async def test_sending_twice_makes_one_referral(town: Town, case: Case) -> None:
    opened = await form(town)
    assert isinstance(opened, Form)
    for _ in range(2):
        await town.send("priya", opened, service="oh", answer="yes")
    assert len(await town.all(Referral)) == 1
    assert await referred(town) == 1
