"""Asking for support, answering somebody who asked, and getting in touch."""

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
from trim_bot.app.people.access import ANYONE, SERVES, SIGNED_OUT
from trim_bot.app.requests import (
    answering,
    first_contact,
    handlers,
    screens,
    support,
    support_screens,
    withdrawing,
)
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
    TakeRequest,
    WithdrawFromCase,
    WithdrawRequest,
)
from trim_bot.app.requests.steps import STEPS
from trim_bot.app.seam.links import OpenSupport, OpenTaken
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.domain.records import Action

ROUTES: tuple[Route, ...] = (
    form(
        "first_contact",
        OpenFirstContact,
        first_contact.open_first_contact,
        RecordFirstContact,
        first_contact.record,
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
    button("stop_request", StopSignedOut, support.stop, Action.WITHDRAWN, allow=SIGNED_OUT & unknown_request),
    page("request", OpenRequest, handlers.open_request, allow=SERVES & waiting_request),
    button("take_request", TakeRequest, handlers.take, Action.ASSIGNED, allow=SERVES & waiting_request),
    button(
        "pass_request", PassRequest, handlers.pass_on, Action.ASSIGNED, allow=SERVES & waiting_or_held_request
    ),
    form(
        "request_taken",
        OpenTaken,
        handlers.open_taken,
        AnswerRequest,
        answering.answer,
        Action.ANSWERED,
        allow=SERVES & holds_request,
        reads=True,
    ),
    button(
        "withdraw_request",
        WithdrawRequest,
        withdrawing.withdraw_request,
        Action.WITHDRAWN,
        allow=ANYONE & own_request,
    ),
    button("withdraw", WithdrawFromCase, withdrawing.withdraw, Action.WITHDRAWN, allow=ANYONE & own_case),
    button(
        "someone_else",
        ChangePractitioner,
        withdrawing.change_practitioner,
        Action.ASSIGNED,
        allow=ANYONE & own_case,
    ),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "request_received": support_screens.received,
    "request_sent": support_screens.sent_without_name,
    "request_stopped": support_screens.stopped,
    "request_passed": screens.passed,
    "request_kept": screens.kept,
    "request_closed": screens.closed,
}

__all__ = ["OUTCOMES", "ROUTES", "STEPS"]
