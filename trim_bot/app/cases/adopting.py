"""Gives each exposure of an older case conversations of its own, as new cases have from the start."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases.exposures import exposures_of
from trim_bot.app.cases.stages import plan_stage, settings_of
from trim_bot.app.cases.supervision import ask_for
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import UNMARKED, Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.people import Member
from workflows.effects import PlanStage
from workflows.engine import Held, after_interview, schedule
from workflows.obligations import another_exposure


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
