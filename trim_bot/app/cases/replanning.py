"""What has to be looked at again when a case changes under people's hands: its windows, and who may hold it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app.cases.exposures import with_moved
from trim_bot.app.cases.hands import release
from trim_bot.app.cases.stages import STILL_OPEN, adopted, plan_stage, settings_of
from trim_bot.app.people.eligible import conflict_free
from trim_bot.app.seam.work import Concerned, UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import climb
from trim_bot.app.waiting.hours import working_days_on
from trim_bot.domain.cases import Case, CaseState, CheckIn
from trim_bot.domain.ids import CaseId, IncidentId, MemberId
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import Rung, StepKind
from workflows.engine import HeldInterview, after_interview, schedule


def replan(work: UnitOfWork, case: Case, incident: IncidentId, ended: datetime) -> Case:
    """Work one exposure's windows out again from when it really ended, for what has not been held of it."""
    case = adopted(work, case)
    exposure = next((one for one in case.exposures if one.incident == incident), None)
    if exposure is None:
        return case
    moved = with_moved(case, exposure, ended)
    work.tx.save(moved)
    check_ins = [one for one in work.tx.find(CheckIn, case_id=case.id) if one.exposure == exposure.id]
    unfinished = {one.stage for one in check_ins if one.state in STILL_OPEN}
    held = sorted(one.held_at for one in check_ins if one.held_at is not None)
    programme = work.definitions.programmes[case.programme]
    zone = work.zone_of(work.tx.get(Member, case.member_id))
    settings = settings_of(work.site, programme)
    if held:
        first = HeldInterview(programme.stages[0].id, held[0], held[0], ended)
        stages = after_interview(programme, first, zone=zone, settings=settings)
    else:
        stages = schedule(
            programme, exposure_ended=ended, opened_at=exposure.accepted_at, zone=zone, settings=settings
        )
    for stage in stages:
        if stage.stage_id in unfinished:
            plan_stage(work, moved, stage, exposure.id)
    return moved


def recheck(work: UnitOfWork, case: Case) -> Case:
    """Take a case and its steps out of hands that may no longer hold it: exposed too, managing, or unwanted."""

    def free(id: MemberId) -> bool:
        return conflict_free(work, id, Concerned(case.member_id, case.incidents, case.refused))

    called = tuple(id for id in case.called if free(id))
    cover = case.cover if case.cover is not None and free(case.cover) else None
    if (called, cover) != (case.called, case.cover):
        case = replace(case, called=called, cover=cover)
        work.tx.save(case)
    if case.holder is not None and not free(case.holder):
        case = release(work, case)
    for step in waits.open_steps(work, case_id=case.id):
        if step.rung is not Rung.PERSON and step.holder is not None and not free(step.holder):
            climb(work, step)
    return case


def keep_awake(work: UnitOfWork, id: str) -> None:
    """An open case always waits for something: with nothing left, for a decision on what follows."""
    case = work.tx.get(Case, CaseId(id))
    if case is None or case.state is not CaseState.OPEN:
        return
    if any(step.kind is not StepKind.SUPERVISION for step in waits.open_steps(work, case_id=case.id)):
        return
    if case.holder is None:
        waits.begin(work, StepKind.ASSIGN, case.id, Rung.POOL, None, case=case.id)
        return
    opens = working_days_on(work, work.tx.get(Member, case.holder), POLICY.review_after_working_days)
    waits.begin(work, StepKind.REVIEW, case.id, Rung.ASSIGNED, case.holder, case=case.id, opens_at=opens)
