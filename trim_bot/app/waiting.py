"""What waits for whoever asks: their own open steps whose time has come, and what they may take."""

from __future__ import annotations

from trim_bot.app import waits
from trim_bot.app.entitled import LEADING
from trim_bot.app.ladder import concerned, fits, manages_concerned
from trim_bot.app.work import Work
from trim_bot.domain.people import Role
from trim_bot.domain.steps import Rung, Step, StepKind

TO_TAKE = (StepKind.REQUEST, StepKind.ASSIGN, StepKind.FIRST_CONTACT, StepKind.SUPERVISION)
MOST_SHOWN = 50


def waiting_for(work: Work) -> list[Step]:
    """Open steps of one's own whose time has come, and what one may take; danger first, then those longest due."""
    mine = waits.open_steps(work, holder=work.who.id)
    found = [
        step for step in mine if step.opens_at <= work.now and not manages_concerned(work, work.who.id, step)
    ]
    if Role.PRACTITIONER in work.who.roles:
        in_pool = waits.open_steps(work, rung=Rung.POOL)
        found += [
            step
            for step in in_pool
            if step.opens_at <= work.now and fits(work, work.who.id, concerned(work, step))
        ]
    if work.who.roles & LEADING:
        for step in waits.open_steps(work, rung=Rung.NOBODY):
            about = concerned(work, step)
            stands_in_the_way = work.who.id in (about.person, *about.refused)
            if (
                step.kind in TO_TAKE
                and not stands_in_the_way
                and not manages_concerned(work, work.who.id, step)
            ):
                found.append(step)
    found.sort(key=lambda step: (step.kind is not StepKind.SAFETY, step.opens_at, step.id))
    return found[:MOST_SHOWN]
