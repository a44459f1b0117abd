"""Offers a step on to professional help, with the person's consent, and follows it to its end."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases.entitled import is_called_in
from trim_bot.app.cases.state import get_case
from trim_bot.app.cases.whose import whose
from trim_bot.app.people.counted import count_after
from trim_bot.app.people.counting import count_person
from trim_bot.app.referrals import screens
from trim_bot.app.referrals.commands import HelpAnswer, MoveReferral, OfferReferral, PutOff
from trim_bot.app.seam.links import OpenCase, OpenReferral, OpenReferralMove
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Outcome, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.hours import working_days_on
from trim_bot.domain.bulletins import Figure
from trim_bot.domain.cases import Case
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import MemberId, ReferralId, new_id
from trim_bot.domain.people import Member
from trim_bot.domain.records import Measure
from trim_bot.domain.referrals import NEXT, Referral, ReferralState
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

ANSWERS = {
    HelpAnswer.YES: ReferralState.ACCEPTED,
    HelpAnswer.LATER: ReferralState.OFFERED,
    HelpAnswer.NO: ReferralState.DECLINED,
}
LOOK_AFTER = {
    ReferralState.OFFERED: 5,
    ReferralState.ACCEPTED: 2,
    ReferralState.MADE: 5,
    ReferralState.SEEN: 5,
    ReferralState.NOT_SEEN: 2,
}
"""Working days until the next look; states that are not here have ended."""


def open_referral(work: Work, command: OpenReferral) -> Screen:
    """The directory, and what the person says to it."""
    case = get_case(work, command.case)
    return screens.referral_form(whose(work, case), case.id, work.site)


def offer(work: Work, command: OfferReferral) -> Next:
    """Record an offer of help with its answer; the journal row is about the case, for the person to see."""
    case = get_case(work, command.case)
    state = ANSWERS[command.answer]
    referral = Referral(
        ReferralId(new_id()), case.key_id, case.id, command.service, state, work.now, work.now
    )
    work.tx.add(referral)
    _count(work, case, state)
    _look_again(work, case, referral, None)
    return _back_to(work, case)


def open_move(work: Work, command: OpenReferralMove) -> Screen:
    """Where a referral stands."""
    referral = _get(work, command.referral)
    service = next((one for one in work.site.services if one.id == referral.service), None)
    banner = whose(work, get_case(work, referral.case_id))
    return screens.move_form(banner, referral, service, referral.changed_at.astimezone(work.zone).date())


def move(work: Work, command: MoveReferral) -> Next:
    """Record what is new, or put the next look off. Raises NotOpen for a move that is not allowed."""
    referral = _get(work, command.referral)
    case = get_case(work, referral.case_id)
    put_off = command.state is PutOff.NOTHING_NEW
    if command.state is not PutOff.NOTHING_NEW:
        if command.state not in NEXT[referral.state]:
            raise NotOpen("state")
        referral = replace(referral, state=command.state, changed_at=work.now)
        work.tx.save(referral)
        _count(work, case, command.state)
    waiting = waits.open_steps(work, kind=StepKind.REFERRAL, subject=referral.id)
    waits.end(work, StepState.DONE, kind=StepKind.REFERRAL, subject=referral.id)
    mine = next((step for step in waiting if step.holder == work.who.id), None)
    _look_again(work, case, referral, mine, days=5 if put_off else None)
    return _back_to(work, case)


def _look_again(
    work: Work, case: Case, referral: Referral, mine: Step | None, *, days: int | None = None
) -> None:
    """Begin the next look, with whoever covers if the last one had come to them, else with the holder."""
    if referral.state not in LOOK_AFTER:
        return
    rung, holder = (mine.rung, mine.holder) if mine is not None else (Rung.ASSIGNED, None)
    owner: MemberId = holder or case.holder or work.who.id
    opens = working_days_on(work, work.tx.get(Member, owner), days or LOOK_AFTER[referral.state])
    waits.begin(work, StepKind.REFERRAL, referral.id, rung, owner, case=case.id, opens_at=opens)


def _count(work: Work, case: Case, state: ReferralState) -> None:
    if state is ReferralState.ACCEPTED:
        count_person(work, Measure.REFERRED, case.member_id)
        count_after(work, case.member_id, Figure.REFERRED)


def _back_to(work: Work, case: Case) -> Next:
    """The case, if it is still open to whoever acted: covering one step may have ended with it."""
    me = work.who.id
    if case.holder == me or is_called_in(work, case) or waits.open_steps(work, case_id=case.id, holder=me):
        return OpenCase(case.id)
    return Outcome("referral_kept")


def _get(work: Work, id: ReferralId) -> Referral:
    referral = work.tx.get(Referral, id)
    if referral is None:
        raise NotOpen("referral")
    return referral
