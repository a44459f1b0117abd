"""Writes planned stages down as check-ins with the step that waits, for older cases too."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases.conversation_screens import about
from trim_bot.app.cases.exposures import ended_at, exposures_of
from trim_bot.app.cases.supervision import ask_for
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.cases import UNMARKED, Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.ids import CheckInId, ExposureId, new_id
from trim_bot.domain.people import Member
from trim_bot.domain.site import Site
from trim_bot.domain.steps import Rung, StepKind, StepState
from workflows.effects import PlanStage
from workflows.engine import Held, after_interview, another_exposure, schedule
from workflows.programme import Anchor, Around, Programme, Stage
from workflows.windows import Planned, StageWindow, WindowSettings

STILL_OPEN = (CheckInState.PLANNED, CheckInState.OPEN)


def settings_of(site: Site, programme: Programme) -> WindowSettings:
    """The site's anchor and window for every stage that falls around a day."""
    return WindowSettings(
        tuple(
            StageWindow(stage.id, Anchor(site.month_anchor), site.month_window_days)
            for stage in programme.stages
            if isinstance(stage.timing, Around)
        )
    )


def stage_of(work: Work, case: Case, check_in: CheckIn) -> Stage:
    """The stage a check-in is of, in the programme it was planned under."""
    return work.definitions.programmes[check_in.programme or case.programme].stage(check_in.stage)


def label_of(work: Work, case: Case, check_in: CheckIn) -> str:
    """What a conversation is called, with the day of its event where the case is about several."""
    return about(stage_of(work, case, check_in).label, ended_at(work, case, check_in), work.zone, work.now)


def plan_stage(work: Work, case: Case, planned: Planned, exposure: ExposureId = UNMARKED) -> CheckIn:
    """Plan one stage of one exposure, or move it where it stands unfinished; whoever owns its wait goes on owning it.

    A time agreed with the person stays, unless it would be before the stage opens.
    """
    waits.end(work, StepState.DONE, kind=StepKind.REVIEW, case_id=case.id)
    for check_in in work.tx.find(
        CheckIn, case_id=case.id, stage=planned.stage_id, exposure=exposure, state=STILL_OPEN
    ):
        return _moved(work, case, check_in, planned)
    check_in = CheckIn(
        CheckInId(new_id()), case.id, planned.stage_id, CheckInState.PLANNED, planned.opens_at, planned.due_at,
        planned.closes_at, programme=case.programme, exposure=exposure,
    )  # fmt: skip
    work.tx.add(check_in)
    begin_check_in(work, case, check_in)
    return check_in


def _moved(work: Work, case: Case, check_in: CheckIn, planned: Planned) -> CheckIn:
    agreed = check_in.agreed_at
    moved = replace(
        check_in,
        state=CheckInState.PLANNED if planned.opens_at > work.now else check_in.state,
        opens_at=planned.opens_at,
        due_at=planned.due_at,
        closes_at=planned.closes_at,
        agreed_at=agreed if agreed is not None and agreed >= planned.opens_at else None,
    )
    if moved == check_in:
        return check_in
    work.tx.save(moved)
    if agreed is not None and moved.agreed_at is None:
        waits.end(work, StepState.MOVED, kind=StepKind.AGREED_TIME, subject=check_in.id)
    owned = waits.open_steps(work, kind=StepKind.CHECK_IN, subject=check_in.id)
    waits.end(work, StepState.MOVED, kind=StepKind.CHECK_IN, subject=check_in.id)
    if owned and owned[0].rung is not Rung.ASSIGNED:
        opens = moved.agreed_at or moved.due_at
        waits.begin(
            work, StepKind.CHECK_IN, moved.id, owned[0].rung, owned[0].holder, case=case.id, opens_at=opens
        )
    else:
        begin_check_in(work, case, moved)
    return moved


def begin_check_in(work: Work, case: Case, check_in: CheckIn) -> None:
    """Start the wait for one check-in at its time; a case that nobody holds waits for a holder instead."""
    if case.holder is None:
        if not waits.open_steps(work, kind=StepKind.ASSIGN, case_id=case.id):
            waits.begin(work, StepKind.ASSIGN, case.id, Rung.POOL, None, case=case.id)
        return
    opens = check_in.agreed_at or check_in.due_at
    waits.begin(
        work, StepKind.CHECK_IN, check_in.id, Rung.ASSIGNED, case.holder, case=case.id, opens_at=opens
    )


def adopt_all(work: Work) -> None:
    """Every open case of the organisation, once after an upgrade; a case that has its exposures is left alone."""
    for case in work.tx.find(Case, state=CaseState.OPEN):
        adopted(work, case)


def adopted(work: Work, case: Case) -> Case:
    """The case with its exposures written down.

    Where several events had joined, the first gets back the windows that later ones had moved, and each later one
    gets the conversations its offer promised.
    """
    if case.exposures or case.exposure_ended is None:
        return case
    found = exposures_of(work, case)
    case = replace(case, exposures=found, exposure_ended=found[0].ended_at)
    work.tx.save(case)
    if len(found) == 1:
        return case
    _put_back(work, case)
    programme = work.definitions.programmes[case.programme]
    zone = work.zone_of(work.tx.get(Member, case.member_id))
    for exposure in found[1:]:
        effects = another_exposure(
            programme,
            exposure_ended=exposure.ended_at,
            accepted_at=exposure.accepted_at,
            zone=zone,
            settings=settings_of(work.site, programme),
        )
        for effect in effects:
            if isinstance(effect, PlanStage):
                plan_stage(work, case, effect.planned, exposure.id)
        case = ask_for(work, case, effects)
    return case


def _put_back(work: Work, case: Case) -> None:
    """The first exposure's open conversations, where its own end puts them."""
    first = case.exposures[0]
    mine = [one for one in work.tx.find(CheckIn, case_id=case.id) if one.exposure == UNMARKED]
    held = sorted(one.held_at for one in mine if one.held_at is not None)
    programme = work.definitions.programmes[case.programme]
    zone = work.zone_of(work.tx.get(Member, case.member_id))
    settings = settings_of(work.site, programme)
    if held:
        since = Held(programme.stages[0].id, held[0], held[0], first.ended_at)
        stages = after_interview(programme, since, zone=zone, settings=settings)
    else:
        stages = schedule(
            programme, exposure_ended=first.ended_at, opened_at=case.opened_at, zone=zone, settings=settings
        )
    waiting = {one.stage for one in mine if one.state in (CheckInState.PLANNED, CheckInState.OPEN)}
    for stage in stages:
        if stage.stage_id in waiting:
            plan_stage(work, case, stage, first.id)
