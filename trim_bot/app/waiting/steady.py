"""Those who serve hear from the desk once each working day, at a minute of their own, waiting work or not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zlib import crc32

from trim_bot.app.people.eligible import with_role
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting.hours import LOOK_BACK, calendar_of, when_reachable
from trim_bot.domain.calendar import (
    EVERY_DAY,
    NeverOpen,
    latest_start,
    next_daily_moment,
    share_a_day,
)
from trim_bot.domain.ids import MemberId, new_id
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Grant, Member, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import OutboxState, Outgoing, Priority, Rung, Step, StepKind

HEAR_DAILY = (Role.PRACTITIONER, Role.LEAD, Role.DEPUTY, Role.COORDINATOR)
"""Roles whose holders get the steady message."""


def hears_daily(work: UnitOfWork, id: MemberId) -> bool:
    """Whether somebody gets the steady message."""
    return bool(who_hears_daily(work, (id,)))


def who_hears_daily(work: UnitOfWork, ids: Iterable[MemberId]) -> list[MemberId]:
    """Those who get the steady message, in the order given."""
    asked = tuple(ids)
    found = work.tx.find(Grant, member_id=asked, role=HEAR_DAILY) if asked else []
    daily = {grant.member_id for grant in found}
    return [id for id in asked if id in daily]


def next_steady(work: UnitOfWork, member: Member | None, after: datetime | None = None) -> datetime:
    """The next moment (UTC) of a member's steady message, later than `after` (now by default); in the site's hours
    for nobody in particular."""
    site, since = work.site, after or work.now
    # Never the site's very minute: whoever begins to serve then would wait a whole day for the first one.
    spread = POLICY.steady_spread_minutes
    minutes = 1 + crc32(member.id.encode()) % spread if member is not None else spread
    days = frozenset(site.steady_days) or EVERY_DAY
    try:
        return next_daily_moment(calendar_of(work, member, since), since, site.steady_at, minutes, days)
    except NeverOpen:
        return since + timedelta(days=1)


def last_steady_before(work: UnitOfWork, member: Member | None, until: datetime) -> datetime | None:
    """The last steady message of a member, later than now, that goes out by `until` (UTC); None if there is none."""
    found = None
    moment = next_steady(work, member, max(work.now, until - LOOK_BACK))
    while moment <= until:
        found, moment = moment, next_steady(work, member, moment)
    return found


def still_to_come(work: UnitOfWork, member: Member) -> datetime | None:
    """The steady moment (UTC) that is ahead in the day at which a member works now, or follows at once; else None.

    A message of an earlier day that has not gone out by now is that one: two would come in one day.
    """
    moment = next_steady(work, member)
    at_once = moment - work.now <= POLICY.one_moment
    return moment if at_once or share_a_day(calendar_of(work, member), work.now, moment) else None


def outside_steady(work: UnitOfWork, id: MemberId, step: Step | None) -> bool:
    """Whether somebody who serves is told of a step at once, before their steady message.

    So are safety calls, and whoever owes a first contact for which the next steady message leaves too little working
    time, unless that one follows at once. Once the day promised has gone by, a further try waits for it.
    """
    if step is None:
        return False
    if step.kind is StepKind.SAFETY:
        return True
    if step.kind is not StepKind.FIRST_CONTACT or step.promised_at is None or step.rung is Rung.NOBODY:
        return False
    if step.tries and step.promised_at <= work.now:
        return False
    member = work.tx.get(Member, id)
    steady_at = next_steady(work, member)
    if steady_at - when_reachable(work, member) <= POLICY.one_moment:
        return False
    return (
        latest_start(calendar_of(work, member), steady_at, step.promised_at, POLICY.time_to_get_in_touch)
        is None
    )


def queue_next(work: UnitOfWork, id: MemberId) -> None:
    """Queue the next steady message of a member."""
    due = next_steady(work, work.tx.get(Member, id))
    kind = MessageKind.STEADY.value
    work.tx.add(Outgoing(new_id(), kind, id, None, OutboxState.QUEUED, due, priority=Priority.STEP))


def missing(work: UnitOfWork) -> list[MemberId]:
    """Those who are to hear daily and have no steady message queued, or one too far ahead to be right."""
    wanted = with_role(work, *HEAR_DAILY)
    kind, queued = MessageKind.STEADY.value, OutboxState.QUEUED
    there = {one.member_id: one for one in work.tx.find(Outgoing, kind=kind, state=queued)}
    perhaps_far = {id for id in wanted if id in there and there[id].due_at > work.now + timedelta(days=1)}
    members = work.tx.get_many(Member, sorted(perhaps_far))
    far = {id for id in perhaps_far if there[id].due_at > next_steady(work, members.get(id))}
    return [id for id in wanted if id not in there or id in far]


def keep_going(work: UnitOfWork) -> None:
    """Give everybody who is to hear daily their next steady message; one that a wrong clock put off comes nearer."""
    for id in missing(work):
        member = work.tx.get(Member, id)
        if member is None or member.left:
            continue
        for one in work.tx.find(
            Outgoing, member_id=id, kind=MessageKind.STEADY.value, state=OutboxState.QUEUED
        ):
            work.tx.drop(Outgoing, one.id)
        queue_next(work, id)
