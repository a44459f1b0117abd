"""Asking for support, signed in or not, and reading the answer with a code."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases.state import close_case
from trim_bot.app.people.counted import count_came
from trim_bot.app.people.counting import count_person
from trim_bot.app.requests import reply_screens, screens
from trim_bot.app.requests.commands import (
    AskForSupport,
    AskSignedOut,
    Naming,
    OpenAsk,
    OpenReply,
    ReadReply,
    StopSignedOut,
)
from trim_bot.app.requests.hands import mark_read, not_wanted, request_of, take_back, wait_for_colleague
from trim_bot.app.requests.tray import is_day_full, is_store_full, lay_in_tray
from trim_bot.app.seam import mending
from trim_bot.app.seam.links import OpenSupport
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Outcome, Undo, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.hours import day_of_answer
from trim_bot.domain.bulletins import Figure
from trim_bot.domain.cases import Case, CaseState, CloseReason
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.ids import RequestId, new_id, typed_code
from trim_bot.domain.records import Measure
from trim_bot.domain.requests import OPEN_REQUESTS, RequestState, SupportRequest, reply_code
from trim_bot.domain.steps import Rung, StepKind


def open_support(work: Work, command: OpenSupport) -> Screen:
    """The form for asking, with numbers to ring before anything else."""
    return screens.support_form(work.site, work.link, day_of_answer(work))


def ask(work: Work, command: AskForSupport) -> Outcome:
    """A member asks; their words are sealed under their own key."""
    member = work.who.member
    request = SupportRequest(
        id=RequestId(new_id()),
        key_id=member.key_id,
        member_id=member.id,
        named=command.name is Naming.NAMED,
        state=RequestState.WAITING,
        asked_at=work.now,
        language=member.language,
        text=command.text,
        contact=command.contact,
    )
    request = replace(request, passed_by=not_wanted(work, request))
    _keep(work, request)
    known = wait_for_colleague(work, request)
    return Outcome("request_received", {"request": request.id, "known": "yes" if known else "no"})


def open_ask(work: UnitOfWork, command: OpenAsk) -> Screen | Next:
    """The signed-out form. Somebody who is known here is shown the other one, which says what it knows."""
    if work.who.member is not None:
        return OpenSupport()
    return screens.ask_form(work.site, day_of_answer(work))


def ask_signed_out(work: UnitOfWork, command: AskSignedOut) -> Outcome:
    """Somebody unknown asks; the request has a key of its own.

    What comes on top of what a day passes on is kept too, in the leads' tray.

    Raises NotOpen for anyone who is known, and Undo when no more can be kept beside the work of those who serve.
    """
    if work.who.member is not None:
        raise NotOpen("signed_in")
    if is_store_full(work):
        raise Undo(screens.too_many(work.site))
    request = SupportRequest(
        id=RequestId(new_id()),
        key_id=work.tx.new_key(),
        member_id=None,
        named=False,
        state=RequestState.WAITING,
        asked_at=work.now,
        language=work.site.languages[0] if work.site.languages else "en",
        text=command.text,
        contact=command.contact,
        code=reply_code(work.tx.keyed, work.nonce),
    )
    aside = is_day_full(work)
    _keep(work, request)
    if aside:
        lay_in_tray(work)
    else:
        waits.begin(work, StepKind.REQUEST, request.id, Rung.POOL, None)
    return Outcome("request_sent", {"request": request.id})


def open_reply(work: UnitOfWork, command: OpenReply) -> Screen:
    """Where a reply code is typed."""
    return reply_screens.reply_form(work.site)


def read_reply(work: UnitOfWork, command: ReadReply) -> Screen:
    """What became of a signed-out request; never a stored outcome, so each reading is a fresh one."""
    code = typed_code(command.code)
    found = work.tx.find(SupportRequest, code=code, limit=1) if code is not None else []
    if not found:
        raise Invalid(code=mending.NO_SUCH_CODE)
    work.about(found[0])
    request = mark_read(work, found[0])
    stop = reply_screens.stop_button(request.id) if _goes_on(work, request) else None
    by, today = day_of_answer(work, request.asked_at), work.now.astimezone(work.zone).date()
    said = screens.state_line(request.state, by, today)
    return reply_screens.reply_screen(said, request.reply, work.site, stop)


def stop(work: UnitOfWork, command: StopSignedOut) -> Outcome:
    """Take a signed-out request back, and end the case it became. Raises NotOpen for one that has ended."""
    request = request_of(work, command.request)
    if not _goes_on(work, request):
        raise NotOpen("request")
    case = _case_of(work, request)
    if case is not None:
        close_case(work, case, CloseReason.WITHDRAWN)
    take_back(work, request)
    return Outcome("request_stopped", {"request": request.id})


def _goes_on(work: UnitOfWork, request: SupportRequest) -> bool:
    case = _case_of(work, request)
    return request.state in OPEN_REQUESTS or (case is not None and case.state is CaseState.OPEN)


def _case_of(work: UnitOfWork, request: SupportRequest) -> Case | None:
    return work.tx.get(Case, request.case_id) if request.case_id is not None else None


def _keep(work: UnitOfWork, request: SupportRequest) -> None:
    work.tx.add(request)
    count_person(work, Measure.REQUESTS, request.member_id)
    if request.member_id is not None:
        count_came(work, request.member_id, Figure.CAME_ASKED)
    work.about(request)
