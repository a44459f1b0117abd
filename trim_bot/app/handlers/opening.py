"""Opens a case when somebody has said yes, or lets a second hard event join the one that is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app import waits
from trim_bot.app.handlers.replanning import keep_awake, recheck
from trim_bot.app.handlers.stages import STILL_OPEN, plan_stage, settings_of
from trim_bot.app.work import Work
from trim_bot.domain.cases import Case, CaseState, CheckIn
from trim_bot.domain.ids import CaseId, IncidentId, MemberId, new_id
from trim_bot.domain.people import Member
from workflows.effects import PlanStage
from workflows.engine import merge_second_exposure, schedule
from workflows.windows import Planned


def open_case(
    work: Work,
    *,
    member_id: MemberId,
    programme: str,
    holder: MemberId | None,
    exposure_ended: datetime | None,
    named: bool = True,
    incidents: tuple[IncidentId, ...] = (),
    account: str = "",
    contact: str = "",
    refused: tuple[MemberId, ...] = (),
) -> Case:
    """A new case with its check-ins planned in the person's zone; without a holder it waits in the pool."""
    case = Case(
        id=CaseId(new_id()), key_id=work.tx.new_key(), member_id=member_id, programme=programme,
        state=CaseState.OPEN, opened_at=work.now, holder=holder, named=named, exposure_ended=exposure_ended,
        incidents=incidents, account=account, contact=contact, refused=refused,
    )  # fmt: skip
    work.tx.add(case)
    definition = work.definitions.programmes[programme]
    for planned in schedule(
        definition,
        exposure_ended=exposure_ended,
        opened_at=work.now,
        zone=work.zone_of(work.tx.get(Member, member_id)),
        settings=settings_of(work.site, definition),
    ):
        plan_stage(work, case, planned)
    keep_awake(work, case.id)
    return case


def open_or_join(
    work: Work,
    *,
    member_id: MemberId,
    programme: str,
    holder: MemberId | None,
    exposure_ended: datetime,
    incident: IncidentId,
    refused: tuple[MemberId, ...] = (),
) -> Case:
    """A second hard event inside the window joins the open case; its clock is never restarted in silence.

    A case without the person's name is never joined: its holder would learn whose it is.
    """
    for case in work.tx.find(
        Case, member_id=member_id, programme=programme, state=CaseState.OPEN, named=True
    ):
        if work.tx.find(CheckIn, case_id=case.id, state=STILL_OPEN):
            return join(work, case, exposure_ended, incident, refused)
    return open_case(
        work,
        member_id=member_id,
        programme=programme,
        holder=holder,
        exposure_ended=exposure_ended,
        incidents=(incident,),
        refused=refused,
    )


def join(
    work: Work,
    case: Case,
    second_ended: datetime,
    incident: IncidentId | None = None,
    refused: tuple[MemberId, ...] = (),
) -> Case:
    """Add an exposure to an open case, move what has not been held yet, and tell whoever holds it.

    Without an incident, the person told of it themselves and nothing was logged.
    """
    first_ended = case.exposure_ended or second_ended
    check_ins = work.tx.find(CheckIn, case_id=case.id)
    open_ones = [one for one in check_ins if one.state in STILL_OPEN]
    held = sorted(one.held_at for one in check_ins if one.held_at is not None)
    definition = work.definitions.programmes[case.programme]
    effects = merge_second_exposure(
        definition,
        tuple(Planned(one.stage, one.opens_at, one.due_at, one.closes_at) for one in open_ones),
        exposure_ended=first_ended,
        second_ended=second_ended,
        opened_at=case.opened_at,
        first_held_at=held[0] if held else None,
        zone=work.zone_of(work.tx.get(Member, case.member_id)),
        settings=settings_of(work.site, definition),
    )
    joined = replace(
        case,
        exposure_ended=max(first_ended, second_ended),
        incidents=tuple(dict.fromkeys((*case.incidents, *([incident] if incident is not None else [])))),
        refused=tuple(dict.fromkeys((*case.refused, *refused))),
    )
    work.tx.save(joined)
    for effect in effects:
        if isinstance(effect, PlanStage):
            plan_stage(work, joined, effect.planned)
    joined = recheck(work, joined)
    if joined.holder is not None:
        waits.tell(work, joined.holder, None)
    return joined
