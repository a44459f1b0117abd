"""Who is told of what waits for anybody to take: a random few of those who may, drawn anew each half working day.

If everybody but one were told, that one would know that the person reports to them. So at most half are told, and
not to be told is as usual as to be told. A draw needs no memory: it is read off a keyed digest of the step, the half
day and the member, so whoever looks again sees the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from trim_bot.app.people.eligible import who_is_free_of_each, who_may_take, with_role
from trim_bot.app.seam.work import Concerned, UnitOfWork
from trim_bot.app.waiting.hours import LONGEST_CLOSED, HalfDay, calendar_of, half_days
from trim_bot.app.waiting.ladder import concerned, which_fit, who_is_reachable
from trim_bot.app.waiting.steady import next_steady
from trim_bot.domain.calendar import NeverOpen, next_open
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Member, Role
from trim_bot.domain.steps import Step

PURPOSE = "told_few"
ONCE = timedelta(microseconds=1)


def most_told(work: UnitOfWork, eligible: int) -> int:
    """How many of so many are told: the site's number, at most half of them, and at least one."""
    return max(1, min(work.site.most_told, eligible // 2))


def drawn(work: UnitOfWork, step: Step) -> list[MemberId]:
    """Those who are told of a step that waits for anybody, now."""
    return _Draws(work, half_days(work, work.now)).of((step,))[0][-1]


def which_are_for(work: UnitOfWork, id: MemberId, steps: Iterable[Step]) -> list[Step]:
    """Those steps waiting for anybody that a practitioner is told of now; for a whole list of one practitioner."""
    asked = which_fit(work, id, steps)
    if not asked:
        return []
    told = _Draws(work, half_days(work, work.now)).of(asked)
    return [step for step, few in zip(asked, told, strict=True) if id in few[-1]]


def was_drawn(work: UnitOfWork, id: MemberId, step: Step) -> bool:
    """Whether a practitioner is told of a step now, or was since it began to wait: what was shown stays good."""
    days = half_days(work, max(step.opens_at, work.now - LONGEST_CLOSED))
    return any(id in few for few in _Draws(work, days, (id,)).of((step,))[0])


class _Draws:
    """The draws of some half days, in which everybody's hours are worked out once.

    `also` are drawn from too although they may have no room by now, which their page tells them.
    """

    def __init__(self, work: UnitOfWork, days: Sequence[HalfDay], also: Sequence[MemberId] = ()) -> None:
        self._work = work
        self._days = days
        able = {*who_may_take(work, with_role(work, Role.PRACTITIONER), Concerned()), *also}
        self._able = sorted(able)
        self._reachable = frozenset(who_is_reachable(work, self._able))
        self._members = work.tx.get_many(Member, self._able)
        self._known: dict[tuple[MemberId, datetime], tuple[datetime, datetime]] = {}

    def of(self, steps: Sequence[Step]) -> list[list[list[MemberId]]]:
        """Who is told of each step in each of the half days, by what is so of everybody now."""
        free = who_is_free_of_each(self._work, self._able, [concerned(self._work, step) for step in steps])
        return [
            [self._few(step, able, day) for day in self._days] for step, able in zip(steps, free, strict=True)
        ]

    def _few(self, step: Step, able: list[MemberId], day: HalfDay) -> list[MemberId]:
        since = max(day.start, min(step.opens_at, self._work.now))
        hours = {id: self._hours(id, since) for id in able}
        # Those at work before the next draw come first, then whoever is at work next.
        absent = {id: hours[id][0] for id in able if hours[id][0] >= day.end}
        ranked = sorted(able, key=lambda id: (absent.get(id, since), rank(self._work, step, day, id)))
        few = ranked[: most_told(self._work, len(able))]
        hearing = [id for id in ranked if id in self._reachable and hours[id][1] < day.end]
        if hearing and not set(few) & set(hearing):
            # Somebody hears of it in every half day in which anybody could, so that nothing waits untold.
            few = [*few[:-1], hearing[0]]
        return few

    def _hours(self, id: MemberId, since: datetime) -> tuple[datetime, datetime]:
        """When somebody is at work next, and when they have their next steady message, from `since` (UTC) on."""
        if (id, since) not in self._known:
            member = self._members.get(id)
            try:
                opens = next_open(calendar_of(self._work, member, since), since)
            except NeverOpen:
                opens = since
            self._known[id, since] = opens, next_steady(self._work, member, since - ONCE)
        return self._known[id, since]


def most_offered(eligible: int) -> int:
    """To how many of so many a lead may give something: half of them, and at least one."""
    return max(1, eligible // 2)


def offered(work: UnitOfWork, subject: str, able: Iterable[MemberId]) -> list[MemberId]:
    """Those of some who may have something to whom a lead may give it: the same half each time, in their order.

    Drawn once and for all: of a list that were drawn again, whoever never comes up would be known in the end.
    """
    asked = list(able)
    ranked = sorted(asked, key=lambda id: work.tx.keyed(PURPOSE, f"{subject} {id}"))
    few = frozenset(ranked[: most_offered(len(asked))])
    return [id for id in asked if id in few]


def rank(work: UnitOfWork, step: Step, day: HalfDay, id: MemberId) -> str:
    """The place of somebody in the draw of a half day. Without the organisation's keys nobody can work it out."""
    return work.tx.keyed(PURPOSE, f"{step.id} {day.start.isoformat()} {id}")
