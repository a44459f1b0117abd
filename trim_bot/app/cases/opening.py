"""Opens a case when somebody has said yes, or lets a second hard event join the one that is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app.cases.replanning import keep_awake, recheck
from trim_bot.app.cases.stages import STILL_OPEN, adopted, plan_stage, settings_of
from trim_bot.app.cases.supervision import ask_for
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.cases import UNMARKED, AcceptedExposure, Case, CaseState, CheckIn
from trim_bot.domain.ids import CaseId, ExposureId, IncidentId, MemberId, new_id
from trim_bot.domain.people import Member
from workflows.effects import PlanStage
from workflows.engine import another_exposure, schedule


def open_case(
    work: Work,
    *,
    member_id: MemberId,
    programme: str,
    holder: MemberId | None,
    exposure_ended: datetime | None,
    named: bool = True,
    incident: IncidentId | None = None,
    account: str = "",
    contact: str = "",
    refused: tuple[MemberId, ...] = (),
) -> Case:
    """A new case with its check-ins planned in the person's zone; without a holder it waits in the pool."""
    first = None
    if exposure_ended is not None:
        first = AcceptedExposure(ExposureId(new_id()), exposure_ended, work.now, incident)
    case = Case(
        id=CaseId(new_id()), key_id=work.tx.new_key(), member_id=member_id, programme=programme,
        state=CaseState.OPEN, opened_at=work.now, holder=holder, named=named, exposure_ended=exposure_ended,
        exposures=(first,) if first is not None else (),
        incidents=(incident,) if incident is not None else (), account=account, contact=contact, refused=refused,
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
        plan_stage(work, case, planned, first.id if first is not None else UNMARKED)
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
    """A second hard event joins the open case with conversations of its own; what is owed already stays as it is.

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
        incident=incident,
        refused=refused,
    )


def join(
    work: Work,
    case: Case,
    second_ended: datetime,
    incident: IncidentId | None = None,
    refused: tuple[MemberId, ...] = (),
) -> Case:
    """Add an exposure to an open case, with conversations of its own, and tell whoever holds it and the lead.

    Without an incident, the person told of it themselves and nothing was logged. One that the case has already, as
    when two records turned out to be one person, brings nothing new.
    """
    case = adopted(work, case)
    case = replace(case, refused=tuple(dict.fromkeys((*case.refused, *refused))))
    work.tx.save(case)
    if incident is not None and any(one.incident == incident for one in case.exposures):
        return recheck(work, case)
    another = AcceptedExposure(ExposureId(new_id()), second_ended, work.now, incident)
    case = replace(
        case,
        exposures=(*case.exposures, another),
        incidents=tuple(dict.fromkeys((*case.incidents, *([incident] if incident is not None else [])))),
    )
    work.tx.save(case)
    definition = work.definitions.programmes[case.programme]
    effects = another_exposure(
        definition,
        exposure_ended=second_ended,
        accepted_at=work.now,
        zone=work.zone_of(work.tx.get(Member, case.member_id)),
        settings=settings_of(work.site, definition),
    )
    for effect in effects:
        if isinstance(effect, PlanStage):
            plan_stage(work, case, effect.planned, another.id)
    case = recheck(work, ask_for(work, case, effects))
    if case.holder is not None:
        waits.tell(work, case.holder, None)
    return case
