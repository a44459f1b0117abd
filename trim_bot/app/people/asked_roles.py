"""What is asked on the roster and needs a second yes: who may say it, what waits for them, and what becomes of it.

Each step waits for one person and climbs to nobody: what nobody answers lapses, and opens nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.grants import (
    COMING,
    FOUNDING,
    MAY_SAY_YES,
    NEED_SECOND_YES,
    Founding,
    GrantRequest,
    GrantState,
)
from trim_bot.domain.ids import MemberId, StepId, new_id
from trim_bot.domain.people import Grant, Member, Role
from trim_bot.domain.steps import OPEN_STATES, AnyStepKind, Rung, Step, StepState


class GrantStep(AnyStepKind):
    """What waits about roles."""

    SECOND_YES = "second_yes"
    """Somebody is to be given a role or a training, once a second person has said yes."""
    GIVEN_ROLES = "given_roles"
    """A lead is to see who was given a role."""


def is_founded(tx: Tx) -> bool:
    """Whether a lead has opened the desk, so that one person alone gives nobody a way to what people said."""
    return tx.get(Founding, FOUNDING) is not None


def note_lead(tx: Tx, now: datetime) -> None:
    """A lead opens the desk at `now` (UTC): the first who does ends its founding, for good."""
    if not is_founded(tx):
        tx.add(Founding(FOUNDING, now))


def needs_second_yes(tx: Tx, role: Role) -> bool:
    """Whether a second person has to say yes before somebody has this role."""
    return role in NEED_SECOND_YES and is_founded(tx)


def ask(tx: Tx, request: GrantRequest) -> None:
    """Keep what is asked, and let it wait for everybody who may say yes, and for all leads.

    What was asked before for the same role or training of the same member is taken back by it.
    """
    for before in coming(tx, request.member_id):
        if before.role is request.role:
            end(tx, before, GrantState.REFUSED, request.asked_at)
    tx.add(request)
    for id in _holders(tx, MAY_SAY_YES):
        if id not in (request.asked_by, request.member_id):
            _begin(tx, GrantStep.SECOND_YES, request.id, id, request.asked_at)


def coming(tx: Tx, member: MemberId | None = None) -> list[GrantRequest]:
    """What may still begin, for one member or for anybody, the oldest first."""
    where: dict[str, object] = {"state": COMING} | ({} if member is None else {"member_id": member})
    return tx.find(GrantRequest, order_by="asked_at", limit=None, **where)


def who_could_agree(tx: Tx, request: GrantRequest) -> frozenset[Role]:
    """The roles in which somebody is there who is neither whoever asked nor whom it is for."""
    parties = (request.asked_by, request.member_id)
    return frozenset(
        grant.role
        for grant in tx.find(Grant, role=tuple(MAY_SAY_YES))
        if grant.member_id not in parties and _is_here(tx, grant.member_id)
    )


def may_agree(tx: Tx, request: GrantRequest, id: MemberId) -> bool:
    """Whether somebody may be the second person, now."""
    if request.state is not GrantState.WAITING or request.asked_by is None:
        return False
    if id in (request.asked_by, request.member_id):
        return False
    return bool(tx.find(Grant, member_id=id, role=tuple(MAY_SAY_YES)))


def agree(tx: Tx, request: GrantRequest, by: MemberId, begins: datetime, now: datetime) -> GrantRequest:
    """Say yes to it; it begins at `begins` (UTC). Raises NotOpen for whoever may not, or too late."""
    if request.until <= now or not may_agree(tx, request, by):
        raise NotOpen("grant")
    agreed = replace(request, state=GrantState.AGREED, agreed_by=by, until=begins)
    tx.save(agreed)
    _end_waits(tx, request, now)
    return agreed


def end(tx: Tx, request: GrantRequest, state: GrantState, now: datetime) -> None:
    """It is over, in one way or another; nothing waits about it any more."""
    tx.save(replace(request, state=state, until=now))
    _end_waits(tx, request, now)


def holds(tx: Tx, request: GrantRequest) -> bool:
    """Whether what was agreed may begin: two people stand behind it who are not whom it is for, and still may."""
    asked, agreed = request.asked_by, request.agreed_by
    if request.state is not GrantState.AGREED or asked is None or agreed is None:
        return False
    if len({asked, agreed, request.member_id}) < 3 or not _is_here(tx, request.member_id):
        return False
    return all(
        _is_here(tx, id) and tx.find(Grant, member_id=id, role=tuple(MAY_SAY_YES)) for id in (asked, agreed)
    )


def tell_leads(tx: Tx, now: datetime, but: MemberId | None = None) -> None:
    """Let every lead see who was given a role; one that waits for them already stands for all."""
    for id in _holders(tx, frozenset({Role.LEAD})):
        if id != but and not tx.find(Step, holder=id, kind=GrantStep.GIVEN_ROLES, state=OPEN_STATES, limit=1):
            _begin(tx, GrantStep.GIVEN_ROLES, id, id, now)


def seen(tx: Tx, by: MemberId, now: datetime) -> None:
    """A lead has seen who was given a role."""
    for step in tx.find(Step, holder=by, kind=GrantStep.GIVEN_ROLES, state=OPEN_STATES):
        tx.save(replace(step, state=StepState.DONE, due_at=now, lease_until=None))


def has_no_say(tx: Tx, id: MemberId, now: datetime) -> None:
    """A role of a member has ended: what they may no longer open does not wait for them either."""
    for kind, roles in ((GrantStep.SECOND_YES, MAY_SAY_YES), (GrantStep.GIVEN_ROLES, {Role.LEAD})):
        if not tx.find(Grant, member_id=id, role=tuple(roles)):
            for step in tx.find(Step, holder=id, kind=kind, state=OPEN_STATES):
                tx.save(replace(step, state=StepState.CANCELLED, due_at=now, lease_until=None))


def lapse_all(tx: Tx, now: datetime) -> int:
    """Let everything lapse that may still begin; returns how much."""
    found = coming(tx)
    for one in found:
        end(tx, one, GrantState.LAPSED, now)
    return len(found)


def _holders(tx: Tx, roles: frozenset[Role]) -> list[MemberId]:
    found = {grant.member_id for grant in tx.find(Grant, role=tuple(roles))}
    return sorted(id for id in found if _is_here(tx, id))


def _is_here(tx: Tx, id: MemberId) -> bool:
    member = tx.get(Member, id)
    return member is not None and not member.left


def _begin(tx: Tx, kind: GrantStep, subject: str, holder: MemberId, now: datetime) -> None:
    tx.add(Step(StepId(new_id()), kind, subject, None, StepState.WAITING, Rung.PERSON, holder, now, now))


def _end_waits(tx: Tx, request: GrantRequest, now: datetime) -> None:
    for step in tx.find(Step, subject=request.id, kind=GrantStep.SECOND_YES, state=OPEN_STATES):
        tx.save(replace(step, state=StepState.DONE, due_at=now, lease_until=None))
