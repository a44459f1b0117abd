"""The voluntary invitation: yes, not now, no, each as easy as the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from trim_bot.app.cases import first_contact
from trim_bot.app.cases.opening import open_or_join
from trim_bot.app.cases.state import get_incident, get_member, get_offer
from trim_bot.app.events import answer_screens as screens
from trim_bot.app.events.commands import (
    AcceptOffer,
    AcceptWithSomeoneElse,
    DeclineOffer,
    OfferAnswer,
    OpenContact,
    OpenOffer,
    PutOffOffer,
    RecordAnswer,
)
from trim_bot.app.events.exposed import end_for
from trim_bot.app.events.tell_in_person import as_typed
from trim_bot.app.people.counted import count_came
from trim_bot.app.people.counting import count_person, count_recorded
from trim_bot.app.people.eligible import manages, may_take, still_here
from trim_bot.app.people.reaching_by import reach_of
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Concerned, Next, Outcome, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.hours import working_days_on
from trim_bot.domain.bulletins import Figure
from trim_bot.domain.ids import MemberId
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Measure
from trim_bot.domain.steps import Rung, StepKind, StepState

ANSWERABLE = (OfferState.WAITING, OfferState.NOT_NOW, OfferState.NO_REPLY)


def open_offer(work: Work, command: OpenOffer) -> Screen:
    """The offer with its three equal answers, or what was answered."""
    offer = get_offer(work, command.offer)
    if offer.state not in ANSWERABLE:
        return screens.answered(offer)
    incident = get_incident(work, offer.incident_id)
    proposed = still_here(work, offer.proposed)
    if proposed is not None and manages(work, proposed.id, offer.member_id):
        proposed = None
    name = proposed.name if proposed is not None else ""
    ended = end_for(work, incident, offer.member_id)
    return screens.offer_page(offer, ended.astimezone(work.zone).date(), name, work.site)


def accept(work: Work, command: AcceptOffer) -> Next:
    """The person says yes to an offer, and their case begins."""
    offer = get_offer(work, command.offer)
    return _accept(work, offer, offer.proposed, ())


def accept_with_someone_else(work: Work, command: AcceptWithSomeoneElse) -> Next:
    """Yes, but not with the practitioner who was named."""
    offer = get_offer(work, command.offer)
    refused = (offer.proposed,) if offer.proposed is not None else ()
    return _accept(work, offer, None, refused)


def put_off(work: Work, command: PutOffOffer) -> Outcome:
    """Not now: asked once more later, at most."""
    offer = get_offer(work, command.offer)
    if offer.state in ANSWERABLE:
        answer_not_now(work, offer)
    return Outcome("offer_put_off", {"offer": offer.id})


def decline(work: Work, command: DeclineOffer) -> Outcome:
    """No: nothing follows, and nobody is told."""
    offer = get_offer(work, command.offer)
    if offer.state in ANSWERABLE:
        answer_no(work, offer)
    return Outcome("offer_declined", {"offer": offer.id})


def open_contact(work: Work, command: OpenContact) -> Screen:
    """Whom to tell in person, and the form for what they said."""
    offer = get_offer(work, command.offer)
    member = get_member(work, offer.member_id)
    incident = get_incident(work, offer.incident_id)
    name, phone, best_time = as_typed(work, incident, member)
    if phone or best_time:
        member = replace(member, phone=phone, best_time=best_time)
    day = end_for(work, incident, offer.member_id).astimezone(work.zone).date()
    return screens.contact_form(offer, replace(member, name=name, reach=reach_of(work, member)), day)


def record_answer(work: Work, command: RecordAnswer) -> Outcome:
    """Record what somebody said in a talk. An answer they gave themselves stands."""
    offer = get_offer(work, command.offer)
    if offer.state in ANSWERABLE:
        match command.answer:
            case OfferAnswer.YES:
                _accept(work, offer, work.who.id, ())
            case OfferAnswer.NOT_NOW:
                answer_not_now(work, offer)
            case OfferAnswer.NO:
                answer_no(work, offer)
            case OfferAnswer.NOT_REACHED:
                _try_again(work, offer)
            case _:
                assert_never(command.answer)
    return Outcome("answer_recorded", {"offer": offer.id})


def _accept(work: Work, offer: Offer, holder: MemberId | None, refused: tuple[MemberId, ...]) -> Next:
    if offer.state not in ANSWERABLE:
        return OpenOffer(offer.id)
    incident = get_incident(work, offer.incident_id)
    if holder is not None and not may_take(work, holder, Concerned(offer.member_id, (incident.id,), refused)):
        holder = None
    case = open_or_join(
        work,
        member_id=offer.member_id,
        programme=offer.programme,
        holder=holder,
        exposure_ended=end_for(work, incident, offer.member_id),
        incident=incident.id,
        refused=refused,
    )
    case = first_contact.owe(work, case)
    if case.holder == work.who.id:
        # Whoever recorded the yes is talking with them.
        first_contact.reached(work, case)
    _answer(work, offer, OfferState.ACCEPTED, StepState.DONE, case_id=case.id)
    if offer.member_id == work.who.id:
        count_person(work, Measure.ACCEPTED, offer.member_id)
        count_came(work, offer.member_id, Figure.CAME_OFFERED)
    else:
        count_recorded(work, Measure.ACCEPTED)
    return Outcome("offer_accepted", {"offer": offer.id, "case": case.id})


def answer_not_now(work: UnitOfWork, offer: Offer) -> None:
    """Ask once more later; pressed again before that time has come, it changes nothing."""
    steps = waits.open_steps(work, kind=StepKind.OFFER, subject=offer.id)
    if offer.state is OfferState.NOT_NOW and any(step.opens_at > work.now for step in steps):
        return
    again = not offer.offered_again
    _answer(work, replace(offer, offered_again=True), OfferState.NOT_NOW, StepState.MOVED)
    if again:
        days = work.definitions.programmes[offer.programme].offer.reoffer_after_days
        waits.begin(
            work, StepKind.OFFER, offer.id, Rung.PERSON, offer.member_id,
            opens_at=min(work.now + timedelta(days=days), max(offer.closes_at, work.now)),
        )  # fmt: skip


def answer_no(work: UnitOfWork, offer: Offer) -> None:
    """No, and nothing waits for an answer any more."""
    _answer(work, offer, OfferState.DECLINED, StepState.DECLINED)


def _answer(work: UnitOfWork, offer: Offer, state: OfferState, ended: StepState, **more: object) -> None:
    work.tx.save(replace(offer, state=state, answered_at=work.now, taken_by=None, **more))  # type: ignore[arg-type]
    waits.end(work, ended, subject=offer.id)


def _try_again(work: Work, offer: Offer) -> None:
    """Not reached: try again in two working days, twice at most; then it rests without a mark."""
    for step in waits.open_steps(work, kind=StepKind.CONTACT, subject=offer.id):
        if step.tries + 1 >= POLICY.tries_in_person:
            _answer(work, offer, OfferState.NO_REPLY, StepState.CANCELLED)
            return
        days = work.site.rung_working_days
        later = min(working_days_on(work, one, days) for one in (work.who.member, None))
        work.tx.save(
            replace(
                step, state=StepState.WAITING, due_at=later, opens_at=later, reminders=0, tries=step.tries + 1
            )
        )
