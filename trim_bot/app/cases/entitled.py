"""Relationships, all in one file: who stands how to a case, an offer, a request; each names the journal's subject."""

from __future__ import annotations

from typing import Protocol

from trim_bot.app.cases.given_on import given_on
from trim_bot.app.cases.state import called_until, lapse_ends, may_open_again, request_has_lapsed
from trim_bot.app.people.eligible import manages
from trim_bot.app.seam.work import Subject, UnitOfWork, Work
from trim_bot.app.waiting.telling import is_offered
from trim_bot.domain.cases import Case, CaseState, CheckIn
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.grants import GrantRequest, GrantRequestId
from trim_bot.domain.ids import (
    AccountId,
    CaseId,
    CheckInId,
    IncidentId,
    MemberId,
    OfferId,
    ReferralId,
    RequestId,
    StepId,
)
from trim_bot.domain.incidents import Incident, Offer
from trim_bot.domain.people import Account, Member, Role
from trim_bot.domain.referrals import Referral
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind

LEADING = frozenset({Role.LEAD, Role.DEPUTY})
REQUESTED = (StepKind.REQUEST, StepKind.FIRST_CONTACT)
"""What waits about a request: somebody to take it, and then for that one to get in touch."""


class OfCase(Protocol):
    """Any command that names a case."""

    @property
    def case(self) -> CaseId: ...


class OfCheckIn(Protocol):
    """Any command that names a conversation of a case."""

    @property
    def check_in(self) -> CheckInId: ...


class OfStep(Protocol):
    """Any command that names something that waits."""

    @property
    def step(self) -> StepId: ...


class OfReferral(Protocol):
    """Any command that names a referral."""

    @property
    def referral(self) -> ReferralId: ...


class OfRequest(Protocol):
    """Any command that names a request for support."""

    @property
    def request(self) -> RequestId: ...


class OfGrant(Protocol):
    """Any command that names something asked on the roster."""

    @property
    def request(self) -> GrantRequestId: ...


class OfIncident(Protocol):
    """Any command that names a hard event."""

    @property
    def incident(self) -> IncidentId: ...


class OfOffer(Protocol):
    """Any command that names an offer."""

    @property
    def offer(self) -> OfferId: ...


class OfMember(Protocol):
    """Any command that names somebody on the roster."""

    @property
    def member(self) -> MemberId: ...


class OfAccount(Protocol):
    """Any command that names an account of somebody's."""

    @property
    def account(self) -> AccountId: ...


def own_offer(work: Work, asked: OfOffer) -> None:
    """The offer was made to whoever is asking."""
    offer = work.tx.get(Offer, asked.offer)
    if offer is None or offer.member_id != work.who.id:
        raise NotOpen("offer")
    work.about(offer)


def logged_incident(work: Work, asked: OfIncident) -> None:
    """Whoever is asking logged the incident."""
    incident = work.tx.get(Incident, asked.incident)
    if incident is None or incident.logged_by != work.who.id:
        raise NotOpen("incident")
    work.about(incident)


def own_case(work: Work, asked: OfCase) -> None:
    """The case is about whoever is asking, and is open."""
    case = _open_case(work, asked.case)
    if case.member_id != work.who.id:
        raise NotOpen("case")
    work.about(case)


def holds_case(work: Work, asked: OfCase) -> None:
    """Assigned, covering, or called in for safety, each for its time; never one's own case, never a closed one."""
    check_holds(work, _open_case(work, asked.case))


def assigned_case(work: Work, asked: OfCase) -> None:
    """Assigned to whoever is asking, and open; covering or being called in is not enough."""
    case = _open_case(work, asked.case)
    if case.holder != work.who.id or case.member_id == work.who.id:
        raise NotOpen("case")
    _lapsed_no_longer(work, case)
    _managing_nobody(work, case.member_id)
    work.about(case)


def check_holds(work: Work, case: Case) -> None:
    """Raise NotOpen unless whoever is asking may open this case's content."""
    me = work.who.id
    if case.state is not CaseState.OPEN or case.member_id == me:
        raise NotOpen("case")
    _lapsed_no_longer(work, case)
    holds = case.holder == me or is_called_in(work, case)
    if not holds and not _owns_work(work, case, me):
        raise NotOpen("case")
    _managing_nobody(work, case.member_id)
    work.about(case)


def is_called_in(work: Work, case: Case) -> bool:
    """Called in for safety, while a call is open and for a stated time after the last one."""
    until = called_until(work, case)
    return work.who.id in case.called and (until is None or work.now < until)


def _lapsed_no_longer(work: Work, case: Case) -> None:
    """Whoever holds a case opens it until some time after their training has run out. Raises NotOpen."""
    ends = lapse_ends(work, case) if case.holder == work.who.id else None
    if ends is not None and work.now >= ends and not is_called_in(work, case):
        raise NotOpen("training")


def _owns_work(work: Work, case: Case, me: MemberId) -> bool:
    """Whether a step of the case has come to somebody. To talk it over with its holder opens nothing of it."""
    mine = work.tx.find(Step, case_id=case.id, holder=me, state=OPEN_STATES)
    return any(step.kind is not StepKind.SUPERVISION for step in mine)


def holds_first_contact(work: Work, asked: OfStep) -> None:
    """Whoever is asking holds the case, or took the request, that somebody is to get in touch about."""
    step = work.tx.get(Step, asked.step)
    if step is None or step.kind is not StepKind.FIRST_CONTACT or step.state not in OPEN_STATES:
        raise NotOpen("step")
    if step.case_id is None:
        _check_took(work, RequestId(step.subject))
    else:
        check_holds(work, _open_case(work, step.case_id))


def holds_supervision(work: Work, asked: OfStep) -> None:
    """A case is to be talked over with whoever is asking, or with nobody, which any lead may take up."""
    step = work.tx.get(Step, asked.step)
    if step is None or step.kind is not StepKind.SUPERVISION or step.state not in OPEN_STATES:
        raise NotOpen("step")
    case = _open_case(work, step.case_id)
    if case.member_id == work.who.id or case.holder == work.who.id:
        raise NotOpen("case")
    if step.holder != work.who.id and step.rung is not Rung.NOBODY:
        raise NotOpen("step")
    _managing_nobody(work, case.member_id)
    work.about(case)


def may_reopen(work: Work, asked: OfCase) -> None:
    """Whoever is asking ended the case, or leads; it may be opened again, and is not about them or their people."""
    case = work.tx.get(Case, asked.case)
    if case is None or not may_open_again(work, case) or case.member_id == work.who.id:
        raise NotOpen("case")
    if case.closed_by != work.who.id and not work.who.roles & LEADING:
        raise NotOpen("case")
    if work.who.id in case.refused:
        raise NotOpen("case")
    _managing_nobody(work, case.member_id)
    work.about(case)


def holds_check_in(work: Work, asked: OfCheckIn) -> None:
    """Assigned, covering, or called in for safety, in the case of a check-in; never one's own, never a closed one."""
    check_in = work.tx.get(CheckIn, asked.check_in)
    if check_in is None:
        raise NotOpen("check_in")
    check_holds(work, _open_case(work, check_in.case_id))


def holds_referral(work: Work, asked: OfReferral) -> None:
    """Assigned, covering, or called in for safety, in the case of a referral; never one's own, never a closed one."""
    referral = work.tx.get(Referral, asked.referral)
    if referral is None:
        raise NotOpen("referral")
    check_holds(work, _open_case(work, referral.case_id))


def called_to_case(work: Work, asked: OfCase) -> None:
    """Called in for safety, or the one such a call has climbed to; any lead, where it has nobody."""
    case = work.tx.get(Case, asked.case)
    if case is None or case.member_id == work.who.id:
        raise NotOpen("case")
    me = work.who.id
    calls = work.tx.find(Step, case_id=case.id, kind=StepKind.SAFETY, state=OPEN_STATES)
    leads = bool(work.who.roles & LEADING)
    climbed = any(call.holder == me or (leads and call.rung is Rung.NOBODY) for call in calls)
    # A case may end while a call is unanswered; whom to ring stays open until somebody has it.
    if not climbed and (not is_called_in(work, case) or (case.state is not CaseState.OPEN and not calls)):
        raise NotOpen("case")
    _managing_nobody(work, case.member_id)
    work.about(case)


def was_called(work: Work, asked: OfCase) -> None:
    """Called in for safety, also where somebody else has said since that they have it."""
    try:
        called_to_case(work, asked)
    except NotOpen:
        case = _open_case(work, asked.case)
        calls = work.tx.find(Step, case_id=case.id, kind=StepKind.SAFETY)
        mine = [call for call in calls if call.holder == work.who.id]
        if case.member_id == work.who.id or not mine or any(call.state in OPEN_STATES for call in calls):
            raise
        until = called_until(work, case)
        if until is None or work.now >= until:
            raise
        _managing_nobody(work, case.member_id)
        work.about(case)


def waiting_case(work: Work, asked: OfCase) -> None:
    """The case waits for a practitioner, whoever is asking was told of it, and is not the person it is about."""
    case = _open_case(work, asked.case)
    waits = work.tx.find(Step, case_id=case.id, kind=StepKind.ASSIGN, state=OPEN_STATES)
    if not waits or case.member_id == work.who.id or work.who.id in (*case.refused, *case.passed):
        raise NotOpen("case")
    _managing_nobody(work, case.member_id)
    if not is_offered(work, waits[0], leads=bool(work.who.roles & LEADING)):
        raise NotOpen("case")
    work.about(case)


def state_of_case(work: Work, asked: OfCase) -> None:
    """A lead sees the state of any open case but their own and those of people they manage."""
    case = _open_case(work, asked.case)
    if case.member_id == work.who.id:
        raise NotOpen("case")
    _managing_nobody(work, case.member_id)
    work.about(case)


def own_request(work: Work, asked: OfRequest) -> None:
    """Whoever is asking made the request."""
    request = work.tx.get(SupportRequest, asked.request)
    if request is None or request.member_id != work.who.id:
        raise NotOpen("request")
    work.about(request)


def own_chat(work: Work, asked: OfAccount) -> None:
    """The account belongs to whoever is asking."""
    account = work.tx.get(Account, asked.account)
    if account is None or account.member_id != work.who.id:
        raise NotOpen("account")
    work.about(work.who.member)


def unknown_request(work: UnitOfWork, asked: OfRequest) -> None:
    """Nobody knows who made the request, nor whom its case is about; only its reply code leads here."""
    request = work.tx.get(SupportRequest, asked.request)
    if request is None or request.member_id is not None:
        raise NotOpen("request")
    case = work.tx.get(Case, request.case_id) if request.case_id is not None else None
    if case is not None and work.tx.find(Account, member_id=case.member_id, limit=1):
        raise NotOpen("case")
    work.about(request)


def waiting_request(work: Work, asked: OfRequest) -> None:
    """The request waits and the asker was told of it, or it has climbed to them; not their own, nor passed on."""
    request = work.tx.get(SupportRequest, asked.request)
    if request is None or request.member_id == work.who.id or work.who.id in request.passed_by:
        raise NotOpen("request")
    _managing_nobody(work, request.member_id)
    if not (_waits_for_asker(work, request) or _climbed_to_asker(work, request)):
        raise NotOpen("request")
    work.about(request)


def _waits_for_asker(work: Work, request: SupportRequest) -> bool:
    steps = work.tx.find(Step, subject=request.id, kind=StepKind.REQUEST, state=OPEN_STATES)
    leads = bool(work.who.roles & LEADING)
    return request.state is RequestState.WAITING and any(is_offered(work, one, leads=leads) for one in steps)


def _climbed_to_asker(work: Work, request: SupportRequest) -> bool:
    """Whoever took it did not act, and the step is now the asker's; leads also see what reached the end."""
    if request.state is not RequestState.TAKEN or request.taken_by == work.who.id:
        return False
    for step in work.tx.find(Step, subject=request.id, kind=REQUESTED, state=OPEN_STATES):
        if step.holder == work.who.id or (step.rung is Rung.NOBODY and work.who.roles & LEADING):
            return True
    return False


def holds_request(work: Work, asked: OfRequest) -> None:
    """Whoever is asking took the request."""
    _check_took(work, asked.request)


def _check_took(work: Work, id: RequestId) -> None:
    request = work.tx.get(SupportRequest, id)
    if request is None or not _is_takers(work, request):
        raise NotOpen("request")
    _managing_nobody(work, request.member_id)
    work.about(request)


def _is_takers(work: Work, request: SupportRequest) -> bool:
    mine = request.state is RequestState.TAKEN and request.taken_by == work.who.id
    return mine and not request_has_lapsed(work, request)


def waiting_or_held_request(work: Work, asked: OfRequest) -> None:
    """Either of the two before."""
    request = work.tx.get(SupportRequest, asked.request)
    if request is not None and _is_takers(work, request):
        holds_request(work, asked)
    else:
        waiting_request(work, asked)


def serving_member(work: Work, asked: OfMember) -> None:
    """The member named exists; the roster itself shows only those who serve."""
    member = work.tx.get(Member, asked.member)
    if member is None:
        raise NotOpen("member")
    work.about(member)


def asked_grant(work: Work, asked: OfGrant) -> None:
    """It was asked on the roster; the subject is whoever it is for."""
    request = work.tx.get(GrantRequest, asked.request)
    if request is None:
        raise NotOpen("grant")
    work.subject = Subject(request.key_id, request.member_id)


def told_of_given_on(work: Work, asked: OfStep) -> None:
    """Whoever is asking held a case that somebody else put into other hands. Nothing of the case opens with it."""
    given_on(work, asked.step)
    work.about(work.who.member)


def _managing_nobody(work: Work, person: MemberId | None) -> None:
    """Whoever is asking does not manage the person, by the reporting lines as they are now. Raises NotOpen."""
    if person is not None and manages(work, work.who.id, person):
        raise NotOpen("conflict")


def _open_case(work: Work, id: CaseId | None) -> Case:
    case = work.tx.get(Case, id) if id is not None else None
    if case is None or case.state is not CaseState.OPEN:
        raise NotOpen("case")
    return case
