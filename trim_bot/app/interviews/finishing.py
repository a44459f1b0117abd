"""Ends an interview: scores it, and carries out what the programme says follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from trim_bot.app.cases import first_contact
from trim_bot.app.cases.advising import advice_for
from trim_bot.app.cases.hands import give
from trim_bot.app.cases.replanning import keep_awake
from trim_bot.app.cases.stages import adopted, held_of, met, plan_after, programme_of, settings_of, stage_of
from trim_bot.app.cases.supervision import ask_for
from trim_bot.app.interviews.screens import AGREED_DATE
from trim_bot.app.people.counted import count_after
from trim_bot.app.people.counting import count_person
from trim_bot.app.safety.calling import summon
from trim_bot.app.safety.drafts import draft_of, save_draft
from trim_bot.app.seam.links import OpenResult, OpenSafety
from trim_bot.app.seam.work import Next, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.bulletins import Figure
from trim_bot.domain.cases import Case, CheckIn, CheckInState, Interview, InterviewState
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Measure
from trim_bot.domain.steps import StepState
from trim_bot.domain.zones import at_local
from workflows.engine import Advised, Effect, Override, PlanStage, advance
from workflows.programme import CountsAs
from workflows.windows import AgreedTooSoon

HELD_AS = {
    CountsAs.FIRST: Measure.HELD_FIRST,
    CountsAs.MONTH: Measure.HELD_MONTH,
    CountsAs.STRESS: Measure.HELD_STRESS,
    CountsAs.LATER: Measure.HELD_LATER,
}
"""What a programme says that a stage counts as, and the figure that is raised."""


def finish_interview(
    work: Work,
    case: Case,
    check_in: CheckIn,
    overrides: frozenset[Override],
    note: str,
    also: tuple[CheckIn, ...] = (),
) -> Next:
    """Keep it as held; then plan, ask the lead, call for help, or leave the next step to the practitioner.

    `also` are conversations for other exposures that this one stood for. It is one talk, and counted once.
    """
    case = adopted(work, case)
    draft = draft_of(work, case, check_in)
    done = replace(
        draft,
        state=InterviewState.DONE,
        overrides=tuple(sorted(overrides, key=lambda one: one.value)),
        notes={**draft.notes, "ending": note},
        by=work.who.id,
        held_at=work.now,
        revision=draft.revision + 1,
    )
    save_draft(work, done)
    held = replace(check_in, state=CheckInState.HELD, held_at=work.now)
    work.tx.save(held)
    waits.end(work, StepState.DONE, subject=check_in.id)
    count_person(work, measure_of(work, case, held), case.member_id)
    count_after(work, case.member_id, Figure.TALKED)
    case = first_contact.reached(work, case)
    if case.holder != work.who.id:
        # Whoever held the talk goes on with it: the person knows them now, and somebody has to own what follows.
        case = give(work, case, work.who.id, cover=case.holder)
    effects = effects_of(work, case, held, done)
    plan_after(work, case, held, [effect.planned for effect in effects if isinstance(effect, PlanStage)])
    for other in also:
        met(work, case, other, held)
    case = ask_for(work, case, effects)
    keep_awake(work, case.id)
    if Override.SAFETY in overrides:
        summon(work, case)
        return OpenSafety(case.id)
    return OpenResult(check_in.id)


def effects_of(work: Work, case: Case, check_in: CheckIn, done: Interview) -> tuple[Effect, ...]:
    """What follows from one finished interview, by the programme's rules. Changes nothing."""
    programme = programme_of(work, case, check_in)
    at = check_in.held_at or work.now
    zone = work.zone_of(work.tx.get(Member, case.member_id))
    held = held_of(work, case, check_in, _agreed_for(done, at, zone.key))
    settings = settings_of(work.site, programme)
    advised = Advised(advice_for(work, case, check_in, done).advised)
    overrides = frozenset(done.overrides)
    try:
        return advance(programme, held, advised=advised, overrides=overrides, zone=zone, settings=settings)
    except AgreedTooSoon:
        again = replace(held, agreed_for=None)
        return advance(programme, again, advised=advised, overrides=overrides, zone=zone, settings=settings)


def measure_of(work: Work, case: Case, check_in: CheckIn) -> Measure:
    """Under what a held conversation is counted."""
    return HELD_AS[stage_of(work, case, check_in).counts_as]


def _agreed_for(done: Interview, held_at: datetime, zone: str) -> datetime | None:
    text = done.answers.get(AGREED_DATE, "")
    if not isinstance(text, str) or not text:
        return None
    try:
        agreed = at_local(date.fromisoformat(text), POLICY.agreed_hour, zone)
    except ValueError:
        return None
    return agreed if agreed > held_at else None
