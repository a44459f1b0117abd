"""Erasing one's record: what is open ends, what one held finds a new owner, and the sweep is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.app.asking import ask, its_step, taken, the_request
from tests.app.own.test_own_record import in_talks, refused
from tests.builders import Town, log_values
from tests.reading import buttons, words_of
from trim_bot.app.desk.routes import STEPS
from trim_bot.app.handover.erasing import erase_asked
from trim_bot.app.seam import mending
from trim_bot.app.seam.views import Done, FieldErrors, View
from trim_bot.domain.cases import Case, CaseState, CloseReason
from trim_bot.domain.errors import MOST_AWAY, StoreUnavailable
from trim_bot.domain.ids import MemberId, OrganisationId
from trim_bot.domain.people import Member
from trim_bot.domain.records import Action, Erasure
from trim_bot.domain.requests import RequestState
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind

pytestmark = pytest.mark.anyio


async def erase(town: Town, name: str) -> View:
    form = await town.press(name, await town.say(name, "me"), "erase")
    return await town.send(name, form, sure=True)


async def test_nothing_happens_without_the_tick(town: Town) -> None:
    form = await town.press("nurse", await town.say("nurse", "me"), "erase")
    view = await town.send("nurse", form)
    assert isinstance(view, FieldErrors)
    assert set(view.errors) == {"sure"}
    assert await town.all(Erasure) == []


async def test_everything_open_ends_and_the_sweep_is_asked(town: Town) -> None:
    case = await in_talks(town)
    await ask(town)
    await town.send("priya", await town.say("priya", "peer", "log"), **log_values(town.actor("nurse")))
    await town.settle(erase_days=21)
    done = await erase(town, "nurse")
    assert isinstance(done, Done)
    assert "by 14 December 2026" in words_of(done)
    after = await town.write(lambda tx: tx.get(Case, case.id))
    assert after is not None
    assert (after.state, after.close_reason) == (CaseState.CLOSED, CloseReason.WITHDRAWN)
    assert await town.all(Step, state=OPEN_STATES) == []
    [asked] = await town.all(Erasure)
    assert (asked.member_id, asked.asked_at) == (town.ids["nurse"], town.clock.now())
    member = await town.write(lambda tx: tx.get(Member, town.ids["nurse"]))
    assert member is not None
    assert member.left
    rows = await town.write(lambda tx: tx.journal.about([tx.pseudonym(member.key_id, member.id)], 1))
    assert [(row.action, row.what) for row in rows] == [(Action.ERASED, "erase")]


async def test_nothing_more_is_open_to_someone_who_has_erased_themselves(town: Town) -> None:
    page = await town.say("nurse", "me")
    await erase(town, "nurse")
    assert refused(await town.say("nurse", "me"))
    assert refused(await town.press("nurse", page, "profile"))
    sent = len(town.slack.sent)
    await town.pass_time(days=3)
    assert len(town.slack.sent) == sent


async def test_what_a_practitioner_had_goes_to_others(town: Town) -> None:
    case = await in_talks(town)
    await ask(town, "driver")
    waiting = await town.say("priya", "waiting")
    labels = [button.label for button in buttons(waiting, "open")]
    page = await town.press("priya", waiting, "open", labels.index(STEPS[StepKind.REQUEST].label))
    await town.press("priya", page, "take_request")
    await erase(town, "priya")
    after = await town.write(lambda tx: tx.get(Case, case.id))
    assert after is not None
    assert (after.state, after.holder) == (CaseState.OPEN, None)
    steps = await town.all(Step, state=OPEN_STATES)
    assert {(step.kind, step.rung) for step in steps} == {
        (StepKind.ASSIGN, Rung.POOL),
        (StepKind.REQUEST, Rung.POOL),
    }


async def test_a_request_in_someones_hands_is_closed_to_them(town: Town) -> None:
    form = await taken(town)
    await erase(town, "nurse")
    assert (await the_request(town)).state is RequestState.WITHDRAWN
    assert (await its_step(town)).state not in OPEN_STATES
    assert refused(await town.send("priya", form, reply="", then="stress"))


class Stuck:
    """An eraser that cannot erase some members."""

    def __init__(self, fault: Exception, *ids: MemberId) -> None:
        self.fault, self.stuck, self.asked, self.erased = fault, ids, 0, list[MemberId]()

    async def erase_member(self, organisation: OrganisationId, id: MemberId) -> bool:
        self.asked += 1
        if id in self.stuck:
            raise self.fault
        self.erased.append(id)
        return True


async def test_one_wish_that_cannot_be_carried_out_keeps_no_other_waiting(town: Town) -> None:
    await erase(town, "nurse")
    town.clock.move(timedelta(hours=1))
    await erase(town, "driver")
    eraser = Stuck(RuntimeError(), town.ids["nurse"])
    with pytest.raises(RuntimeError):
        await erase_asked(town.store, eraser, OrganisationId(town.organisation.id))
    assert eraser.erased == [town.ids["driver"]]
    assert [one.member_id for one in await town.all(Erasure)] == [town.ids["nurse"]]


async def test_a_store_that_is_away_is_not_asked_for_everybody(town: Town) -> None:
    names = ["nurse", "driver", "porter", "priya"]
    for name in names:
        await erase(town, name)
    eraser = Stuck(StoreUnavailable(), *(town.ids[name] for name in names))
    with pytest.raises(StoreUnavailable):
        await erase_asked(town.store, eraser, OrganisationId(town.organisation.id))
    assert eraser.asked == MOST_AWAY


async def test_of_whoever_is_about_to_be_erased_a_form_says_no_more_than_if_their_chat_had_not_answered(
    town: Town,
) -> None:
    """That they have left would tell a colleague, or whoever manages them, that they had used the desk."""
    await erase(town, "nurse")
    form = await town.say("priya", "peer", "log")
    said = await town.send("priya", form, **log_values(town.actor("nurse")))
    assert isinstance(said, FieldErrors)
    assert said.errors == {"direct": mending.PERSON_NOT_CHECKED}
    role = await town.press("cora", await town.say("cora", "peer", "team"), "serving")
    said = await town.send("cora", role, person=town.actor("nurse").address.text, role="practitioner")
    assert isinstance(said, FieldErrors)
    assert said.errors == {"person": mending.PERSON_NOT_CHECKED}
