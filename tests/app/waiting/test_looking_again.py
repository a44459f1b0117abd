"""When the clock looks at a step again: an owner has their time once they were told, and a safety call half an hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.app.relations import CALL, Small, a_case, a_request, a_step, an_incident, an_offer
from tests.builders import MONDAY
from trim_bot.app.seam.ports import Tx
from trim_bot.app.waiting.due import look_at
from trim_bot.domain.cases import Case, CheckIn, CheckInState
from trim_bot.domain.ids import CaseId, CheckInId, MemberId
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.people import Grant, Member, Role
from trim_bot.domain.records import Action
from trim_bot.domain.steps import OutboxState, Outgoing, Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio
CASE = CaseId("c")
HALF_HOUR = timedelta(minutes=30)
SIX_HOURS = timedelta(hours=6)


@pytest.fixture
async def small() -> Small:
    """Everybody, with a coordinator, and the nurse's case with its holder."""
    small = await Small().begin()
    await small.put(a_case(holder=MemberId("holder"), cover=MemberId("cover")))
    await small.put(Grant("zoe-coordinator", MemberId("zoe"), Role.COORDINATOR, MONDAY))
    return small


async def looked_at(small: Small, step: Step) -> Step:
    """A step as the clock leaves it."""
    await small.put(step)
    assert await small.town.work(lambda work: look_at(work, step.id))
    after = await small.town.write(lambda tx: tx.get(Step, step.id))
    assert after is not None
    return after


async def written_to(small: Small) -> set[str]:
    """Who has a message queued."""
    queued = await small.town.all(Outgoing, state=OutboxState.QUEUED)
    return {str(one.member_id) for one in queued if one.kind != "steady"}


def held(kind: StepKind, subject: str, **changes: object) -> Step:
    return a_step(kind, subject, **{"rung": Rung.ASSIGNED, "holder": MemberId("holder"), **changes})


@pytest.mark.parametrize("reminders", [0, 1, 5])
async def test_whoever_is_called_for_safety_is_told_every_half_hour(small: Small, reminders: int) -> None:
    after = await looked_at(small, replace(CALL, state=StepState.TOLD, reminders=reminders))
    assert (after.rung, after.holder) == (Rung.LEAD, "lena")
    assert after.due_at == small.town.clock.now() + HALF_HOUR
    assert await written_to(small) == {"lena"}


@pytest.mark.parametrize("reminders", [6, 7])
async def test_after_six_times_a_call_for_safety_goes_to_the_next(small: Small, reminders: int) -> None:
    after = await looked_at(small, replace(CALL, state=StepState.TOLD, reminders=reminders))
    assert (after.rung, after.holder, after.reminders) == (Rung.DEPUTY, "dev", 0)


async def test_leave_does_not_stop_a_call_for_safety_and_stops_everything_else(small: Small) -> None:
    def away(tx: Tx) -> None:
        lena = tx.get(Member, MemberId("lena"))
        assert lena is not None
        tx.save(replace(lena, away_until=MONDAY + timedelta(days=60)))

    await small.town.write(away)
    assert (await looked_at(small, CALL)).holder == "lena"
    review = held(StepKind.REVIEW, "c", case_id=CASE, rung=Rung.LEAD, holder=MemberId("lena"))
    assert (await looked_at(small, review)).holder == "dev"


@pytest.mark.parametrize(
    ("kind", "reminders", "again"),
    [
        (StepKind.SAFETY, 0, MONDAY + HALF_HOUR),
        (StepKind.SAFETY, 5, MONDAY + HALF_HOUR),
        (StepKind.SAFETY, 6, datetime(2026, 11, 24, tzinfo=UTC)),
        (StepKind.SAFETY, 7, datetime(2026, 11, 24, tzinfo=UTC)),
        (StepKind.REVIEW, 0, datetime(2026, 11, 30, tzinfo=UTC)),
        (StepKind.REVIEW, 7, datetime(2026, 11, 30, tzinfo=UTC)),
    ],
)
async def test_at_the_end_of_the_ladder_coordinators_hear_again(
    small: Small, kind: StepKind, reminders: int, again: datetime
) -> None:
    step = a_step(kind, "c", case_id=CASE, rung=Rung.NOBODY, reminders=reminders)
    after = await looked_at(small, step)
    assert (after.rung, after.state, after.reminders) == (Rung.NOBODY, StepState.TOLD, reminders + 1)
    if again.time() == datetime.min.time():
        assert after.due_at.date() == again.date()
    else:
        assert after.due_at == again


async def test_an_owner_keeps_a_step_until_six_hours_after_they_should_have_heard(small: Small) -> None:
    after = await looked_at(small, held(StepKind.REVIEW, "c", case_id=CASE, failures=3))
    assert (after.rung, after.state, after.failures) == (Rung.ASSIGNED, StepState.WAITING, 0)
    # Their steady message has gone out today, so that they hear tomorrow morning.
    assert after.due_at.date() == MONDAY.date() + timedelta(days=1)
    assert after.due_at.hour >= 9 + 6


@pytest.mark.parametrize(
    ("who", "rung", "next_one"),
    [("holder", Rung.ASSIGNED, "cover"), ("cover", Rung.COVER, "lena"), ("dev", Rung.DEPUTY, None)],
)
async def test_once_told_an_owner_who_did_nothing_is_followed_by_the_next(
    small: Small, who: str, rung: Rung, next_one: str | None
) -> None:
    step = held(
        StepKind.REVIEW, "c", case_id=CASE, rung=rung, holder=MemberId(who), state=StepState.TOLD, reminders=1
    )  # fmt: skip
    after = await looked_at(small, step)
    assert (after.holder, after.state) == (next_one, StepState.WAITING)
    assert (after.rung is Rung.NOBODY) is (next_one is None)


async def test_whoever_manages_the_person_does_not_own_the_step(small: Small) -> None:
    step = held(StepKind.REVIEW, "c", case_id=CASE, rung=Rung.LEAD, holder=MemberId("boss"))
    assert (await looked_at(small, step)).holder == "dev"
    free = held(StepKind.REVIEW, "x", case_id=CASE, rung=Rung.LEAD, holder=MemberId("lena"), reminders=0)
    assert (await looked_at(small, free)).holder == "lena"


async def test_a_climb_is_in_the_journal_under_its_case_and_of_no_case_under_nobody(small: Small) -> None:
    await small.put(a_request())
    await looked_at(small, held(StepKind.REVIEW, "c", case_id=CASE, state=StepState.TOLD))
    await looked_at(small, a_step(StepKind.REQUEST, "r", state=StepState.TOLD))

    def climbs(tx: Tx) -> list[list[tuple[str, str]]]:
        case = tx.get(Case, CASE)
        assert case is not None
        of_case = tx.pseudonym(case.key_id, case.id)
        return [
            [(row.what, row.actor) for row in tx.journal.about([subject], 9) if row.action is Action.CLIMBED]
            for subject in (of_case, "")
        ]

    assert await small.town.write(climbs) == [[("review", "clock")], [("request", "clock")]]


@pytest.mark.parametrize(
    ("state", "opens", "after"),
    [
        (CheckInState.PLANNED, timedelta(0), CheckInState.OPEN),
        (CheckInState.PLANNED, timedelta(seconds=1), CheckInState.PLANNED),
        (CheckInState.OPEN, timedelta(0), CheckInState.OPEN),
    ],
)
async def test_a_conversation_opens_when_its_time_has_come_and_not_before(
    small: Small, state: CheckInState, opens: timedelta, after: CheckInState
) -> None:
    at = small.town.clock.now() + opens
    await small.put(CheckIn(CheckInId("k"), CASE, "first", state, at, at, at + timedelta(days=9)))
    await looked_at(small, held(StepKind.CHECK_IN, "k", case_id=CASE))
    [check_in] = await small.town.all(CheckIn)
    assert check_in.state is after


async def test_the_persons_own_note_opens_no_conversation(small: Small) -> None:
    await small.put(CheckIn(CheckInId("k"), CASE, "first", CheckInState.PLANNED, MONDAY, MONDAY, MONDAY))
    note = held(StepKind.AGREED_TIME, "k", case_id=CASE, rung=Rung.PERSON, holder=MemberId("nurse"))
    await looked_at(small, note)
    [check_in] = await small.town.all(CheckIn)
    assert check_in.state is CheckInState.PLANNED


async def test_what_nobody_in_the_pool_can_take_climbs_at_once(small: Small) -> None:
    await small.put(a_request())
    # Nobody in this town is trained.
    after = await looked_at(small, a_step(StepKind.REQUEST, "r"))
    assert (after.rung, after.holder) == (Rung.LEAD, "lena")


async def test_what_the_pool_was_told_of_and_nobody_took_climbs(small: Small) -> None:
    await small.put(a_request())
    after = await looked_at(small, a_step(StepKind.REQUEST, "r", state=StepState.TOLD))
    assert (after.rung, after.state) == (Rung.LEAD, StepState.WAITING)


def _offer(state: OfferState, *, again: bool = False) -> object:
    return lambda tx: replace(an_offer()(tx), state=state, offered_again=again)


async def test_an_offer_that_was_put_off_waits_for_its_answer_again(small: Small) -> None:
    await small.put(an_incident, _offer(OfferState.NOT_NOW, again=True))
    step = held(StepKind.OFFER, "o", rung=Rung.PERSON, holder=MemberId("nurse"))
    after = await looked_at(small, step)
    [offer] = await small.town.all(Offer)
    assert (offer.state, after.state) == (OfferState.WAITING, StepState.TOLD)
    assert await written_to(small) == set(), "it waits on their page"


async def test_a_first_offer_is_one_message_and_is_looked_at_again_in_six_hours(small: Small) -> None:
    await small.put(an_incident, _offer(OfferState.WAITING))
    step = held(StepKind.OFFER, "o", rung=Rung.PERSON, holder=MemberId("nurse"))
    after = await looked_at(small, step)
    assert after.state is StepState.WAITING, "told means sent"
    assert after.due_at == small.town.clock.now() + SIX_HOURS
    assert await written_to(small) == {"nurse"}


async def test_whoever_stopped_messages_finds_the_offer_on_their_page(small: Small) -> None:
    def stop(tx: Tx) -> None:
        nurse = tx.get(Member, MemberId("nurse"))
        assert nurse is not None
        tx.save(replace(nurse, messages_stopped=True))

    await small.town.write(stop)
    await small.put(an_incident, _offer(OfferState.WAITING))
    after = await looked_at(small, held(StepKind.OFFER, "o", rung=Rung.PERSON, holder=MemberId("nurse")))
    assert after.state is StepState.TOLD
    assert await written_to(small) == set()


async def test_a_message_for_an_offer_at_night_is_queued_at_once_and_goes_out_in_the_morning(
    small: Small,
) -> None:
    """Whatever they answer until then, on their page or to a colleague: a message that did not come would say so."""
    small.town.clock.move(timedelta(hours=12))
    await small.put(an_incident, _offer(OfferState.WAITING))
    await looked_at(small, held(StepKind.OFFER, "o", rung=Rung.PERSON, holder=MemberId("nurse")))
    assert await written_to(small) == {"nurse"}
    await small.town.clockwork.deliver()
    [one] = [
        one for one in await small.town.all(Outgoing, state=OutboxState.QUEUED) if one.member_id == "nurse"
    ]
    assert (one.due_at.date(), one.due_at.hour) == (MONDAY.date() + timedelta(days=1), 9)
