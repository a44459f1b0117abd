"""Taking back a request, ending one's part in a case, or going on with somebody else."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases.hands import release
from trim_bot.app.cases.look_up import get_case
from trim_bot.app.cases.state import close_case
from trim_bot.app.requests.commands import ChangePractitioner, WithdrawFromCase, WithdrawRequest
from trim_bot.app.requests.hands import request_of
from trim_bot.app.requests.repeat import not_with
from trim_bot.app.seam.work import Outcome, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.cases import CloseReason
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.requests import OPEN_REQUESTS, RequestState, SupportRequest
from trim_bot.domain.steps import StepKind, StepState


def withdraw_request(work: Work, command: WithdrawRequest) -> Outcome:
    """Take one's own request back. Raises NotOpen for one that has ended or become a case."""
    request = request_of(work, command.request)
    if request.state not in OPEN_REQUESTS:
        raise NotOpen("request")
    take_back(work, request)
    return Outcome("request_withdrawn", {"request": request.id})


def take_back(work: Work, request: SupportRequest) -> None:
    """End a request, with the words in it; nothing waits for it any more."""
    work.tx.save(
        replace(
            request,
            state=RequestState.WITHDRAWN,
            text="",
            contact="",
            reply="",
            contact_by=None,
            ended_at=work.now,
            answered_at=None,
            read_at=None,
        )
    )
    for kind in (StepKind.REQUEST, StepKind.FIRST_CONTACT):
        waits.end(work, StepState.CANCELLED, kind=kind, subject=request.id)


def withdraw(work: Work, command: WithdrawFromCase) -> Outcome:
    """End one's own part: reminders stop at once."""
    case = get_case(work, command.case)
    close_case(work, case, CloseReason.WITHDRAWN)
    return Outcome("withdrawn", {"case": case.id})


def change_practitioner(work: Work, command: ChangePractitioner) -> Outcome:
    """Go on with somebody else: whoever had it is not asked again, and can open it no more."""
    case = get_case(work, command.case)
    if case.holder is not None:
        called = case.called
        if not waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id, holder=case.holder):
            called = tuple(id for id in called if id != case.holder)
        if case.named:
            not_with(work, case.member_id, case.holder)
        release(work, replace(case, refused=(*case.refused, case.holder), called=called))
    return Outcome("practitioner_changed", {"case": case.id})
