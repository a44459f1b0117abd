"""Opens talks again that were ended by mistake, and lets them go on where they were."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases import supervision
from trim_bot.app.cases.commands import ReopenCase
from trim_bot.app.cases.hands import give, release
from trim_bot.app.cases.hands_screens import EndedRow
from trim_bot.app.cases.look_up import get_case, get_member
from trim_bot.app.cases.state import may_open_again
from trim_bot.app.people.capacity import has_room
from trim_bot.app.people.eligible import conflict_free, could_take, manages, still_here
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.work import Next, Outcome, Work
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.ids import MemberId
from trim_bot.domain.referrals import Referral, ReferralState


def reopen(work: Work, command: ReopenCase) -> Next:
    """Whatever ended with the case stands as it stood; who held it goes on, or else it waits for somebody."""
    case = get_case(work, command.case)
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
    if holder is not None:
        give(work, opened, holder, opened.cover)
    else:
        release(work, opened)
    if opened.asks:
        supervision.begin(work, opened)
    if holder == work.who.id:
        return OpenCase(case.id)
    return Outcome("case_reopened", {"held": "yes" if case.holder == work.who.id else "no"})


def ended_by_me(work: Work) -> tuple[EndedRow, ...]:
    """What whoever asks ended lately and may open again, with the name that they knew."""
    found = work.tx.find(Case, closed_by=work.who.id, state=CaseState.CLOSED, order_by="-closed_at")
    return tuple(
        EndedRow(one.id, get_member(work, one.member_id).name if one.named else "", one.closed_at)
        for one in found
        if one.closed_at is not None and _open_to(work, one)
    )


def ended_lately(work: Work) -> tuple[EndedRow, ...]:
    """What others ended lately, for whoever leads: by kind of support, without whom it is about."""
    found = work.tx.find(Case, state=CaseState.CLOSED, order_by="-closed_at", limit=MOST_ENDED)
    return tuple(
        EndedRow(one.id, work.definitions.programmes[one.programme].name, one.closed_at)
        for one in found
        if one.closed_at is not None and _open_to(work, one)
    )


MOST_ENDED = 50
"""How many of the cases that ended last a lead is shown."""


def _open_to(work: Work, case: Case) -> bool:
    own = case.member_id == work.who.id
    return not own and may_open_again(work, case) and not manages(work, work.who.id, case.member_id)


def _put_back(work: Work, case: Case) -> None:
    for ended in case.ended_with:
        check_in, referral = work.tx.get(CheckIn, ended.id), work.tx.get(Referral, ended.id)
        if check_in is not None and check_in.state is CheckInState.CANCELLED:
            agreed = check_in.agreed_at
            still = agreed if agreed is not None and agreed > work.now else None
            work.tx.save(replace(check_in, state=CheckInState(ended.state), agreed_at=still))
        if referral is not None and referral.state is ReferralState.CLOSED:
            work.tx.save(replace(referral, state=ReferralState(ended.state), changed_at=work.now))


def _may_go_on(work: Work, case: Case, holder: MemberId) -> bool:
    """Whether the ended case goes back to whoever held it, by the site's limit too.

    They decide of their own room when they open it themselves; to anybody else it is something new.
    """
    if not has_room(work, holder):
        return False
    if holder != work.who.id:
        return could_take(work, holder, case.member_id, case.incidents, (*case.refused, *case.passed))
    free = conflict_free(work, holder, case.member_id, case.incidents, case.refused)
    return free and still_here(work, holder) is not None
