"""Writes planned stages down as check-ins, each with the step that waits for whoever holds it."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app import waits
from trim_bot.app.work import Work
from trim_bot.domain.cases import Case, CheckIn, CheckInState
from trim_bot.domain.ids import CheckInId, new_id
from trim_bot.domain.site import Site
from trim_bot.domain.steps import Rung, StepKind, StepState
from workflows.programme import Anchor, Around, Programme, Stage
from workflows.settings import StageWindow, WindowSettings
from workflows.windows import Planned


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


def plan_stage(work: Work, case: Case, planned: Planned) -> CheckIn:
    """Plan one stage, or move it if it is planned already; a time agreed with the person stays."""
    for check_in in work.tx.find(
        CheckIn, case_id=case.id, stage=planned.stage_id, state=CheckInState.PLANNED
    ):
        moved = replace(
            check_in, opens_at=planned.opens_at, due_at=planned.due_at, closes_at=planned.closes_at
        )
        work.tx.save(moved)
        if check_in.agreed_at is None:
            waits.end(work, StepState.MOVED, kind=StepKind.CHECK_IN, subject=check_in.id)
            begin_check_in(work, case, moved)
        return moved
    check_in = CheckIn(
        CheckInId(new_id()), case.id, planned.stage_id, CheckInState.PLANNED, planned.opens_at, planned.due_at,
        planned.closes_at,
    )  # fmt: skip
    work.tx.add(check_in)
    begin_check_in(work, case, check_in)
    return check_in


def begin_check_in(work: Work, case: Case, check_in: CheckIn) -> None:
    """Start the wait for one check-in, if somebody holds the case; at the agreed time if there is one."""
    if case.holder is not None:
        waits.begin(
            work,
            StepKind.CHECK_IN,
            check_in.id,
            Rung.ASSIGNED,
            case.holder,
            case=case.id,
            opens_at=check_in.agreed_at or check_in.due_at,
        )
