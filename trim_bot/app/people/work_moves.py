"""What a coordinator asked of all the work of somebody: kept as steps of theirs, which say nothing of any work.

They are the same steps whether there is work or not. The clock carries it out when its time has come
(`trim_bot.app.handover.moving_work`). To a colleague by name it goes only once a lead has said yes: whoever has the
work can open what people said, and a coordinator alone never decides who that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from trim_bot.app.people.asked_roles import is_founded
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import MemberId, StepId, new_id
from trim_bot.domain.people import Grant, Member, Role
from trim_bot.domain.steps import OPEN_STATES, AnyStepKind, Rung, Step, StepState


class WorkStep(AnyStepKind):
    """What waits about all that somebody has in their hands."""

    MOVE_WORK = "move_work"
    """All of it goes to a colleague, or to a lead to give it on; the step names who has it, and as its subject who is
    next."""
    MOVE_ASKED = "move_asked"
    """The same, to somebody by name, as long as no lead has said yes; when its time has come it lapses."""
    AGREE_MOVE = "agree_move"
    """A lead is asked for that yes; its subject is whoever has the work."""


@dataclass(frozen=True, slots=True)
class ComingMove:
    """What was asked of somebody's work and has not begun."""

    to: MemberId | None
    """None for a lead, who gives it on."""
    at: datetime
    """When it begins, UTC; as long as a lead has to say yes, when it lapses."""
    agreed: bool
    """Whether it begins by itself."""


def ask_move(
    tx: Tx, whose: MemberId, to: MemberId | None, begins: datetime, lapses: datetime, now: datetime
) -> bool:
    """All work of one is to go to the other, or to a lead to give it on; what was asked before is not.

    Returns whether it begins by itself, at `begins`; else a lead has until `lapses` to say yes (all UTC).
    """
    leave_work(tx, whose, now)
    if to is None or not is_founded(tx):
        plan_move(tx, whose, to, begins)
        return True
    _wait(tx, WorkStep.MOVE_ASKED, to, whose, lapses)
    for lead in who_could_agree(tx, whose, to):
        _wait(tx, WorkStep.AGREE_MOVE, whose, lead, now)
    return False


def plan_move(tx: Tx, whose: MemberId, to: MemberId | None, begins: datetime) -> None:
    """From `begins` (UTC) on it goes there by itself."""
    _wait(tx, WorkStep.MOVE_WORK, whose if to is None else to, whose, begins)


def agree_move(tx: Tx, whose: MemberId, by: MemberId, begins: datetime, now: datetime) -> None:
    """A lead says yes: it goes there from `begins` on. Raises NotOpen for whoever may not say it, or too late."""
    move = coming_move(tx, whose)
    if move is None or move.agreed or move.at <= now or by not in who_could_agree(tx, whose, move.to):
        raise NotOpen("move")
    leave_work(tx, whose, now)
    plan_move(tx, whose, move.to, begins)


def can_begin(tx: Tx, whose: MemberId, to: MemberId) -> bool:
    """Whether a move to somebody by name can begin: it needs no yes, or somebody is there who could say it."""
    return not is_founded(tx) or bool(who_could_agree(tx, whose, to))


def leave_work(tx: Tx, whose: MemberId, now: datetime) -> None:
    """Take back what was asked of somebody's work and has not begun."""
    asked = tx.find(Step, kind=WorkStep.AGREE_MOVE, subject=whose, state=OPEN_STATES)
    for step in (*_coming(tx, whose), *asked):
        tx.save(replace(step, state=StepState.CANCELLED, due_at=now, lease_until=None))


def coming_move(tx: Tx, whose: MemberId) -> ComingMove | None:
    """What was asked of somebody's work and has not begun, or None."""
    return coming_moves(tx, (whose,)).get(whose)


def coming_moves(tx: Tx, of: Sequence[MemberId]) -> dict[MemberId, ComingMove]:
    """What was asked of the work of each of these and has not begun; those are left out of whom nothing was."""
    found: dict[MemberId, ComingMove] = {}
    for step in _coming(tx, *of) if of else ():
        if step.holder is not None and step.holder not in found:
            agreed = step.kind is WorkStep.MOVE_WORK
            found[step.holder] = ComingMove(next_holder(step), step.opens_at, agreed)
    return found


def next_holder(step: Step) -> MemberId | None:
    """Who is to have it; None for a lead, who gives it on."""
    return None if step.subject == step.holder else MemberId(step.subject)


def who_could_agree(tx: Tx, whose: MemberId, to: MemberId | None) -> list[MemberId]:
    """Leads and deputies who are neither of the two, and do not keep the roster themselves."""
    lead = {grant.member_id for grant in tx.find(Grant, role=(Role.LEAD, Role.DEPUTY))}
    keep = {grant.member_id for grant in tx.find(Grant, role=Role.COORDINATOR)}
    members = [member for member in tx.find(Member, id=tuple(sorted(lead - keep))) if not member.left]
    return [member.id for member in members if member.id not in (whose, to)]


def _coming(tx: Tx, *of: MemberId) -> list[Step]:
    kinds = (WorkStep.MOVE_WORK, WorkStep.MOVE_ASKED)
    return tx.find(Step, kind=kinds, holder=of, state=OPEN_STATES)


def _wait(tx: Tx, kind: WorkStep, subject: MemberId, holder: MemberId, at: datetime) -> None:
    tx.add(Step(StepId(new_id()), kind, subject, None, StepState.WAITING, Rung.PERSON, holder, at, at))
