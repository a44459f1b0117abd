"""Whether somebody is at work early enough for what cannot wait until their next shift."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting.hours import calendar_of, when_reachable, working_days_on
from trim_bot.app.waiting.steady import next_steady, outside_steady, who_hears_daily
from trim_bot.domain.calendar import latest_start
from trim_bot.domain.cases import CheckIn
from trim_bot.domain.ids import CheckInId, MemberId
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import AnyStepKind, Step, StepKind


def limits(work: UnitOfWork, step: Step) -> tuple[datetime, ...]:
    """By when (UTC) its owner must have been at work, the wished one first; empty for what can wait for anyone.

    A first contact is promised to the person, and a talk has a window. Where that is over, or for what has neither,
    it is the site's own days for a rung.
    """
    if not isinstance(step.kind, StepKind):
        # What only its own subject knows of is promised to nobody by a time, but may be of no use after one.
        by = work.steps[step.kind].needed_by(work, step)
        return (by,) if by is not None and by > work.now else ()
    match step.kind:
        case StepKind.FIRST_CONTACT | StepKind.AFTER_CALL:
            return _ahead(work, step.promised_at, work.site.contact_working_days)
        case StepKind.CHECK_IN:
            talk = work.tx.get(CheckIn, CheckInId(step.subject))
            if talk is None or talk.agreed_at is not None:
                return ()
            return _ahead(work, talk.closes_at, work.site.rung_working_days)
        case StepKind.REQUEST | StepKind.CONTACT:
            return _ahead(work, None, work.site.rung_working_days)
        case (
            StepKind.OFFER
            | StepKind.ASSIGN
            | StepKind.AGREED_TIME
            | StepKind.SAFETY
            | StepKind.REFERRAL
            | StepKind.REVIEW
            | StepKind.SUPERVISION
        ):
            return ()
        case _:
            assert_never(step.kind)


def _ahead(work: UnitOfWork, by: datetime | None, days: int) -> tuple[datetime, ...]:
    sites = working_days_on(work, None, days)
    if by is None or by <= work.now:
        return (sites,)
    return (by, sites) if by < sites else (by,)


def enough(kind: AnyStepKind) -> timedelta:
    """How much working time whoever owns a step needs for it."""
    return POLICY.time_to_hold_a_talk if kind is StepKind.CHECK_IN else POLICY.time_to_get_in_touch


def is_in_time(work: UnitOfWork, step: Step, id: MemberId, by: datetime) -> bool:
    """Whether somebody hears of a step now, or early enough to have working time for it before `by` (UTC)."""
    return any(who_is_in_time(work, step, (id,), by))


def who_is_in_time(work: UnitOfWork, step: Step, ids: Iterable[MemberId], by: datetime) -> Iterator[MemberId]:
    """Those who are, in the order given; nobody's hours are worked out before they are asked for."""
    asked = tuple(ids)
    members = work.tx.get_many(Member, asked)
    daily = set(who_hears_daily(work, asked))
    for id in asked:
        member = members.get(id)
        at = _hears_at(work, step, member, daily=id in daily)
        if at <= work.now or latest_start(calendar_of(work, member), at, by, enough(step.kind)) is not None:
            yield id


def who_is_first_in_time(
    work: UnitOfWork, steps: Iterable[Step], promised_at: datetime | None, ids: Collection[MemberId]
) -> frozenset[MemberId]:
    """Those at work before what is due first of these steps of one case; all of them where nothing has a time.

    `promised_at` is by when (UTC) the person was told that somebody gets in touch; None where that is not owed.
    """
    waiting = sorted(steps, key=lambda one: one.opens_at)
    if promised_at is not None:
        waiting = [replace(one, kind=StepKind.FIRST_CONTACT, promised_at=promised_at) for one in waiting[:1]]
    for step in waiting:
        if by := limits(work, step):
            return frozenset(who_is_in_time(work, step, ids, by[-1]))
    return frozenset(ids)


def _hears_at(work: UnitOfWork, step: Step, member: Member | None, *, daily: bool) -> datetime:
    if member is None or not daily or outside_steady(work, member.id, step):
        return when_reachable(work, member)
    return next_steady(work, member)


def comes_too_late(work: UnitOfWork, step: Step) -> bool:
    """Whether the owner of a step is next at work when the last of its limits has gone by, or nearly."""
    by = limits(work, step)[-1:]
    return bool(by) and step.holder is not None and not is_in_time(work, step, step.holder, by[0])


def hand_on_at(work: UnitOfWork, step: Step, id: MemberId, by: datetime) -> datetime | None:
    """The last moment (UTC) at which a step can be given to somebody who then has time for it before `by`; or None."""
    member = work.tx.get(Member, id)
    return latest_start(calendar_of(work, member), work.now, by, enough(step.kind))
