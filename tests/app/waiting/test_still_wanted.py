"""A step whose time has come goes on only while it is wanted; whom it goes to next depends on what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.app.relations import ENDED, Small, a_case, a_request, a_step, an_incident, an_offer
from tests.builders import MONDAY
from trim_bot.app.seam.ports import Tx
from trim_bot.app.waiting.due import look_at
from trim_bot.app.waiting.ladder import next_owner
from trim_bot.domain.cases import CheckIn, CheckInState
from trim_bot.domain.ids import CaseId, CheckInId, MemberId, ReferralId, ServiceId, StepId
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.people import Grant, Member, Training
from trim_bot.domain.records import Measure
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.requests import RequestState
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio
CASE = CaseId("c")


@pytest.fixture
async def small() -> Small:
    """Everybody, and nothing that happened yet."""
    return await Small().begin()


def held(kind: StepKind, subject: str, **changes: object) -> Step:
    return a_step(kind, subject, **{"rung": Rung.ASSIGNED, "holder": MemberId("holder"), **changes})


def a_check_in(state: CheckInState) -> CheckIn:
    return CheckIn(CheckInId("k"), CASE, "first", state, MONDAY, MONDAY, MONDAY + timedelta(days=9))


def a_referral(state: ReferralState) -> object:
    return lambda tx: Referral(ReferralId("f"), tx.new_key(), CASE, ServiceId("oh"), state, MONDAY, MONDAY)


def offered(state: OfferState) -> object:
    def make(tx: Tx) -> Offer:
        offer = an_offer()(tx)
        return Offer(
            offer.id, offer.key_id, offer.incident_id, offer.member_id, offer.programme, state, MONDAY,
            MONDAY + timedelta(days=28),
        )  # fmt: skip

    return make


async def goes_on(small: Small, step: Step) -> bool:
    """Whether the clock leaves a step open once it has looked at it."""
    await small.put(step)
    assert await small.town.work(lambda work: look_at(work, step.id))
    after = await small.town.write(lambda tx: tx.get(Step, step.id))
    assert after is not None
    return after.state in OPEN_STATES


@pytest.mark.parametrize("state", list(RequestState))
async def test_getting_in_touch_waits_as_long_as_the_request_is_taken(
    small: Small, state: RequestState
) -> None:
    await small.put(a_request(state=state, taken_by=MemberId("holder")))
    assert await goes_on(small, held(StepKind.FIRST_CONTACT, "r")) is (state is RequestState.TAKEN)


@pytest.mark.parametrize("state", list(RequestState))
async def test_a_request_waits_until_it_ends_or_is_a_case(small: Small, state: RequestState) -> None:
    await small.put(a_request(state=state))
    assert await goes_on(small, held(StepKind.REQUEST, "r")) is (
        state in (RequestState.WAITING, RequestState.TAKEN)
    )


@pytest.mark.parametrize("state", list(OfferState))
async def test_somebody_is_told_in_person_only_while_the_offer_waits(small: Small, state: OfferState) -> None:
    await small.put(an_incident, offered(state))
    assert await goes_on(small, held(StepKind.CONTACT, "o")) is (
        state in (OfferState.WAITING, OfferState.NOT_NOW)
    )


@pytest.mark.parametrize("state", list(CheckInState))
async def test_a_conversation_waits_until_it_was_held_or_left_out(small: Small, state: CheckInState) -> None:
    await small.put(a_case(holder=MemberId("holder")), a_check_in(state))
    assert await goes_on(small, held(StepKind.CHECK_IN, "k", case_id=CASE)) is (
        state in (CheckInState.PLANNED, CheckInState.OPEN)
    )


@pytest.mark.parametrize("state", list(ReferralState))
async def test_a_referral_waits_until_its_loop_is_closed(small: Small, state: ReferralState) -> None:
    await small.put(a_case(holder=MemberId("holder")), a_referral(state))
    assert await goes_on(small, held(StepKind.REFERRAL, "f", case_id=CASE)) is (
        state not in (ReferralState.CLOSED, ReferralState.DECLINED)
    )


@pytest.mark.parametrize("kind", list(StepKind))
async def test_of_a_case_that_has_ended_only_a_call_for_safety_waits_on(small: Small, kind: StepKind) -> None:
    subjects = {StepKind.CHECK_IN: "k", StepKind.AGREED_TIME: "k", StepKind.REFERRAL: "f"}
    await small.put(
        a_case(holder=MemberId("holder"), **ENDED), a_check_in(CheckInState.OPEN), a_referral(ReferralState.MADE)
    )  # fmt: skip
    assert await goes_on(small, held(kind, subjects.get(kind, "c"), case_id=CASE)) is (
        kind is StepKind.SAFETY
    )


@pytest.mark.parametrize("kind", list(StepKind))
async def test_what_a_step_was_about_may_be_gone(small: Small, kind: StepKind) -> None:
    assert await goes_on(small, held(kind, "gone", case_id=CaseId("gone"))) is False
    if kind not in (StepKind.ASSIGN, StepKind.SAFETY, StepKind.REVIEW, StepKind.SUPERVISION):
        assert await goes_on(small, held(kind, "gone", case_id=None, reminders=1)) is False


@pytest.mark.parametrize(
    ("state", "after"),
    [(OfferState.WAITING, OfferState.NO_REPLY), (OfferState.NOT_NOW, OfferState.NOT_NOW)],
)
async def test_an_offer_whose_time_went_by_rests_without_a_mark(
    small: Small, state: OfferState, after: OfferState
) -> None:
    await small.put(an_incident, offered(state))
    told = held(
        StepKind.OFFER, "o", rung=Rung.PERSON, holder=MemberId("nurse"), state=StepState.TOLD
    )  # fmt: skip
    assert await goes_on(small, told) is False
    [offer] = await small.town.all(Offer)
    assert offer.state is after


async def test_the_persons_note_of_an_agreed_time_rests_once_it_has_gone_by(small: Small) -> None:
    await small.put(a_case(holder=MemberId("holder")), a_check_in(CheckInState.PLANNED))
    note = held(
        StepKind.AGREED_TIME, "k", rung=Rung.PERSON, holder=MemberId("nurse"), state=StepState.TOLD,
        case_id=CASE,
    )  # fmt: skip
    assert await goes_on(small, note) is False


@pytest.mark.parametrize(
    ("state", "hour", "moved"),
    [
        (StepState.WAITING, timedelta(0), True),
        (StepState.WAITING, timedelta(seconds=1), False),
        (StepState.DONE, timedelta(0), False),
    ],
)
async def test_a_step_is_left_alone_before_its_time_and_after_its_end(
    small: Small, state: StepState, hour: timedelta, moved: bool
) -> None:
    step = held(
        StepKind.REVIEW, "c", case_id=CASE, state=state, due_at=small.town.clock.now() + hour
    )  # fmt: skip
    await small.put(a_case(holder=MemberId("holder")), step)
    assert await small.town.work(lambda work: look_at(work, step.id)) is moved
    assert not await small.town.work(lambda work: look_at(work, StepId("gone")))


@pytest.mark.parametrize(
    ("step", "first"),
    [
        (a_step(StepKind.REQUEST, "r"), Rung.LEAD),
        (held(StepKind.REQUEST, "r"), Rung.LEAD),
        (held(StepKind.FIRST_CONTACT, "r"), Rung.LEAD),
        (held(StepKind.FIRST_CONTACT, "c", case_id=CASE), Rung.COVER),
        (held(StepKind.CHECK_IN, "k", case_id=CASE), Rung.COVER),
        (held(StepKind.REVIEW, "c", case_id=CASE), Rung.COVER),
        (held(StepKind.CONTACT, "o"), Rung.LEAD),
        (held(StepKind.REVIEW, "c", case_id=CASE, rung=Rung.COVER), Rung.LEAD),
        (held(StepKind.REVIEW, "c", case_id=CASE, rung=Rung.LEAD), Rung.DEPUTY),
        (held(StepKind.REVIEW, "c", case_id=CASE, rung=Rung.DEPUTY), Rung.NOBODY),
        (held(StepKind.REVIEW, "c", case_id=CASE, rung=Rung.NOBODY), Rung.NOBODY),
        (held(StepKind.REVIEW, "c", case_id=CASE, rung=Rung.PERSON), Rung.NOBODY),
    ],
)
async def test_a_request_has_no_cover_and_goes_from_the_pool_to_a_lead(
    small: Small, step: Step, first: Rung
) -> None:
    await small.put(
        an_incident, an_offer(), a_case(holder=MemberId("holder"), cover=MemberId("cover")), a_request(), step
    )  # fmt: skip
    rung, owner = await small.town.work(lambda work: next_owner(work, step))
    assert rung is first
    assert owner == {Rung.COVER: "cover", Rung.LEAD: "lena", Rung.DEPUTY: "dev", Rung.NOBODY: None}[first]


@pytest.mark.parametrize(
    ("step", "rung"),
    [
        (held(StepKind.FIRST_CONTACT, "r"), Rung.LEAD),
        (held(StepKind.REQUEST, "r"), Rung.LEAD),
        (held(StepKind.FIRST_CONTACT, "c", case_id=CASE), Rung.COVER),
        (held(StepKind.CONTACT, "o"), Rung.COVER),
    ],
)
async def test_another_practitioner_covers_a_case_and_never_a_request(
    small: Small, step: Step, rung: Rung
) -> None:
    def train(tx: Tx) -> None:
        days = date(2026, 1, 5), date(2028, 1, 5)
        tx.add(Training("t", tx.new_key(), MemberId("other"), "Trainer", *days))

    await small.town.write(train)
    await small.put(an_incident, an_offer(), a_case(holder=MemberId("holder")), a_request())
    assert (await small.town.work(lambda work: next_owner(work, step)))[0] is rung


@pytest.mark.parametrize(("rung", "above"), [(Rung.ASSIGNED, Rung.COVER), (Rung.COVER, Rung.DEPUTY)])
async def test_whoever_did_not_act_is_not_asked_again_under_another_name(
    small: Small, rung: Rung, above: Rung
) -> None:
    """The lead holds it, or covers it: it goes past her to somebody else."""
    await small.put(a_case(holder=MemberId("lena"), cover=MemberId("cover")))
    # A database hands out another text with the same letters.
    step = held(StepKind.REVIEW, "c", case_id=CASE, rung=rung, holder=MemberId("".join(["le", "na"])))
    assert await small.town.work(lambda work: next_owner(work, step)) == (
        above, {Rung.COVER: "cover", Rung.DEPUTY: "dev"}[above],
    )  # fmt: skip


@pytest.mark.parametrize("change", ["left", "stopped", "role"])
@pytest.mark.parametrize("rung", [Rung.COVER, Rung.LEAD, Rung.DEPUTY])
async def test_whoever_left_stopped_messages_or_serves_no_more_is_passed_over(
    small: Small, rung: Rung, change: str
) -> None:
    gone = MemberId({Rung.COVER: "cover", Rung.LEAD: "lena", Rung.DEPUTY: "dev"}[rung])
    await small.put(a_case(holder=MemberId("holder"), cover=MemberId("cover")))

    def go(tx: Tx) -> None:
        member = tx.get(Member, gone)
        assert member is not None
        match change:
            case "left":
                tx.save(replace(member, left=True))
            case "stopped":
                tx.save(replace(member, messages_stopped=True))
            case _:
                for grant in tx.find(Grant, member_id=gone):
                    tx.drop(Grant, grant.id)

    await small.town.write(go)
    passed = [Rung.ASSIGNED, Rung.COVER, Rung.LEAD, Rung.DEPUTY]
    asked = held(StepKind.REVIEW, "c", case_id=CASE, rung=passed[passed.index(rung) - 1])
    _, owner = await small.town.work(lambda work: next_owner(work, asked))
    assert owner != gone


async def test_coming_to_the_end_is_counted_once(small: Small) -> None:
    step = held(
        StepKind.REVIEW, "c", case_id=CASE, rung=Rung.DEPUTY, state=StepState.TOLD, holder=MemberId("dev")
    )
    await small.put(a_case(holder=MemberId("holder")))
    assert await goes_on(small, step)
    totals = await small.town.write(lambda tx: tx.counts.totals("2026-W48"))
    assert totals[Measure.NO_OWNER] == 1
