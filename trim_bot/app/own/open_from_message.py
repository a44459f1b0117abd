"""Opens what waits for whoever presses; every step is looked at afresh, and what follows is authorised anew."""

from __future__ import annotations

from typing import assert_never

from trim_bot.app.cases.commands import OpenAssign, OpenSupervision, OpenTake
from trim_bot.app.cases.entitled import LEADING
from trim_bot.app.events.call_sheet_commands import OpenCallSheet
from trim_bot.app.events.commands import OpenContact, OpenOffer
from trim_bot.app.events.entitled_calls import own_call_row
from trim_bot.app.events.tell_in_person import rows_for
from trim_bot.app.own.commands import OpenWaiting
from trim_bot.app.own.waiting import waiting_for
from trim_bot.app.people.eligible import SERVES
from trim_bot.app.requests.commands import OpenRequest
from trim_bot.app.safety.commands import OpenSafety, OpenSafetyCall
from trim_bot.app.seam.links import OpenCase, OpenMe, OpenReferralMove, OpenStatus, OpenStepWaiting, OpenTaken
from trim_bot.app.seam.work import Next, Outcome, Work
from trim_bot.app.waiting.handles import message_behind
from trim_bot.domain.cases import Case
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.incidents import Incident, Offer
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Role
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import OPEN_STATES, Outgoing, Rung, Step, StepKind, StepState

NOTES = {MessageKind.WELCOME.value: "welcome", MessageKind.MONTHLY.value: "monthly_note"}
"""The page behind a message that everybody gets, as long as nothing waits for whoever opens it."""


def open_step(work: Work, command: OpenStepWaiting) -> Next:
    """A step of a page, or whatever waits for whoever presses: the one thing, or the list of all that waits.

    Messages of older desks name a step. Where it has ended they open what waits now, like any other message.
    """
    named = work.tx.get(Step, command.step) if command.step else None
    if named is not None and named.state in OPEN_STATES:
        own = named.kind is StepKind.CONTACT and _tells(work, named.subject)
        return OpenContact(named.subject) if own else _leads_to(work, named)
    message = message_behind(work, command.m)
    waiting = waiting_for(work)
    if not waiting and message is not None and message.kind in NOTES:
        return Outcome(NOTES[message.kind])
    ended = named or _about(work, message)
    if not waiting and ended is not None and ended.holder == work.who.id:
        if ended.kind is StepKind.OFFER:
            # What they answered stays theirs to look at.
            return OpenOffer(ended.subject)
        if ended.kind is StepKind.SAFETY and ended.state is StepState.DONE:
            # Whoever was called must not be left to wonder whether anybody has it.
            return Outcome("safety_already", {"case": ended.case_id or ""})
    if not waiting and Role.COORDINATOR in work.who.roles and not work.who.roles & SERVES:
        return OpenStatus()
    places = [_leads_to(work, one) for one in waiting]
    # Several things about one case or one request wait in one place.
    return places[0] if places and all(one == places[0] for one in places) else OpenWaiting()


def _to_tell(work: Work, step: Step) -> Next:
    """The form for the one person of an event who is to be told, else the event's call sheet. Raises NotOpen."""
    offer = work.tx.get(Offer, step.subject)
    incident = work.tx.get(Incident, offer.incident_id) if offer is not None else None
    rows = rows_for(work, incident) if incident is not None else []
    if incident is None or not rows:
        raise NotOpen("offer")
    if len(rows) == 1 and _tells(work, rows[0].offer.id):
        return OpenContact(rows[0].offer.id)
    return OpenCallSheet(incident.id)


def _tells(work: Work, offer: str) -> bool:
    """Whether whom to tell may be shown to whoever asks without their taking it first."""
    try:
        own_call_row(work, {"offer": offer})
    except NotOpen:
        return False
    return True


def _about(work: Work, message: Outgoing | None) -> Step | None:
    return work.tx.get(Step, message.step_id) if message is not None and message.step_id else None


def _leads_to(work: Work, step: Step) -> Next:
    """The form or page a step waits in."""
    if step.kind is StepKind.OFFER and step.holder == work.who.id:
        return OpenOffer(step.subject)
    if step.rung is Rung.NOBODY and Role.COORDINATOR in work.who.roles and not work.who.roles & LEADING:
        return OpenStatus()
    case = step.case_id or ""
    match step.kind:
        case StepKind.OFFER:
            return OpenOffer(step.subject)
        case StepKind.CONTACT:
            return _to_tell(work, step)
        case StepKind.AGREED_TIME:
            return OpenMe()
        case StepKind.REQUEST:
            return _request(work, step)
        case StepKind.ASSIGN:
            return _assign(work, step)
        case StepKind.FIRST_CONTACT if step.case_id is None:
            return _request(work, step)
        case StepKind.SUPERVISION:
            return OpenSupervision(step.id)
        case StepKind.FIRST_CONTACT | StepKind.CHECK_IN | StepKind.REVIEW:
            lost = step.rung is Rung.NOBODY and _held(work, step) != work.who.id
            return OpenAssign(case) if lost else OpenCase(case)
        case StepKind.SAFETY:
            holds = step.rung is Rung.NOBODY and _held(work, step) == work.who.id
            return OpenSafety(case) if holds else OpenSafetyCall(case)
        case StepKind.REFERRAL if step.rung is Rung.NOBODY and _held(work, step) != work.who.id:
            return OpenAssign(case)
        case StepKind.REFERRAL:
            return OpenReferralMove(step.subject)
        case _:
            assert_never(step.kind)


def _request(work: Work, step: Step) -> Next:
    request = work.tx.get(SupportRequest, step.subject)
    if request is None:
        raise NotOpen("request")
    mine = request.state is RequestState.TAKEN and request.taken_by == work.who.id
    return OpenTaken(step.subject) if mine else OpenRequest(step.subject)


def _assign(work: Work, step: Step) -> Next:
    """In the pool anyone may take it; above that a lead gives it to somebody."""
    case = step.case_id or step.subject
    if _held(work, step) == work.who.id:
        return OpenCase(case)
    if step.rung is not Rung.POOL and work.who.roles & LEADING:
        return OpenAssign(case)
    return OpenTake(case)


def _held(work: Work, step: Step) -> str | None:
    case = work.tx.get(Case, step.case_id) if step.case_id is not None else None
    return case.holder if case is not None else None
