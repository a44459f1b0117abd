"""The cases one holds, one case in full, and ending it."""

from __future__ import annotations

from trim_bot.app.cases import first_contact, screens
from trim_bot.app.cases.closing import close_case
from trim_bot.app.cases.commands import CloseCase, OpenCases, OpenClose
from trim_bot.app.cases.exposures import exposures_of
from trim_bot.app.cases.late import is_late
from trim_bot.app.cases.look_up import get_case, get_member
from trim_bot.app.cases.reopening import ended_by_me
from trim_bot.app.cases.screens import CaseRow, CaseSheet, CheckInRow
from trim_bot.app.cases.stages import label_of
from trim_bot.app.people import room_words as room
from trim_bot.app.people.eligible import manages
from trim_bot.app.people.namesakes import told_apart
from trim_bot.app.people.room import load
from trim_bot.app.seam import mending
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Outcome, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState, CloseReason
from trim_bot.domain.errors import Invalid
from trim_bot.domain.incidents import Incident
from trim_bot.domain.people import Account, Address, Platform
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.steps import Step, StepKind
from workflows.programme import Clock


def open_cases(work: Work, command: OpenCases) -> Screen:
    """The people one supports, with what comes next for each."""
    held = work.tx.find(Case, holder=work.who.id, state=CaseState.OPEN, order_by="opened_at")
    covered = {
        step.case_id
        for step in waits.open_steps(work, holder=work.who.id)
        if step.case_id is not None and step.kind is not StepKind.SUPERVISION
    }
    mine = {case.id for case in held}
    others = [work.tx.get(Case, id) for id in sorted(covered - mine)]
    cases = held + [case for case in others if case is not None and case.member_id != work.who.id]
    cases = [case for case in cases if not manages(work, work.who.id, case.member_id)]
    rows = [_row(work, case, name) for case, name in zip(cases, _names(work, cases), strict=True)]
    rows.sort(key=lambda row: (not row.danger, not row.late))
    held_line = room.held_line(load(work, work.who.id), work.site.most_open_cases)
    return screens.cases_page(tuple(rows), work.zone, held_line, ended_by_me(work))


def open_case(work: Work, command: OpenCase) -> Screen:
    """One case, for the one entitled to it."""
    case = get_case(work, command.case)
    return screens.case_page(sheet(work, case), work.zone, work.now, work.site)


def open_close(work: Work, command: OpenClose) -> Screen:
    """The form for ending a case."""
    return screens.close_form(get_case(work, command.case).id)


def close(work: Work, command: CloseCase) -> Outcome:
    """End a case."""
    case = get_case(work, command.case)
    if waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id):
        raise Invalid(reason=mending.SAFETY_CALL_OPEN)
    close_case(work, case, CloseReason(command.reason), work.who.id)
    return Outcome("case_closed", {"case": case.id})


def sheet(work: Work, case: Case) -> CaseSheet:
    """Everything the case form shows."""
    member = get_member(work, case.member_id)
    programme = work.definitions.programmes[case.programme]
    check_ins = sorted(work.tx.find(CheckIn, case_id=case.id), key=lambda one: (one.opens_at, one.id))
    events = [work.tx.get(Incident, id) for id in case.incidents]
    services = {service.id: service.name for service in work.site.services}
    referrals = work.tx.find(Referral, case_id=case.id, order_by="offered_at")
    return CaseSheet(
        case=case,
        programme=programme.name,
        name=member.name if case.named else "",
        phone=member.phone if case.named else "",
        reach=member.reach,
        best_time=member.best_time if case.named else "",
        chat=_chat(work, case),
        accounts=tuple(one.account for one in events if one is not None and one.account),
        check_ins=tuple(CheckInRow(one, label_of(work, case, one)) for one in check_ins),
        events=tuple(one.ended_at for one in exposures_of(work, case)),
        referrals=tuple(
            (one.id, services.get(one.service, "A service"), one.state)
            for one in referrals
            if one.state not in (ReferralState.CLOSED, ReferralState.DECLINED)
        ),
        holder=case.holder == work.who.id,
        switchable=programme.clock is Clock.AGREED,
        contact=first_contact.step_of(work, case.id),
    )


def _chat(work: Work, case: Case) -> Address | None:
    if not case.named:
        return None
    accounts = work.tx.find(Account, member_id=case.member_id)
    addresses = [Address.parse(account.address) for account in accounts]
    return next((one for one in addresses if one.platform is not Platform.WEB), None)


def _names(work: Work, cases: list[Case]) -> list[str]:
    """Names of those who gave one, two of one name told apart; empty for the others."""
    members = [get_member(work, case.member_id) if case.named else None for case in cases]
    named = iter(told_apart([(one.name, one.phone) for one in members if one is not None]))
    return [next(named) if one is not None else "" for one in members]


def _row(work: Work, case: Case, name: str) -> CaseRow:
    coming = work.tx.find(
        CheckIn,
        case_id=case.id,
        state=(CheckInState.PLANNED, CheckInState.OPEN),
        order_by="opens_at",
        limit=1,
    )
    steps = waits.open_steps(work, case_id=case.id)
    return CaseRow(
        case.id,
        name,
        CheckInRow(coming[0], label_of(work, case, coming[0])) if coming else None,
        late=any(_is_open_past_its_time(work, step) for step in steps),
        danger=any(step.kind is StepKind.SAFETY for step in steps),
    )


def _is_open_past_its_time(work: Work, step: Step) -> bool:
    """Of what is the holder's to do, that it is late, or that the ladder has taken it elsewhere."""
    theirs = work.steps[step.kind].goes_with_case
    return theirs and step.opens_at <= work.now and is_late(work, step)
