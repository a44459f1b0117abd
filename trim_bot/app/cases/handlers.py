"""One case in full, agreeing times, talking it over with a lead, and ending it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from trim_bot.app.cases import conversation_screens as parts
from trim_bot.app.cases import first_contact, screens, supervision_screens
from trim_bot.app.cases.advising import advice_for
from trim_bot.app.cases.change_screens import change_blocks
from trim_bot.app.cases.commands import (
    CloseCase,
    MoveCheckIn,
    OpenClose,
    OpenMove,
    OpenSupervision,
    ReopenCase,
    SkipCheckIn,
    SuperviseCase,
)
from trim_bot.app.cases.entitled import may_reopen
from trim_bot.app.cases.exposures import exposures_of
from trim_bot.app.cases.replanning import keep_awake
from trim_bot.app.cases.screens import CaseSheet, CheckInRow, HelpRow, NotedRow, SheetRow
from trim_bot.app.cases.stages import STILL_OPEN, begin_check_in, label_of
from trim_bot.app.cases.state import (
    called_until,
    close_case,
    get_case,
    get_check_in,
    get_member,
    interview_of,
    lapse_ends,
)
from trim_bot.app.cases.supervision import talked_over
from trim_bot.app.cases.time_line import time_line
from trim_bot.app.cases.whose import whose
from trim_bot.app.people.eligible import still_here
from trim_bot.app.people.reaching_by import reach_of
from trim_bot.app.seam import mending
from trim_bot.app.seam.command import FIRST, ListPlace
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.paging import part_of, placed
from trim_bot.app.seam.unsigned import Block, Screen
from trim_bot.app.seam.work import Next, Outcome, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.words.clocks import clock_of_case, read_time
from trim_bot.domain.cases import Case, CheckIn, CheckInState, InterviewState
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.ids import CaseId, StepId
from trim_bot.domain.incidents import Incident
from trim_bot.domain.people import Account, Address, Platform
from trim_bot.domain.policy import POLICY
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.steps import Rung, Step, StepKind, StepState
from workflows.engine import Reason
from workflows.programme import WindowClock


def open_case(work: Work, command: OpenCase) -> Screen:
    """One case, for the one entitled to it."""
    case = get_case(work, command.case)
    return screens.case_page(sheet(work, case, command.after), work.zone, work.now, work.site)


def open_close(work: Work, command: OpenClose) -> Screen:
    """The form for ending a case."""
    case = get_case(work, command.case)
    return screens.close_form(whose(work, case), case.id)


def close(work: Work, command: CloseCase) -> Outcome:
    """End a case."""
    case = get_case(work, command.case)
    if waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id):
        raise Invalid(reason=mending.SAFETY_CALL_OPEN)
    if waits.open_steps(work, kind=StepKind.AFTER_CALL, case_id=case.id):
        raise Invalid(reason=mending.AFTER_CALL_OPEN)
    if Reason.CALL_TAKEN_BACK in case.asks:
        raise Invalid(reason=mending.LOOK_ONCE_OPEN)
    close_case(work, case, command.reason, work.who.id)
    return Outcome("case_closed", {"case": case.id})


def closed(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """A case was ended: whose it was, and the way back, as long as whoever looks may open it again."""
    again = ReopenCase(CaseId(ids["case"]))
    try:
        if not isinstance(work, Work):
            raise NotOpen("signed_out")
        may_reopen(work, again)
        return screens.closed_page(whose(work, get_case(work, again.case)), again.case)
    except NotOpen:
        return screens.closed_page(None, None)


def sheet(work: Work, case: Case, after: ListPlace = FIRST) -> CaseSheet:
    """Everything the case form shows, of its conversations those that follow a place."""
    member = get_member(work, case.member_id)
    programme = work.definitions.programmes[case.programme]
    check_ins = work.tx.find(CheckIn, case_id=case.id)
    part = part_of(_sheet_rows(work, case, check_ins), lambda row: row[0], after)
    return CaseSheet(
        case=case,
        programme=programme.name,
        name=member.name if case.named else "",
        phone=member.phone if case.named else "",
        reach=reach_of(work, member),
        best_time=member.best_time if case.named else "",
        chat=_chat(work, case),
        rows=part.holding(row for _, row in part.rows),
        events=tuple(one.ended_at for one in exposures_of(work, case)),
        holder=case.holder == work.who.id,
        switchable=programme.clock is WindowClock.AGREED,
        contact=first_contact.step_of(work, case.id),
        line=time_line(work, case, check_ins) if not after else (),
        change=_change(work, case, check_ins) if not after else (),
        until=_until(work, case),
    )


def _sheet_rows(work: Work, case: Case, every: list[CheckIn]) -> list[tuple[ListPlace, SheetRow]]:
    """Everything in its order; of more than a page, what is still to be done comes first."""
    check_ins = [one for one in every if one.state is not CheckInState.CANCELLED]
    events = work.tx.get_many(Incident, case.incidents)
    noted = [events[id] for id in case.incidents if id in events and events[id].account]
    ended = (ReferralState.CLOSED, ReferralState.DECLINED)
    referrals = [one for one in work.tx.find(Referral, case_id=case.id) if one.state not in ended]
    long = len(check_ins) + len(noted) + len(referrals) > POLICY.rows_on_a_page
    services = {service.id: service.name for service in work.site.services}
    rows: list[tuple[ListPlace, SheetRow]] = []
    for number, event in enumerate(noted):
        rows.append((placed(3 if long else 0, number, event.id), NotedRow(event.account)))
    for one in check_ins:
        group = 1 if not long or one.state in STILL_OPEN else 2
        rows.append((placed(group, one.opens_at, one.id), CheckInRow(one, label_of(work, case, one))))
    for help_row in referrals:
        name = services.get(help_row.service, "A service")
        place = placed(1 if long else 2, help_row.offered_at, help_row.id)
        rows.append((place, HelpRow(help_row.id, name, help_row.state)))
    return rows


def _change(work: Work, case: Case, check_ins: list[CheckIn]) -> tuple[Block, ...]:
    """From the first scored talk to the newest held one, where both are about the same exposure."""
    held = [one for one in check_ins if one.state is CheckInState.HELD and one.met_by is None and one.held_at]
    if len(held) < 2:
        return ()
    newest = max(held, key=lambda one: (one.held_at or case.opened_at, one.id))
    done = interview_of(work, newest, InterviewState.DONE)
    return tuple(change_blocks(advice_for(work, case, newest, done))) if done is not None else ()


def _until(work: Work, case: Case) -> datetime | None:
    """When whoever looks can no longer open it, where their time runs."""
    if case.holder == work.who.id:
        return lapse_ends(work, case)
    return called_until(work, case) if work.who.id in case.called else None


def _chat(work: Work, case: Case) -> Address | None:
    if not case.named:
        return None
    accounts = work.tx.find(Account, member_id=case.member_id)
    addresses = [Address.parse(account.address) for account in accounts]
    return next((one for one in addresses if one.platform is not Platform.WEB), None)


def open_supervision(work: Work, command: OpenSupervision) -> Screen:
    """Who is to be talked with, how to reach them, and why."""
    case = _case(work, command.step)
    holder = still_here(work, case.holder)
    programme = work.definitions.programmes[case.programme].name
    return supervision_screens.supervision_page(command.step, case, programme, holder)


def supervise(work: Work, command: SuperviseCase) -> Outcome:
    """It was talked over; getting in touch, where it is still owed, waits for the holder again."""
    first_contact.begin(work, talked_over(work, _case(work, command.step)))
    return Outcome("talked_over")


def _case(work: Work, id: StepId) -> Case:
    step = work.tx.get(Step, id)
    if step is None or step.case_id is None:
        raise NotOpen("step")
    return get_case(work, step.case_id)


def open_move(work: Work, command: OpenMove) -> Screen:
    """The form for agreeing a time."""
    check_in, case = get_check_in(work, command.check_in)
    label = label_of(work, case, check_in)
    return parts.move_form(whose(work, case, check_in), check_in, label, clock_of_case(work, case))


def move(work: Work, command: MoveCheckIn) -> Next:
    """Keep the agreed time; the holder is reminded then, and the person too if they want that."""
    check_in, case = get_check_in(work, command.check_in)
    if check_in.state not in STILL_OPEN:
        raise NotOpen("check_in")
    agreed = read_time(clock_of_case(work, case), command.clock, command.day, command.at)
    if agreed <= work.now:
        raise Invalid(day=mending.DATE_PASSED)
    if agreed - work.now > POLICY.longest_ahead:
        raise Invalid(day=mending.DATE_TOO_FAR)
    if agreed < check_in.opens_at:
        raise Invalid(day=mending.TOO_EARLY)
    moved = replace(check_in, agreed_at=agreed)
    work.tx.save(moved)
    waits.changed(work, case.member_id)
    for kind in (StepKind.CHECK_IN, StepKind.AGREED_TIME):
        waits.end(work, StepState.MOVED, kind=kind, subject=check_in.id)
    begin_check_in(work, case, moved)
    if command.tell:
        waits.begin(
            work,
            StepKind.AGREED_TIME,
            check_in.id,
            Rung.PERSON,
            case.member_id,
            case=case.id,
            opens_at=max(agreed - POLICY.opens_before_agreed, work.now),
        )
    return OpenCase(case.id)


def skip(work: Work, command: SkipCheckIn) -> Next:
    """The person does not want this one; what comes later stays."""
    check_in, case = get_check_in(work, command.check_in)
    if check_in.state in STILL_OPEN:
        work.tx.save(replace(check_in, state=CheckInState.DECLINED))
        waits.end(work, StepState.DECLINED, subject=check_in.id)
        keep_awake(work, case.id)
    return OpenCase(case.id)
