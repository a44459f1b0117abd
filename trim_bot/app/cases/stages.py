"""Writes planned stages down as check-ins, each with the step that waits for whoever holds it."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases.event_words import about
from trim_bot.app.cases.exposures import ended_at
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.cases import UNMARKED, Case, CheckIn, CheckInState
from trim_bot.domain.ids import CheckInId, ExposureId, new_id
from trim_bot.domain.site import Site
from trim_bot.domain.steps import Rung, StepKind, StepState
from workflows.programme import Anchor, Around, Programme, Stage
from workflows.settings import StageWindow, WindowSettings
from workflows.windows import Planned

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
