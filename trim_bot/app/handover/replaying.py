"""Does again what was taken back since a backup, by the same rules as then: one file, so that each kind stands
in it once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from trim_bot.app.cases.hands import release
from trim_bot.app.cases.opening import open_again
from trim_bot.app.cases.replanning import keep_awake
from trim_bot.app.cases.stages import STILL_OPEN
from trim_bot.app.cases.state import close_case
from trim_bot.app.events.offers import answer_no, answer_not_now
from trim_bot.app.handover.reassignment import move_on
from trim_bot.app.people.eligible import line_key
from trim_bot.app.people.roster import Roster
from trim_bot.app.requests.hands import finish, give_back, take_back
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.domain import ids
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState, CloseReason
from trim_bot.domain.chat_workspaces import Installation
from trim_bot.domain.incidents import Directness, Exposure, Offer, OfferState
from trim_bot.domain.people import GONE, Account, Availability, Grant, Member, Platform, Reach, Role, Training
from trim_bot.domain.records import Erasure
from trim_bot.domain.referrals import NEXT, Referral, ReferralState
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.revocations import GIVEN, NOTHING, RevocationKind
from trim_bot.domain.steps import OPEN_STATES, Step, StepKind, StepState
from trim_bot.domain.zones import at_local

OVER = (RequestState.WITHDRAWN, RequestState.CLOSED)


@dataclass(frozen=True, slots=True)
class Again:
    """The latest there is to say of one thing: its kind, its record, and how it stands now.

    `person` is whom it is about where it is one of several; `handed_on` says that somebody else had it after them;
    `alone` that their work stays where it is, since something in it cannot be opened.
    """

    kind: RevocationKind
    record: str
    value: str
    person: str = ""
    handed_on: bool = False
    alone: bool = False


def take_again(work: UnitOfWork, again: Again) -> bool:
    """Bring one record to how it stood; whether that changed anything."""
    return _DOING[again.kind](work, again)


def _member(work: UnitOfWork, again: Again, **changes: object) -> bool:
    member = work.tx.get(Member, ids.MemberId(again.record))
    changed = replace(member, **changes) if member is not None else None  # type: ignore[arg-type]
    if changed is None or changed == member:
        return False
    work.tx.save(changed)
    return True


def _left(work: UnitOfWork, again: Again) -> bool:
    if again.value != GIVEN and not again.alone:
        move_on(work, ids.MemberId(again.record), None)
    return _member(work, again, left=again.value != GIVEN)


def _messages(work: UnitOfWork, again: Again) -> bool:
    return _member(work, again, messages_stopped=again.value != GIVEN)


def _changes(work: UnitOfWork, again: Again) -> bool:
    return _member(work, again, told_of_changes=again.value == GIVEN)


def _reach(work: UnitOfWork, again: Again) -> bool:
    return _member(work, again, reach=Reach(again.value))


def _phone(work: UnitOfWork, again: Again) -> bool:
    return again.value == NOTHING and _member(work, again, phone="")


def _availability(work: UnitOfWork, again: Again) -> bool:
    changed = _member(work, again, availability=Availability(again.value))
    if changed and again.value == Availability.AWAY.value and not again.alone:
        move_on(work, ids.MemberId(again.record), None)
    return changed


def _leave(work: UnitOfWork, again: Again) -> bool:
    """The ledger knows the UTC days on which leave begins and ends, each at a midnight of where the member lives."""
    member = work.tx.get(Member, ids.MemberId(again.record))
    if again.value == NOTHING:
        return _member(work, again, away_from=None, away_until=None, on_leave=False)
    first, _, last = again.value.rpartition("/")
    begins = min(_midnights(work, member, first)) if first else None
    if begins is not None and begins <= work.now:
        begins = None
    until = max(_midnights(work, member, last))
    if member is None or until <= work.now or _days_away(member) == (begins and begins.date(), until.date()):
        return False
    changed = _member(work, again, away_from=begins, away_until=until, on_leave=begins is None)
    if changed and begins is None and not again.alone:
        move_on(work, ids.MemberId(again.record), until)
    return changed


def _midnights(work: UnitOfWork, member: Member | None, day: str) -> tuple[datetime, ...]:
    """The instants on a UTC day at which a day begins where a member lives, two when the clocks go forward.

    None when they go back, or when the zone is another by now: then the ends of the UTC day, so that leave is rather
    too long by some hours than too short.
    """
    utc_day, zone = date.fromisoformat(day), work.zone_of(member).key
    begun = (at_local(one, time(), zone) for one in (utc_day, utc_day + timedelta(days=1)))
    found = tuple(one for one in begun if one.date() == utc_day)
    ends = (datetime.combine(utc_day, at, UTC) for at in (time(), time(23, 59)))
    return found or tuple(ends)


def _days_away(member: Member) -> tuple[date | None, date | None]:
    begins, ends = member.away_from, member.away_until
    return begins and begins.date(), ends and ends.date()


def _erasure(work: UnitOfWork, again: Again) -> bool:
    member = work.tx.get(Member, ids.MemberId(again.record))
    if member is None or work.tx.find(Erasure, member_id=again.record, limit=1):
        return False
    work.tx.add(Erasure(ids.new_id(), member.id, work.now))
    return True


def _chat(work: UnitOfWork, again: Again) -> bool:
    account = work.tx.get(Account, ids.AccountId(again.record))
    if account is None or again.value != NOTHING:
        return False
    member = work.tx.get(Member, account.member_id)
    if member is not None and account.platform is not Platform.WEB:
        taken_off = line_key(work.tx, account.address)
        work.tx.save(replace(member, lines=tuple(dict.fromkeys((*member.lines, taken_off)))))
    work.tx.drop(Account, account.id)
    return True


def _app(work: UnitOfWork, again: Again) -> bool:
    account = work.tx.get(Account, ids.AccountId(again.record))
    if account is None or again.value != NOTHING or account.route == GONE:
        return False
    work.tx.save(replace(account, route=GONE))
    return True


def _role(work: UnitOfWork, again: Again) -> bool:
    grant = work.tx.get(Grant, again.record)
    if grant is None or again.value == GIVEN:
        return False
    Roster(work.tx).revoke(grant.member_id, Role(grant.role), work.now)
    return True


def _training(work: UnitOfWork, again: Again) -> bool:
    return _drop(work, Training, again)


def _installation(work: UnitOfWork, again: Again) -> bool:
    return _drop(work, Installation, again)


def _drop(work: UnitOfWork, kind: type[Training] | type[Installation], again: Again) -> bool:
    if again.value != NOTHING or work.tx.get(kind, again.record) is None:
        return False
    work.tx.drop(kind, again.record)
    return True


def _exposure(work: UnitOfWork, again: Again) -> bool:
    exposure = work.tx.get(Exposure, again.record)
    if exposure is None or again.value != NOTHING or exposure.directness is Directness.MISTAKEN:
        return False
    work.tx.save(replace(exposure, directness=Directness.MISTAKEN))
    return True


def _offer(work: UnitOfWork, again: Again) -> bool:
    offer = work.tx.get(Offer, ids.OfferId(again.record))
    if offer is None or again.value in (GIVEN, offer.state.value) or offer.state is OfferState.ACCEPTED:
        return False
    match OfferState(again.value):
        case OfferState.DECLINED:
            answer_no(work, offer)
        case OfferState.NOT_NOW:
            answer_not_now(work, offer)
        case _:
            work.tx.save(replace(offer, state=OfferState.WITHDRAWN))
            waits.end(work, StepState.CANCELLED, subject=offer.id)
    return True


def _proposed(work: UnitOfWork, again: Again) -> bool:
    offer = work.tx.get(Offer, ids.OfferId(again.record))
    if offer is None or again.value == GIVEN or offer.proposed != again.person:
        return False
    work.tx.save(replace(offer, proposed=None))
    return True


def _request(work: UnitOfWork, again: Again) -> bool:
    request = work.tx.get(SupportRequest, ids.RequestId(again.record))
    if request is None or again.value == GIVEN or request.state in OVER:
        return False
    if again.value == RequestState.WITHDRAWN.value:
        take_back(work, request)
    else:
        work.tx.save(replace(request, state=RequestState.CLOSED))
        finish(work, request)
    return True


def _taker(work: UnitOfWork, again: Again) -> bool:
    request = work.tx.get(SupportRequest, ids.RequestId(again.record))
    if request is None or again.value == GIVEN or request.taken_by != again.person:
        return False
    if request.state is not RequestState.TAKEN:
        return False
    give_back(work, request)
    return True


def _passed_request(work: UnitOfWork, again: Again) -> bool:
    request = work.tx.get(SupportRequest, ids.RequestId(again.record))
    if request is None or again.value != GIVEN or again.person in request.passed_by:
        return False
    passed = replace(request, passed_by=(*request.passed_by, ids.MemberId(again.person)))
    if passed.taken_by == again.person and passed.state is RequestState.TAKEN:
        give_back(work, passed)
    else:
        work.tx.save(passed)
    return True


def _refused(work: UnitOfWork, again: Again) -> bool:
    case = _open_case(work, again)
    if case is None or again.value != GIVEN or again.person in case.refused:
        return False
    _without(work, replace(case, refused=(*case.refused, ids.MemberId(again.person))), again.person)
    return True


def _passed(work: UnitOfWork, again: Again) -> bool:
    case = _open_case(work, again)
    if case is None or again.value != GIVEN or again.person in case.passed:
        return False
    _without(work, replace(case, passed=(*case.passed, ids.MemberId(again.person))), again.person)
    return True


def _called(work: UnitOfWork, again: Again) -> bool:
    case = _open_case(work, again)
    if case is None or again.value == GIVEN or again.person not in case.called:
        return False
    work.tx.save(replace(case, called=tuple(id for id in case.called if id != again.person)))
    return True


def _cover(work: UnitOfWork, again: Again) -> bool:
    case = _open_case(work, again)
    if case is None or again.value == GIVEN or case.cover != again.person:
        return False
    work.tx.save(replace(case, cover=None))
    return True


def _holder(work: UnitOfWork, again: Again) -> bool:
    """Out of their hands, and not back into them where it went to nobody: something stood in the way."""
    case = _open_case(work, again)
    if case is None or again.value == GIVEN or case.holder != again.person:
        return False
    named = again.person in (*case.refused, *case.passed)
    passed = case.passed if again.handed_on or named else (*case.passed, ids.MemberId(again.person))
    release(work, replace(case, passed=passed))
    return True


def _without(work: UnitOfWork, case: Case, person: str) -> None:
    """Keep a case, and take it out of the hands of somebody who may hold it no more."""
    if case.holder == person:
        release(work, case)
    else:
        work.tx.save(case)


def _safety(work: UnitOfWork, again: Again) -> bool:
    step = work.tx.get(Step, ids.StepId(again.record))
    if step is None or again.value != NOTHING or step.kind is not StepKind.SAFETY:
        return False
    if step.state not in OPEN_STATES:
        return False
    work.tx.save(replace(step, state=StepState.CANCELLED, lease_until=None))
    if step.case_id is not None:
        keep_awake(work, step.case_id)
    return True


def _conversation(work: UnitOfWork, again: Again) -> bool:
    check_in = work.tx.get(CheckIn, ids.CheckInId(again.record))
    if check_in is None or again.value != NOTHING or check_in.state not in STILL_OPEN:
        return False
    work.tx.save(replace(check_in, state=CheckInState.DECLINED))
    waits.end(work, StepState.DECLINED, subject=check_in.id)
    keep_awake(work, check_in.case_id)
    return True


def _referral(work: UnitOfWork, again: Again) -> bool:
    referral = work.tx.get(Referral, ids.ReferralId(again.record))
    if referral is None or again.value == GIVEN or not NEXT[referral.state]:
        return False
    work.tx.save(replace(referral, state=ReferralState(again.value), changed_at=work.now))
    waits.end(work, StepState.DONE, kind=StepKind.REFERRAL, subject=referral.id)
    keep_awake(work, referral.case_id)
    return True


def _talk(work: UnitOfWork, again: Again) -> bool:
    """Ended again, or opened again; what the person ended is never opened, however it had ended before."""
    case = work.tx.get(Case, ids.CaseId(again.record))
    if case is None:
        return False
    if again.value == GIVEN:
        if case.state is CaseState.OPEN or case.close_reason in (None, CloseReason.WITHDRAWN):
            return False
        open_again(work, case)
        return True
    reason = CloseReason(again.value)
    if case.state is CaseState.OPEN:
        close_case(work, case, reason)
        return True
    if case.close_reason is reason:
        return False
    work.tx.save(replace(case, close_reason=reason, closed_by=None))
    return True


def _open_case(work: UnitOfWork, again: Again) -> Case | None:
    case = work.tx.get(Case, ids.CaseId(again.record))
    return case if case is not None and case.state is CaseState.OPEN else None


def _nothing(_work: UnitOfWork, _again: Again) -> bool:
    """What cannot be done again here: the report says so, or the store does it."""
    return False


_DOING: dict[RevocationKind, Callable[[UnitOfWork, Again], bool]] = {
    RevocationKind.LEFT: _left,
    RevocationKind.MESSAGES: _messages,
    RevocationKind.CHANGES: _changes,
    RevocationKind.REACH: _reach,
    RevocationKind.PHONE: _phone,
    RevocationKind.AVAILABILITY: _availability,
    RevocationKind.LEAVE: _leave,
    RevocationKind.ERASURE: _erasure,
    RevocationKind.CHAT: _chat,
    RevocationKind.APP: _app,
    RevocationKind.ROLE: _role,
    RevocationKind.TRAINING: _training,
    RevocationKind.INSTALLATION: _installation,
    RevocationKind.WORKSPACE: _nothing,
    RevocationKind.EXPOSURE: _exposure,
    RevocationKind.OFFER: _offer,
    RevocationKind.PROPOSED: _proposed,
    RevocationKind.PASSED_REQUEST: _passed_request,
    RevocationKind.TAKER: _taker,
    RevocationKind.REQUEST: _request,
    RevocationKind.REFUSED: _refused,
    RevocationKind.PASSED: _passed,
    RevocationKind.CALLED: _called,
    RevocationKind.COVER: _cover,
    RevocationKind.HOLDER: _holder,
    RevocationKind.SAFETY: _safety,
    RevocationKind.CONVERSATION: _conversation,
    RevocationKind.REFERRAL: _referral,
    RevocationKind.TALK: _talk,
    RevocationKind.SITE: _nothing,
}
