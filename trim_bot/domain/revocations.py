"""What somebody takes back, or has taken from them, in one file: the states of each record that must outlive a
restore.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import assert_never

from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.chat_workspaces import Installation
from trim_bot.domain.incidents import Directness, Exposure, Offer, OfferState
from trim_bot.domain.people import GONE, Account, Grant, Member, Training
from trim_bot.domain.records import Erasure
from trim_bot.domain.referrals import NEXT, Referral
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.site import Site
from trim_bot.domain.steps import Step, StepKind, StepState

NOTHING = ""
"""The value of what is not there."""
GIVEN = "given"
"""The value of what stands as it was given, whatever else is true of it."""


class RevocationKind(Enum):
    """Everything that can be taken back or from somebody, in the order in which it is done again after a restore."""

    LEFT = "left"
    """A member left the desk, or the workplace."""
    MESSAGES = "messages"
    """Messages in chat stopped."""
    CHANGES = "changes"
    """Being written to whenever something changes."""
    REACH = "reach"
    """How somebody wants to be reached."""
    PHONE = "phone"
    """A phone number taken out."""
    AVAILABILITY = "availability"
    """Room for more work, or none, or away."""
    LEAVE = "leave"
    """Leave with an end."""
    ERASURE = "erasure"
    """An erasure asked for and not yet begun."""
    CHAT = "chat"
    """A chat taken off."""
    APP = "app"
    """The app taken away in somebody's chat."""
    ROLE = "role"
    """A role ended."""
    TRAINING = "training"
    """A training entry put right or taken out."""
    INSTALLATION = "installation"
    """The tokens of a workspace that took the app away."""
    WORKSPACE = "workspace"
    """A workspace that belongs to the organisation no more."""
    EXPOSURE = "exposure"
    """Somebody taken out of an event."""
    OFFER = "offer"
    """An offer declined, put off or taken back."""
    PROPOSED = "proposed"
    """A practitioner no longer named in an offer."""
    PASSED_REQUEST = "passed_request"
    """A practitioner who said "Not me" to a request, or whom the person does not want."""
    TAKER = "taker"
    """A request taken out of somebody's hands."""
    REQUEST = "request"
    """A request withdrawn or closed."""
    REFUSED = "refused"
    """A practitioner the person does not want."""
    PASSED = "passed"
    """A practitioner who said "Not me" to a case."""
    CALLED = "called"
    """Somebody called in who may open the case no more."""
    COVER = "cover"
    """Somebody who covers a case no more."""
    HOLDER = "holder"
    """A case taken out of its holder's hands."""
    SAFETY = "safety"
    """A safety call taken back."""
    CONVERSATION = "conversation"
    """One conversation the person did not want."""
    REFERRAL = "referral"
    """Consent to a referral withdrawn, or its loop closed."""
    TALK = "talk"
    """A case that ended, by the person or otherwise."""
    SITE = "site"
    """The settings of the organisation, with thresholds, numbers and lines that may have been withdrawn."""


OF_MEMBERS = frozenset(
    {
        RevocationKind.LEFT,
        RevocationKind.MESSAGES,
        RevocationKind.CHANGES,
        RevocationKind.REACH,
        RevocationKind.PHONE,
        RevocationKind.AVAILABILITY,
        RevocationKind.LEAVE,
        RevocationKind.ERASURE,
        RevocationKind.ROLE,
    }
)
"""Kinds whose subject begins with a member, so that they hold for everybody this member turned out to be."""
AGAINST = frozenset({RevocationKind.REFUSED, RevocationKind.PASSED, RevocationKind.PASSED_REQUEST})
"""Lists of people that something is kept from: to come onto one takes, to come off it gives."""
WRITTEN_WHEN_ADDED = (Grant, Erasure, Installation)
"""Records whose coming gives something again, or asks for something; for any other there is no earlier line."""
DROPPED = (Grant, Account, Training, Installation)
"""Records whose deletion takes something from somebody."""


@dataclass(frozen=True, slots=True)
class Revocable:
    """One thing that may be taken back: what it is, and of which records, by their ids."""

    kind: RevocationKind
    subject: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RevocableState:
    """How a record stands: single values, and sets of people in whose hands it is or who are out of the question."""

    values: Mapping[Revocable, str] = field(default_factory=dict)
    people: Mapping[Revocable, frozenset[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values or self.people)


def revocable_state(record: object) -> RevocableState:  # noqa: C901  (a case for each kind of record)
    """How a record stands in all that may be taken back; nothing for records without any of it."""
    match record:
        case Member():
            return RevocableState(_of_member(record))
        case Account():
            return RevocableState(
                {
                    Revocable(RevocationKind.CHAT, (record.address,)): record.member_id,
                    Revocable(RevocationKind.APP, (record.id,)): NOTHING if record.route == GONE else GIVEN,
                }
            )
        case Grant():
            return RevocableState(
                {Revocable(RevocationKind.ROLE, (record.member_id, record.role.value)): GIVEN}
            )
        case Training():
            return RevocableState({Revocable(RevocationKind.TRAINING, (record.id,)): GIVEN})
        case Erasure():
            return RevocableState({Revocable(RevocationKind.ERASURE, (record.member_id,)): "asked"})
        case Installation():
            return RevocableState({Revocable(RevocationKind.INSTALLATION, (record.id,)): GIVEN})
        case Site():
            return RevocableState({Revocable(RevocationKind.SITE, (record.id,)): repr(record)})
        case Exposure():
            mistaken = record.directness is Directness.MISTAKEN
            return RevocableState(
                {Revocable(RevocationKind.EXPOSURE, (record.id,)): NOTHING if mistaken else GIVEN}
            )
        case Offer():
            return RevocableState(
                {Revocable(RevocationKind.OFFER, (record.id,)): _offer(record.state)},
                {Revocable(RevocationKind.PROPOSED, (record.id,)): _one(record.proposed)},
            )
        case SupportRequest():
            return RevocableState(
                {Revocable(RevocationKind.REQUEST, (record.id,)): _request(record.state)},
                {
                    Revocable(RevocationKind.TAKER, (record.id,)): _one(record.taken_by),
                    Revocable(RevocationKind.PASSED_REQUEST, (record.id,)): frozenset(record.passed_by),
                },
            )
        case Case():
            return _of_case(record)
        case CheckIn():
            declined = record.state is CheckInState.DECLINED
            return RevocableState(
                {Revocable(RevocationKind.CONVERSATION, (record.id,)): NOTHING if declined else GIVEN}
            )
        case Referral():
            over = not NEXT[record.state]
            return RevocableState(
                {Revocable(RevocationKind.REFERRAL, (record.id,)): record.state.value if over else GIVEN}
            )
        case Step(kind=StepKind.SAFETY):
            taken_back = record.state is StepState.CANCELLED
            return RevocableState(
                {Revocable(RevocationKind.SAFETY, (record.id,)): NOTHING if taken_back else GIVEN}
            )
        case _:
            return RevocableState()


def _of_member(member: Member) -> dict[Revocable, str]:
    told = {
        RevocationKind.LEFT: "left" if member.left else GIVEN,
        RevocationKind.MESSAGES: "stopped" if member.messages_stopped else GIVEN,
        RevocationKind.CHANGES: GIVEN if member.told_of_changes else NOTHING,
        RevocationKind.REACH: member.reach.value,
        RevocationKind.PHONE: GIVEN if member.phone else NOTHING,
        RevocationKind.AVAILABILITY: member.availability.value,
        RevocationKind.LEAVE: _leave(member),
    }
    return {Revocable(kind, (member.id,)): value for kind, value in told.items()}


def _leave(member: Member) -> str:
    """The UTC day on which leave ends, after the one on which it begins where it was entered ahead."""
    if member.away_until is None:
        return NOTHING
    ends = member.away_until.date().isoformat()
    return ends if member.away_from is None else f"{member.away_from.date().isoformat()}/{ends}"


def _of_case(case: Case) -> RevocableState:
    reason = case.close_reason.value if case.close_reason is not None else "closed"
    return RevocableState(
        {Revocable(RevocationKind.TALK, (case.id,)): reason if case.state is CaseState.CLOSED else GIVEN},
        {
            Revocable(RevocationKind.HOLDER, (case.id,)): _one(case.holder),
            Revocable(RevocationKind.COVER, (case.id,)): _one(case.cover),
            Revocable(RevocationKind.CALLED, (case.id,)): frozenset(case.called),
            Revocable(RevocationKind.REFUSED, (case.id,)): frozenset(case.refused),
            Revocable(RevocationKind.PASSED, (case.id,)): frozenset(case.passed),
        },
    )


def _offer(state: OfferState) -> str:
    match state:
        case OfferState.DECLINED | OfferState.NOT_NOW | OfferState.WITHDRAWN:
            return str(state.value)
        case OfferState.WAITING | OfferState.ACCEPTED | OfferState.NO_REPLY:
            return GIVEN
        case _:
            assert_never(state)


def _request(state: RequestState) -> str:
    match state:
        case RequestState.WITHDRAWN | RequestState.CLOSED:
            return str(state.value)
        case RequestState.WAITING | RequestState.TAKEN | RequestState.CASE:
            return GIVEN
        case _:
            assert_never(state)


def _one(id: str | None) -> frozenset[str]:
    return frozenset() if id is None else frozenset({id})


@dataclass(frozen=True, slots=True)
class RestoredRevocations:
    """What a restore took back again: how many of each kind, and what could not be done."""

    done: Mapping[RevocationKind, int] = field(default_factory=dict)
    given_again: int = 0
    """How many were given again since, and are not so in the backup."""
    unread: int = 0
    """How many lines name a value that nobody here knows."""
    older_sites: tuple[str, ...] = ()
    """Short names of organisations whose settings were applied anew since the backup."""
    kept_from: date | None = None
    """The first day of which every line is still kept (UTC); None where all are."""
    reopened: int = 0
    """How many cases were opened again since, and are open."""
    unreadable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of records that were altered or do not open, by table: they came back, and count for nothing."""
    set_aside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of records that count for nothing since what was taken back of them could not be done again, by table."""


PURPOSE = "taken_back"
"""Under which key the digests are made."""
GIVEN_TO, TAKEN_FROM = "+", "-"
"""Stand before a person who came into somebody's hands or list, or was taken out of it."""
Keyed = Callable[[str, str], str]
"""Keyed digest of a text for one organisation: purpose and text go in."""


@dataclass(frozen=True, slots=True)
class RevocationLine:
    """One line: `subject` and `value` are keyed digests, `token` binds the lines of one transaction together."""

    n: int
    organisation: str
    subject: str
    value: str
    token: str
    day: date
    """UTC."""


def subject_digest(keyed: Keyed, mark: Revocable) -> str:
    """What the ledger calls one thing that may be taken back."""
    return keyed(PURPOSE, "\n".join((mark.kind.value, *mark.subject)))


def value_digest(keyed: Keyed, subject: str, value: str) -> str:
    """What the ledger calls one value of the thing with this digest."""
    return keyed(PURPOSE, f"{subject}\n{value}")
