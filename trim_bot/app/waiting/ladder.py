"""The ladder: who owns a step next when its owner did not act, and what is kept of its end for the week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import assert_never

from trim_bot.app.people.capacity import load
from trim_bot.app.people.eligible import conflict_free, is_away, manages, may_take, serves, with_role
from trim_bot.app.seam.work import Concerned, Work
from trim_bot.app.waiting.hours import when_reachable
from trim_bot.app.waiting.in_time import comes_too_late, is_in_time, limits
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Member, Role
from trim_bot.domain.records import Measure
from trim_bot.domain.steps import Rung, Step

ORDER = (Rung.POOL, Rung.ASSIGNED, Rung.COVER, Rung.LEAD, Rung.DEPUTY, Rung.NOBODY)


def concerned(work: Work, step: Step) -> Concerned:
    """The person, incidents and refusals behind a step."""
    rule = work.steps[step.kind]
    case = work.tx.get(Case, step.case_id) if step.case_id is not None else None
    if case is None:
        return rule.concerns(work, step)
    passed = () if rule.despite_passing else case.passed
    return Concerned(case.member_id, case.incidents, (*case.refused, *passed), case.cover)


def manages_concerned(work: Work, id: MemberId, step: Step) -> bool:
    """Whether somebody manages the person a step is about, by the reporting lines as they are now."""
    person = concerned(work, step).person
    return person is not None and manages(work, id, person)


def reachable(work: Work, id: MemberId, *, ignoring_leave: bool = False) -> bool:
    """Whether somebody can be told of work: still serves, not left, has not stopped messages, not away."""
    member = work.tx.get(Member, id)
    if member is None or member.left or member.messages_stopped or not serves(work, id):
        return False
    return ignoring_leave or not is_away(work, member)


def next_owner(work: Work, step: Step) -> tuple[Rung, MemberId | None]:
    """The next rung above a step that has somebody on it. The last rung is nobody.

    Of what cannot wait for a next shift, those who are at work in time come before the others.
    """
    found = _above(work, step)
    until = limits(work, step)
    if not until:
        return next(found, (Rung.NOBODY, None))
    able = list(found)
    for by in until:
        for rung, id in able:
            if is_in_time(work, step, id, by):
                return rung, id
    return min(
        able, key=lambda one: when_reachable(work, work.tx.get(Member, one[1])), default=(Rung.NOBODY, None)
    )


def passes_over(work: Work, step: Step) -> bool:
    """Whether an owner is at work too late for a step, and somebody above them is not."""
    if not comes_too_late(work, step):
        return False
    _, id = next_owner(work, step)
    return id is not None and is_in_time(work, step, id, limits(work, step)[-1])


def _above(work: Work, step: Step) -> Iterator[tuple[Rung, MemberId]]:
    about = concerned(work, step)
    for rung in ORDER[ORDER.index(step.rung) + 1 :] if step.rung in ORDER else ():
        for candidate in _on(work, rung, about, step):
            if candidate != step.holder and reachable(work, candidate):
                yield rung, candidate


def _on(work: Work, rung: Rung, about: Concerned, step: Step) -> list[MemberId]:
    match rung:
        case Rung.COVER:
            if step.case_id is None and not work.steps[step.kind].has_cover:
                return []
            named = [about.cover] if about.cover is not None else []
            return named + [id for id in by_load(work) if fits(work, id, about) and id not in named]
        case Rung.LEAD:
            return [id for id in with_role(work, Role.LEAD) if _free(work, id, about)]
        case Rung.DEPUTY:
            return [id for id in with_role(work, Role.DEPUTY) if _free(work, id, about)]
        case Rung.PERSON | Rung.POOL | Rung.ASSIGNED | Rung.NOBODY:
            return []
        case _:
            assert_never(rung)


def pool(work: Work, step: Step) -> list[MemberId]:
    """Every practitioner who may take a step."""
    about = concerned(work, step)
    return [id for id in with_role(work, Role.PRACTITIONER) if fits(work, id, about)]


def fits(work: Work, id: MemberId, about: Concerned) -> bool:
    """Whether a practitioner may take something new about these people."""
    return may_take(work, id, about.person, about.incidents, about.refused)


def by_load(work: Work) -> list[MemberId]:
    """Practitioners, those with the fewest open cases first."""

    return sorted(with_role(work, Role.PRACTITIONER), key=lambda id: (load(work, id), id))


def _free(work: Work, id: MemberId, about: Concerned) -> bool:
    return conflict_free(work, id, about.person, about.incidents, about.refused)


WEEK = timedelta(days=7)
MOST_WEEKS = 60
"""How far back weeks are marked, and written, that were missed while the desk stood still."""


def marked(work: Work, step: Step) -> Step:
    """The step with the time it came to the end of the ladder; without one anywhere else."""
    if step.rung is not Rung.NOBODY:
        return replace(step, unowned_since=None)
    return step if step.unowned_since is not None else replace(step, unowned_since=work.now)


def note_left(work: Work, step: Step) -> None:
    """Mark every week, up to this one, in which a step stood at the end of the ladder.

    To be called with the step as it was, before it ends or goes to somebody.
    """
    if step.rung is not Rung.NOBODY:
        return
    today = _day(work)
    came = came_on(work, step)
    first = monday_of(came) if came is not None else monday_of(today) - WEEK
    day = max(first, monday_of(today) - MOST_WEEKS * WEEK)
    while day <= today:
        work.tx.count(Measure.STOOD, day)
        day += WEEK


def came_on(work: Work, step: Step) -> date | None:
    """The site's day on which a step came to the end of the ladder; None where that was not kept."""
    if step.unowned_since is None:
        return None
    return step.unowned_since.astimezone(work.zone_of(None)).date()


def monday_of(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def _day(work: Work) -> date:
    return work.now.astimezone(work.zone_of(None)).date()
