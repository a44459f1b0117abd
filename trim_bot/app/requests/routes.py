"""Asking for support, answering somebody who asked, getting in touch, and the steps that wait for it."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.commands import OpenFirstContact, RecordFirstContact
from trim_bot.app.cases.entitled import (
    holds_first_contact,
    holds_request,
    own_case,
    own_request,
    unknown_request,
    waiting_or_held_request,
    waiting_request,
)
from trim_bot.app.cases.routes import case_or_planning
from trim_bot.app.cases.state import LapseStep, told_of_lapse
from trim_bot.app.people.access import ANYONE, LEADS, SERVES, SIGNED_OUT, signed_out
from trim_bot.app.requests import answering, hands, reply_screens, screens, support, tray
from trim_bot.app.requests.commands import (
    AnswerRequest,
    AskForSupport,
    AskSignedOut,
    ChangePractitioner,
    OpenAsk,
    OpenReply,
    OpenRequest,
    PassRequest,
    ReadReply,
    StopSignedOut,
    TakeFromTray,
    TakeRequest,
    WithdrawFromCase,
    WithdrawRequest,
)
from trim_bot.app.seam.links import OpenSupport, OpenTaken, OpenTray
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import Concerned, Next, StepRule, UnitOfWork, Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import RequestId
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Action, AnyMeasure, RecordRule
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Step, StepKind

ROUTES: tuple[Route, ...] = (
    form(
        "first_contact",
        OpenFirstContact,
        answering.open_first_contact,
        RecordFirstContact,
        answering.record,
        Action.CHANGED,
        allow=SERVES & holds_first_contact,
        reads=True,
    ),
    form(
        "support",
        OpenSupport,
        support.open_support,
        AskForSupport,
        support.ask,
        Action.REQUESTED,
        allow=ANYONE,
        words=("support",),
        to_all=True,
    ),
    form(
        "ask",
        OpenAsk,
        support.open_ask,
        AskSignedOut,
        support.ask_signed_out,
        Action.REQUESTED,
        allow=SIGNED_OUT,
        words=("ask",),
    ),
    form(
        "reply",
        OpenReply,
        support.open_reply,
        ReadReply,
        support.read_reply,
        Action.SHOWED,
        allow=SIGNED_OUT,
        words=("reply",),
    ),
    button("stop_request", StopSignedOut, support.stop, Action.WITHDRAWN, allow=signed_out(unknown_request)),
    page("request", OpenRequest, answering.open_request, allow=SERVES & waiting_request),
    button("take_request", TakeRequest, answering.take, Action.ASSIGNED, allow=SERVES & waiting_request),
    button(
        "pass_request",
        PassRequest,
        answering.pass_on,
        Action.ASSIGNED,
        allow=SERVES & waiting_or_held_request,
    ),
    form(
        "request_taken",
        OpenTaken,
        answering.open_taken,
        AnswerRequest,
        answering.answer,
        Action.ANSWERED,
        allow=SERVES & holds_request,
        reads=True,
    ),
    page("tray", OpenTray, tray.open_tray, allow=LEADS),
    button(
        "take_from_tray",
        TakeFromTray,
        tray.take_from_tray,
        Action.ASSIGNED,
        allow=LEADS & tray.lies_in_tray,
    ),
    button(
        "withdraw_request",
        WithdrawRequest,
        hands.withdraw_request,
        Action.WITHDRAWN,
        allow=ANYONE & own_request,
    ),
    button("withdraw", WithdrawFromCase, hands.withdraw, Action.WITHDRAWN, allow=ANYONE & own_case),
    button(
        "someone_else",
        ChangePractitioner,
        hands.change_practitioner,
        Action.ASSIGNED,
        allow=ANYONE & own_case,
    ),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "request_received": screens.received,
    "request_sent": screens.sent_without_name,
    "request_stopped": reply_screens.stopped,
    "request_passed": screens.passed,
    "request_kept": screens.kept,
    "request_closed": screens.closed,
}


def _request(work: Work, step: Step) -> Next:
    request = work.tx.get(SupportRequest, RequestId(step.subject))
    if request is None:
        raise NotOpen("request")
    mine = request.state is RequestState.TAKEN and request.taken_by == work.who.id
    return OpenTaken(request.id) if mine else OpenRequest(request.id)


def _contact(work: Work, step: Step) -> Next:
    return _request(work, step) if step.case_id is None else case_or_planning(work, step)


def _passes_on(work: UnitOfWork, step: Step) -> bool:
    """Whether it is still in the hands of whoever was told, and their training still has run out."""
    request = work.tx.get(SupportRequest, RequestId(step.subject))
    if request is None or request.state is not RequestState.TAKEN or request.taken_by != step.holder:
        return False
    return told_of_lapse(work, request) is not None


def _is_open(work: UnitOfWork, step: Step) -> bool:
    request = work.tx.get(SupportRequest, RequestId(step.subject))
    return request is not None and request.state in (RequestState.WAITING, RequestState.TAKEN)


def _is_owed(work: UnitOfWork, step: Step) -> bool:
    if step.case_id is not None:
        return True
    request = work.tx.get(SupportRequest, RequestId(step.subject))
    return request is not None and request.state is RequestState.TAKEN


def _asker(work: UnitOfWork, step: Step) -> Concerned:
    request = work.tx.get(SupportRequest, RequestId(step.subject))
    return Concerned(request.member_id, (), request.passed_by) if request else Concerned()


STEPS = (
    StepRule(
        StepKind.REQUEST,
        "Someone asked for support",
        _request,
        still_wanted=_is_open,
        concerns=_asker,
        has_cover=False,
    ),
    StepRule(
        StepKind.FIRST_CONTACT,
        "Someone to get in touch with",
        _contact,
        still_wanted=_is_owed,
        concerns=_asker,
        has_cover=False,
        goes_with_case=True,
    ),
    StepRule(
        LapseStep.REQUEST_PASSES_ON,
        "A request you took goes to a colleague soon",
        lambda work, step: OpenTaken(RequestId(step.subject)),
        still_wanted=_passes_on,
        lasts_until=lambda work, step: step.opens_at + POLICY.lapsed_holds_for,
        is_the_holders=False,
    ),
    StepRule(
        tray.TrayStep.FULL,
        "Requests without a name, on top of today's",
        lambda work, step: OpenTray(),
        still_wanted=lambda work, step: tray.is_any_left(work),
        has_cover=False,
        is_the_holders=False,
    ),
)

RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
