"""The ladder: who owns a step next when its owner did not act, and what is kept of its end for the week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import assert_never

from trim_bot.app.people.eligible import (
    events_they_were_part_of,
    is_away,
    loads,
    manages,
    may_take,
    nothing_between,
    who_is_free,
    who_manages,
    who_may_take,
    who_serves,
    whom_they_manage,
    with_role,
)
from trim_bot.app.seam.work import Concerned, UnitOfWork
from trim_bot.app.waiting.hours import calendar_of, when_reachable
from trim_bot.app.waiting.in_time import comes_too_late, is_in_time, limits, who_is_in_time
from trim_bot.app.waiting.read_ahead import read_subjects
from trim_bot.domain.calendar import latest_start
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Member, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Measure
from trim_bot.domain.steps import Rung, Step

ORDER = (Rung.POOL, Rung.ASSIGNED, Rung.COVER, Rung.LEAD, Rung.DEPUTY, Rung.NOBODY)


def concerned(work: UnitOfWork, step: Step) -> Concerned:
    """The person, incidents and refusals behind a step."""
    rule = work.steps[step.kind]
    case = work.tx.get(Case, step.case_id) if step.case_id is not None else None
    if case is None:
        return rule.concerns(work, step)
    passed = () if rule.despite_passing else case.passed
    return Concerned(case.member_id, case.incidents, (*case.refused, *passed), case.cover)


def manages_concerned(work: UnitOfWork, id: MemberId, step: Step) -> bool:
    """Whether somebody manages the person a step is about, by the reporting lines as they are now."""
    person = concerned(work, step).person
    return person is not None and manages(work, id, person)


def of_managed_people(work: UnitOfWork, id: MemberId, steps: Iterable[Step]) -> frozenset[str]:
    """The ids of those steps that are about somebody whom a member manages; the same for a whole list."""
    about = {step.id: concerned(work, step).person for step in read_subjects(work, steps)}
    managed = whom_they_manage(work, id, (person for person in about.values() if person is not None))
    return frozenset(step for step, person in about.items() if person in managed)


def which_fit(work: UnitOfWork, id: MemberId, steps: Iterable[Step]) -> list[Step]:
    """Those steps that a practitioner may take, by the same rule as `pool`; for a whole list of one practitioner."""
    asked = read_subjects(work, steps)
    if not asked or not may_take(work, id, Concerned()):
        return []
    managed, seen = of_managed_people(work, id, asked), events_they_were_part_of(work, id)

    def is_free(step: Step) -> bool:
        about = concerned(work, step)
        exposed = () if seen.isdisjoint(about.incidents) else (id,)
        managers = (id,) if step.id in managed else ()
        return nothing_between(id, (about.person, *about.refused), managers, exposed)

    return [step for step in asked if is_free(step)]


def reachable(work: UnitOfWork, id: MemberId, *, ignoring_leave: bool = False) -> bool:
    """Whether somebody can be told of work."""
    return bool(who_is_reachable(work, (id,), ignoring_leave=ignoring_leave))


def who_is_reachable(
    work: UnitOfWork, ids: Iterable[MemberId], *, ignoring_leave: bool = False
) -> list[MemberId]:
    """Those who can be told of work: they still serve, have not left or stopped messages, and are not away."""
    asked = tuple(ids)
    members = work.tx.get_many(Member, asked)

    def hears(member: Member) -> bool:
        if member.left or member.messages_stopped:
            return False
        return ignoring_leave or not is_away(work, member)

    return who_serves(work, [id for id in asked if id in members and hears(members[id])])


def next_owner(work: UnitOfWork, step: Step) -> tuple[Rung, MemberId | None]:
    """The next rung above a step that has somebody on it. The last rung is nobody.

    Of what cannot wait for a next shift, those who are at work in time come before the others.
    """
    found = _above(work, step)
    until = limits(work, step)
    if not until:
        return next(found, (Rung.NOBODY, None))
    able = list(found)
    rungs: dict[MemberId, Rung] = {}
    for rung, id in able:
        rungs.setdefault(id, rung)
    for by in until:
        for id in who_is_in_time(work, step, rungs, by):
            return rungs[id], id
    return min(
        able, key=lambda one: when_reachable(work, work.tx.get(Member, one[1])), default=(Rung.NOBODY, None)
    )


def passes_over(work: UnitOfWork, step: Step) -> bool:
    """Whether an owner is at work too late for a step, and somebody above them is not."""
    if not comes_too_late(work, step):
        return False
    _, id = next_owner(work, step)
    return id is not None and is_in_time(work, step, id, limits(work, step)[-1])


def who_missed(work: UnitOfWork, step: Step) -> list[tuple[Rung, MemberId]]:
    """Leads, then deputies, who were away or off all the while until a step came to nobody: they never had it."""
    since = step.unowned_since
    if since is None:
        return []
    about = concerned(work, step)
    found = [(rung, id) for rung in (Rung.LEAD, Rung.DEPUTY) for id in _on(work, rung, about, step)]
    members = work.tx.get_many(Member, (id for _, id in found))
    return [(rung, id) for rung, id in found if id in members and _missed(work, step, members[id], since)]


def _missed(work: UnitOfWork, step: Step, member: Member, since: datetime) -> bool:
    if member.away_from is None and member.away_until is not None and member.away_until > since:
        return True
    worked = latest_start(
        calendar_of(work, member, step.opens_at), step.opens_at, since, timedelta(minutes=1)
    )
    return worked is None


def _above(work: UnitOfWork, step: Step) -> Iterator[tuple[Rung, MemberId]]:
    about = concerned(work, step)
    for rung in ORDER[ORDER.index(step.rung) + 1 :] if step.rung in ORDER else ():
        others = [id for id in _on(work, rung, about, step) if id != step.holder]
        yield from ((rung, id) for id in who_is_reachable(work, others))


def _on(work: UnitOfWork, rung: Rung, about: Concerned, step: Step) -> list[MemberId]:
    match rung:
        case Rung.COVER:
            if step.case_id is None and not work.steps[step.kind].has_cover:
                return []
            named = who_is_free(work, [about.cover], about) if about.cover is not None else []
            return named + [id for id in who_may_take(work, by_load(work), about) if id not in named]
        case Rung.LEAD:
            return who_is_free(work, with_role(work, Role.LEAD), about)
        case Rung.DEPUTY:
            deputies = who_is_free(work, with_role(work, Role.DEPUTY), about)
            return deputies or (stand_ins(work, about) if work.steps[step.kind].is_the_holders else [])
        case Rung.PERSON | Rung.POOL | Rung.ASSIGNED | Rung.NOBODY:
            return []
        case _:
            assert_never(rung)


def stand_ins(work: UnitOfWork, about: Concerned) -> list[MemberId]:
    """Practitioners who act where every lead and deputy manages the person, the least busy first; else nobody."""
    leading = with_role(work, Role.LEAD, Role.DEPUTY)
    if about.person is None or not leading or who_manages(work, leading, about.person) != frozenset(leading):
        return []
    return who_may_take(work, by_load(work), about)


def pool(work: UnitOfWork, step: Step) -> list[MemberId]:
    """Every practitioner who may take a step."""
    return who_may_take(work, with_role(work, Role.PRACTITIONER), concerned(work, step))


def by_load(work: UnitOfWork) -> list[MemberId]:
    """Practitioners, those with the fewest open cases first."""
    held = loads(work, with_role(work, Role.PRACTITIONER))
    return sorted(held, key=lambda id: (held[id], id))


WEEK = timedelta(days=7)


def marked(work: UnitOfWork, step: Step) -> Step:
    """The step with the time it came to the end of the ladder; without one anywhere else."""
    if step.rung is not Rung.NOBODY:
        return replace(step, unowned_since=None)
    return step if step.unowned_since is not None else replace(step, unowned_since=work.now)


def note_left(work: UnitOfWork, step: Step) -> None:
    """Mark every week, up to this one, in which a step stood at the end of the ladder.

    To be called with the step as it was, before it ends or goes to somebody.
    """
    if step.rung is not Rung.NOBODY:
        return
    today = _day(work)
    came = came_on(work, step)
    first = monday_of(came) if came is not None else monday_of(today) - WEEK
    day = max(first, monday_of(today) - POLICY.weeks_back * WEEK)
    while day <= today:
        work.tx.count(Measure.STOOD, day)
        day += WEEK


def came_on(work: UnitOfWork, step: Step) -> date | None:
    """The site's day on which a step came to the end of the ladder; None where that was not kept."""
    if step.unowned_since is None:
        return None
    return step.unowned_since.astimezone(work.zone_of(None)).date()


def monday_of(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def _day(work: UnitOfWork) -> date:
    return work.now.astimezone(work.zone_of(None)).date()
