"""Whom to get in touch with after a yes or a request, and how it went."""

from __future__ import annotations

from trim_bot.app.cases import first_contact
from trim_bot.app.cases import first_contact_screens as screens
from trim_bot.app.cases.commands import OpenFirstContact, RecordFirstContact
from trim_bot.app.cases.look_up import get_case, get_member
from trim_bot.app.cases.screens import NO_NAME
from trim_bot.app.cases.stages import STILL_OPEN
from trim_bot.app.people.screens import REACH
from trim_bot.app.requests.hands import request_of
from trim_bot.app.seam.links import OpenCase, OpenTaken
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.views import PersonCard
from trim_bot.app.seam.work import Outcome, Work
from trim_bot.domain.cases import CheckIn
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.steps import Step

LEFT_WORD = "left_word"
REACHED = "reached"


def open_first_contact(work: Work, command: OpenFirstContact) -> Screen:
    """The person, by when they were told to hear from somebody, and the three ways it can have gone."""
    step = _step(work, command.step)
    case = step.case_id
    back = OpenCase(case) if case is not None else OpenTaken(step.subject)
    return screens.contact_form(step, _person(work, step), _not_before(work, step), work.zone, back)


def record(work: Work, command: RecordFirstContact) -> Outcome:
    """Keep how it went: it is done, or it waits again, and after several tries in vain the lead is asked."""
    step = _step(work, command.step)
    if command.outcome == REACHED:
        if step.case_id is None:
            first_contact.reached(work, request_of(work, step.subject))
        else:
            first_contact.reached(work, get_case(work, step.case_id))
    else:
        first_contact.tried(work, step, left_word=command.outcome == LEFT_WORD)
    return Outcome("contact_kept", {"step": step.id})


def _step(work: Work, id: str) -> Step:
    step = work.tx.get(Step, id)
    if step is None:
        raise NotOpen("step")
    return step


def _person(work: Work, step: Step) -> PersonCard | None:
    """Who is to hear from us, as the case or the request shows them; None where only a written reply reaches them."""
    if step.case_id is None:
        request = request_of(work, step.subject)
        if request.member_id is None or not request.named:
            return PersonCard(NO_NAME, "", request.contact, "") if request.contact else None
        member = get_member(work, request.member_id)
        return PersonCard(member.name, member.phone, request.contact or REACH[member.reach], member.best_time)
    case = get_case(work, step.case_id)
    member = get_member(work, case.member_id)
    how = case.contact or REACH[member.reach]
    if not case.named:
        return PersonCard(NO_NAME, "", how, "")
    return PersonCard(member.name, member.phone, how, member.best_time)


def _not_before(work: Work, step: Step) -> CheckIn | None:
    """The next conversation, where its time has not come."""
    if step.case_id is None:
        return None
    coming = work.tx.find(CheckIn, case_id=step.case_id, state=STILL_OPEN, order_by="opens_at", limit=1)
    return coming[0] if coming and coming[0].opens_at > work.now else None
