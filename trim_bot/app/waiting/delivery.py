"""Decides on one queued message when it would be sent, and gives its buttons the handle that nobody can follow back:
one file, since what is decided and what the buttons carry are read from the same message.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import assert_never

from trim_bot.app.people.eligible import is_away, serves
from trim_bot.app.people.meeting import is_at_home
from trim_bot.app.seam.views import Message
from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.draw import drawn
from trim_bot.app.waiting.hours import when_reachable
from trim_bot.app.waiting.ladder import concerned, manages_concerned
from trim_bot.app.waiting.steady import hears_daily, next_steady, outside_steady, still_to_come
from trim_bot.app.waiting.telling import untold
from trim_bot.app.waiting.tried_chats import is_there
from trim_bot.domain.ids import MemberId, MessageHandle, StepId
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Account, Address, Grant, Joined, Member, Platform, Role
from trim_bot.domain.steps import (
    OPEN_STATES,
    OutboxState,
    Outgoing,
    Priority,
    Rung,
    Step,
    StepKind,
    StepState,
)

IN_ORDER = tuple(Platform)
"""Which chat is written to as long as its owner chose none."""


ANSWERED = (StepState.DONE, StepState.DECLINED, StepState.MOVED)
"""How an offer's step ends when its person has answered."""


class Verdict(Enum):
    """What is to happen with a queued message when its turn comes."""

    SEND = "send"
    """It is still wanted, and this is a good moment."""
    DROP = "drop"
    """It is not wanted any more."""
    BEHIND = "behind"
    """A call for safety to the same person goes first, and this one with it."""
    LATER = "later"
    """Its receiver is not at work."""
    TODAY = "today"
    """It is late, and the moment of this day's is ahead: two would come in one day."""
    ON_PAGE = "on_page"
    """Its receiver uses the browser only and will find it there."""
    GONE = "gone"
    """Somebody else has it by now, or it has ended."""
    NO_WAY = "no_way"
    """There is no way to reach them by message."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A verdict, with the account and message to send."""

    verdict: Verdict
    account: Account | None = None
    message: Message | None = None
    handle: str = ""
    """What the buttons of the message carry."""


def plan(
    work: UnitOfWork, outgoing: Outgoing, platforms: frozenset[str], closed: frozenset[str] = frozenset()
) -> Plan:
    """Decide on one message, by what is true now; of one whose lease has run out, another worker decides.

    `closed` are the ids of accounts that could not be reached just now, so that the next one is tried.
    """
    if (
        still_ours(work, outgoing) is None
        or outgoing.lease_until is None
        or outgoing.lease_until <= work.real
    ):
        return Plan(Verdict.GONE)
    member = work.tx.get(Member, outgoing.member_id)
    if member is None:
        return Plan(Verdict.DROP)
    step = work.tx.get(Step, outgoing.step_id) if outgoing.step_id else None
    if member.left:
        return Plan(Verdict.DROP if step is None or step.rung is Rung.PERSON else Verdict.NO_WAY)
    if not _is_wanted(work, member, outgoing, step):
        return Plan(Verdict.DROP)
    if member.messages_stopped:
        return _for_whoever_stopped(outgoing, step)
    if not _at_once(work, outgoing, step) and _good_moment(work, member, outgoing) > work.now:
        return Plan(Verdict.LATER)
    if _is_the_next(work, member, outgoing):
        return Plan(Verdict.TODAY)
    if outgoing.priority is not Priority.SAFETY and _is_called(work, member):
        return Plan(Verdict.BEHIND)
    accounts = work.tx.find(Account, member_id=member.id)
    if outgoing.kind == MessageKind.TEST.value:
        accounts = [one for one in accounts if is_there(work.tx, one.address, outgoing.about)]
    if _only_on_page(accounts, outgoing):
        return Plan(Verdict.ON_PAGE)
    chosen = _chosen(work, accounts, platforms, closed)
    if chosen is None:
        web = any(one.platform is Platform.WEB for one in accounts)
        nobody_waits = outgoing.kind != MessageKind.WAITING.value
        return Plan(Verdict.ON_PAGE if web or nobody_waits else Verdict.NO_WAY)
    handle = new_handle()
    return Plan(Verdict.SEND, chosen, message_with(work, handle), handle)


def _is_wanted(work: UnitOfWork, member: Member, outgoing: Outgoing, step: Step | None) -> bool:
    match MessageKind(outgoing.kind):
        case MessageKind.STEADY:
            return hears_daily(work, member.id)
        case MessageKind.MONTHLY:
            return not hears_daily(work, member.id)
        case MessageKind.WELCOME | MessageKind.TEST:
            return True
        case MessageKind.WAITING:
            if outgoing.priority is Priority.SAFETY:
                # Whatever else waits is told in their hours: it is no reason to ring at night once the call is over.
                return _calls(work, member)
            if hears_daily(work, member.id):
                # What came to them since was told of by this message alone, whatever it was queued for.
                since = untold(work, member, safety=False)
                if not any(outside_steady(work, member.id, one) for one in (step, *since)):
                    return False
            if outgoing.step_id is None and member.told_of_changes:
                return True
            if step is not None and step.kind is StepKind.OFFER and step.state in ANSWERED:
                return True
            owns = step is not None and _owns(work, member, step)
            return owns or bool(untold(work, member, safety=False))
        case kind:
            assert_never(kind)


def _calls(work: UnitOfWork, member: Member) -> bool:
    """Whether any call for safety is still theirs: that for which a message was queued, or one that came since."""
    calls = waits.open_steps(work, kind=StepKind.SAFETY)
    return any(_owns(work, member, one) and concerned(work, one).person != member.id for one in calls)


def _for_whoever_stopped(outgoing: Outgoing, step: Step | None) -> Plan:
    """They find what waits on their page; what they own for others goes on in another way."""
    if outgoing.kind == MessageKind.STEADY.value:
        return Plan(Verdict.LATER)
    if step is None:
        return Plan(Verdict.DROP)
    return Plan(Verdict.ON_PAGE if step.rung is Rung.PERSON else Verdict.NO_WAY)


def _good_moment(work: UnitOfWork, member: Member, outgoing: Outgoing) -> datetime:
    """When a message may go out: in the hours of its receiver; the steady one only while they are not away."""
    opens = when_reachable(work, member)
    if outgoing.kind != MessageKind.STEADY.value:
        return opens
    return next_steady(work, member) if is_away(work, member) or opens > work.now else opens


def _is_the_next(work: UnitOfWork, member: Member, outgoing: Outgoing) -> bool:
    """Whether a late message of an earlier day is that of this one, whose moment is ahead.

    It waits so once: a desk that is up only before that moment, day after day, would never send it. Nor does it wait
    where a time was agreed before.
    """
    if outgoing.kind != MessageKind.STEADY.value or outgoing.attempts:
        return False
    moment = still_to_come(work, member)
    if moment is None:
        return False
    waiting = untold(work, member, safety=False)
    return not any(waits.is_agreed_before(work, step, moment) for step in waiting)


def _chosen(
    work: UnitOfWork, accounts: Iterable[Account], platforms: frozenset[str], closed: frozenset[str]
) -> Account | None:
    """The account a message goes to: the one its owner chose, or the first that takes messages.

    One in a workspace that is not connected any more comes last: it would be tried in vain for hours.
    Where chat has refused, the browser's own chat of the practice does not stand in for it: that is found only
    by whoever comes, so somebody is told, as in earnest.
    """
    left = (one for one in accounts if one.platform.value in platforms and one.id not in closed)
    able = (one for one in left if not one.left and (not closed or one.platform is not Platform.WEB))

    def rank(one: Account) -> tuple[bool, bool, int, str]:
        connected = is_at_home(Address.parse(one.address), work.workspaces)
        return not connected, not one.first, IN_ORDER.index(one.platform), one.id

    return min(able, key=rank, default=None)


def _is_called(work: UnitOfWork, member: Member) -> bool:
    queued = work.tx.find(Outgoing, member_id=member.id, state=OutboxState.QUEUED)
    return any(one.priority is Priority.SAFETY for one in queued)


def _only_on_page(accounts: Iterable[Account], outgoing: Outgoing) -> bool:
    """Whether they chose to find things on their page alone. A call for safety is still written in chat."""
    if outgoing.priority is Priority.SAFETY:
        return False
    return any(one.platform is Platform.WEB and one.first for one in accounts)


def _at_once(work: UnitOfWork, outgoing: Outgoing, step: Step | None) -> bool:
    if outgoing.priority is Priority.SAFETY or outgoing.kind == MessageKind.TEST.value:
        return True
    return step is not None and step.rung is Rung.PERSON and waits.overrides_hours(work, step)


def still_ours(work: UnitOfWork, outgoing: Outgoing) -> Outgoing | None:
    """The message as it is kept now, while it is queued and still leased to whoever claimed it."""
    now = work.tx.get(Outgoing, outgoing.id)
    if now is None or now.state is not OutboxState.QUEUED or now.lease_until != outgoing.lease_until:
        return None
    return now


def _owns(work: UnitOfWork, member: Member, step: Step) -> bool:
    if step.state not in OPEN_STATES:
        return False
    match step.rung:
        case Rung.POOL:
            return member.id in drawn(work, step)
        case Rung.NOBODY:
            leads = work.tx.find(Grant, member_id=member.id, role=(Role.LEAD, Role.DEPUTY))
            return bool(leads) and not manages_concerned(work, member.id, step)
        case Rung.PERSON:
            return step.holder == member.id
        case Rung.ASSIGNED | Rung.COVER | Rung.LEAD | Rung.DEPUTY:
            theirs = step.holder == member.id and serves(work, member.id)
            return theirs and not manages_concerned(work, member.id, step)
        case _:
            assert_never(step.rung)


PURPOSE, ABOUT = "message_handle", "message_about"
BYTES = 18


def new_handle() -> MessageHandle:
    """A handle for one message: 24 characters, the same for whatever the message is about."""
    return MessageHandle(secrets.token_urlsafe(BYTES))


def digest(work: Work, member: MemberId, handle: MessageHandle) -> str:
    """What is kept of a handle and of whom it was for; nobody can match it with a chat without the keys."""
    return work.tx.keyed(PURPOSE, f"{member} {handle}")


def about_digest(work: Work, step: StepId, handle: MessageHandle) -> str:
    """What is kept of the step that a message was about."""
    return work.tx.keyed(ABOUT, f"{step} {handle}")


def step_behind(work: Work, message: Outgoing, handle: MessageHandle | None) -> Step | None:
    """The step a message was about, if it is in the hands of whoever presses."""
    if not message.about or handle is None:
        return None
    held = work.tx.find(Step, holder=work.who.id, order_by="-due_at")
    return next((step for step in held if about_digest(work, step.id, handle) == message.about), None)


def message_with(work: UnitOfWork, handle: MessageHandle) -> Message:
    """The message whose two buttons carry this handle."""
    return Message(work.sign.lasting("open", m=handle), work.sign.lasting("stop", m=handle))


def message_behind(work: Work, handle: MessageHandle | None) -> Outgoing | None:
    """The message with this handle, if it was sent to whoever presses; None too once it is kept no more."""
    if not handle:
        return None
    # What was sent to somebody before two of their chats were joined is theirs still.
    mine = (work.who.id, *(former.id for former in work.tx.find(Joined, member_id=work.who.id)))
    digests = tuple(digest(work, id, handle) for id in mine)
    return next(iter(work.tx.find(Outgoing, handle=digests, limit=1)), None)
