"""Taking, holding, handing over and ending cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from enum import Enum

from trim_bot.app.seam.command import FIRST, Command, ListPlace, Opening
from trim_bot.domain.cases import CloseReason
from trim_bot.domain.ids import CaseId, CheckInId, MemberId, PlaceId, StepId


@dataclass(frozen=True, slots=True)
class OpenCases(Opening):
    """List the cases one holds or covers, from a place in the list on; from the first where none is given."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenFindCase(Opening):
    """Show the form for finding a case of one's own by name."""


@dataclass(frozen=True, slots=True)
class FindCase(Command):
    """Show the cases of one's own whose person has a name with these letters in it."""

    typed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenTake(Opening):
    """Show that a case waits for a practitioner; no name before it is taken."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class TakeCase(Command):
    """Take a case that waits."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class OpenGivenOn(Opening):
    """Show whoever held a case that it was put into other hands."""

    step: StepId


@dataclass(frozen=True, slots=True)
class SeeGivenOn(Command):
    """They have seen it."""

    step: StepId


@dataclass(frozen=True, slots=True)
class PassCase(Command):
    """Say "not me", without a reason; the case goes back."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class OpenAssign(Opening):
    """Show the practitioners a lead can give a case to, or its cover."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class AssignCase(Command):
    """Give a case to a practitioner, and name a cover."""

    case: CaseId
    holder: MemberId
    cover: MemberId
    beyond: bool = False
    """They have agreed to hold one more than the site allows."""


@dataclass(frozen=True, slots=True)
class OpenTeam(Opening):
    """Show the planning list: the state of open cases, without names of those they are about; from a place on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenCover(Opening):
    """Show what one covers, from a place in the list on, and the button to hand over one's own work."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class HandOverAll(Command):
    """Become unavailable: every open step of one's own moves to cover."""


@dataclass(frozen=True, slots=True)
class OpenClose(Opening):
    """Show the form for ending a case."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class CloseCase(Command):
    """End a case."""

    case: CaseId
    reason: CloseReason


@dataclass(frozen=True, slots=True)
class ReopenCase(Command):
    """Open talks again that were ended by mistake; never what the person ended."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class OpenSwitch(Opening):
    """Show the form for going on as support after a hard event."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class SwitchCase(Command):
    """Go on as support after a hard event; what was talked about stays. Day and time by the clock of the form."""

    case: CaseId
    ended_on: date
    ended_at: time
    clock: PlaceId | None = None
    """Another place's clock, if one was chosen."""


@dataclass(frozen=True, slots=True)
class OpenMove(Opening):
    """Show the form for agreeing a time."""

    check_in: CheckInId


@dataclass(frozen=True, slots=True)
class MoveCheckIn(Command):
    """Keep a time agreed with the person, by the clock that the form names; tell them in chat if they want it."""

    check_in: CheckInId
    day: date
    at: time
    tell: bool
    clock: PlaceId | None = None
    """Another place's clock, if one was chosen."""


@dataclass(frozen=True, slots=True)
class SkipCheckIn(Command):
    """Record that the person does not want this check-in."""

    check_in: CheckInId


class ContactOutcome(Enum):
    """How a try to get in touch went."""

    REACHED = "reached"
    """They have spoken."""
    LEFT_WORD = "left_word"
    """They have not, and the person can ring back or read of it."""
    NOT_YET = "not_yet"
    """Nothing has come of it."""


@dataclass(frozen=True, slots=True)
class OpenFirstContact(Opening):
    """Show whom to get in touch with, by when, and the form for how it went."""

    step: StepId


@dataclass(frozen=True, slots=True)
class RecordFirstContact(Command):
    """Record a first contact."""

    step: StepId
    outcome: ContactOutcome


@dataclass(frozen=True, slots=True)
class OpenSupervision(Opening):
    """Show the lead that a colleague is to talk a case over, and why; nothing of whom it is about."""

    step: StepId


@dataclass(frozen=True, slots=True)
class SuperviseCase(Command):
    """Record that it was talked over."""

    step: StepId
