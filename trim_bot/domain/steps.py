"""A step is anything that waits for somebody: it always has an owner, or an end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum

from trim_bot.domain.ids import CaseId, MemberId, StepId


class AnyStepKind(Enum):
    """What is being waited for; a subject adds to these with a class of its own."""


class StepKind(AnyStepKind):
    """What is being waited for, where the ladder, the clock or several subjects must know it by name."""

    OFFER = "offer"
    """The exposed person's answer. Never climbs the ladder."""
    ASSIGN = "assign"
    """A practitioner for a case that has none."""
    REQUEST = "request"
    """Someone to take a support request."""
    CHECK_IN = "check_in"
    """A conversation to be held."""
    AGREED_TIME = "agreed_time"
    """The person's own note of a time they agreed. Never climbs the ladder."""
    CONTACT = "contact"
    """Somebody who cannot be reached in chat is to be told in person."""
    FIRST_CONTACT = "first_contact"
    """Somebody said yes or asked, and is to hear from whoever has it, long before a talk may be held."""
    SAFETY = "safety"
    """A safety call to be acknowledged. Ignores hours and leave."""
    AFTER_CALL = "after_call"
    """After a call for safety the person is to be spoken with again within a day, and what followed written down."""
    REFERRAL = "referral"
    """A referral whose next move is to be recorded."""
    REVIEW = "review"
    """What follows is to be decided, because nothing else is planned for an open case."""
    SUPERVISION = "supervision"
    """The lead is to talk a case over with whoever holds it; the case says why."""


class Rung(Enum):
    """Who owns a step, climbing from top to bottom."""

    PERSON = "person"
    """The person concerned; there is no ladder above them."""
    POOL = "pool"
    """Whoever takes it first; a random few are told at a time."""
    ASSIGNED = "assigned"
    """The practitioner it is assigned to."""
    COVER = "cover"
    """The practitioner who covers."""
    LEAD = "lead"
    """The lead."""
    DEPUTY = "deputy"
    """The deputy lead."""
    NOBODY = "nobody"
    """The end of the ladder: it stands first on the leads' board, and closes a week as not on track."""


class StepState(Enum):
    """Whether a step still waits, and how it ended."""

    WAITING = "waiting"
    """Its time has not come, or its owner has not been told yet."""
    TOLD = "told"
    """Its owner has been told that something waits."""
    DONE = "done"
    """What was waited for happened."""
    DECLINED = "declined"
    """The person did not want it."""
    CANCELLED = "cancelled"
    """No longer needed."""
    MOVED = "moved"
    """Another step took its place."""


OPEN_STATES = (StepState.WAITING, StepState.TOLD)
LONGEST_LEASE = timedelta(hours=1, minutes=1)
"""Nobody has a step or message for longer, or holds it back for longer; what stands further ahead is free."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that waits for somebody until it ends. Holds opaque ids and times only."""

    id: StepId
    kind: AnyStepKind
    subject: str
    """Id of the offer, case, request, check-in or referral."""
    case_id: CaseId | None
    state: StepState
    rung: Rung
    holder: MemberId | None
    """Whoever owns it now; None for the pool and for nobody."""
    opens_at: datetime
    """When the wait begins, UTC."""
    due_at: datetime
    """When the clock must next look at it, UTC; of one that has ended, when it did."""
    lease_until: datetime | None = None
    """Real time until which one worker has it."""
    reminders: int = 0
    """How often the present owner has been told."""
    failures: int = 0
    """How often looking at it has failed since it last went well."""
    unowned_since: datetime | None = None
    """When it came to the end of the ladder, UTC, as long as it stands there."""
    promised_at: datetime | None = None
    """By when the person was told it would happen, UTC; it does not move when the owner changes."""
    tries: int = 0
    """How often somebody has tried in vain, whoever owned it."""


class Priority(Enum):
    """Which of two messages goes first; the lower number does."""

    SAFETY = 0
    """Somebody may come to harm."""
    STEP = 1
    """Something waits for its receiver."""
    NOTE = 2
    """The same words to everybody."""


class OutboxState(Enum):
    """What became of a queued message."""

    QUEUED = "queued"
    """To be sent, or to be tried again."""
    SENT = "sent"
    """The platform took it."""
    DROPPED = "dropped"
    """No longer wanted when its turn came."""
    DEAD = "dead"
    """Given up; its step went on in another way."""


NOBODY = MemberId("")
"""Stands where an ended message had its receiver."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message waiting to be sent. It has a kind and ids; there is no room for words."""

    id: str
    kind: str
    """Value of the message kind."""
    member_id: MemberId
    """Whom it is for; NOBODY once it has come to its end."""
    step_id: StepId | None
    state: OutboxState
    due_at: datetime
    """When it may go out, UTC; of one that has come to its end, the beginning of the day on which it did."""
    lease_until: datetime | None = None
    attempts: int = 0
    handle: str = ""
    """Keyed digest of whom it was for and what its buttons carry; empty before, and where none was sent."""
    priority: Priority = Priority.STEP
    about: str = ""
    """Keyed digest of the step it was about and its handle, once sent: whoever presses it can still be led there. Of a
    test message before it is sent, that of the chat it is to go to."""

    def come_to_its_end(
        self, state: OutboxState, now: datetime, handle: str = "", about: str = ""
    ) -> Outgoing:
        """What is kept of it from now on: not whom it was for nor about what, and no time but the day.

        With any of these, whoever has this database and what the chat keeps could tell whom each id stands for.
        """
        day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return replace(
            self,
            state=state,
            member_id=NOBODY,
            step_id=None,
            due_at=day,
            lease_until=None,
            handle=handle,
            about=about,
        )
