"""Answers a request, from taking it out of the pool to its end: one file, since every press on it leads to
the next.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from trim_bot.app.cases import conversation_screens as screens
from trim_bot.app.cases import first_contact
from trim_bot.app.cases.commands import ContactOutcome, OpenFirstContact, RecordFirstContact
from trim_bot.app.cases.conversation_screens import touch
from trim_bot.app.cases.opening import open_case
from trim_bot.app.cases.screens import NO_NAME
from trim_bot.app.cases.stages import STILL_OPEN
from trim_bot.app.cases.state import get_case, get_member, told_of_lapse
from trim_bot.app.people.eligible import conflict_free, could_take, has_room
from trim_bot.app.people.meeting import meet_unlisted
from trim_bot.app.people.reaching_by import reach_of
from trim_bot.app.people.screens import REACH
from trim_bot.app.requests import screens as requests_screens
from trim_bot.app.requests.commands import AnswerRequest, OpenRequest, PassRequest, TakeRequest
from trim_bot.app.requests.hands import (
    colleague_of,
    finish,
    give_back,
    go_on,
    hold,
    open_one,
    request_of,
    step_of,
)
from trim_bot.app.seam import mending
from trim_bot.app.seam.links import OpenCase, OpenTaken
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.views import PersonCard, Text
from trim_bot.app.seam.work import Concerned, Next, Outcome, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import climb
from trim_bot.app.waiting.ladder import pool
from trim_bot.app.words.clocks import clock_of_site, read_time, zone_chosen
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.cases import Case, CheckIn
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.ids import RequestId, StepId
from trim_bot.domain.people import Account, Address, Member, Platform, Reach
from trim_bot.domain.policy import POLICY
from trim_bot.domain.requests import AfterAnswer, RequestState, SupportRequest
from trim_bot.domain.steps import Rung, Step
from workflows.programme import WindowClock


def open_request(work: Work, command: OpenRequest) -> Screen:
    """How long it has waited and in which language; never a name or a word of it."""
    request = request_of(work, command.request)
    if not conflict_free(work, work.who.id, Concerned(request.member_id, (), request.passed_by)):
        raise NotOpen("conflict")
    able = could_take(work, work.who.id, Concerned(request.member_id, (), request.passed_by))
    full = 0 if _has_room(work, request) else work.site.most_open_cases
    waited = work.now - request.asked_at
    return requests_screens.request_page(request.id, waited, request.language, can_take=able, full=full)


def take(work: Work, command: TakeRequest) -> Next:
    """The first to take it has it. Raises NotOpen for a conflict, and when it is no longer to be had."""
    request = request_of(work, command.request)
    if not could_take(work, work.who.id, Concerned(request.member_id, (), request.passed_by)):
        raise NotOpen("conflict")
    if not _has_room(work, request):
        return OpenRequest(request.id)
    taken = replace(request, state=RequestState.TAKEN, taken_by=work.who.id)
    work.tx.save(taken)
    hold(work, taken)
    first_contact.owe_for(work, taken)
    return OpenTaken(request.id)


def pass_on(work: Work, command: PassRequest) -> Outcome:
    """Not me: before taking it, or after. It goes to the others, and never again to whoever said so."""
    request = request_of(work, command.request)
    passed = replace(request, passed_by=(*request.passed_by, work.who.id))
    if request.taken_by == work.who.id:
        give_back(work, passed)
        return Outcome("request_passed")
    work.tx.save(passed)
    step = step_of(work, request)
    if step is not None:
        mine = step.holder == work.who.id
        nobody_left = step.rung is Rung.POOL and not pool(work, step)
        if mine and step.rung is Rung.ASSIGNED and request.state is RequestState.WAITING:
            # It came to them because they know the person; the others have not seen it yet.
            waits.pass_to(work, step, Rung.POOL, None)
        elif mine or nobody_left:
            climb(work, step)
    return Outcome("request_passed")


def _has_room(work: Work, request: SupportRequest) -> bool:
    """Whether the site's limit leaves room for it; a colleague who has the person's talks already needs none."""
    return has_room(work, work.who.id) or colleague_of(work, request) == work.who.id


def open_taken(work: Work, command: OpenTaken) -> Screen:
    """The request in full, to the practitioner who took it."""
    request = request_of(work, command.request)
    known = colleague_of(work, request) == work.who.id
    owed = first_contact.step_of(work, request.id)
    return requests_screens.taken_form(
        request,
        _asker(work, request),
        known=known,
        contact=(*_passes_on(work, request), *touch(owed, work.zone)),
        clock=clock_of_site(work),
    )


def _passes_on(work: Work, request: SupportRequest) -> tuple[Text, ...]:
    """That it goes to a colleague, to whoever took it and whose training has run out."""
    told = told_of_lapse(work, request)
    if told is None:
        return ()
    until = told.opens_at + POLICY.lapsed_holds_for
    return (requests_screens.passes_on(spoken_day(until.astimezone(work.zone).date())),)


def _asker(work: Work, request: SupportRequest) -> PersonCard | None:
    """Who asked, where they gave their name."""
    if not request.named or request.member_id is None:
        return None
    member = work.tx.get(Member, request.member_id)
    if member is None:
        return None
    chat = None if member.reach is Reach.BROWSER else _chat_of(work, member)
    return PersonCard(
        member.name,
        member.phone,
        REACH[reach_of(work, member)],
        member.best_time,
        chat,
        requests_screens.REQUEST,
    )


def _chat_of(work: Work, member: Member) -> Address | None:
    accounts = work.tx.find(Account, member_id=member.id)
    return next((Address.parse(one.address) for one in accounts if one.platform is not Platform.WEB), None)


def answer(work: Work, command: AnswerRequest) -> Next:
    """Keep the reply, which the person reads on their page or with their code, and do what follows.

    Raises Invalid where a talk after a hard event has no time that has passed.
    """
    before = request_of(work, command.request)
    request = _answered(work, before, command.reply)
    if request.reply != before.reply:
        waits.changed(work, request.member_id)
    match command.then:
        case AfterAnswer.STRESS:
            return _begin(work, request, WindowClock.AGREED, None)
        case AfterAnswer.TRAUMA:
            return _begin(work, request, WindowClock.TRAUMA, _ended(work, command))
        case AfterAnswer.CLOSE:
            request = _written_to(work, request)
            work.tx.save(replace(request, state=RequestState.CLOSED, contact_by=None, ended_at=work.now))
            finish(work, request)
            return Outcome("request_closed", {"request": request.id})
        case AfterAnswer.WAIT:
            work.tx.save(request)
            hold(work, request)
            if request.reply != before.reply:
                _word_left(work, request)
            return Outcome("request_kept", {"request": request.id})
        case _:
            assert_never(command.then)


def _answered(work: Work, request: SupportRequest, reply: str) -> SupportRequest:
    """The request with its answer; another answer than before is one that nobody has read."""
    if reply == request.reply:
        return request
    return replace(request, reply=reply, answered_at=work.now if reply else None, read_at=None)


def _begin(work: Work, request: SupportRequest, clock: WindowClock, ended: datetime | None) -> Next:
    """A case takes the words over, under a key of its own; the request keeps only the reply.

    Somebody who asked by name and has such a case open goes on with that one, by whichever version it began.
    Raises NotOpen when the site has no programme of this kind.
    """
    held = open_one(work, request, clock)
    if held is not None:
        return _become(work, request, go_on(work, held, request, ended))
    programme = work.definitions.begun_by(clock)
    if programme is None:
        raise NotOpen("programme")
    member = request.member_id if request.member_id is not None else meet_unlisted(work.tx, "", "").id
    case = open_case(
        work,
        member_id=member,
        programme=programme.key,
        holder=work.who.id,
        exposure_ended=ended,
        named=request.named,
        account=request.text,
        contact=request.contact,
        refused=request.passed_by,
    )
    return _become(work, request, case)


def _written_to(work: Work, request: SupportRequest) -> SupportRequest:
    """Somebody who gave no name, or whose request ends with an answer, has been got in touch with by the answer."""
    return first_contact.reached(work, request) if request.reply else request


def _word_left(work: Work, request: SupportRequest) -> None:
    """A reply is the only way to somebody without a name; for anyone else it is word left, and a call follows."""
    step = first_contact.step_of(work, request.id)
    if not request.named:
        _written_to(work, request)
    elif step is not None and request.reply:
        first_contact.tried(work, step, left_word=True)


def _become(work: Work, request: SupportRequest, case: Case) -> Next:
    if not request.named:
        request = _written_to(work, request)
    first_contact.go_on_in(work, request, case)
    work.tx.save(
        replace(
            request,
            state=RequestState.CASE,
            case_id=case.id,
            text="",
            contact="",
            contact_by=None,
            ended_at=work.now,
        )
    )
    finish(work, request)
    return OpenCase(case.id)


def _ended(work: Work, command: AnswerRequest) -> datetime:
    """When the exposure ended, UTC; by the clock that the form names."""
    if command.ended_on is None or command.ended_at is None:
        missing = {}
        if command.ended_on is None:
            missing["ended_on"] = mending.GIVE_DATE
        if command.ended_at is None:
            missing["ended_at"] = mending.GIVE_TIME
        raise Invalid(**missing)
    clock = clock_of_site(work)
    ended = read_time(clock, command.clock, command.ended_on, command.ended_at)
    if ended > work.now:
        today = work.now.astimezone(ZoneInfo(zone_chosen(clock, command.clock))).date()
        raise Invalid(**{"ended_on" if command.ended_on > today else "ended_at": mending.DATE_IN_FUTURE})
    if work.now - ended > POLICY.longest_ago:
        raise Invalid(ended_on=mending.DATE_LONG_AGO)
    return ended


def open_first_contact(work: Work, command: OpenFirstContact) -> Screen:
    """The person, by when they were told to hear from somebody, and the three ways it can have gone."""
    step = _step(work, command.step)
    case = step.case_id
    back = OpenCase(case) if case is not None else OpenTaken(RequestId(step.subject))
    return screens.contact_form(step, _person(work, step), _not_before(work, step), work.zone, back)


def record(work: Work, command: RecordFirstContact) -> Outcome:
    """Keep how it went: it is done, or it waits again, and after several tries in vain the lead is asked."""
    step = _step(work, command.step)
    match command.outcome:
        case ContactOutcome.REACHED:
            _reached(work, step)
        case ContactOutcome.LEFT_WORD | ContactOutcome.NOT_YET:
            first_contact.tried(work, step, left_word=command.outcome is ContactOutcome.LEFT_WORD)
        case _:
            assert_never(command.outcome)
    return Outcome("contact_kept", {"step": step.id})


def _reached(work: Work, step: Step) -> None:
    if step.case_id is None:
        first_contact.reached(work, request_of(work, RequestId(step.subject)))
    else:
        first_contact.reached(work, get_case(work, step.case_id))


def _step(work: Work, id: StepId) -> Step:
    step = work.tx.get(Step, id)
    if step is None:
        raise NotOpen("step")
    return step


def _person(work: Work, step: Step) -> PersonCard | None:
    """Who is to hear from us, as the case or the request shows them; None where only a written reply reaches them."""
    if step.case_id is None:
        request, talk = request_of(work, RequestId(step.subject)), requests_screens.REQUEST
        if request.member_id is None or not request.named:
            return PersonCard(NO_NAME, "", request.contact, "", talk=talk) if request.contact else None
        member = get_member(work, request.member_id)
        how = request.contact or REACH[reach_of(work, member)]
        return PersonCard(member.name, member.phone, how, member.best_time, talk=talk)
    case = get_case(work, step.case_id)
    member = get_member(work, case.member_id)
    how, talk = (
        case.contact or REACH[reach_of(work, member)],
        work.definitions.programmes[case.programme].name,
    )
    if not case.named:
        return PersonCard(NO_NAME, "", how, "", talk=talk)
    return PersonCard(member.name, member.phone, how, member.best_time, talk=talk)


def _not_before(work: Work, step: Step) -> CheckIn | None:
    """The next conversation, where its time has not come."""
    if step.case_id is None:
        return None
    coming = work.tx.find(CheckIn, case_id=step.case_id, state=STILL_OPEN, order_by="opens_at", limit=1)
    return coming[0] if coming and coming[0].opens_at > work.now else None
