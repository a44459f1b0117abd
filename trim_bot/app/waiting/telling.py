"""Told means sent: what becomes of somebody's steps once a message to them has gone out, and not before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from trim_bot.app.people.eligible import with_role
from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.draw import was_drawn, which_are_for
from trim_bot.app.waiting.hours import working_days_on
from trim_bot.app.waiting.in_time import hand_on_at, limits
from trim_bot.app.waiting.ladder import next_owner, of_managed_people
from trim_bot.domain.ids import OfferId
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Member, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import Rung, Step, StepKind, StepState


def untold(work: UnitOfWork, member: Member, *, safety: bool) -> list[Step]:
    """What waits for a member and they have not heard of; `safety` says whether calls for safety count too."""
    mine = [
        step
        for step in waits.open_steps(work, holder=member.id)
        if (safety if step.kind is StepKind.SAFETY else _is_untold(work, step))
    ]
    # Of somebody they manage they see nothing, so no message tells them of it: the clock gives it to the next.
    managed = of_managed_people(work, member.id, mine)
    mine = [step for step in mine if step.rung is Rung.PERSON or step.id not in managed]
    pool = waits.open_steps(work, rung=Rung.POOL) if member.id in with_role(work, Role.PRACTITIONER) else []
    return mine + which_are_for(work, member.id, [step for step in pool if _is_untold(work, step)])


def is_offered(work: Work, step: Step, *, leads: bool) -> bool:
    """Whether something to take is the asker's to take: they have it, `leads` and nobody has, or were told of it."""
    if step.holder == work.who.id or (step.rung is Rung.NOBODY and leads):
        return True
    if step.holder is not None and (step.kind is not StepKind.REQUEST or step.rung is Rung.ASSIGNED):
        # A case that has gone on is its new owner's; of what went to a colleague they know, nobody else was told.
        return False
    return was_drawn(work, work.who.id, step)


def mark_told(work: Work, member: Member, *, safety: bool) -> None:
    """A message has gone to a member: from now on their time runs for everything that waits for them."""
    for step in untold(work, member, safety=safety):
        told(work, step)


def told(work: UnitOfWork, step: Step, until: datetime | None = None) -> None:
    """Its owner knows of a step from now on, by a message or on their page; the clock looks again at `until`."""
    work.tx.save(
        replace(
            step,
            state=StepState.TOLD,
            due_at=until or has_until(work, step),
            reminders=step.reminders + 1,
            failures=0,
            lease_until=None,
        )
    )


def days_a_rung(work: UnitOfWork, step: Step) -> int:
    """Working days an owner has: those of its kind, else the site's time for getting in touch, or its rung."""
    own = work.steps[step.kind].working_days
    if own is not None:
        return own
    first_contact = step.kind is StepKind.FIRST_CONTACT
    return work.site.contact_working_days if first_contact else work.site.rung_working_days


def _is_untold(work: UnitOfWork, step: Step) -> bool:
    return step.state is StepState.WAITING and waits.has_come(work, step)


def has_until(work: UnitOfWork, step: Step) -> datetime:
    """Until when (UTC) whoever is told now has time: their days begin once it can be done, not when they are told."""
    match step.rung:
        case Rung.PERSON:
            offer = work.tx.get(Offer, OfferId(step.subject)) if step.kind is StepKind.OFFER else None
            a_day_on = max(work.now, step.opens_at) + timedelta(days=1)
            until = offer.closes_at if offer is not None else work.steps[step.kind].lasts_until(work, step)
            return max(until, a_day_on) if until is not None else a_day_on
        case Rung.POOL | Rung.NOBODY:
            days = work.site.rung_working_days
            return max(working_days_on(work, None, days), work.now + timedelta(days=1))
        case Rung.ASSIGNED | Rung.COVER | Rung.LEAD | Rung.DEPUTY:
            if step.kind is StepKind.SAFETY:
                return work.now + POLICY.safety_again
            member = work.tx.get(Member, step.holder) if step.holder is not None else None
            begins = max(work.now, step.opens_at)
            return _owner_has_until(
                work, step, working_days_on(work, member, days_a_rung(work, step), begins)
            )
        case _:
            assert_never(step.rung)


def _owner_has_until(work: UnitOfWork, step: Step, own: datetime) -> datetime:
    """Until when the owner has time, whose own days end at `own`.

    Of what cannot wait, days off do not make them longer than the site's; and it goes on while there is working time
    for it before the promise or the end of the window, unless that leaves too little to the owner.
    """
    by = next(iter(limits(work, step)), None)
    if by is None or step.holder is None:
        return own
    if work.steps[step.kind].needed_by(work, step) is not None:
        # Half of what is left: whoever is asked next then has time for it as well.
        return min(own, work.now + (by - work.now) / 2)
    _, other = next_owner(work, step)
    hand_on = hand_on_at(work, step, other, by) if other is not None else None
    promised = step.kind in (StepKind.FIRST_CONTACT, StepKind.AFTER_CALL)
    if not promised or step.promised_at is None or step.promised_at <= work.now:
        begins = max(work.now, step.opens_at)
        sites = working_days_on(work, None, days_a_rung(work, step), begins)
        return min(own, max(sites, hand_on or sites))
    shared = hand_on is not None and hand_on_at(work, step, step.holder, hand_on) is not None
    return min(own, hand_on) if hand_on is not None and shared else step.promised_at
