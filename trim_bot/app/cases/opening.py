"""Opens a case when somebody has said yes, joins a second event to it, and opens it again if it was ended
by mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from trim_bot.app.cases.commands import OpenAssign, ReopenCase
from trim_bot.app.cases.entitled import LEADING
from trim_bot.app.cases.hands import give, release
from trim_bot.app.cases.replanning import keep_awake, recheck
from trim_bot.app.cases.stages import STILL_OPEN, adopted, plan_stage, settings_of
from trim_bot.app.cases.state import get_case, may_open_again
from trim_bot.app.cases.supervision import ask_for, begin
from trim_bot.app.people.eligible import conflict_free, could_take, has_room, still_here, whom_they_manage
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.work import Concerned, Next, Outcome, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.ladder import next_owner
from trim_bot.domain.cases import UNMARKED, AcceptedExposure, Case, CaseLine, CaseState, CheckIn, CheckInState
from trim_bot.domain.ids import CaseId, CheckInId, ExposureId, IncidentId, MemberId, ReferralId, new_id
from trim_bot.domain.people import Member
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.steps import Rung, StepKind
from workflows.engine import PlanStage, another_exposure, schedule

LOOKED_AT = 100
"""Ended cases that are looked at for those that ended lately; more of them only where these all did."""


def open_case(
    work: UnitOfWork,
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


def reopen(work: Work, command: ReopenCase) -> Next:
    """Whatever ended with the case stands as it stood; who held it goes on, or else it waits for somebody.

    Where whoever held it is at the site's limit, a lead gives it to somebody.
    """
    case = get_case(work, command.case)
    full = case.holder is not None and not has_room(work, case.holder)
    opened = open_again(work, case)
    if opened.holder == work.who.id:
        return OpenCase(case.id)
    leads = bool(work.who.roles & LEADING)
    if opened.holder is None and leads:
        return OpenAssign(case.id)
    asked = opened.holder is None and full and _ask_to_assign(work, opened)
    mine = case.holder == work.who.id
    return Outcome("case_reopened", {"held": ("lead" if asked else "yes") if mine else "no"})


def open_again(work: UnitOfWork, case: Case) -> Case:
    """The case open, with all that ended with it, in its holder's hands where nothing stands in the way, or in none."""
    holder = case.holder if case.holder is not None and _may_go_on(work, case, case.holder) else None
    opened = replace(
        case,
        state=CaseState.OPEN,
        closed_at=None,
        close_reason=None,
        closed_by=None,
        ended_with=(),
        reopened_at=work.now,
    )
    work.tx.save(opened)
    _put_back(work, case)
    opened = release(work, opened) if holder is None else give(work, opened, holder, opened.cover)
    if opened.asks:
        begin(work, opened)
    return opened


def _ask_to_assign(work: Work, case: Case) -> bool:
    """Let a lead find somebody, where there is one; otherwise it stays with all who may take it."""
    for step in waits.open_steps(work, kind=StepKind.ASSIGN, case_id=case.id):
        rung, lead = next_owner(work, replace(step, rung=Rung.COVER))
        if lead is not None:
            waits.pass_to(work, step, rung, lead)
            return True
    return False


def ended_by_me(work: Work) -> list[Case]:
    """What whoever asks ended lately and may open again."""
    found = work.tx.lines(CaseLine, Case, closed_by=work.who.id, state=CaseState.CLOSED)
    return _open_to(work, found)


def ended_lately(work: Work) -> list[Case]:
    """What others ended lately and whoever leads may open again, the newest first."""
    limit = LOOKED_AT
    while True:
        found = work.tx.lines(CaseLine, Case, ("closed_at", limit), state=CaseState.CLOSED)
        if len(found) < limit or not _is_lately(work, found[-1]):
            return _open_to(work, found)
        limit *= 4


def _open_to(work: Work, lines: Sequence[CaseLine]) -> list[Case]:
    """Those that may be opened again; none is opened to be looked at that ended too long ago for it."""
    lately = [one for one in lines if _is_lately(work, one)]
    managed = whom_they_manage(work, work.who.id, [one.member_id for one in lately])
    hidden = {work.who.id, *managed}
    cases = work.tx.get_many(Case, [one.id for one in lately if one.member_id not in hidden])
    return [case for case in cases.values() if may_open_again(work, case)]


def _is_lately(work: Work, line: CaseLine) -> bool:
    since = work.now - timedelta(days=work.site.reopen_days)
    return line.closed_at is not None and line.closed_at >= since


def _put_back(work: UnitOfWork, case: Case) -> None:
    for ended in case.ended_with:
        check_in, referral = (
            work.tx.get(CheckIn, CheckInId(ended.id)),
            work.tx.get(Referral, ReferralId(ended.id)),
        )
        if check_in is not None and check_in.state is CheckInState.CANCELLED:
            agreed = check_in.agreed_at
            still = agreed if agreed is not None and agreed > work.now else None
            work.tx.save(replace(check_in, state=CheckInState(ended.state), agreed_at=still))
        if referral is not None and referral.state is ReferralState.CLOSED:
            work.tx.save(replace(referral, state=ReferralState(ended.state), changed_at=work.now))


def _may_go_on(work: UnitOfWork, case: Case, holder: MemberId) -> bool:
    """Whether the ended case goes back to whoever held it, by the site's limit too.

    They decide of their own room when they open it themselves; to anybody else it is something new.
    """
    if not has_room(work, holder):
        return False
    if work.who.member is None or holder != work.who.member.id:
        return could_take(
            work, holder, Concerned(case.member_id, case.incidents, (*case.refused, *case.passed))
        )
    free = conflict_free(work, holder, Concerned(case.member_id, case.incidents, case.refused))
    return free and still_here(work, holder) is not None
