"""What the clock does with what was asked on the roster: begins what was agreed, and lets the rest lapse."""

from __future__ import annotations

from datetime import datetime

from trim_bot.app.people import asked_roles
from trim_bot.app.people.eligible import note_staffing
from trim_bot.app.people.roster import Roster
from trim_bot.app.people.work_moves import coming_move, who_could_agree
from trim_bot.app.seam.work import Subject, UnitOfWork
from trim_bot.domain.grants import COMING, GrantRequest, GrantRequestId, GrantState
from trim_bot.domain.ids import MemberId
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Action
from trim_bot.domain.steps import Step

BEGUN, LAPSED = "role_begun", "role_lapsed"
"""What the journal calls the two."""


def begin_agreed(work: UnitOfWork) -> datetime | None:
    """Put into force what was agreed and is due, let lapse what nobody answered, and forget what is long over.

    Returns when anything of it is due next (UTC), if anything is.
    """
    coming: list[datetime] = []
    for request in work.tx.find(GrantRequest, order_by="asked_at"):
        if request.state not in COMING:
            if request.until + POLICY.asked_roles_kept <= work.now:
                work.tx.drop(GrantRequest, request.id)
            continue
        if request.until > work.now and request.asked_by is not None:
            coming.append(request.until)
            continue
        about = Subject(request.key_id, request.member_id)
        if asked_roles.holds(work.tx, request):
            Roster(work.tx).begin(request, work.now)
            work.journal(Action.CHANGED, BEGUN, about)
            note_staffing(work.tx, work.now)
        else:
            asked_roles.end(work.tx, request, GrantState.LAPSED, work.now)
            work.journal(Action.CHANGED, LAPSED, about)
    return min(coming, default=None)


def still_asked(work: UnitOfWork, step: Step) -> bool:
    """Whether what a step is about waits for a second yes."""
    request = work.tx.get(GrantRequest, GrantRequestId(step.subject))
    return request is not None and request.state is GrantState.WAITING


def until_answered(work: UnitOfWork, step: Step) -> datetime:
    """Until when it waits: until it lapses; what only tells of roles stays as long as they are shown."""
    request = work.tx.get(GrantRequest, GrantRequestId(step.subject))
    return request.until if request is not None else step.opens_at + POLICY.asked_roles_kept


def move_still_asked(work: UnitOfWork, step: Step) -> bool:
    """Whether a lead's yes is waited for, to where all work of a member is to go, and whoever is asked may say it."""
    whose = MemberId(step.subject)
    move = coming_move(work.tx, whose)
    return move is not None and not move.agreed and step.holder in who_could_agree(work.tx, whose, move.to)


def until_move_lapses(work: UnitOfWork, step: Step) -> datetime | None:
    """Until when (UTC) that yes is waited for."""
    move = coming_move(work.tx, MemberId(step.subject))
    return move.at if move is not None else None
