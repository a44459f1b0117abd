"""One member in one programme: the case, its check-ins, and the interviews held in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from trim_bot.domain.ids import CaseId, CheckInId, ExposureId, IncidentId, InterviewId, KeyId, MemberId
from workflows.engine import Override, Reason

UNMARKED = ExposureId("")
"""What a conversation has from before each exposure had its own: it is for the first one of its case."""


class CaseState(Enum):
    """Whether a case is still going on."""

    OPEN = "open"
    """The person takes part."""
    CLOSED = "closed"
    """Ended; no reminder is ever sent for it again."""


class CloseReason(Enum):
    """Why a case ended."""

    FINISHED = "finished"
    """Both sides agree that nothing more is needed here."""
    MOVED_ON = "moved_on"
    """Other help has taken over."""
    WITHDRAWN = "withdrawn"
    """The person ended it; no reason is asked."""
    UNREACHABLE = "unreachable"
    """The person could not be reached and was told how to come back."""


class CheckInState(Enum):
    """Where one stage of one case stands."""

    PLANNED = "planned"
    """Its window has not opened."""
    OPEN = "open"
    """Its window is open and a practitioner holds it."""
    HELD = "held"
    """The conversation took place."""
    DECLINED = "declined"
    """The person did not want this one."""
    CANCELLED = "cancelled"
    """No longer needed, because the case ended or moved."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A conversation or a referral that ended with its case, and how it stood until then."""

    id: str
    state: str


@dataclass(frozen=True, slots=True)
class AcceptedExposure:
    """One exposure the person said yes about. Its conversations count from its own end, and no other moves them."""

    id: ExposureId
    ended_at: datetime
    """UTC."""
    accepted_at: datetime
    """UTC."""
    incident: IncidentId | None = None
    """None where the person told of it themselves and nothing was logged."""


class CallEnd(Enum):
    """How a call for safety ended."""

    ANSWERED = "answered"
    """Somebody who was called has it."""
    TAKEN_BACK = "taken_back"
    """Whoever made it says that it was pressed by mistake."""


@dataclass(frozen=True, slots=True)
class SafetyCall:
    """One call for safety, who made it and what came of it; the steps say who was called."""

    made_at: datetime
    """UTC."""
    made_by: MemberId | None
    """Who may take it back; None where several are worried, or it was made before this was kept."""
    end: CallEnd | None = None
    """None while nobody has said that they have it."""
    ended_at: datetime | None = None
    ended_by: MemberId | None = None
    contact_by: datetime | None = None
    """By when somebody is to speak with the person again, UTC; None where that is done, or not owed."""
    told_whom: str = ""
    """Who outside the desk was told; the practitioner's own words, as the next three."""
    told_when: str = ""
    told_why: str = ""
    agreed: str = ""
    """What was agreed with the person."""


@dataclass(frozen=True, slots=True)
class Case:
    """One member in one programme, from acceptance to close."""

    id: CaseId
    key_id: KeyId
    member_id: MemberId
    programme: str
    state: CaseState
    opened_at: datetime
    holder: MemberId | None = None
    """The practitioner it is assigned to."""
    cover: MemberId | None = None
    """The practitioner who covers while the holder cannot."""
    called: tuple[MemberId, ...] = ()
    """Lead, deputy and cover who were called in for safety and may open the case."""
    named: bool = True
    """False when the person asked without their name."""
    exposure_ended: datetime | None = None
    """When the first exposure ended, UTC; None off the trauma clock."""
    exposures: tuple[AcceptedExposure, ...] = ()
    """Every exposure the case is about, the first first; empty off the trauma clock."""
    incidents: tuple[IncidentId, ...] = ()
    account: str = ""
    """What the person wrote when they asked."""
    contact: str = ""
    """How the person asked to be reached for this case."""
    notice: str = ""
    """Version of the notice of confidentiality that was acknowledged; empty until then."""
    refused: tuple[MemberId, ...] = ()
    """Practitioners the person does not want; no reason is asked."""
    passed: tuple[MemberId, ...] = ()
    """Practitioners who said "not me"; they are not asked to take it again, but can be called for safety."""
    contact_by: datetime | None = None
    """By when the person was told that somebody gets in touch, UTC; None once it happened, or where none is owed."""
    asks: tuple[Reason, ...] = ()
    """Why the lead is asked to talk it over; empty once they have."""
    closed_at: datetime | None = None
    close_reason: CloseReason | None = None
    closed_by: MemberId | None = None
    """The practitioner who ended it; None where the person did, or nobody in particular."""
    ended_with: tuple[Ended, ...] = ()
    """What ended with it, so that it can go on where it was if that was a mistake."""
    lapse_told_at: datetime | None = None
    """When its holder and the lead were told that the holder's training has run out, UTC; None if it never had."""
    reopened_at: datetime | None = None
    """When it was opened again after it had been ended by mistake."""
    calls: tuple[SafetyCall, ...] = ()
    """Calls for safety, the last ones, in the order in which they were made."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """What stands open of a case: enough for a list to be put in order by, and for where it stands."""

    id: CaseId
    member_id: MemberId
    programme: str
    opened_at: datetime
    holder: MemberId | None
    cover: MemberId | None
    named: bool
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One stage of one case, with its window (UTC) and how it ended."""

    id: CheckInId
    case_id: CaseId
    stage: str
    state: CheckInState
    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    agreed_at: datetime | None = None
    """A time agreed with the person; they get a message only for this."""
    held_at: datetime | None = None
    programme: str = ""
    """The programme whose stage this is; empty means the case's own, which may have changed since."""
    exposure: ExposureId = UNMARKED
    """Which of the case's exposures it is for."""
    met_by: CheckInId | None = None
    """The conversation that was held for this one too; None where it had one of its own."""


class InterviewState(Enum):
    """Whether an interview is still being filled in."""

    DRAFT = "draft"
    """Some steps are kept; it can be gone on with."""
    DONE = "done"
    """Finished and scored."""


@dataclass(frozen=True, slots=True)
class Interview:
    """One filled-in copy of one version of a questionnaire."""

    id: InterviewId
    key_id: KeyId
    case_id: CaseId
    check_in_id: CheckInId
    questionnaire: str
    """Id with its version, such as `trauma_first_v1`."""
    state: InterviewState
    by: MemberId
    step: int = 0
    """The first step not kept yet, from 0."""
    revision: int = 0
    answers: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    held_at: datetime | None = None
