"""Answering a request one has taken: keep it, begin a talk about stress or after a hard event, or end it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.cases import first_contact
from trim_bot.app.cases.opening import open_case
from trim_bot.app.events.exposed import LONGEST_AGO
from trim_bot.app.people.meeting import meet_unlisted
from trim_bot.app.requests.commands import AnswerRequest
from trim_bot.app.requests.hands import finish, hold, request_of
from trim_bot.app.requests.repeat import go_on, open_one
from trim_bot.app.seam import mending
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.work import Next, Outcome, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.words.clocks import clock_of_site, read_time, zone_chosen
from trim_bot.domain.cases import Case
from trim_bot.domain.errors import Invalid
from trim_bot.domain.requests import RequestState, SupportRequest

STRESS = "straw_style_v1"
TRAUMA = "trim_style_v1"


def answer(work: Work, command: AnswerRequest) -> Next:
    """Keep the reply, which the person reads on their page or with their code, and do what follows.

    Raises Invalid where a talk after a hard event has no time that has passed.
    """
    before = request_of(work, command.request)
    request = _answered(work, before, command.reply)
    if request.reply != before.reply:
        waits.changed(work, request.member_id)
    match command.then:
        case "stress":
            return _begin(work, request, STRESS, None)
        case "trauma":
            return _begin(work, request, TRAUMA, _ended(work, command))
        case "close":
            request = _written_to(work, request)
            work.tx.save(replace(request, state=RequestState.CLOSED, contact_by=None, ended_at=work.now))
            finish(work, request)
            return Outcome("request_closed", {"request": request.id})
        case _:
            work.tx.save(request)
            hold(work, request)
            if request.reply != before.reply:
                _word_left(work, request)
            return Outcome("request_kept", {"request": request.id})


def _answered(work: Work, request: SupportRequest, reply: str) -> SupportRequest:
    """The request with its answer; another answer than before is one that nobody has read."""
    if reply == request.reply:
        return request
    return replace(request, reply=reply, answered_at=work.now if reply else None, read_at=None)


def _begin(work: Work, request: SupportRequest, programme: str, ended: datetime | None) -> Next:
    """A case takes the words over, under a key of its own; the request keeps only the reply.

    Somebody who asked by name and has such a case open goes on with that one.
    """
    held = open_one(work, request, programme)
    if held is not None:
        return _become(work, request, go_on(work, held, request, ended))
    member = request.member_id if request.member_id is not None else meet_unlisted(work.tx, "", "").id
    case = open_case(
        work,
        member_id=member,
        programme=programme,
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
    if work.now - ended > LONGEST_AGO:
        raise Invalid(ended_on=mending.DATE_LONG_AGO)
    return ended
