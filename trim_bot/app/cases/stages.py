"""Writes planned stages down as check-ins with the step that waits, and says for which others one
conversation may stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from trim_bot.app.cases.conversation_screens import about
from trim_bot.app.cases.exposures import ended_at, exposure_of, exposures_of
from trim_bot.app.cases.supervision import ask_for
from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.words.talk_names import talk_name
from trim_bot.domain.cases import UNMARKED, Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.ids import CheckInId, ExposureId, new_id
from trim_bot.domain.people import Member
from trim_bot.domain.site import Site
from trim_bot.domain.steps import Rung, StepKind, StepState
from workflows.engine import (
    HeldInterview,
    Owed,
    PlanStage,
    after_interview,
    another_exposure,
    may_stand_for,
    schedule,
)
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


def name_of(work: Work, case: Case, check_in: CheckIn) -> str:
    """What a conversation is called."""
    return talk_name(stage_of(work, case, check_in).label)


def label_of(work: Work, case: Case, check_in: CheckIn) -> str:
    """What a conversation is called, with the day of its event where the case is about several."""
    return about(name_of(work, case, check_in), ended_at(work, case, check_in), work.zone, work.now)


def plan_stage(work: UnitOfWork, case: Case, planned: Planned, exposure: ExposureId = UNMARKED) -> CheckIn:
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


def _moved(work: UnitOfWork, case: Case, check_in: CheckIn, planned: Planned) -> CheckIn:
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


def begin_check_in(work: UnitOfWork, case: Case, check_in: CheckIn) -> None:
    """Start the wait for one check-in at its time; a case that nobody holds waits for a holder instead."""
    if case.holder is None:
        if not waits.open_steps(work, kind=StepKind.ASSIGN, case_id=case.id):
            waits.begin(work, StepKind.ASSIGN, case.id, Rung.POOL, None, case=case.id)
        return
    opens = check_in.agreed_at or check_in.due_at
    waits.begin(
        work, StepKind.CHECK_IN, check_in.id, Rung.ASSIGNED, case.holder, case=case.id, opens_at=opens
    )


def adopt_all(work: UnitOfWork) -> None:
    """Every open case of the organisation, once after an upgrade; a case that has its exposures is left alone."""
    for case in work.tx.find(Case, state=CaseState.OPEN):
        adopted(work, case)


def adopted(work: UnitOfWork, case: Case) -> Case:
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


def _put_back(work: UnitOfWork, case: Case) -> None:
    """The first exposure's open conversations, where its own end puts them."""
    first = case.exposures[0]
    mine = [one for one in work.tx.find(CheckIn, case_id=case.id) if one.exposure == UNMARKED]
    held = sorted(one.held_at for one in mine if one.held_at is not None)
    programme = work.definitions.programmes[case.programme]
    zone = work.zone_of(work.tx.get(Member, case.member_id))
    settings = settings_of(work.site, programme)
    if held:
        since = HeldInterview(programme.stages[0].id, held[0], held[0], first.ended_at)
        stages = after_interview(programme, since, zone=zone, settings=settings)
    else:
        stages = schedule(
            programme, exposure_ended=first.ended_at, opened_at=case.opened_at, zone=zone, settings=settings
        )
    waiting = {one.stage for one in mine if one.state in (CheckInState.PLANNED, CheckInState.OPEN)}
    for stage in stages:
        if stage.stage_id in waiting:
            plan_stage(work, case, stage, first.id)


def could_meet(work: Work, case: Case, check_in: CheckIn) -> tuple[CheckIn, ...]:
    """Conversations for the case's other exposures whose window is open, the oldest first."""
    programme = programme_of(work, case, check_in)
    waiting: dict[str, CheckIn] = {
        one.id: one
        for one in work.tx.find(CheckIn, case_id=case.id, state=STILL_OPEN, order_by="opens_at")
        if programme_of(work, case, one).key == programme.key
    }
    owed = [Owed(one.id, one.exposure, one.stage, one.opens_at) for one in waiting.values()]
    this = Owed(check_in.id, check_in.exposure, check_in.stage, check_in.opens_at)
    return tuple(
        waiting[one.id] for one in may_stand_for(programme, this, owed, work.now) if one.id in waiting
    )


def met(work: Work, case: Case, other: CheckIn, held: CheckIn) -> None:
    """One conversation for another exposure was held as part of this one; plan what follows for that exposure."""
    kept = replace(other, state=CheckInState.HELD, held_at=held.held_at, met_by=held.id, agreed_at=None)
    work.tx.save(kept)
    waits.end(work, StepState.DONE, subject=other.id)
    programme = programme_of(work, case, kept)
    stages = after_interview(
        programme,
        held_of(work, case, kept, None),
        zone=work.zone_of(work.tx.get(Member, case.member_id)),
        settings=settings_of(work.site, programme),
    )
    plan_after(work, case, kept, stages)


def plan_after(work: Work, case: Case, held: CheckIn, stages: Iterable[Planned]) -> None:
    """Plan what follows a held conversation for the same exposure, but for what was held or not wanted before it.

    An agreed follow-up may be held again; one month after an event comes once.
    """
    programme = programme_of(work, case, held)
    ended = {
        one.stage
        for one in work.tx.find(CheckIn, case_id=case.id, state=(CheckInState.HELD, CheckInState.DECLINED))
        if one.exposure == held.exposure and programme_of(work, case, one).key == programme.key
    }
    for planned in stages:
        if planned.stage_id not in ended or not isinstance(programme.stage(planned.stage_id).timing, Around):
            plan_stage(work, case, planned, held.exposure)


def held_of(work: Work, case: Case, check_in: CheckIn, agreed_for: datetime | None) -> HeldInterview:
    """What the windows of a held conversation's exposure count from."""
    programme = programme_of(work, case, check_in)
    held_ones = [
        one
        for one in work.tx.find(CheckIn, case_id=case.id, state=CheckInState.HELD)
        if programme_of(work, case, one).key == programme.key and one.exposure == check_in.exposure
    ]
    at = check_in.held_at or work.now
    first = min((one.held_at for one in held_ones if one.held_at is not None), default=at)
    exposure = exposure_of(work, case, check_in)
    ended = exposure.ended_at if exposure is not None else case.exposure_ended
    return HeldInterview(check_in.stage, at, min(first, at), ended, agreed_for, contacts=len(held_ones))


def programme_of(work: Work, case: Case, check_in: CheckIn) -> Programme:
    """The programme a conversation was planned under."""
    return work.definitions.programmes[check_in.programme or case.programme]
