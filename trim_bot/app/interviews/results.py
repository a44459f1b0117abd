"""The result of an interview, to the practitioner alone, and the choice of what follows."""

from __future__ import annotations

from trim_bot.app.cases.commands import OpenClose, OpenMove
from trim_bot.app.cases.look_up import get_check_in, interview_of
from trim_bot.app.cases.stages import label_of, plan_stage
from trim_bot.app.interviews import result_screens as screens
from trim_bot.app.interviews.advising import advice_for
from trim_bot.app.interviews.commands import ChooseNext
from trim_bot.app.interviews.finishing import effects_of
from trim_bot.app.interviews.result_screens import Coming, ResultSheet
from trim_bot.app.seam.links import OpenCase, OpenReferral, OpenResult
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Outcome, Work
from trim_bot.domain.cases import UNMARKED, Case, CheckIn, CheckInState, InterviewState
from trim_bot.domain.errors import NotOpen
from workflows.windows import Planned, days_after

ANOTHER_AFTER_DAYS = 7


def open_result(work: Work, command: OpenResult) -> Screen:
    """Total or what was not discussed, what changed, what the clinical lead asks for, and the next step.

    Of a conversation that another one stood for, the result is that one's.
    """
    check_in, case = get_check_in(work, command.check_in)
    if check_in.met_by is not None:
        check_in, case = get_check_in(work, check_in.met_by)
    done = interview_of(work, check_in, InterviewState.DONE)
    if done is None:
        raise NotOpen("result")
    coming = _coming(work, case)
    return screens.result_form(
        ResultSheet(
            case=case.id,
            check_in=check_in,
            stage=label_of(work, case, check_in),
            interview=done,
            advising=advice_for(work, case, check_in, done),
            effects=effects_of(work, case, check_in, done),
            coming=Coming(label_of(work, case, coming), coming) if coming else None,
        ),
        work.zone,
    )


def choose_next(work: Work, command: ChooseNext) -> Next:
    """Go on to what was chosen."""
    check_in, case = get_check_in(work, command.check_in)
    match command.then:
        case "refer":
            return OpenReferral(case.id)
        case "close":
            return OpenClose(case.id)
        case "lead":
            return Outcome("talk_to_lead", {"case": case.id})
        case "another":
            return OpenMove(_another(work, case, check_in).id)
        case _:
            return OpenCase(case.id)


def _another(work: Work, case: Case, check_in: CheckIn) -> CheckIn:
    """One more talk of the last stage, to be held when both agree; never one that asks for the story again."""
    coming = _coming(work, case)
    if coming is not None:
        return coming
    stage = work.definitions.programmes[case.programme].stages[-1]
    zone = work.zone_of(None)
    due = days_after(work.now, ANOTHER_AFTER_DAYS, zone)
    planned = Planned(stage.id, work.now, due, days_after(due, ANOTHER_AFTER_DAYS, zone))
    return plan_stage(
        work, case, planned, check_in.exposure if check_in.programme == case.programme else UNMARKED
    )


def _coming(work: Work, case: Case) -> CheckIn | None:
    found = work.tx.find(
        CheckIn,
        case_id=case.id,
        state=(CheckInState.PLANNED, CheckInState.OPEN),
        order_by="opens_at",
        limit=1,
    )
    return found[0] if found else None
