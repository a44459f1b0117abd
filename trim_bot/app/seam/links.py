"""Commands that screens of other subjects lead to; they stand below every subject, so that none has to know another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trim_bot.app.seam.command import FIRST, Command, ListPlace, Opening
from trim_bot.domain.ids import CaseId, CheckInId, IncidentId, MessageHandle, ReferralId, RequestId, StepId


@dataclass(frozen=True, slots=True)
class OpenLog(Opening):
    """Show the form for logging an incident."""

    checked: str = ""
    """Digest of the people who were shown before their offers go out; empty before."""


@dataclass(frozen=True, slots=True)
class OpenOwnEnds(Opening):
    """Show the form for people of an event for whom it ended at another time than for the others."""

    incident: IncidentId


@dataclass(frozen=True, slots=True)
class OpenInterview(Opening):
    """Show the notice, or the first step that has not been kept."""

    check_in: CheckInId


@dataclass(frozen=True, slots=True)
class OpenResult(Opening):
    """Show the result, to the practitioner alone."""

    check_in: CheckInId


@dataclass(frozen=True, slots=True)
class OpenReferral(Opening):
    """Show the services that help could be arranged with."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class OpenReferralMove(Opening):
    """Show where a referral stands and what can come next."""

    referral: ReferralId


@dataclass(frozen=True, slots=True)
class OpenSafety(Opening):
    """Show the fixed safety screen for a case, whom to ring from a place in their list on."""

    case: CaseId
    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenAfterCall(Opening):
    """Show the form for what followed a call for safety."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class KeepAndAskSafety(Command):
    """Keep the draft and show the safety screen, which asks before anybody is called."""

    case: CaseId
    check_in: CheckInId | None
    at: str
    answers: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class CallForSafety(Command):
    """Keep the draft, show the safety screen, and call lead, deputy and cover."""

    case: CaseId
    check_in: CheckInId | None
    at: str
    answers: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class OpenRoster(Opening):
    """Show who serves, their availability and training, from a place in the list on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenHandouts(Opening):
    """Show the way to the poster and the leaflet."""


@dataclass(frozen=True, slots=True)
class OpenSetUp(Opening):
    """Show what is done and what is missing before people can rely on the desk."""


@dataclass(frozen=True, slots=True)
class OpenSigning(Opening):
    """Show a clinical lead what is signed and what waits for a signature, from a place in the list on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenJournal(Opening):
    """Show an auditor the form for searching the journal."""


@dataclass(frozen=True, slots=True)
class OpenGivenRoles(Opening):
    """Show who was given a role lately, and for whom one is asked, from a place in the list on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenTray(Opening):
    """Show leads what was asked without a name beyond what a day passes on, from a place in the list on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenMonthly(Opening):
    """Show what the monthly note says before it goes out."""


@dataclass(frozen=True, slots=True)
class OpenStatus(Opening):
    """Show whether the scheme is on track and staffed."""


@dataclass(frozen=True, slots=True)
class OpenStepWaiting(Opening):
    """Open what waits: by the handle of a message, or by a step on a page and in the messages of old desks."""

    step: StepId | None = None
    m: MessageHandle | None = None


@dataclass(frozen=True, slots=True)
class OpenMe(Opening):
    """Show one's own requests, offers and conversations, from a place on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenProfile(Opening):
    """Show one's own profile."""


@dataclass(frozen=True, slots=True)
class OpenSupport(Opening):
    """Show the form for asking for support; for everyone."""


@dataclass(frozen=True, slots=True)
class OpenTaken(Opening):
    """Show a request to the practitioner who took it."""

    request: RequestId


@dataclass(frozen=True, slots=True)
class OpenCase(Opening):
    """Show a case to the one entitled to it, from a place among its conversations on."""

    case: CaseId
    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenDue(Opening):
    """List what waits for oneself, from a place in the list on."""

    after: ListPlace = FIRST
