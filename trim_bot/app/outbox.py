"""Delivers queued messages: decides afresh at send whether each is still wanted, retries, gives up aloud."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import assert_never

from trim_bot.app import waits
from trim_bot.app.due import climb
from trim_bot.app.eligible import serves
from trim_bot.app.handles import digest, message_with, new_handle
from trim_bot.app.hours import when_reachable
from trim_bot.app.identify import is_at_home
from trim_bot.app.ladder import concerned, fits, manages_concerned
from trim_bot.app.views import Message
from trim_bot.app.work import Work
from trim_bot.domain.incidents import Incident, Offer
from trim_bot.domain.people import Account, Address, Grant, Member, Platform, Role
from trim_bot.domain.records import Action
from trim_bot.domain.steps import OPEN_STATES, OutboxState, Outgoing, Rung, Step, StepKind

IN_ORDER = tuple(Platform)
"""Which chat is written to as long as its owner chose none."""
MOST_ATTEMPTS = 12
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)


class Verdict(Enum):
    """What is to happen with a queued message when its turn comes."""

    SEND = "send"
    """It is still wanted, and this is a good moment."""
    DROP = "drop"
    """It is not wanted any more."""
    LATER = "later"
    """Its receiver is not at work."""
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
    work: Work, outgoing: Outgoing, platforms: frozenset[str], closed: frozenset[str] = frozenset()
) -> Plan:
    """Decide on one message, by what is true now; of one whose lease has run out, another worker decides.

    `closed` are the ids of accounts that could not be reached just now, so that the next one is tried.
    """
    if _ours(work, outgoing) is None or outgoing.lease_until is None or outgoing.lease_until <= work.real:
        return Plan(Verdict.GONE)
    member = work.tx.get(Member, outgoing.member_id)
    step = work.tx.get(Step, outgoing.step_id) if outgoing.step_id else None
    if member is None or member.left or member.messages_stopped:
        theirs = step is not None and step.rung is not Rung.PERSON
        return Plan(Verdict.NO_WAY if member is not None and theirs else Verdict.DROP)
    if outgoing.step_id is not None and (step is None or not _owns(work, member, step)):
        return Plan(Verdict.DROP)
    if not (step is not None and _at_once(work, step)) and when_reachable(work, member) > work.now:
        return Plan(Verdict.LATER)
    if _only_on_page(work, member, step):
        return Plan(Verdict.ON_PAGE)
    accounts = work.tx.find(Account, member_id=member.id)
    chosen = _chosen(work, accounts, platforms, closed)
    if chosen is None:
        web = any(one.platform is Platform.WEB for one in accounts)
        return Plan(Verdict.ON_PAGE if web or step is None else Verdict.NO_WAY)
    handle = new_handle()
    return Plan(Verdict.SEND, chosen, message_with(work, handle), handle)


def _chosen(
    work: Work, accounts: Iterable[Account], platforms: frozenset[str], closed: frozenset[str]
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


def _only_on_page(work: Work, member: Member, step: Step | None) -> bool:
    """Whether they chose to find things on their page alone. A call for safety is still written in chat."""
    if step is not None and step.kind is StepKind.SAFETY:
        return False
    return bool(work.tx.find(Account, member_id=member.id, platform=Platform.WEB, first=True, limit=1))


def _at_once(work: Work, step: Step) -> bool:
    first = step.kind is StepKind.SAFETY or step.reminders <= 1
    return first and waits.overrides_hours(work, step)


def mark_sent(work: Work, outgoing: Outgoing, handle: str) -> None:
    """The platform took it, so it is sent whoever has the lease by now; `handle` is what its buttons carry."""
    now = work.tx.get(Outgoing, outgoing.id)
    if now is not None and now.state is OutboxState.QUEUED:
        kept = digest(work, handle) if handle else ""
        work.tx.save(replace(now, state=OutboxState.SENT, handle=kept, lease_until=None))


def mark_dropped(work: Work, outgoing: Outgoing) -> None:
    """It was not wanted any more."""
    _keep(work, outgoing, state=OutboxState.DROPPED)


def put_off(work: Work, outgoing: Outgoing) -> None:
    """Wait until its receiver is at work."""
    due = when_reachable(work, work.tx.get(Member, outgoing.member_id))
    _keep(work, outgoing, due_at=due)


def mark_failed(work: Work, outgoing: Outgoing, after_seconds: float | None, *, for_good: bool) -> None:
    """Try again later, in real time; or give up, and let the step go on in another way."""
    if _ours(work, outgoing) is None:
        return
    attempts = outgoing.attempts + 1
    if for_good or attempts >= MOST_ATTEMPTS:
        work.tx.save(replace(outgoing, state=OutboxState.DEAD, attempts=attempts, lease_until=None))
        work.journal(Action.NOTIFIED, "given_up")
        _go_on(work, outgoing)
        return
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1))
    if after_seconds is not None:
        wait = max(wait, timedelta(seconds=min(after_seconds, LONGEST_WAIT.total_seconds())))
    work.tx.save(replace(outgoing, attempts=attempts, lease_until=work.real + wait))


def bury(work: Work, outgoing: Outgoing) -> None:
    """Give up without going on in another way, where that fails too; its step has a clock of its own."""
    _keep(work, outgoing, state=OutboxState.DEAD, attempts=outgoing.attempts + 1)


def _ours(work: Work, outgoing: Outgoing) -> Outgoing | None:
    """The message as it is kept now, while it is queued and still leased to whoever claimed it."""
    now = work.tx.get(Outgoing, outgoing.id)
    if now is None or now.state is not OutboxState.QUEUED or now.lease_until != outgoing.lease_until:
        return None
    return now


def _keep(
    work: Work,
    outgoing: Outgoing,
    *,
    state: OutboxState = OutboxState.QUEUED,
    due_at: datetime | None = None,
    attempts: int | None = None,
) -> None:
    now = _ours(work, outgoing)
    if now is None:
        return
    work.tx.save(
        replace(
            now,
            state=state,
            due_at=due_at or now.due_at,
            attempts=now.attempts if attempts is None else attempts,
            lease_until=None,
        )
    )


def _go_on(work: Work, outgoing: Outgoing) -> None:
    step = work.tx.get(Step, outgoing.step_id) if outgoing.step_id else None
    if step is None or step.state not in OPEN_STATES:
        return
    if step.rung is Rung.PERSON:
        reach_in_person(work, step)
    elif step.holder == outgoing.member_id:
        climb(work, step)


def reach_in_person(work: Work, step: Step) -> None:
    """An offer that cannot be made by message is made in person; nothing else is wanted of a person so much."""
    if step.kind is StepKind.OFFER and not waits.open_steps(
        work, kind=StepKind.CONTACT, subject=step.subject
    ):
        contact_in_person(work, step.subject)


def contact_in_person(work: Work, offer_id: str) -> None:
    """Ask the practitioner who logged the incident to tell somebody in person; never somebody they manage."""
    offer = work.tx.get(Offer, offer_id)
    incident = work.tx.get(Incident, offer.incident_id) if offer is not None else None
    if offer is not None and incident is not None:
        step = waits.begin(work, StepKind.CONTACT, offer.id, Rung.ASSIGNED, incident.logged_by)
        if manages_concerned(work, incident.logged_by, step):
            climb(work, step)


def _owns(work: Work, member: Member, step: Step) -> bool:
    if step.state not in OPEN_STATES:
        return False
    match step.rung:
        case Rung.POOL:
            return fits(work, member.id, concerned(work, step))
        case Rung.NOBODY:
            return bool(work.tx.find(Grant, member_id=member.id, role=Role.COORDINATOR))
        case Rung.PERSON:
            return step.holder == member.id
        case Rung.ASSIGNED | Rung.COVER | Rung.LEAD | Rung.DEPUTY:
            theirs = step.holder == member.id and serves(work, member.id)
            return theirs and not manages_concerned(work, member.id, step)
        case _:
            assert_never(step.rung)
