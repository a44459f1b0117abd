"""One conversation that stands for others: which it may stand for, and what follows for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from trim_bot.app.cases.exposures import exposure_of
from trim_bot.app.cases.stages import STILL_OPEN, plan_stage, settings_of
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.cases import Case, CheckIn, CheckInState
from trim_bot.domain.people import Member
from trim_bot.domain.steps import StepState
from workflows.engine import Held, Owed, after_interview, may_stand_for
from workflows.programme import Around, Programme
from workflows.windows import Planned


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


def held_of(work: Work, case: Case, check_in: CheckIn, agreed_for: datetime | None) -> Held:
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
    return Held(check_in.stage, at, min(first, at), ended, agreed_for, contacts=len(held_ones))


def programme_of(work: Work, case: Case, check_in: CheckIn) -> Programme:
    """The programme a conversation was planned under."""
    return work.definitions.programmes[check_in.programme or case.programme]
