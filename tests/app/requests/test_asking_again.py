"""Asking again while a talk goes on: by name it reaches the same colleague, without one nothing is linked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.asking import ask
from tests.app.beginnings import refused, step_of
from tests.app.cases.test_changing_hands import event
from tests.builders import Town
from tests.reading import buttons, everything_in, unsigned, values_of, words_of
from trim_bot.app.cases.opening import open_case
from trim_bot.app.desk.routes import STEPS
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import View
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.people import Availability, Member, Role
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung, Step, StepKind

pytestmark = pytest.mark.anyio
STRESS = "straw_style_v1"
AGAIN = "what was written the second time"
EVERYBODY = ("priya", "paul", "lena")


async def begun(town: Town, *, named: bool = True, holder: str = "priya") -> Case:
    """A talk about stress that goes on since the nurse asked."""
    return await town.work(
        lambda work: open_case(
            work, member_id=town.ids["nurse"], programme=STRESS, holder=town.ids[holder], exposure_ended=None,
            named=named, account="what was written first", contact="Ring",
        )
    )  # fmt: skip


async def asked(town: Town, *, named: bool = True) -> View:
    """The nurse asks again, and everybody who is to be told is told."""
    done = await ask(town, named=named, text=AGAIN)
    await town.clockwork.drain()
    return done


async def cases(town: Town) -> list[Case]:
    return await town.all(Case, state=CaseState.OPEN)


async def waiting(town: Town) -> Step:
    [step] = await step_of(town, kind=StepKind.REQUEST)
    return step


async def the_request(town: Town) -> SupportRequest:
    [request] = await town.all(SupportRequest)
    return request


async def requests_for(town: Town, name: str) -> int:
    """How many requests somebody finds among what waits for them."""
    labels = [one.label for one in buttons(await town.say(name, "waiting"), "open")]
    return labels.count(STEPS[StepKind.REQUEST].label)


async def settle(town: Town) -> None:
    await town.clockwork.drain()
    town.slack.sent.clear()


async def test_by_name_it_reaches_the_colleague_of_the_open_case_and_nobody_else(town: Town) -> None:
    await begun(town)
    await settle(town)
    done = await asked(town)
    assert "the colleague you already talk with" in words_of(done)
    assert [await requests_for(town, name) for name in EVERYBODY] == [1, 0, 0]
    page = await town.open("priya", about=StepKind.REQUEST)
    assert "Nurse" not in everything_in(page) and AGAIN not in everything_in(page)
    taken = await town.press("priya", page, "take_request")
    assert AGAIN in words_of(taken) and "Nurse" in words_of(taken)
    assert "You support them already" in words_of(taken)


async def test_a_talk_begun_from_it_goes_on_with_the_open_case(town: Town) -> None:
    case = await begun(town)
    await settle(town)
    await asked(town)
    taken = await town.press("priya", await town.open("priya", about=StepKind.REQUEST), "take_request")
    sheet = await town.send("priya", taken, reply="I ring you", then="stress")
    [only] = await cases(town)
    assert only.id == case.id and only.holder == town.ids["priya"]
    assert only.account == f"what was written first\n\n{AGAIN}"
    assert only.contact == "Ring after four"
    assert AGAIN in words_of(sheet)
    request = await the_request(town)
    assert (request.state, request.case_id, request.text) == (RequestState.CASE, case.id, "")
    assert await step_of(town, kind=StepKind.REQUEST) == []


async def test_a_hard_event_told_so_joins_the_open_case_after_one(town: Town) -> None:
    await begun(town)
    first = await town.work(
        lambda work: open_case(
            work, member_id=town.ids["nurse"], programme="trim_style_v1", holder=town.ids["priya"],
            exposure_ended=town.clock.now() - timedelta(days=1),
        )
    )  # fmt: skip
    await settle(town)
    await asked(town)
    taken = await town.press("priya", await town.open("priya", about=StepKind.REQUEST), "take_request")
    on = town.clock.now().date().isoformat()
    await town.send("priya", taken, reply="", then="trauma", ended_on=on, ended_at="09:00")
    assert len(await cases(town)) == 2
    joined = await town.write(lambda tx: tx.get(Case, first.id))
    assert joined is not None
    assert [town.clock.now() - one.ended_at < timedelta(hours=2) for one in joined.exposures] == [False, True]
    assert joined.incidents == ()


async def test_not_me_gives_it_to_the_others_and_whoever_answers_has_the_case(town: Town) -> None:
    case = await begun(town)
    await settle(town)
    await asked(town)
    await town.press("priya", await town.open("priya", about=StepKind.REQUEST), "pass_request")
    assert (await waiting(town)).rung is Rung.POOL
    await town.clockwork.drain()
    assert await requests_for(town, "priya") == 0
    taken = await town.press("paul", await town.open("paul", about=StepKind.REQUEST), "take_request")
    assert "You support them already" not in everything_in(taken)
    await town.send("paul", taken, reply="", then="stress")
    [only] = await cases(town)
    assert (only.id, only.holder) == (case.id, town.ids["paul"])


async def test_a_colleague_who_is_away_is_not_waited_for(town: Town) -> None:
    await begun(town)
    await settle(town)

    def away(tx: Tx) -> None:
        priya = tx.get(Member, town.ids["priya"])
        assert priya is not None
        tx.save(replace(priya, availability=Availability.AWAY))

    await town.write(away)
    done = await asked(town)
    assert "already talk with" not in everything_in(done)
    assert (await waiting(town)).rung is Rung.POOL
    assert await requests_for(town, "paul")


async def test_a_colleague_who_goes_away_leaves_it_to_the_others(town: Town) -> None:
    await begun(town)
    await settle(town)
    await asked(town)
    form = await town.say("priya", "peer", "profile")
    values = values_of(form)
    await town.send("priya", form, **(values | {"availability": "away"}))
    assert (await waiting(town)).rung is Rung.POOL


async def test_unanswered_it_climbs(town: Town) -> None:
    await begun(town)
    await settle(town)
    await asked(town)
    for _ in range(6):
        await town.pass_time(days=1)
    step = await waiting(town)
    assert step.rung is not Rung.ASSIGNED and step.holder != town.ids["priya"]


async def test_with_somebody_else_wished_for_the_first_does_not_get_it(town: Town) -> None:
    await begun(town)
    await settle(town)
    await asked(town)
    page = await town.open("priya", about=StepKind.REQUEST)
    await town.press("nurse", await town.own_choice("nurse"), "someone_else")
    assert (await waiting(town)).rung is Rung.POOL
    assert refused(await town.press("priya", page, "take_request"))
    await town.press("nurse", await town.say("nurse", "me"), "withdraw_request")
    await settle(town)
    await ask(town, text=AGAIN)
    await town.clockwork.drain()
    assert [await requests_for(town, name) for name in EVERYBODY] == [0, 1, 1]


@pytest.mark.parametrize(("held_by_name", "asked_by_name"), [(True, False), (False, True), (False, False)])
async def test_without_a_name_on_either_side_nothing_is_linked(
    town: Town, held_by_name: bool, asked_by_name: bool
) -> None:
    case = await begun(town, named=held_by_name)
    await settle(town)
    done = await asked(town, named=asked_by_name)
    assert "already talk with" not in everything_in(done)
    step = await waiting(town)
    assert (step.rung, step.holder, step.case_id) == (Rung.POOL, None, None)
    assert [await requests_for(town, name) for name in EVERYBODY] == [1, 1, 1]
    for name in ("priya", "paul"):
        assert "You support them" not in everything_in(await town.open(name, about=StepKind.REQUEST))
    taken = await town.press("priya", await town.open("priya", about=StepKind.REQUEST), "take_request")
    assert "You support them" not in everything_in(taken)
    await town.send("priya", taken, reply="", then="stress")
    new = [one for one in await cases(town) if one.id != case.id]
    assert [(one.named, one.account) for one in new] == [(asked_by_name, AGAIN)]
    kept = await town.write(lambda tx: tx.get(Case, case.id))
    assert kept == case


async def test_without_a_name_it_is_as_if_there_were_no_case(town: Town) -> None:
    """The same people are told, see the same words and do the same, whether or not a case is open."""
    seen = []
    for open_one in (False, True):
        other = Town()
        await other.found()
        for name in ("priya", "paul"):
            await other.add(name, Role.PRACTITIONER)
        await other.add("nurse")
        if open_one:
            await begun(other)
        await settle(other)
        views = [await asked(other, named=False)]
        told = [await requests_for(other, name) for name in ("priya", "paul")]
        views.append(await other.open("priya", about=StepKind.REQUEST))
        views.append(await other.press("priya", views[-1], "take_request"))
        seen.append((told, [unsigned(view) for view in views]))
    assert seen[0] == seen[1]


async def test_an_event_is_never_joined_to_a_case_without_a_name(town: Town) -> None:
    case = await town.work(
        lambda work: open_case(
            work, member_id=town.ids["nurse"], programme="trim_style_v1", holder=town.ids["paul"],
            exposure_ended=town.clock.now() - timedelta(days=1), named=False,
        )
    )  # fmt: skip
    await event(town, "nurse")
    assert len(await cases(town)) == 2
    kept = await town.write(lambda tx: tx.get(Case, case.id))
    assert kept is not None and kept.incidents == ()
