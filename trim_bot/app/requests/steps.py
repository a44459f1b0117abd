"""What waits after somebody asked or said yes: a colleague to take it, and then to get in touch."""

from __future__ import annotations

from trim_bot.app.cases.steps import case_or_planning
from trim_bot.app.requests.commands import OpenRequest
from trim_bot.app.seam.links import OpenTaken
from trim_bot.app.seam.work import Concerned, Next, StepRule, Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Step, StepKind


def _request(work: Work, step: Step) -> Next:
    request = work.tx.get(SupportRequest, step.subject)
    if request is None:
        raise NotOpen("request")
    mine = request.state is RequestState.TAKEN and request.taken_by == work.who.id
    return OpenTaken(step.subject) if mine else OpenRequest(step.subject)


def _contact(work: Work, step: Step) -> Next:
    return _request(work, step) if step.case_id is None else case_or_planning(work, step)


def _is_open(work: Work, step: Step) -> bool:
    request = work.tx.get(SupportRequest, step.subject)
    return request is not None and request.state in (RequestState.WAITING, RequestState.TAKEN)


def _is_owed(work: Work, step: Step) -> bool:
    if step.case_id is not None:
        return True
    request = work.tx.get(SupportRequest, step.subject)
    return request is not None and request.state is RequestState.TAKEN


def _asker(work: Work, step: Step) -> Concerned:
    request = work.tx.get(SupportRequest, step.subject)
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
)
